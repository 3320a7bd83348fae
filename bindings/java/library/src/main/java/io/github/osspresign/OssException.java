package io.github.osspresign;

import java.io.IOException;

/**
 * An operation failed: everything that is known of it. The message is one sentence for a person; no
 * secret, signature, token or query string is in it.
 *
 * @serial exclude
 */
public final class OssException extends IOException {
  private static final long serialVersionUID = 1;

  private final int codeNumber;
  private final ErrorCode code;
  private final Phase phase;
  private final boolean retryable;
  private final int httpStatus;
  private final int osError;
  private final String serverCode;
  private final String serverMessage;
  private final String requestId;
  private final String hostId;
  private final String ec;

  /** Reads what native/message.c wrote, in its order. */
  OssException(int codeNumber, MessageReader reply) {
    super(reply.text());
    this.codeNumber = codeNumber;
    code = ErrorCode.of(codeNumber);
    phase = Phase.values()[(int) reply.number()];
    retryable = reply.flag();
    httpStatus = (int) reply.number();
    osError = (int) reply.number();
    serverCode = reply.text();
    serverMessage = reply.text();
    requestId = reply.text();
    hostId = reply.text();
    ec = reply.text();
  }

  /**
   * What went wrong.
   *
   * @return the code; {@link ErrorCode#UNKNOWN} for one that these classes do not know
   */
  public ErrorCode code() {
    return code;
  }

  /**
   * The number of the code, as C has it.
   *
   * @return the number, which never changes
   */
  public int codeNumber() {
    return codeNumber;
  }

  /**
   * How far the operation got.
   *
   * @return the phase in which it failed
   */
  public Phase phase() {
    return phase;
  }

  /**
   * Whether the same call may well succeed later, unchanged.
   *
   * @return true if it is worth another try
   */
  public boolean isRetryable() {
    return retryable;
  }

  /**
   * The HTTP status of the last answer, whatever was wrong with it: 206 when its body broke off.
   *
   * @return the status; 0 when there was no answer
   */
  public int httpStatus() {
    return httpStatus;
  }

  /**
   * The operating system's error number when that was the cause.
   *
   * @return errno; 0 when it was not the cause
   */
  public int osError() {
    return osError;
  }

  /**
   * OSS's error code, for instance "NoSuchKey".
   *
   * @return the code; "" when there is none
   */
  public String serverCode() {
    return serverCode;
  }

  /**
   * OSS's error message.
   *
   * @return the message; "" when there is none
   */
  public String serverMessage() {
    return serverMessage;
  }

  /**
   * OSS's id of the last request, for a support ticket; also where the answer was no error, but of
   * no use.
   *
   * @return the id; "" when there is none
   */
  public String requestId() {
    return requestId;
  }

  /**
   * The host that answered with an error, as it names itself.
   *
   * @return the host; "" when there is none
   */
  public String hostId() {
    return hostId;
  }

  /**
   * OSS's finer error code (EC), for instance "0026-00000001".
   *
   * @return the EC; "" when there is none
   */
  public String ec() {
    return ec;
  }
}
