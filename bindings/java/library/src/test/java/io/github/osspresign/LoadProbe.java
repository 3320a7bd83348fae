package io.github.osspresign;

/** A program of its own: uses the library twice, and prints how that went. */
final class LoadProbe {
  private LoadProbe() {}

  public static void main(String[] arguments) {
    for (int i = 0; i < 2; i++) {
      try {
        PresignedUrls.inspect("https://h/k");
        System.out.println("loaded");
      } catch (IllegalStateException failure) {
        System.out.println(failure.getMessage() + " <- " + failure.getCause());
      } catch (OssException impossible) {
        throw new AssertionError(impossible);
      }
    }
  }
}
