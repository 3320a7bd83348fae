package io.github.osspresign;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A GetObject request to presign. Immutable; may be used again and by any thread. */
public final class GetObjectPresignRequest {
  /** Written when it is built, so that a request that is used again costs no further work. */
  final byte[] message;

  private GetObjectPresignRequest(byte[] message) {
    this.message = message;
  }

  /**
   * Starts a request. Bucket and key are required; the URL is valid for 15 minutes unless told
   * otherwise.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /** Puts a {@link GetObjectPresignRequest} together. Not for several threads at once. */
  public static final class Builder {
    private @Nullable String bucket;
    private @Nullable String key;
    private @Nullable String versionId;
    private @Nullable String process;
    private @Nullable String responseCacheControl;
    private @Nullable String responseContentDisposition;
    private @Nullable String responseContentEncoding;
    private @Nullable String responseContentLanguage;
    private @Nullable String responseContentType;
    private @Nullable String responseExpires;
    private @Nullable String rangeBehavior;
    private @Nullable String requestPayer;
    private long trafficLimit;
    private long expiresIn;
    private long expiresAt;
    private long signingTime;
    private final List<String> query = new ArrayList<>();
    private final List<String> headers = new ArrayList<>();

    private Builder() {}

    /**
     * Required.
     *
     * @param bucket 3 to 63 bytes of {@code a-z 0-9 -}, with no - at either end
     * @return this
     */
    public Builder bucket(String bucket) {
      this.bucket = Checks.text("bucket", bucket);
      return this;
    }

    /**
     * Required. Signed as it is, never normalised.
     *
     * @param key 1 to 1023 bytes of UTF-8, not starting with / or \
     * @return this
     */
    public Builder key(String key) {
      this.key = Checks.text("key", key);
      return this;
    }

    /**
     * The version of the object.
     *
     * @param versionId its id
     * @return this
     */
    public Builder versionId(String versionId) {
      this.versionId = Checks.text("versionId", versionId);
      return this;
    }

    /**
     * Image or other processing, x-oss-process.
     *
     * @param process the instructions
     * @return this
     */
    public Builder process(String process) {
      this.process = Checks.text("process", process);
      return this;
    }

    /**
     * Cache-Control of the answer.
     *
     * @param responseCacheControl its value
     * @return this
     */
    public Builder responseCacheControl(String responseCacheControl) {
      this.responseCacheControl = Checks.text("responseCacheControl", responseCacheControl);
      return this;
    }

    /**
     * Content-Disposition of the answer; "attachment" makes a browser download.
     *
     * @param responseContentDisposition its value
     * @return this
     */
    public Builder responseContentDisposition(String responseContentDisposition) {
      this.responseContentDisposition = Checks.text("responseContentDisposition", responseContentDisposition);
      return this;
    }

    /**
     * Content-Encoding of the answer.
     *
     * @param responseContentEncoding its value
     * @return this
     */
    public Builder responseContentEncoding(String responseContentEncoding) {
      this.responseContentEncoding = Checks.text("responseContentEncoding", responseContentEncoding);
      return this;
    }

    /**
     * Content-Language of the answer.
     *
     * @param responseContentLanguage its value
     * @return this
     */
    public Builder responseContentLanguage(String responseContentLanguage) {
      this.responseContentLanguage = Checks.text("responseContentLanguage", responseContentLanguage);
      return this;
    }

    /**
     * Content-Type of the answer.
     *
     * @param responseContentType its value
     * @return this
     */
    public Builder responseContentType(String responseContentType) {
      this.responseContentType = Checks.text("responseContentType", responseContentType);
      return this;
    }

    /**
     * Expires of the answer.
     *
     * @param responseExpires its value
     * @return this
     */
    public Builder responseExpires(String responseExpires) {
      this.responseExpires = Checks.text("responseExpires", responseExpires);
      return this;
    }

    /**
     * x-oss-range-behavior, a signed header.
     *
     * @param rangeBehavior "standard"; "" means none
     * @return this
     */
    public Builder rangeBehavior(String rangeBehavior) {
      this.rangeBehavior = Checks.text("rangeBehavior", rangeBehavior);
      return this;
    }

    /**
     * x-oss-request-payer, a signed header.
     *
     * @param requestPayer "requester"; "" means none
     * @return this
     */
    public Builder requestPayer(String requestPayer) {
      this.requestPayer = Checks.text("requestPayer", requestPayer);
      return this;
    }

    /**
     * x-oss-traffic-limit, a signed header.
     *
     * @param bitsPerSecond 245760 to 838860800
     * @return this
     */
    public Builder trafficLimit(long bitsPerSecond) {
      this.trafficLimit = Checks.notZero("trafficLimit", bitsPerSecond);
      return this;
    }

    /**
     * For how long the URL is valid. Default: 15 minutes.
     *
     * @param validity whole seconds, 1 second to 7 days
     * @return this
     */
    public Builder expiresIn(Duration validity) {
      if (Checks.given("expiresIn", validity).getNano() != 0) {
        throw new IllegalArgumentException("expiresIn: must be whole seconds");
      }
      this.expiresIn = Checks.notZero("expiresIn", validity.getSeconds());
      return this;
    }

    /**
     * When the URL expires; wins over {@link #expiresIn}.
     *
     * @param expiration at most 7 days ahead, in whole seconds
     * @return this
     */
    public Builder expiresAt(Instant expiration) {
      this.expiresAt = seconds("expiresAt", expiration);
      return this;
    }

    /**
     * When the URL is signed. Default: now, by the system's clock. For a device whose clock is
     * wrong, and for URLs that stay the same.
     *
     * @param instant in whole seconds
     * @return this
     */
    public Builder signingTime(Instant instant) {
      this.signingTime = seconds("signingTime", instant);
      return this;
    }

    /**
     * A further query parameter; one call for each.
     *
     * @param name its name, none of those that the signature uses
     * @param value its value; may be ""
     * @return this
     */
    public Builder queryParameter(String name, String value) {
      Link.addPair(query, "queryParameter", name, value);
      return this;
    }

    /**
     * A header: it is signed, and the downloader must send it. One call for each.
     *
     * @param name its name, for instance "Range"
     * @param value its value
     * @return this
     */
    public Builder header(String name, String value) {
      Link.addPair(headers, "header", name, value);
      return this;
    }

    private static long seconds(String name, @Nullable Instant instant) {
      if (Checks.given(name, instant).getNano() != 0) {
        throw new IllegalArgumentException(name + ": must be whole seconds");
      }
      return Checks.notZero(name, instant.getEpochSecond());
    }

    /**
     * Makes the request.
     *
     * @return it
     * @throws IllegalArgumentException without a bucket and a key
     */
    public GetObjectPresignRequest build() {
      // In the order in which native/presign.c reads.
      MessageWriter writer =
          new MessageWriter()
              .text(Checks.required("bucket", bucket))
              .text(Checks.required("key", key))
              .text(versionId)
              .text(process)
              .text(responseCacheControl)
              .text(responseContentDisposition)
              .text(responseContentEncoding)
              .text(responseContentLanguage)
              .text(responseContentType)
              .text(responseExpires)
              .text(rangeBehavior)
              .text(requestPayer)
              .number(trafficLimit)
              .number(expiresIn)
              .number(expiresAt)
              .number(signingTime)
              .pairs(query)
              .pairs(headers);
      return new GetObjectPresignRequest(writer.toBytes());
    }
  }
}
