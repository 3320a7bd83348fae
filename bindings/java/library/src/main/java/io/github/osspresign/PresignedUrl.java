package io.github.osspresign;

import java.time.Instant;
import java.util.Map;

/** A presigned URL, and what to know of it. Immutable. */
public final class PresignedUrl {
  private final String method;
  private final String url;
  private final Instant expiration;
  private final String canonicalRequest;
  private final String stringToSign;
  private final Map<String, String> signedHeaders;

  /** Reads what native/presign.c wrote, in its order. */
  PresignedUrl(MessageReader reply) {
    method = reply.text();
    url = reply.text();
    expiration = Instant.ofEpochSecond(reply.number());
    canonicalRequest = reply.text();
    stringToSign = reply.text();
    signedHeaders = reply.pairs();
  }

  /**
   * The HTTP method that was signed.
   *
   * @return "GET"
   */
  public String method() {
    return method;
  }

  /**
   * The URL, to be sent byte for byte. Whoever has it can read the object until it expires: keep it
   * out of logs.
   *
   * @return the URL
   */
  public String url() {
    return url;
  }

  /**
   * When the URL expires.
   *
   * @return the instant, in whole seconds
   */
  public Instant expiration() {
    return expiration;
  }

  /**
   * The headers that were signed: the downloader must send each.
   *
   * @return lower-case names, and values as they were signed; unmodifiable
   */
  public Map<String, String> signedHeaders() {
    return signedHeaders;
  }

  /**
   * The canonical request, for comparing when a signature is refused. It has no secret in it, but
   * the security token, as the URL does.
   *
   * @return the text
   */
  public String canonicalRequest() {
    return canonicalRequest;
  }

  /**
   * The string to sign, for comparing when a signature is refused.
   *
   * @return the text
   */
  public String stringToSign() {
    return stringToSign;
  }

  /**
   * URL and signed headers: what a download or a {@link UrlRefresher} needs.
   *
   * @return the link
   */
  public Link toLink() {
    return Link.of(url, signedHeaders);
  }

  /** Without the URL: whoever has that can read the object. */
  @Override
  public String toString() {
    return "PresignedUrl[" + method + ", expires " + expiration + "]";
  }
}
