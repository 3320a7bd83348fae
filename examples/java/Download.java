import io.github.osspresign.CancellationToken;
import io.github.osspresign.DownloadRequest;
import io.github.osspresign.DownloadResult;
import io.github.osspresign.Downloader;
import io.github.osspresign.OssException;
import io.github.osspresign.Progress;
import java.io.File;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/**
 * Downloads an object by presigned URL, with a progress bar. Every header that was signed must be
 * given. Ctrl-C cancels; the next run goes on from there.
 */
public class Download {
  private static final int BAR_WIDTH = 40;

  public static void main(String[] arguments) throws IOException {
    DownloadRequest.Builder request;
    Downloader.Builder connection = Downloader.builder();
    try {
      request = DownloadRequest.builder(arguments[0]).toFile(new File(arguments[1]));
      for (int i = 2; i < arguments.length; i += 2) {
        set(request, connection, arguments[i], arguments[i + 1]);
      }
    } catch (IllegalArgumentException | IndexOutOfBoundsException wrong) {
      System.err.println("usage: Download URL PATH [--header NAME=VALUE]... [--ca-file FILE]\n"
          + "                [--connect-to HOST:PORT]");
      System.exit(2);
      return;
    }
    CancellationToken token = new CancellationToken();
    CountDownLatch ended = new CountDownLatch(1);
    cancelOnInterrupt(token, ended);
    int status = 0;
    try (Downloader downloader = connection.build()) {
      DownloadResult done = downloader.download(request.resume(true).cancellationToken(token)
          .listener(Download::showProgress).build());
      System.err.println();
      System.out.println(done.bytes() + " bytes, crc64 " + Long.toUnsignedString(done.crc64())
          + ", verified: " + done.verified());
    } catch (OssException failure) {
      System.err.println("\ndownload: " + failure.code() + ": " + failure.getMessage());
      if (!failure.requestId().isEmpty()) {
        System.err.println("request id " + failure.requestId() + ", EC " + failure.ec());
      }
      status = 1;
    }
    ended.countDown();
    System.exit(status);
  }

  private static void set(DownloadRequest.Builder request, Downloader.Builder connection,
      String name, String value) {
    switch (name) {
      case "--header":
        String[] header = value.split("=", 2);
        request.header(header[0], header[1]);
        break;
      case "--ca-file":
        connection.caFile(new File(value));
        break;
      case "--connect-to":
        connection.connectTo(value);
        break;
      default:
        throw new IllegalArgumentException(name);
    }
  }

  /** The JVM ends when its shutdown hooks have: so the download has time to keep what it has. */
  private static void cancelOnInterrupt(CancellationToken token, CountDownLatch ended) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      token.cancel();
      try {
        ended.await();
      } catch (InterruptedException goOn) {
        Thread.currentThread().interrupt();
      }
    }));
  }

  /** Called on this thread, about ten times a second. */
  private static void showProgress(Progress progress) {
    if (progress.bytesTotal() <= 0) {
      System.err.print("\r" + progress.bytesDone() + " bytes");
      return;
    }
    double part = (double) progress.bytesDone() / progress.bytesTotal();
    StringBuilder bar = new StringBuilder("\r[");
    for (int i = 0; i < BAR_WIDTH; i++) {
      bar.append(i < (int) (part * BAR_WIDTH) ? '#' : ' ');
    }
    System.err.print(bar.append("] ").append((int) (part * 100)).append('%'));
  }
}
