package io.github.osspresign;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes presigned URLs: region, endpoint and credentials. Immutable; any thread. */
public final class Presigner {
  private final byte[] message;
  private final @Nullable Supplier<Credentials> credentials;

  private Presigner(byte[] message, @Nullable Supplier<Credentials> credentials) {
    this.message = message;
    this.credentials = credentials;
  }

  /**
   * Starts a presigner. Only the region is required.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Presigns a GetObject request. No network, no file.
   *
   * @param request what to presign
   * @return URL, expiration and signed headers
   * @throws OssException if an argument breaks a rule; the message names both
   */
  public PresignedUrl presign(GetObjectPresignRequest request) throws OssException {
    Checks.given("request", request);
    MessageWriter writer = new MessageWriter().part(message);
    if (credentials == null) {
      writer.text(null).text(null).text(null);
    } else {
      Credentials current = Checks.given("credentials", credentials.get());
      writer.text(current.accessKeyId).text(current.accessKeySecret).text(current.securityToken);
    }
    byte[] reply = Native.presign(writer.part(request.message).toBytes());
    return new PresignedUrl(new MessageReader(reply).orThrow());
  }

  /** Puts a {@link Presigner} together. Not for several threads at once. */
  public static final class Builder {
    static final int HTTP = 1;

    private @Nullable String region;
    private @Nullable String endpoint;
    private @Nullable String cloudBoxId;
    private Addressing addressing = Addressing.VIRTUAL_HOSTED;
    private EndpointKind endpointKind = EndpointKind.PUBLIC;
    private boolean http;
    private @Nullable Supplier<Credentials> credentials;

    private Builder() {}

    /**
     * Required, for instance "cn-hangzhou"; also with an endpoint, because it is part of what is
     * signed.
     *
     * @param region {@code [a-z0-9-]+}
     * @return this
     */
    public Builder region(String region) {
      this.region = Checks.text("region", region);
      return this;
    }

    /**
     * The host to use instead of the region's.
     *
     * @param endpoint "host", "host:port" or "http(s)://host[:port]"
     * @return this
     */
    public Builder endpoint(String endpoint) {
      this.endpoint = Checks.text("endpoint", endpoint);
      return this;
    }

    /**
     * Which of the region's endpoints to use, when no endpoint is given.
     *
     * @param endpointKind the kind
     * @return this
     */
    public Builder endpointKind(EndpointKind endpointKind) {
      this.endpointKind = Checks.given("endpointKind", endpointKind);
      return this;
    }

    /**
     * How the URL names the bucket.
     *
     * @param addressing the style
     * @return this
     */
    public Builder addressing(Addressing addressing) {
      this.addressing = Checks.given("addressing", addressing);
      return this;
    }

    /**
     * Whether to sign an http URL where the endpoint states no scheme. Default: https.
     *
     * @param http true for http
     * @return this
     */
    public Builder http(boolean http) {
      this.http = http;
      return this;
    }

    /**
     * The cloud box, which then takes the region's place in the signature.
     *
     * @param cloudBoxId its id
     * @return this
     */
    public Builder cloudBoxId(String cloudBoxId) {
      this.cloudBoxId = Checks.text("cloudBoxId", cloudBoxId);
      return this;
    }

    /**
     * Who signs. Without this, the environment of the process is asked at each call:
     * OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET and OSS_SESSION_TOKEN.
     *
     * @param credentials asked at each call, on the calling thread, and so free to renew them
     * @return this
     */
    public Builder credentials(Supplier<Credentials> credentials) {
      this.credentials = Checks.given("credentials", credentials);
      return this;
    }

    /**
     * Makes the presigner.
     *
     * @return it
     * @throws IllegalArgumentException without a region
     */
    public Presigner build() {
      Native.require();
      MessageWriter writer =
          new MessageWriter()
              .text(Checks.required("region", region))
              .text(endpoint)
              .text(cloudBoxId)
              .number(addressing.ordinal())
              .number(endpointKind.ordinal())
              .number(http ? HTTP : 0);
      return new Presigner(writer.toBytes(), credentials);
    }
  }
}
