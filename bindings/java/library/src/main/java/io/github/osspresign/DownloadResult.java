package io.github.osspresign;

import org.jspecify.annotations.Nullable;

/** A finished download. Immutable. */
public final class DownloadResult {
  private final long bytes;
  private final long objectSize;
  private final long bytesResumed;
  private final int retries;
  private final int refreshes;
  private final int httpStatus;
  private final long crc64;
  private final Verified verified;
  private final String etag;
  private final String versionId;
  private final String requestId;
  private final byte @Nullable [] content;

  /** Reads what native/download.c wrote, in its order. */
  DownloadResult(MessageReader reply, byte @Nullable [] content) {
    bytes = reply.number();
    objectSize = reply.number();
    bytesResumed = reply.number();
    retries = (int) reply.number();
    refreshes = (int) reply.number();
    httpStatus = (int) reply.number();
    crc64 = reply.number();
    verified = Verified.values()[(int) reply.number()];
    etag = reply.text();
    versionId = reply.text();
    requestId = reply.text();
    this.content = content;
  }

  /**
   * The size of the target.
   *
   * @return bytes
   */
  public long bytes() {
    return bytes;
  }

  /**
   * The bytes of a download to memory.
   *
   * @return the array itself, not a copy
   * @throws IllegalStateException if the target was not memory
   */
  public byte[] content() {
    if (content == null) {
      throw new IllegalStateException("the target was not memory");
    }
    return content;
  }

  /**
   * The size of the whole object.
   *
   * @return bytes; -1 if the server did not state it
   */
  public long objectSize() {
    return objectSize;
  }

  /**
   * How many of the bytes were there from an earlier call.
   *
   * @return bytes
   */
  public long bytesResumed() {
    return bytesResumed;
  }

  /**
   * How many requests were repeated.
   *
   * @return a count
   */
  public int retries() {
    return retries;
  }

  /**
   * How many times the URL was replaced.
   *
   * @return a count
   */
  public int refreshes() {
    return refreshes;
  }

  /**
   * The HTTP status of the first answer.
   *
   * @return the status; 0 if all was there from an earlier call
   */
  public int httpStatus() {
    return httpStatus;
  }

  /**
   * The CRC-64 (CRC-64/XZ, as OSS computes it) of the bytes in the target.
   *
   * @return an unsigned number: see {@link Long#toUnsignedString(long)}
   */
  public long crc64() {
    return crc64;
  }

  /**
   * What the bytes were checked against.
   *
   * @return the strongest check
   */
  public Verified verified() {
    return verified;
  }

  /**
   * The object's ETag as the server sent it, quotes included.
   *
   * @return the ETag; "" when there is none
   */
  public String etag() {
    return etag;
  }

  /**
   * The version of the object that came, where the bucket keeps versions.
   *
   * @return its id; "" when there is none
   */
  public String versionId() {
    return versionId;
  }

  /**
   * OSS's id of the first request.
   *
   * @return the id; "" when there is none
   */
  public String requestId() {
    return requestId;
  }

  @Override
  public String toString() {
    return "DownloadResult[" + bytes + " bytes, verified: " + verified + "]";
  }
}
