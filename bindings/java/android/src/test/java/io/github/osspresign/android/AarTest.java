package io.github.osspresign.android;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The AAR's layout, with this machine's library standing in for those of Android: the NDK that would
 * link them is not to be had from a package registry. What is made here is never shipped.
 */
class AarTest {
  private static final List<String> ABIS = List.of("arm64-v8a", "armeabi-v7a", "x86_64");

  @TempDir private Path folder;
  private Path jar;

  @BeforeEach
  void start() throws Exception {
    jar = Tools.jar(Tools.CLASSES, folder.resolve("oss-presign.jar"));
  }

  private Path assemble(String name) throws Exception {
    Path libraries = folder.resolve("libraries");
    for (String abi : ABIS) {
      Files.createDirectories(libraries.resolve(abi));
      Path library = libraries.resolve(abi).resolve("liboss_presign_jni.so");
      if (!Files.exists(library)) {
        Files.copy(Tools.LIBRARY, library);
      }
    }
    Path aar = folder.resolve(name);
    Tools.succeed(List.of(Tools.ANDROID + "/assemble.sh", jar.toString(), libraries.toString(),
        aar.toString()));
    return aar;
  }

  private static Set<String> names(Path zip) throws IOException {
    try (ZipFile file = new ZipFile(zip.toFile())) {
      return file.stream().map(ZipEntry::getName).collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static byte[] entry(Path zip, String name) throws IOException {
    try (ZipFile file = new ZipFile(zip.toFile())) {
      return file.getInputStream(file.getEntry(name)).readAllBytes();
    }
  }

  @Test
  void holdsWhatAndroidExpectsAndNothingElse() throws Exception {
    Set<String> expected = new TreeSet<>(
        Set.of("AndroidManifest.xml", "R.txt", "classes.jar", "proguard.txt"));
    ABIS.forEach(abi -> expected.add("jni/" + abi + "/liboss_presign_jni.so"));
    assertEquals(expected, names(assemble("a.aar")));
  }

  @Test
  void classesAreThoseOfTheJarWithoutNatives() throws Exception {
    Path classes = folder.resolve("classes.jar");
    Files.write(classes, entry(assemble("a.aar"), "classes.jar"));
    Set<String> expected = names(jar).stream().filter(name -> name.endsWith(".class"))
        .collect(Collectors.toCollection(TreeSet::new));
    assertTrue(expected.size() > 20);
    assertEquals(expected, names(classes));
  }

  @Test
  void asksForTheInternetOnly() throws Exception {
    String manifest = new String(entry(assemble("a.aar"), "AndroidManifest.xml"));
    List<String> permissions = Pattern.compile("uses-permission[^>]*android:name=\"([^\"]+)\"")
        .matcher(manifest).results().map((MatchResult result) -> result.group(1)).toList();
    assertEquals(List.of("android.permission.INTERNET"), permissions);
    assertTrue(manifest.contains("android:minSdkVersion=\"21\""));
    assertFalse(manifest.contains("<application"));
  }

  @Test
  void rulesForMinifiersAreInside() throws Exception {
    byte[] rules = Files.readAllBytes(Tools.RULES);
    assertArrayEquals(rules, entry(assemble("a.aar"), "proguard.txt"));
    assertArrayEquals(rules, entry(jar, "META-INF/proguard/oss-presign.pro"));
  }

  @Test
  void librariesAreAlignedForPagesOf16Kib() throws Exception {
    Path aar = assemble("a.aar");
    for (String abi : ABIS) {
      Path library = folder.resolve(abi + ".so");
      Files.write(library, entry(aar, "jni/" + abi + "/liboss_presign_jni.so"));
      List<String> loads =
          Tools.succeed(List.of("readelf", "--segments", "--wide", library.toString())).lines()
              .filter(line -> line.startsWith("  LOAD")).toList();
      assertTrue(loads.size() > 1);
      loads.forEach(line -> assertTrue(line.endsWith("0x4000"), line));
    }
  }

  @Test
  void theSameInputGivesTheSameFile() throws Exception {
    byte[] first = Files.readAllBytes(assemble("a.aar"));
    try (Stream<Path> files = Files.walk(folder.resolve("libraries"))) {
      for (Path file : files.toList()) {
        Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(1));
      }
    }
    assertArrayEquals(first, Files.readAllBytes(assemble("b.aar")));
  }

  @Test
  void aMissingLibraryIsAFailure() throws Exception {
    Path empty = Files.createDirectories(folder.resolve("empty"));
    Tools.Outcome outcome = Tools.run(Map.of(), List.of(Tools.ANDROID + "/assemble.sh",
        jar.toString(), empty.toString(), folder.resolve("a.aar").toString()));
    assertFalse(outcome.status() == 0 || Files.exists(folder.resolve("a.aar")));
  }

  @Test
  void withoutAnNdkTheReleaseScriptSaysSo() throws Exception {
    Tools.Outcome outcome = Tools.run(Map.of("ANDROID_NDK_HOME", ""),
        List.of(Tools.ANDROID + "/aar.sh", folder.resolve("a.aar").toString()));
    assertFalse(outcome.status() == 0);
    assertTrue(outcome.output().contains("ANDROID_NDK_HOME: set it to the NDK"), outcome.output());
    outcome = Tools.run(Map.of("ANDROID_NDK_HOME", folder.toString()),
        List.of(Tools.ANDROID + "/aar.sh", folder.resolve("a.aar").toString()));
    assertFalse(outcome.status() == 0);
    assertTrue(outcome.output().contains("no compiler"), outcome.output());
  }

  /** The release script up to the link step: cargo and the NDK's compiler are played by scripts. */
  @Test
  void theReleaseScriptBuildsThreeAbis() throws Exception {
    Path log = Files.createFile(folder.resolve("log"));
    Path ndk = folder.resolve("ndk");
    for (String target : List.of(
        "aarch64-linux-android", "armv7a-linux-androideabi", "x86_64-linux-android")) {
      Tools.script(ndk.resolve("toolchains/llvm/prebuilt/linux-x86_64/bin/" + target + "21-clang"),
          "echo \"clang " + target + " $*\" >> '" + log + "'\n"
              + "while [ \"$1\" != -o ]; do shift; done\ncp '" + Tools.LIBRARY + "' \"$2\"\n");
    }
    Tools.script(folder.resolve("bin/cargo"), "echo \"cargo $*\" >> '" + log + "'\n");
    String path = folder.resolve("bin") + ":" + System.getenv("PATH");
    Path aar = folder.resolve("release.aar");
    Tools.Outcome outcome = Tools.run(
        Map.of("ANDROID_NDK_HOME", ndk.toString(), "PATH", path, "OSS_PRESIGN_JAR", jar.toString()),
        List.of(Tools.ANDROID + "/aar.sh", aar.toString()));
    assertEquals(0, outcome.status(), outcome.output());
    assertEquals(7, names(aar).size());
    List<String> calls = Files.readAllLines(log);
    assertEquals(6, calls.size(), calls::toString);
    for (int i = 0; i < 3; i++) {
      String cargo = calls.get(2 * i);
      String clang = calls.get(2 * i + 1);
      String target = List.of("aarch64-linux-android", "armv7-linux-androideabi",
          "x86_64-linux-android").get(i);
      assertTrue(cargo.contains("--release") && cargo.endsWith("--target " + target), cargo);
      for (String part : List.of("-z,max-page-size=16384", "--version-script=exports.map",
          target + "/release/liboss_presign.a", "/" + ABIS.get(i) + "/liboss_presign_jni.so")) {
        assertTrue(clang.contains(part), () -> part + " in " + clang);
      }
    }
  }
}
