package io.github.osspresign;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The library as the jar carries it. Apart from {@link NativeLibrary}, because old Android has no java.nio.file. */
final class JarLibrary {
  private JarLibrary() {}

  static void load(String folder, String fileName) throws IOException {
    String resource = "/natives/" + folder + "/" + fileName;
    try (InputStream library = JarLibrary.class.getResourceAsStream(resource)) {
      if (library == null) {
        throw new IOException("it has no " + resource);
      }
      // A name that nobody can guess, in a file that only the owner can write.
      Path file = Files.createTempFile("oss-presign-", "-" + fileName);
      try {
        Files.copy(library, file, StandardCopyOption.REPLACE_EXISTING);
        System.load(file.toString());
      } finally {
        delete(file);
      }
    }
  }

  /** Once it is loaded its name is not needed; Windows keeps it until the JVM ends. */
  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException inUse) {
      file.toFile().deleteOnExit();
    }
  }
}
