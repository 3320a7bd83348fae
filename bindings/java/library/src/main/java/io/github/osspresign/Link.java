package io.github.osspresign;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A presigned URL and the headers that it demands: what one needs to download. */
public final class Link {
  private final String url;
  private final List<String> headers;

  private Link(String url, List<String> headers) {
    this.url = url;
    this.headers = headers;
  }

  /**
   * A URL that demands no header.
   *
   * @param url the URL; it is sent byte for byte
   * @return the link
   */
  public static Link of(String url) {
    return of(url, Collections.emptyMap());
  }

  /**
   * A URL and the headers that were signed with it.
   *
   * @param url the URL; it is sent byte for byte
   * @param headers every header that was signed
   * @return the link
   */
  public static Link of(String url, Map<String, String> headers) {
    List<String> texts = new ArrayList<>();
    for (Map.Entry<String, String> header : Checks.given("headers", headers).entrySet()) {
      addPair(texts, "headers", header.getKey(), header.getValue());
    }
    return new Link(Checks.text("url", url), texts);
  }

  static void addPair(
      List<String> texts, String what, @Nullable String name, @Nullable String value) {
    texts.add(Checks.text(what, name));
    texts.add(Checks.text(what, value));
  }

  String url() {
    return url;
  }

  /** Names and values in turn. */
  List<String> headers() {
    return headers;
  }

  byte[] toMessage() {
    return new MessageWriter().text(url).pairs(headers).toBytes();
  }

  /** Without the URL: whoever has that can read the object. */
  @Override
  public String toString() {
    return "Link[redacted]";
  }
}
