import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Paths;

/** Fetch URL FILE [NAME VALUE]...: HttpURLConnection. */
public final class Fetch {
  private Fetch() {}

  public static void main(String[] arguments) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) new URL(arguments[0]).openConnection();
    connection.setConnectTimeout(30_000);
    connection.setReadTimeout(30_000);
    for (int i = 2; i < arguments.length; i += 2) {
      connection.setRequestProperty(arguments[i], arguments[i + 1]);
    }
    if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
      System.err.println("HTTP " + connection.getResponseCode());
      System.exit(1);
    }
    try (InputStream body = connection.getInputStream()) {
      Files.copy(body, Paths.get(arguments[1]));
    }
  }
}
