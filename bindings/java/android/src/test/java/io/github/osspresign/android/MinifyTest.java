package io.github.osspresign.android;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that was minified with the rules we ship still runs. */
class MinifyTest {
  private static final String KEEP_MAIN =
      "-keep class " + Program.class.getName() + " { public static void main(java.lang.String[]); }\n";
  private static final int SIZE = 300_000;

  @TempDir private Path folder;
  private Process oss;
  private String endpoint;
  private Path program;

  @BeforeEach
  void start() throws Exception {
    Path object = Files.write(folder.resolve("object"), new byte[SIZE]);
    oss = new ProcessBuilder(System.getProperty("oss.tools") + "/oss-emulator", "--access-key-id",
        "id", "--access-key-secret", "secret", "--put", "bucket/object=" + object).start();
    Matcher address =
        Pattern.compile("\"http\":\"([^\"]+)\"").matcher(oss.inputReader().readLine());
    assertTrue(address.find());
    endpoint = "http://" + address.group(1);

    String name = Program.class.getName().replace('.', '/') + ".class";
    Path copy = folder.resolve("program").resolve(name);
    Files.createDirectories(copy.getParent());
    Files.write(copy, Program.class.getResourceAsStream("Program.class").readAllBytes());
    program = Tools.jar(folder.resolve("program"), folder.resolve("program.jar"));
  }

  @AfterEach
  void stop() throws Exception {
    oss.getOutputStream().close();
    oss.waitFor();
  }

  private Path rules(boolean ours) throws Exception {
    String others = "-dontwarn org.jspecify.annotations.**\n";
    return Files.writeString(folder.resolve("rules.pro"),
        KEEP_MAIN + (ours ? Files.readString(Tools.RULES) : others));
  }

  private Path library() throws Exception {
    return Tools.jar(Tools.CLASSES, folder.resolve("library.jar"));
  }

  private Path proguard(boolean ours) throws Exception {
    Path output = folder.resolve("proguard.jar");
    Tools.succeed(List.of(Tools.java(), "-cp", System.getProperty("java.class.path"),
        "proguard.ProGuard", "@" + rules(ours), "-injars", program + "(!META-INF/proguard/**)",
        "-injars", library() + "(!META-INF/proguard/**)", "-outjars", output.toString(),
        "-libraryjars",
        System.getProperty("java.home") + "/jmods/java.base.jmod(!**.jar;!module-info.class)"));
    return output;
  }

  private Path r8(boolean ours) throws Exception {
    Path output = folder.resolve("r8.jar");
    // Without the copy of the rules that is in the jar, which R8 would find by itself.
    Path bare = folder.resolve("bare");
    Tools.succeed(List.of("cp", "-r", Tools.CLASSES.toString(), bare.toString()));
    Tools.succeed(List.of("rm", "-r", bare.resolve("META-INF").toString()));
    Path jar = Tools.jar(bare, folder.resolve("bare.jar"));
    Tools.succeed(List.of(Tools.java(), "-cp", System.getProperty("java.class.path"),
        "com.android.tools.r8.R8", "--classfile", "--release", "--pg-conf", rules(ours).toString(),
        "--lib", System.getProperty("java.home"), "--output", output.toString(),
        program.toString(), jar.toString()));
    return output;
  }

  private Tools.Outcome run(Path jar) throws Exception {
    return Tools.run(Map.of(), List.of(
        Tools.java(), "-Xcheck:jni", "-cp", jar.toString(), Program.class.getName(), endpoint));
  }

  private void checkRuns(Path jar) throws Exception {
    List<String> names = new ArrayList<>();
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      zip.stream().forEach(entry -> names.add(entry.getName()));
    }
    assertFalse(names.contains("io/github/osspresign/Checks.class"), "names are shortened");
    Tools.Outcome outcome = run(jar);
    assertEquals(SIZE + " " + SIZE + " " + SIZE + " true 2\n", outcome.output());
    assertEquals(0, outcome.status());
  }

  @Test
  void proGuardWithOurRules() throws Exception {
    checkRuns(proguard(true));
  }

  @Test
  void r8WithOurRules() throws Exception {
    checkRuns(r8(true));
  }

  /** That the rules are needed at all. */
  @Test
  void withoutThemTheProgramFails() throws Exception {
    for (Path jar : List.of(proguard(false), r8(false))) {
      Tools.Outcome outcome = run(jar);
      assertFalse(outcome.status() == 0, outcome.output());
      assertTrue(outcome.output().contains("cannot be loaded"), outcome.output());
    }
  }

  /** Of the classes, Android's own form; whatever it warns of would fail here. */
  @Test
  void d8MakesDexOfTheClasses() throws Exception {
    Path dex = Files.createDirectories(folder.resolve("dex"));
    Path classes = Tools.jar(Tools.CLASSES.resolve("io"), folder.resolve("io.jar"));
    String output = Tools.succeed(List.of(Tools.java(), "-cp",
        System.getProperty("java.class.path"), "com.android.tools.r8.D8", "--release", "--min-api",
        "21", "--lib", System.getProperty("java.home"), "--output", dex.toString(),
        classes.toString()));
    assertEquals("", output);
    assertTrue(Files.size(dex.resolve("classes.dex")) > 10_000);
  }
}
