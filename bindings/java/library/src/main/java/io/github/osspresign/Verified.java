package io.github.osspresign;

/** What a download was checked against before its target appeared. In the order of C's oss_verified. */
public enum Verified {
  /** Nothing: the server stated neither length nor checksum. */
  NOTHING,
  /** The length the server stated. */
  LENGTH,
  /** The CRC-64 the server stated for the whole object, and the length. */
  CRC64
}
