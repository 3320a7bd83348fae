package io.github.osspresign;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Gives a fresh URL when the one of a download expires. */
@FunctionalInterface
public interface UrlRefresher {
  /**
   * Called on the thread that downloads, when the URL has expired, or is in the last tenth of its
   * life (10 seconds at most). What it throws ends the download and goes on to whoever started it.
   *
   * @return a URL for the same object; null: the old one serves to its end, and then the download
   *     ends with {@link ErrorCode#URL_EXPIRED}
   * @throws IOException if no URL could be had
   */
  @Nullable Link refresh() throws IOException;
}
