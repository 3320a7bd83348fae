package io.github.osspresign;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a URL says of itself, and what is wrong with it. Immutable. */
public final class UrlInspection {
  static final int HTTPS = 1;
  static final int MAY_SPLIT = 2;
  static final int SIGNS_RANGE = 4;
  static final int SIGNS_IF_MATCH = 8;
  static final int SIGNS_HOST = 16;
  static final int PROCESSES = 32;

  private final UrlStyle style;
  private final int flags;
  private final @Nullable Instant signedAt;
  private final @Nullable Instant expiration;
  private final String versionId;
  private final String redactedUrl;
  private final List<String> demandedHeaders;
  private final List<UrlProblem> problems;

  /** Reads what native/inspect.c wrote, in its order. */
  UrlInspection(MessageReader reply) {
    int number = (int) reply.number();
    style = number < UrlStyle.values().length ? UrlStyle.values()[number] : UrlStyle.UNKNOWN;
    flags = (int) reply.number();
    signedAt = instant(reply.number());
    expiration = instant(reply.number());
    versionId = reply.text();
    redactedUrl = reply.text();
    List<String> headers = new ArrayList<>();
    for (long count = reply.number(); count > 0; count--) {
      headers.add(reply.text());
    }
    demandedHeaders = Collections.unmodifiableList(headers);
    List<UrlProblem> found = new ArrayList<>();
    for (long count = reply.number(); count > 0; count--) {
      found.add(new UrlProblem(reply));
    }
    problems = Collections.unmodifiableList(found);
  }

  private static @Nullable Instant instant(long seconds) {
    return seconds == 0 ? null : Instant.ofEpochSecond(seconds);
  }

  /**
   * How the URL is signed.
   *
   * @return the style
   */
  public UrlStyle style() {
    return style;
  }

  /**
   * When it was signed.
   *
   * @return the instant; null when it does not say
   */
  public @Nullable Instant signedAt() {
    return signedAt;
  }

  /**
   * When it expires.
   *
   * @return the instant; null when it does not say
   */
  public @Nullable Instant expiration() {
    return expiration;
  }

  /**
   * The headers that it demands by name; more may have been signed, which OSS URLs do not tell.
   *
   * @return lower-case names; unmodifiable
   */
  public List<String> demandedHeaders() {
    return demandedHeaders;
  }

  /**
   * The version of the object that is asked for.
   *
   * @return its id; "" when there is none
   */
  public String versionId() {
    return versionId;
  }

  /**
   * The URL without its secrets, for logs.
   *
   * @return the text
   */
  public String redactedUrl() {
    return redactedUrl;
  }

  /**
   * What is wrong with it; causes come before what they cause. None does not mean that it works:
   * only the service knows the secret.
   *
   * @return the problems; unmodifiable
   */
  public List<UrlProblem> problems() {
    return problems;
  }

  /**
   * Whether TLS is used.
   *
   * @return true for https
   */
  public boolean isHttps() {
    return has(HTTPS);
  }

  /**
   * Whether the object may be fetched in parts: not if Range or If-Match is signed, or the object is
   * processed on its way.
   *
   * @return true if it may
   */
  public boolean maySplit() {
    return has(MAY_SPLIT);
  }

  /**
   * Whether Range is signed: exactly the signed range can be asked for.
   *
   * @return true if it is
   */
  public boolean signsRange() {
    return has(SIGNS_RANGE);
  }

  /**
   * Whether If-Match is signed: exactly the signed value can be sent.
   *
   * @return true if it is
   */
  public boolean signsIfMatch() {
    return has(SIGNS_IF_MATCH);
  }

  /**
   * Whether Host is signed by name: at another host name the URL fails.
   *
   * @return true if it is
   */
  public boolean signsHost() {
    return has(SIGNS_HOST);
  }

  /**
   * Whether the object is processed on its way (x-oss-process).
   *
   * @return true if it is
   */
  public boolean processes() {
    return has(PROCESSES);
  }

  private boolean has(int flag) {
    return (flags & flag) != 0;
  }

  @Override
  public String toString() {
    return "UrlInspection[" + redactedUrl + ", problems: " + problems + "]";
  }
}
