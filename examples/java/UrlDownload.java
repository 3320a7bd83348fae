import io.github.osspresign.DownloadRequest;
import io.github.osspresign.Downloader;
import java.io.File;
import java.io.IOException;

/**
 * A presigned URL to a file, in three lines: in parts, repeated and verified. PlainUrlDownload does
 * without the library.
 */
public class UrlDownload {
  public static void main(String[] arguments) {
    String url = arguments[0];
    File file = new File(arguments[1]);
    try (Downloader downloader = Downloader.create()) {
      downloader.download(DownloadRequest.builder(url).toFile(file).build());
      System.out.println("Downloaded to " + file);
    } catch (IOException failure) {
      System.err.println("Not downloaded: " + failure.getMessage());
      System.exit(1);
    }
  }
}
