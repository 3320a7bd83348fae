package io.github.osspresign;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds and loads the native library: where the JVM looks for one, else the one in the jar. */
final class NativeLibrary {
  static final String NAME = "oss_presign_jni";

  private NativeLibrary() {}

  /** Null when it is loaded and fits; else what went wrong, and what to do. */
  static @Nullable RuntimeException load() {
    Throwable installed = attempt(() -> System.loadLibrary(NAME));
    if (installed == null) {
      return null;
    }
    Throwable inJar = attempt(() -> JarLibrary.load(folder(), System.mapLibraryName(NAME)));
    if (inJar == null) {
      return null;
    }
    String message =
        "The native library of oss-presign cannot be loaded for " + folder()
            + ". Use the jar that has it in /natives/" + folder()
            + ", or put " + System.mapLibraryName(NAME) + " in a folder of java.library.path"
            + ". Tried: java.library.path (" + installed.getMessage()
            + "); the jar (" + inJar.getMessage() + ")";
    RuntimeException failure = new IllegalStateException(message, inJar);
    failure.addSuppressed(installed);
    return failure;
  }

  private interface Step {
    void run() throws Exception;
  }

  private static @Nullable Throwable attempt(Step step) {
    try {
      step.run();
      if (Native.version() == Native.VERSION) {
        return null;
      }
      return new IllegalStateException("it is of another version than these classes");
    } catch (Exception | LinkageError failure) {
      return failure;
    }
  }

  /** The folder of the jar for this machine, for instance "linux-x86_64". */
  static String folder() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    return os(os) + "-" + arch(arch);
  }

  private static String os(String name) {
    if (name.startsWith("mac")) {
      return "darwin";
    }
    return name.startsWith("windows") ? "windows" : name;
  }

  private static String arch(String name) {
    switch (name) {
      case "amd64":
      case "x64":
        return "x86_64";
      case "arm64":
        return "aarch64";
      default:
        return name;
    }
  }
}
