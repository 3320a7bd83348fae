package io.github.osspresign;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Gives a fresh URL when the one of a download has expired. */
@FunctionalInterface
public interface UrlRefresher {
  /**
   * Called on the thread that downloads, once for each expiry. What it throws ends the download and
   * goes on to whoever started it.
   *
   * @return a URL for the same object; null to give up, with {@link ErrorCode#URL_EXPIRED}
   * @throws IOException if no URL could be had
   */
  @Nullable Link refresh() throws IOException;
}
