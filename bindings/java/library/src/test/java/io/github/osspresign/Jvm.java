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

  /** Nothing of the environment speaks up in that JVM, or signs with a token of its own. */
  static ProcessBuilder builder(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeAll(
        List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "OSS_SESSION_TOKEN"));
    return builder;
  }
}
