package io.github.osspresign;

/** What went wrong. New ones may appear, so keep a default branch. */
public enum ErrorCode {
  /** A required argument is missing; the message names it. */
  NULL_ARGUMENT(1),
  /** An argument breaks a rule; the message names the argument and the rule. */
  INVALID_ARGUMENT(2),
  /** A text is not UTF-8; the message names it. */
  INVALID_UTF8(3),
  /** The classes and the native library do not fit together. */
  UNSUPPORTED_ABI(4),
  /** The host name could not be resolved. */
  RESOLVE(40),
  /** No connection to the server. */
  CONNECT(41),
  /** TLS or a certificate failed. */
  TLS(42),
  /** A timeout passed. */
  TIMEOUT(43),
  /** The connection broke. */
  NETWORK(44),
  /** The presigned URL is past its expiry. */
  URL_EXPIRED(60),
  /** The service refused the request (HTTP 401, 403). */
  FORBIDDEN(61),
  /** No such object, version or bucket (HTTP 404). */
  NOT_FOUND(62),
  /** The object is another one than before, or than was asked for (HTTP 412). */
  OBJECT_CHANGED(63),
  /** The range lies past the end of the object (HTTP 416). */
  RANGE(64),
  /** The service asks to slow down (HTTP 429, 503). */
  THROTTLED(65),
  /** The service answered with another error status. */
  SERVER(66),
  /** The answer contradicts HTTP, or what was asked. */
  PROTOCOL(67),
  /** A file could not be written. */
  IO(80),
  /** The disk, or a quota, is full. */
  NO_SPACE(81),
  /** The target exists, and may not be overwritten. */
  EXISTS(82),
  /** A callback refused the data; from Java it is rather what the callback threw. */
  CALLBACK(83),
  /** The object is larger than the caller allows. */
  TOO_LARGE(84),
  /** The bytes do not have the checksum, or the size, that the service states or the caller expects. */
  CHECKSUM(100),
  /** The download was cancelled. */
  CANCELLED(120),
  /** A bug in this library. */
  INTERNAL(255),
  /** A code that these classes do not know; see {@link OssException#codeNumber}. */
  UNKNOWN(-1);

  private final int number;

  ErrorCode(int number) {
    this.number = number;
  }

  static ErrorCode of(int number) {
    for (ErrorCode code : values()) {
      if (code.number == number) {
        return code;
      }
    }
    return UNKNOWN;
  }

  /**
   * The number of the code, as C has it.
   *
   * @return the number, which never changes
   */
  public int number() {
    return number;
  }
}
