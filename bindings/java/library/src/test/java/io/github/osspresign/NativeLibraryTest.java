package io.github.osspresign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the native library is found, what happens when it is not, and what it exports. */
class NativeLibraryTest {
  private static final String FILE = System.mapLibraryName(NativeLibrary.NAME);
  private static final Path BUILT =
      Path.of(System.getProperty("oss.natives"), NativeLibrary.folder(), FILE);

  @TempDir private Path folder;

  private static List<String> run(String... command) throws Exception {
    Process process = Jvm.builder(List.of(command)).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output.lines().toList();
  }

  /** A JVM of its own, whose jar has the natives or not. */
  private List<String> probe(boolean inJar, String... options) throws Exception {
    Path jar = copyClasses(inJar);
    String tests = Path.of(
        LoadProbe.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    List<String> command = Jvm.command();
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", jar + ":" + tests, LoadProbe.class.getName()));
    return run(command.toArray(new String[0]));
  }

  private Path copyClasses(boolean withNatives) throws Exception {
    Path from = Path.of(
        Native.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path to = folder.resolve("classes");
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path name = from.relativize(file);
        if (withNatives || !name.startsWith("natives")) {
          Files.createDirectories(to.resolve(name).getParent());
          Files.copy(file, to.resolve(name));
        }
      }
    }
    return to;
  }

  private String empty() throws IOException {
    return "-Djava.library.path=" + Files.createDirectories(folder.resolve("empty"));
  }

  @Test
  void theJarsOwnLibraryIsExtracted() throws Exception {
    Path temporary = Files.createDirectories(folder.resolve("tmp"));
    assertEquals(List.of("loaded", "loaded"),
        probe(true, empty(), "-Djava.io.tmpdir=" + temporary));
    assertEquals(0, temporary.toFile().list().length, "it does not stay");
  }

  @Test
  void anInstalledLibraryComesFirst() throws Exception {
    String installed = "-Djava.library.path=" + BUILT.getParent();
    assertEquals(List.of("loaded", "loaded"), probe(false, installed));
  }

  @Test
  void anInstalledLibraryThatIsNoneLeadsToTheJar() throws Exception {
    Files.writeString(folder.resolve(FILE), "no library");
    List<String> lines = probe(true, "-Djava.library.path=" + folder);
    // Before these the JVM itself has something to say.
    assertEquals(List.of("loaded", "loaded"), lines.subList(lines.size() - 2, lines.size()));
  }

  @Test
  void anInstalledLibraryOfAnotherVersionLeadsToTheJar() throws Exception {
    Path source = folder.resolve("old.c");
    Files.writeString(source, """
        #include <jni.h>
        static jint JNICALL version(JNIEnv *env, jclass self) { return 0; }
        JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM *vm, void *reserved)
        {
          JNIEnv *env;
          const JNINativeMethod method = {"version", "()I", (void *)version};
          (*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_1_6);
          jclass class = (*env)->FindClass(env, "io/github/osspresign/Native");
          return (*env)->RegisterNatives(env, class, &method, 1) == 0 ? JNI_VERSION_1_6 : JNI_ERR;
        }
        """);
    String headers = System.getProperty("java.home") + "/include";
    run("cc", "-shared", "-fPIC", "-I" + headers, "-I" + headers + "/linux", source.toString(),
        "-o", folder.resolve(FILE).toString());
    String installed = "-Djava.library.path=" + folder;
    assertEquals(List.of("loaded", "loaded"), probe(true, installed));
    run("rm", "-r", folder.resolve("classes").toString());
    String message = probe(false, installed).get(0);
    assertTrue(message.contains("java.library.path (it is of another version"), message);
  }

  @Test
  void aFailureIsRememberedAndSaysWhatToDo() throws Exception {
    List<String> lines = probe(false, empty());
    assertEquals(2, lines.size(), lines::toString);
    assertEquals(lines.get(0), lines.get(1));
    String message = lines.get(0);
    for (String part : List.of("cannot be loaded for " + NativeLibrary.folder(),
        "Use the jar that has it in /natives/" + NativeLibrary.folder(), "put " + FILE + " in",
        "java.library.path", "<- java.lang.IllegalStateException")) {
      assertTrue(message.contains(part), () -> part + " in " + message);
    }
  }

  @Test
  void aFolderThatForbidsProgramsIsNamed() throws Exception {
    // A file where the folder for temporary files should be: extraction fails.
    Path file = Files.createFile(folder.resolve("file"));
    List<String> lines = probe(true, empty(), "-Djava.io.tmpdir=" + file);
    String last = lines.get(lines.size() - 1);
    assertTrue(last.contains("the jar (") && last.contains(file.toString()), last);
  }

  @Test
  void machinesHaveOneNameEach() {
    String os = System.getProperty("os.name");
    String arch = System.getProperty("os.arch");
    try {
      for (String[] names : new String[][] {
          {"Linux", "amd64", "linux-x86_64"}, {"Linux", "aarch64", "linux-aarch64"},
          {"Mac OS X", "arm64", "darwin-aarch64"}, {"Windows 11", "x64", "windows-x86_64"}}) {
        System.setProperty("os.name", names[0]);
        System.setProperty("os.arch", names[1]);
        assertEquals(names[2], NativeLibrary.folder());
      }
    } finally {
      System.setProperty("os.name", os);
      System.setProperty("os.arch", arch);
    }
  }

  @Test
  void onlyJniOnLoadIsExported() throws Exception {
    List<String> lines = run("nm", "--dynamic", "--defined-only", BUILT.toString());
    assertEquals(1, lines.size(), lines::toString);
    assertTrue(lines.get(0).endsWith(" T JNI_OnLoad"), lines.get(0));
    System.out.println("java: nm -D " + FILE + ": " + lines);
  }

  @Test
  void segmentsAreAlignedForPagesOf16Kib() throws Exception {
    List<String> loads = run("readelf", "--segments", "--wide", BUILT.toString()).stream()
        .filter(line -> line.startsWith("  LOAD")).toList();
    assertTrue(loads.size() > 1);
    loads.forEach(line -> assertTrue(line.endsWith("0x4000"), line));
  }

  /** The number in load.c and the one here are changed together. */
  @Test
  void versionsAgree() throws Exception {
    String source = Files.readString(
        Path.of(System.getProperty("oss.root"), "bindings/java/library/native/load.c"));
    assertTrue(Pattern.compile("GLUE_VERSION = " + Native.VERSION + " ").matcher(source).find());
    assertEquals(Native.VERSION, Native.version());
  }
}
