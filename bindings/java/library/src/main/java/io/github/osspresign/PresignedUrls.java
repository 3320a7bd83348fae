package io.github.osspresign;

import java.time.Instant;

/** Tells what a URL is that anybody may have made, presigned or not. No network, no file. */
public final class PresignedUrls {
  private PresignedUrls() {}

  /**
   * Reads a URL: what it is, when it expires, which headers it demands, and what is wrong with it
   * now, by the system's clock. A URL that is doubtful, expired or not signed at all is no failure.
   *
   * @param url the URL
   * @return what was found
   * @throws OssException for what could not be sent as it is: not http or https, not printable
   *     ASCII, no host, user info, a fragment
   */
  public static UrlInspection inspect(String url) throws OssException {
    return inspect(url, 0);
  }

  /**
   * Reads a URL as {@link #inspect(String)} does, at another time.
   *
   * @param url the URL
   * @param now what time it is; any but the start of 1970
   * @return what was found
   * @throws OssException for what could not be sent as it is
   */
  public static UrlInspection inspect(String url, Instant now) throws OssException {
    return inspect(url, Checks.notZero("now", Checks.given("now", now).getEpochSecond()));
  }

  private static UrlInspection inspect(String url, long now) throws OssException {
    Native.require();
    MessageWriter writer = new MessageWriter().text(Checks.text("url", url)).number(now);
    return new UrlInspection(new MessageReader(Native.inspect(writer.toBytes())).orThrow());
  }
}
