import android.os.AsyncTask;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Paths;

/** Downloads in the background: URL, file, and names and values of headers. "" or what failed. */
final class Download extends AsyncTask<String, Void, String> {
  @Override
  protected String doInBackground(String... arguments) {
    try {
      return download(arguments);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static String download(String... arguments) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) new URL(arguments[0]).openConnection();
    connection.setConnectTimeout(30_000);
    connection.setReadTimeout(30_000);
    try {
      for (int i = 2; i < arguments.length; i += 2) {
        connection.setRequestProperty(arguments[i], arguments[i + 1]);
      }
      if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
        return "HTTP " + connection.getResponseCode();
      }
      try (InputStream body = connection.getInputStream()) {
        Files.copy(body, Paths.get(arguments[1]));
      }
      return "";
    } finally {
      connection.disconnect();
    }
  }
}
