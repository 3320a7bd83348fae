package io.github.osspresign;

/** How far a download is. */
public final class Progress {
  private final long bytesDone;
  private final long bytesTotal;
  private final long bytesResumed;
  private final double bytesPerSecond;

  Progress(long bytesDone, long bytesTotal, long bytesResumed, double bytesPerSecond) {
    this.bytesDone = bytesDone;
    this.bytesTotal = bytesTotal;
    this.bytesResumed = bytesResumed;
    this.bytesPerSecond = bytesPerSecond;
  }

  /**
   * How much is there.
   *
   * @return bytes, resumed ones included; never goes back
   */
  public long bytesDone() {
    return bytesDone;
  }

  /**
   * Size of the whole.
   *
   * @return bytes; -1 while it is unknown
   */
  public long bytesTotal() {
    return bytesTotal;
  }

  /**
   * How much was there before this download.
   *
   * @return bytes
   */
  public long bytesResumed() {
    return bytesResumed;
  }

  /**
   * The speed, smoothed.
   *
   * @return bytes a second; 0 until the first measurement
   */
  public double bytesPerSecond() {
    return bytesPerSecond;
  }

  @Override
  public String toString() {
    return bytesDone + " of " + (bytesTotal < 0 ? "?" : bytesTotal) + " bytes";
  }
}
