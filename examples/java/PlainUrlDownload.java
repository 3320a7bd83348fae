import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardCopyOption;

/**
 * A presigned URL to a file with what the JDK has: one stream, from the start each time, and nothing
 * but the length shows that it is the object.
 */
public class PlainUrlDownload {
  public static void main(String[] arguments) {
    try {
      download(new URL(arguments[0]), Paths.get(arguments[1]));
      System.out.println("Downloaded to " + arguments[1]);
    } catch (IOException failure) {
      System.err.println("Not downloaded: " + failure.getMessage());
      System.exit(1);
    }
  }

  private static void download(URL url, Path file) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) url.openConnection();
    try {
      if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
        // Not the URL: it is a secret.
        throw new IOException("HTTP status " + connection.getResponseCode());
      }
      try (InputStream body = connection.getInputStream()) {
        Files.copy(body, file, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      connection.disconnect();
    }
  }
}
