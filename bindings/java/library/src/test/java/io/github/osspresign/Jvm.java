package io.github.osspresign;

import java.util.ArrayList;
import java.util.List;

/** A JVM of its own, as this one is. */
final class Jvm {
  private Jvm() {}

  /** The start of its command line. */
  static List<String> command() {
    List<String> command =
        new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-Xcheck:jni"));
    if (Runtime.version().feature() >= 22) {
      // Else it warns of every native library.
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    return command;
  }
}
