package io.github.osspresign;

/** How far an operation got when it failed. In the order of C's oss_phase. */
public enum Phase {
  /** The operation succeeded. */
  DONE,
  /** Checking the arguments: nothing was sent, nothing touched. */
  CHECK,
  /** Resolving the host name. */
  RESOLVE,
  /** Connecting. */
  CONNECT,
  /** The TLS handshake. */
  TLS,
  /** Sending the request and waiting for the answer's headers. */
  HEADERS,
  /** Reading the body. */
  BODY,
  /** Writing to the disk. */
  DISK,
  /** Comparing length and checksum. */
  VERIFY
}
