package io.github.osspresign;

/** How a URL names the bucket. In the order of C's oss_addressing. */
public enum Addressing {
  /** {@code https://BUCKET.endpoint/key}, the default. With an IP address as endpoint: path style. */
  VIRTUAL_HOSTED,
  /** {@code https://endpoint/BUCKET/key}. */
  PATH,
  /** {@code https://endpoint/key}: the endpoint is a custom domain (CNAME) bound to the bucket. */
  CUSTOM_DOMAIN
}
