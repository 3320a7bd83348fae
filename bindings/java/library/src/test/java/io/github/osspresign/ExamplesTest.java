package io.github.osspresign;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs of examples/java, run as a person runs them. */
class ExamplesTest {
  private static final String KEY = "examples/object.bin";
  private static final int SIZE = 1024 * 1024 + 13;

  @TempDir private static Path classes;
  @TempDir private Path folder;
  private Oss oss;
  private byte[] content;
  private Path target;

  private record Outcome(int status, String out, String err) {}

  private static String library() throws Exception {
    return Path.of(Native.class.getProtectionDomain().getCodeSource().getLocation().toURI())
        .toString();
  }

  /** Every warning an error, at the level of Java 8. */
  @BeforeAll
  static void compile() throws Exception {
    List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/javac",
        "--release", "8", "-Xlint:all,-options", "-Werror", "-cp", library(), "-d",
        classes.toString()));
    command.add(readmes().toString());
    Path sources = Path.of(System.getProperty("oss.root"), "examples/java");
    try (Stream<Path> files = Files.list(sources)) {
      files.filter(file -> file.toString().endsWith(".java")).map(Path::toString)
          .forEach(command::add);
    }
    Process javac = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(javac.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, javac.waitFor(), output);
  }

  /** The Java of both README files, in a class. */
  private static Path readmes() throws Exception {
    StringBuilder source = new StringBuilder(
        "import io.github.osspresign.*; import java.io.*; import java.time.*; class Readmes {\n");
    for (String name : List.of("README.md", "bindings/java/README.md")) {
      Matcher block = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL)
          .matcher(Files.readString(Path.of(System.getProperty("oss.root"), name)));
      assertTrue(block.find(), name);
      do {
        source.append("{ new Object() { void run() throws IOException {\n" + block.group(1)
            + "}}; }\n");
      } while (block.find());
    }
    return Files.writeString(classes.resolve("Readmes.java"), source + "}\n");
  }

  @BeforeEach
  void start() throws Exception {
    oss = Oss.shared();
    content = oss.putNoise(KEY, SIZE);
    target = folder.resolve("target");
  }

  private ProcessBuilder program(String name, String... arguments) throws Exception {
    List<String> command = Jvm.command();
    command.addAll(List.of("-cp", library() + File.pathSeparator + classes, name));
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder = Jvm.builder(command);
    builder.environment().put("OSS_ACCESS_KEY_ID", Oss.ID);
    builder.environment().put("OSS_ACCESS_KEY_SECRET", Oss.SECRET);
    return builder;
  }

  private Outcome run(String name, String... arguments) throws Exception {
    File out = folder.resolve("out").toFile();
    File err = folder.resolve("err").toFile();
    Process process = program(name, arguments).redirectOutput(out).redirectError(err).start();
    int status = process.waitFor();
    return new Outcome(status, Files.readString(out.toPath()), Files.readString(err.toPath()));
  }

  private List<String> presign(String... more) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("--region", Oss.REGION, "--bucket", Oss.BUCKET,
        "--key", KEY, "--endpoint", "http://" + oss.http));
    arguments.addAll(Arrays.asList(more));
    Outcome done = run("Presign", arguments.toArray(new String[0]));
    assertEquals("", done.err);
    assertEquals(0, done.status);
    return done.out.lines().toList();
  }

  @Test
  void presignThenDownload() throws Exception {
    List<String> lines = presign("--expires", "600");
    assertTrue(lines.get(0).startsWith("GET, expires "), lines.get(0));
    Duration left =
        Duration.between(Instant.now(), Instant.parse(lines.get(0).substring("GET, expires ".length())));
    assertTrue(left.getSeconds() > 500 && left.getSeconds() <= 600, left::toString);
    Outcome done = run("Download", lines.get(1), target.toString());
    assertEquals(0, done.status, done.err);
    assertTrue(done.out.matches(SIZE + " bytes, crc64 \\d+, verified: CRC64\\n"), done.out);
    assertTrue(done.err.contains("] 100%"), done.err);
    assertArrayEquals(content, Files.readAllBytes(target));
  }

  @Test
  void signedHeaders() throws Exception {
    List<String> lines =
        presign("--header", "Range=bytes=0-99", "--header", "x-oss-traffic-limit=819200",
            "--attachment", "a b.bin");
    assertEquals(
        List.of("range: bytes=0-99", "x-oss-traffic-limit: 819200"), lines.subList(2, 4));
    Outcome done = run("Download", lines.get(1), target.toString(),
        "--header", "range=bytes=0-99", "--header", "x-oss-traffic-limit=819200");
    assertEquals(0, done.status, done.err);
    assertArrayEquals(Arrays.copyOf(content, 100), Files.readAllBytes(target));
    Outcome refused = run("Download", lines.get(1), folder.resolve("refused").toString());
    assertEquals(1, refused.status);
    assertTrue(refused.err.contains("download: INVALID_ARGUMENT: "), refused.err);
  }

  @Test
  void httpsWithACaFile() throws Exception {
    Outcome url = run("Presign", "--region", Oss.REGION, "--bucket", Oss.BUCKET, "--key", KEY);
    Outcome done = run("Download", url.out.lines().toList().get(1), target.toString(),
        "--ca-file", oss.certificate.getPath(), "--connect-to", oss.https);
    assertEquals(0, done.status, done.err);
    assertArrayEquals(content, Files.readAllBytes(target));
  }

  @Test
  void wrongArguments() throws Exception {
    assertEquals(2, run("Presign", "--key").status);
    assertEquals(2, run("Presign", "--nonsense", "x").status);
    assertEquals(2, run("Download", "only-a-url").status);
    Outcome wrong = run("Presign", "--region", Oss.REGION, "--bucket", "B", "--key", "k");
    assertEquals(1, wrong.status);
    assertTrue(wrong.err.startsWith("presign: bucket: "), wrong.err);
  }

  /** SIGTERM ends a JVM as Ctrl-C does. */
  @Test
  void anInterruptCancelsAndTheNextRunGoesOn() throws Exception {
    byte[] bytes = oss.putNoise("examples/slow.bin", SIZE);
    oss.fault("examples/slow.bin", "{\"stall\":{\"after\":600000}}", "\"times\":1");
    String url = oss.presign("examples/slow.bin").url();
    Path said = folder.resolve("said");
    Process process =
        program("Download", url, target.toString()).redirectError(said.toFile()).start();
    Path kept = folder.resolve("target.part");
    while (!Files.exists(kept)) {
      assertTrue(process.isAlive());
      Thread.onSpinWait();
    }
    process.destroy();
    process.waitFor();
    assertTrue(Files.readString(said).contains("\ndownload: CANCELLED: "));
    assertFalse(Files.exists(target));
    Outcome done = run("Download", url, target.toString());
    assertEquals(0, done.status, done.err);
    assertArrayEquals(bytes, Files.readAllBytes(target));
    assertFalse(Files.exists(kept));
  }

  /** One URL that we signed, by the library and by the JDK alone. */
  @Test
  void theDocumentsTask() throws Exception {
    String url = oss.presign(KEY).url();
    for (String name : List.of("UrlDownload", "PlainUrlDownload")) {
      Outcome done = run(name, url, target.toString());
      assertEquals("", done.err, name);
      assertEquals(0, done.status, name);
      assertEquals("Downloaded to " + target + "\n", done.out);
      assertArrayEquals(content, Files.readAllBytes(target));
      Files.delete(target);
      Outcome failed = run(name, oss.presign("no/such/key").url(), target.toString());
      assertEquals(1, failed.status, name);
      assertTrue(failed.err.startsWith("Not downloaded: "), failed.err);
      assertFalse(failed.err.contains("x-oss-") || Files.exists(target), name);
    }
  }
}
