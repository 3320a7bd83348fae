package io.github.osspresign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** The reference SDK's presigned URLs: the same bytes through Java. tests/c/vectors.c has the form of the file. */
class VectorsTest {
  private static final Map<String, BiConsumer<Presigner.Builder, String>> PRESIGNER = Map.of(
      "region", Presigner.Builder::region,
      "endpoint", Presigner.Builder::endpoint,
      "cloud_box_id", Presigner.Builder::cloudBoxId,
      "addressing", (b, v) -> b.addressing(Addressing.values()[Integer.parseInt(v)]),
      "endpoint_kind", (b, v) -> b.endpointKind(EndpointKind.values()[Integer.parseInt(v)]),
      "flags", (b, v) -> b.http("1".equals(v)));

  private static final Map<String, BiConsumer<GetObjectPresignRequest.Builder, String>> REQUEST =
      Map.ofEntries(
          Map.entry("bucket", GetObjectPresignRequest.Builder::bucket),
          Map.entry("key", GetObjectPresignRequest.Builder::key),
          Map.entry("version_id", GetObjectPresignRequest.Builder::versionId),
          Map.entry("process", GetObjectPresignRequest.Builder::process),
          Map.entry("response_cache_control", GetObjectPresignRequest.Builder::responseCacheControl),
          Map.entry("response_content_disposition",
              GetObjectPresignRequest.Builder::responseContentDisposition),
          Map.entry("response_content_encoding",
              GetObjectPresignRequest.Builder::responseContentEncoding),
          Map.entry("response_content_language",
              GetObjectPresignRequest.Builder::responseContentLanguage),
          Map.entry("response_content_type", GetObjectPresignRequest.Builder::responseContentType),
          Map.entry("response_expires", GetObjectPresignRequest.Builder::responseExpires),
          Map.entry("range_behavior", GetObjectPresignRequest.Builder::rangeBehavior),
          Map.entry("request_payer", GetObjectPresignRequest.Builder::requestPayer),
          Map.entry("traffic_limit", (b, v) -> b.trafficLimit(Long.parseLong(v))),
          Map.entry("expires_in", (b, v) -> b.expiresIn(Duration.ofSeconds(Long.parseLong(v)))),
          Map.entry("expires_at", (b, v) -> b.expiresAt(Instant.ofEpochSecond(Long.parseLong(v)))),
          Map.entry("signing_time",
              (b, v) -> b.signingTime(Instant.ofEpochSecond(Long.parseLong(v)))));

  /** One line of the file. */
  private static final class Case {
    final Presigner.Builder presigner = Presigner.builder();
    final GetObjectPresignRequest.Builder request = GetObjectPresignRequest.builder();
    final Map<String, String> wanted = new LinkedHashMap<>();
    final Map<String, String> wantedHeaders = new LinkedHashMap<>();
    private String id = "";
    private String secret = "";
    private String token;

    Case(String[] items) {
      for (String item : List.of(items).subList(2, items.length)) {
        String[] parts = item.split("=", 3);
        set(parts[0], decode(parts[1]), parts.length == 3 ? decode(parts[2]) : null);
      }
      presigner.credentials(() -> Credentials.of(id, secret, token));
    }

    private void set(String name, String value, String second) {
      switch (name) {
        case "query" -> request.queryParameter(value, second);
        case "header" -> request.header(value, second);
        case "want.header" -> wantedHeaders.put(value, second);
        case "access_key_id" -> id = value;
        case "access_key_secret" -> secret = value;
        case "security_token" -> token = value;
        default -> {
          if (PRESIGNER.containsKey(name)) {
            PRESIGNER.get(name).accept(presigner, value);
          } else if (REQUEST.containsKey(name)) {
            REQUEST.get(name).accept(request, value);
          } else {
            assertTrue(name.startsWith("want."), name);
            wanted.put(name, value);
          }
        }
      }
    }

    PresignedUrl presign() throws OssException {
      return presigner.build().presign(request.build());
    }
  }

  private static String decode(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '%') {
        bytes.write(Integer.parseInt(text.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        bytes.write(text.charAt(i));
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** What Java cannot say: a NUL, text that is not UTF-8, the instant 0. C skips the first and last too. */
  private static boolean inexpressible(String line) {
    return line.contains("%00") || line.matches(".*\t(signing_time|expires_at)=0(\t.*)?")
        || decode(line).contains("\uFFFD");
  }

  @Test
  void everyVectorGivesTheReferencesBytes() throws Exception {
    int identical = 0;
    int refused = 0;
    int inexpressible = 0;
    Path file = Path.of(System.getProperty("oss.tools"), "vector-cases.tsv");
    for (String line : Files.readAllLines(file)) {
      String[] items = line.split("\t");
      if (inexpressible(line)) {
        inexpressible++;
      } else if (items[0].equals("same")) {
        checkSame(items[1], new Case(items));
        identical++;
      } else {
        assertEquals("refuse", items[0]);
        checkRefused(items);
        refused++;
      }
    }
    System.out.println("java vectors: " + identical + " identical, " + refused + " refused, "
        + inexpressible + " that Java cannot express");
    assertTrue(identical >= 405, () -> "fewer identical than through C");
    assertTrue(refused >= 125, () -> "fewer refused");
  }

  private static void checkSame(String id, Case vector) throws OssException {
    PresignedUrl url = vector.presign();
    assertEquals("GET", url.method(), id);
    assertEquals(vector.wanted.get("want.url"), url.url(), id);
    assertEquals(vector.wanted.get("want.string_to_sign"), url.stringToSign(), id);
    assertEquals(
        Instant.ofEpochSecond(Long.parseLong(vector.wanted.get("want.expires_at"))),
        url.expiration(), id);
    assertEquals(vector.wantedHeaders, url.signedHeaders(), id);
    assertEquals(3, vector.wanted.size(), id);
  }

  /** By the library, or, for what cannot cross at all, by the builder. */
  private static void checkRefused(String[] items) {
    Exception failure = assertThrows(Exception.class, () -> new Case(items).presign(), items[1]);
    if (failure instanceof OssException refusal) {
      assertTrue(List.of(ErrorCode.INVALID_ARGUMENT, ErrorCode.NULL_ARGUMENT)
          .contains(refusal.code()), items[1]);
      assertEquals(Phase.CHECK, refusal.phase(), items[1]);
      assertTrue(refusal.getMessage().matches("(?s)[a-z_]+: .+"), refusal.getMessage());
    } else {
      assertEquals(IllegalArgumentException.class, failure.getClass(), items[1]);
    }
  }
}
