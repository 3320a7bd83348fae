package io.github.osspresign.android;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** What the tests here share. */
final class Tools {
  static final Path ANDROID = Path.of(System.getProperty("oss.android"));
  static final Path CLASSES = Path.of(System.getProperty("oss.classes"));
  static final Path LIBRARY = CLASSES.resolve("natives/linux-x86_64/liboss_presign_jni.so");

  static final Path RULES = CLASSES.resolve("META-INF/proguard/oss-presign.pro");

  private Tools() {}

  record Outcome(int status, String output) {}

  static Outcome run(Map<String, String> environment, List<String> command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), output);
  }

  static String succeed(List<String> command) throws Exception {
    Outcome outcome = run(Map.of(), command);
    assertEquals(0, outcome.status, outcome.output);
    return outcome.output;
  }

  static String java() {
    return System.getProperty("java.home") + "/bin/java";
  }

  /** A jar of everything in a folder. */
  static Path jar(Path folder, Path jar) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file);
        Stream<Path> files = Files.walk(folder)) {
      for (Path one : files.filter(Files::isRegularFile).sorted().toList()) {
        out.putNextEntry(new JarEntry(folder.relativize(one).toString()));
        Files.copy(one, out);
      }
    }
    return jar;
  }

  static void script(Path path, String text) throws IOException {
    Files.createDirectories(path.getParent());
    Files.writeString(path, "#!/usr/bin/env bash\nset -eu\n" + text);
    path.toFile().setExecutable(true);
  }
}
