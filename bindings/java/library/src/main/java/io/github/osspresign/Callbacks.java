package io.github.osspresign;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What the native library calls, by name, on the thread that downloads. What these methods throw
 * ends the download and goes on to its caller.
 */
final class Callbacks {
  static final int PROGRESS = 1;
  static final int WRITE = 2;
  static final int REFRESH = 4;

  private final @Nullable ProgressListener listener;
  private final @Nullable OutputStream stream;
  private final @Nullable UrlRefresher refresher;
  private byte @Nullable [] content;

  Callbacks(
      @Nullable ProgressListener listener,
      @Nullable OutputStream stream,
      @Nullable UrlRefresher refresher) {
    this.listener = listener;
    this.stream = stream;
    this.refresher = refresher;
  }

  /** Which of them there are. */
  int bits() {
    return (listener == null ? 0 : PROGRESS)
        | (stream == null ? 0 : WRITE)
        | (refresher == null ? 0 : REFRESH);
  }

  byte @Nullable [] content() {
    return content;
  }

  void progress(long done, long total, long resumed, double bytesPerSecond) {
    if (listener != null) {
      listener.onProgress(new Progress(done, total, resumed, bytesPerSecond));
    }
  }

  void write(byte[] bytes, int length) throws IOException {
    if (stream != null) {
      stream.write(bytes, 0, length);
    }
  }

  byte @Nullable [] refresh() throws IOException {
    Link link = refresher == null ? null : refresher.refresh();
    return link == null ? null : link.toMessage();
  }

  void content(byte[] bytes) {
    content = bytes;
  }
}
