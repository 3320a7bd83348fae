package io.github.osspresign;

/** Is told how far a download is. */
@FunctionalInterface
public interface ProgressListener {
  /**
   * Called on the thread that downloads, about ten times a second while data comes, and once at the
   * end: of a failure too, unless the download was cancelled or a callback threw. It holds the
   * download up until it returns. What it throws ends the download and goes on to whoever started it.
   *
   * @param progress how far the download is
   */
  void onProgress(Progress progress);
}
