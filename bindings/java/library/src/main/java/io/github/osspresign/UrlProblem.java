package io.github.osspresign;

/** Something wrong with a URL. */
public final class UrlProblem {
  /** What it is. In the order of C's oss_problem. */
  public enum Kind {
    /** A problem that these classes do not know; the message tells. */
    UNKNOWN,
    /** {@code &amp;} stands where {@code &} should: copied from HTML source. */
    HTML_ESCAPED,
    /** {@code x-oss-signature-verion}, as OSS's error pages misspell it. */
    MISSPELT_VERSION,
    /** x-oss-signature-version is not OSS4-HMAC-SHA256. */
    SIGNATURE_VERSION,
    /** A parameter that a URL of this style needs is not there. */
    MISSING_PARAMETER,
    /** A parameter of the signature is there more than once. */
    REPEATED_PARAMETER,
    /** The signature is not 64 lower-case hex digits. */
    SIGNATURE_FORM,
    /** x-oss-credential is not ID/YYYYMMDD/REGION/PRODUCT/aliyun_v4_request. */
    CREDENTIAL_FORM,
    /** The day in x-oss-credential is not that of x-oss-date. */
    CREDENTIAL_DAY,
    /** The signing time is not YYYYMMDDThhmmssZ, or no such time. */
    DATE_FORM,
    /** The expiry is no number. */
    EXPIRES_NOT_A_NUMBER,
    /** x-oss-expires is not 1 to 604800. */
    EXPIRES_OUT_OF_RANGE,
    /** x-oss-expires is an instant, and should be a duration. */
    EXPIRES_IS_TIMESTAMP,
    /** x-oss-additional-headers is not a sorted list of lower-case names with ; between them. */
    ADDITIONAL_HEADERS,
    /** The URL has expired. */
    EXPIRED,
    /** The URL was signed more than 15 minutes in the future. */
    NOT_YET_VALID,
    /** The host is one of OSS's internal endpoints. */
    INTERNAL_ENDPOINT,
    /** Plain http. */
    PLAIN_HTTP
  }

  private final Kind kind;
  private final boolean error;
  private final String message;

  /** Reads what native/inspect.c wrote, in its order. */
  UrlProblem(MessageReader reply) {
    int number = (int) reply.number();
    kind = number < Kind.values().length ? Kind.values()[number] : Kind.UNKNOWN;
    error = reply.flag();
    message = reply.text();
  }

  /**
   * What it is.
   *
   * @return the kind
   */
  public Kind kind() {
    return kind;
  }

  /**
   * Whether the service will refuse the URL for it.
   *
   * @return false for a warning
   */
  public boolean isError() {
    return error;
  }

  /**
   * A sentence or two for a person who wants to fix it.
   *
   * @return the message; no text of the URL is in it
   */
  public String message() {
    return message;
  }

  @Override
  public String toString() {
    return (error ? "error: " : "warning: ") + message;
  }
}
