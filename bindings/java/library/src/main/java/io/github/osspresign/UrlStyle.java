package io.github.osspresign;

/** How a URL is signed. In the order of C's oss_url_style. */
public enum UrlStyle {
  /** None of the others, not signed at all included; nothing is known of its expiry. */
  UNKNOWN,
  /** OSS signature version 4. */
  V4,
  /** OSS signature version 1. */
  V1,
  /** S3's signature version 4, which OSS understands too. */
  AMZ_V4
}
