package io.github.osspresign.example;

import android.os.Handler;
import android.os.Looper;
import io.github.osspresign.CancellationToken;
import io.github.osspresign.DownloadRequest;
import io.github.osspresign.Downloader;
import io.github.osspresign.ErrorCode;
import io.github.osspresign.OssException;
import io.github.osspresign.Progress;
import java.io.File;
import java.io.IOException;

/**
 * One download in the background. It outlives the screen that shows it: a screen that comes observes
 * it, one that goes stops observing. All but the download itself is on the main thread.
 */
final class DownloadTask {
  /** Shows how it goes; called on the main thread. */
  interface Observer {
    void onProgress(long bytesDone, long bytesTotal);

    void onEnd(String message);
  }

  private final Handler main = new Handler(Looper.getMainLooper());
  private final CancellationToken token = new CancellationToken();
  private Observer observer;
  private long bytesDone;
  private long bytesTotal = -1;
  private String end;

  /** Starts at once. A file that an earlier try left in part is gone on with. */
  DownloadTask(Downloader downloader, String url, File target) {
    DownloadRequest request = DownloadRequest.builder(url).toFile(target).resume(true)
        .cancellationToken(token).listener(this::report).build();
    new Thread(() -> run(downloader, request), "download").start();
  }

  /** On the download's thread. */
  private void run(Downloader downloader, DownloadRequest request) {
    String message;
    try {
      message = "Complete: " + downloader.download(request).bytes() + " bytes";
    } catch (OssException failure) {
      message = failure.code() == ErrorCode.CANCELLED ? "Cancelled" : failure.getMessage();
    } catch (IOException | RuntimeException failure) {
      message = failure.getMessage();
    }
    String ended = message;
    main.post(() -> {
      end = ended;
      show();
    });
  }

  /** On the download's thread, about ten times a second. */
  private void report(Progress progress) {
    main.post(() -> {
      bytesDone = progress.bytesDone();
      bytesTotal = progress.bytesTotal();
      show();
    });
  }

  /** The observer sees at once how things stand; null: nobody observes. */
  void observe(Observer newObserver) {
    observer = newObserver;
    show();
  }

  private void show() {
    if (observer == null) {
      return;
    }
    observer.onProgress(bytesDone, bytesTotal);
    if (end != null) {
      observer.onEnd(end);
    }
  }

  boolean isRunning() {
    return end == null;
  }

  void cancel() {
    token.cancel();
  }
}
