package io.github.osspresign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class InspectTest {
  private static final Instant SIGNED_AT = Instant.ofEpochSecond(1702743657);

  private static PresignedUrl presign(GetObjectPresignRequest.Builder request) throws OssException {
    return Presigner.builder().region("cn-hangzhou")
        .credentials(() -> Credentials.of("canary-id", "s", "canary-token")).build()
        .presign(request.signingTime(SIGNED_AT).build());
  }

  @Test
  void ourOwnUrl() throws Exception {
    String url = presign(Oss.get("k").versionId("v1").process("image/info")
        .header("Range", "bytes=0-1").header("If-Match", "e").header("Host", "h")).url();
    UrlInspection found = PresignedUrls.inspect(url, SIGNED_AT);
    assertEquals(UrlStyle.V4, found.style());
    assertEquals(SIGNED_AT, found.signedAt());
    assertEquals(SIGNED_AT.plusSeconds(900), found.expiration());
    assertEquals(List.of("if-match", "range"), found.demandedHeaders());
    assertEquals("v1", found.versionId());
    assertTrue(found.isHttps() && found.signsRange() && found.signsIfMatch() && found.signsHost());
    assertTrue(found.processes() && !found.maySplit());
    assertEquals(List.of(), found.problems());
    assertFalse((found + found.redactedUrl()).contains("canary"));
    assertTrue(found.redactedUrl().startsWith("https://examplebucket.oss-cn-hangzhou."));
  }

  @Test
  void whatIsWrongWithIt() throws Exception {
    String url = presign(Oss.get("k")).url();
    UrlInspection late = PresignedUrls.inspect(url);
    assertEquals(UrlProblem.Kind.EXPIRED, late.problems().get(0).kind());
    assertTrue(late.problems().get(0).isError());
    assertTrue(late.problems().get(0).message().length() > 20);
    UrlInspection plain = PresignedUrls.inspect(url.replace("https:", "http:"), SIGNED_AT);
    assertEquals(1, plain.problems().size());
    assertEquals(UrlProblem.Kind.PLAIN_HTTP, plain.problems().get(0).kind());
    assertFalse(plain.problems().get(0).isError() || plain.isHttps());
    assertTrue(plain.maySplit() && !plain.signsHost() && !plain.processes());
  }

  @Test
  void aUrlThatIsNotSignedIsNoFailure() throws Exception {
    UrlInspection found = PresignedUrls.inspect("https://h/k");
    assertEquals(UrlStyle.UNKNOWN, found.style());
    assertNull(found.signedAt());
    assertNull(found.expiration());
    assertEquals("", found.versionId());
  }

  @Test
  void whatCannotBeSentIsRefused() {
    for (String bad : List.of("", "ftp://h/k", "https://u:canary@h/k", "https://h/\u4e2d", "k")) {
      OssException refusal = assertThrows(OssException.class, () -> PresignedUrls.inspect(bad));
      assertEquals(ErrorCode.INVALID_ARGUMENT, refusal.code());
      assertTrue(refusal.getMessage().startsWith("url: "), refusal.getMessage());
      assertFalse(refusal.getMessage().contains("canary"));
    }
  }
}
