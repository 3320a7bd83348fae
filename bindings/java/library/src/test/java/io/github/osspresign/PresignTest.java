package io.github.osspresign;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PresignTest {
  private static final Instant SIGNED_AT = Instant.ofEpochSecond(1702743657);

  static PresignedUrl somePresignedUrl() throws OssException {
    return Presigner.builder().region("cn-hangzhou").credentials(() -> Credentials.of("i", "s"))
        .build().presign(Oss.get("k").build());
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "plain.txt", "a b+c%20.txt", "中文/目录/文件.txt", "\uD83D\uDE00/\uD83D\uDC68\u200D\uD83D\uDC67.bin",
      "a//b/../c", "q?x=1#f&y", "e\u0301 is not \u00e9", "\u007f\u0001\n\t", "\u0080\u07ff\u0800\uffff"})
  void everyKeyReachesTheServiceAsItIs(String key) throws Exception {
    Oss oss = Oss.shared();
    byte[] content = oss.putNoise(key, 1000);
    HttpURLConnection connection = (HttpURLConnection)
        new URL(oss.presign(key).url()).openConnection(java.net.Proxy.NO_PROXY);
    try (java.io.InputStream body = connection.getInputStream()) {
      assertArrayEquals(content, body.readAllBytes());
    }
  }

  @Test
  void keysOf1023BytesAreSignedAndThoseOf1024Refused() throws Exception {
    Oss oss = Oss.shared();
    String emoji = "\uD83D\uDE00".repeat(255);
    for (String key : List.of("k".repeat(1023), emoji + "abc", "é".repeat(511) + "x")) {
      assertEquals(1023, key.getBytes(StandardCharsets.UTF_8).length);
      byte[] content = oss.putNoise(key, 100);
      try (Downloader downloader = Downloader.create()) {
        DownloadRequest request = DownloadRequest.builder(oss.presign(key)).toMemory(100).build();
        assertArrayEquals(content, downloader.download(request).content());
      }
      OssException refusal = assertThrows(OssException.class, () -> oss.presign(key + "y"));
      assertEquals(ErrorCode.INVALID_ARGUMENT, refusal.code());
      assertTrue(refusal.getMessage().startsWith("key: "), refusal.getMessage());
    }
  }

  @Test
  void expirationAndSignedHeadersComeBack() throws Exception {
    PresignedUrl url = Oss.shared().presign(Oss.get("k").signingTime(SIGNED_AT)
        .expiresIn(Duration.ofDays(7)).header("Range", "  bytes=0-9 ").header("x-oss-meta-a", "b")
        .trafficLimit(819200).requestPayer("requester"));
    assertEquals(SIGNED_AT.plus(Duration.ofDays(7)), url.expiration());
    assertEquals(
        List.of("range", "x-oss-meta-a", "x-oss-request-payer", "x-oss-traffic-limit"),
        List.copyOf(url.signedHeaders().keySet()));
    assertEquals("bytes=0-9", url.signedHeaders().get("range"));
    assertThrows(UnsupportedOperationException.class, () -> url.signedHeaders().put("a", "b"));
    assertTrue(url.canonicalRequest().startsWith("GET\n/examplebucket/k\n"));
    PresignedUrl plain = Oss.shared().presign("k");
    assertEquals(Map.of(), plain.signedHeaders());
    assertThrows(UnsupportedOperationException.class, () -> plain.signedHeaders().put("a", "b"));
  }

  @Test
  void theInstantWinsOverTheDuration() throws Exception {
    PresignedUrl url = Oss.shared().presign(Oss.get("k").signingTime(SIGNED_AT)
        .expiresIn(Duration.ofDays(1)).expiresAt(SIGNED_AT.plusSeconds(60)));
    assertEquals(SIGNED_AT.plusSeconds(60), url.expiration());
  }

  @Test
  void credentialsAreAskedAtEachCall() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    Presigner presigner = Presigner.builder().region("cn-hangzhou").credentials(() -> Credentials
        .of("id" + calls.incrementAndGet(), "secret", "token")).build();
    GetObjectPresignRequest request = Oss.get("k").build();
    assertTrue(presigner.presign(request).url().contains("x-oss-credential=id1%2F"));
    assertTrue(presigner.presign(request).url().contains("x-oss-credential=id2%2F"));
    RuntimeException failure = new RuntimeException("no STS");
    Presigner broken = Presigner.builder().region("cn-hangzhou").credentials(() -> {
      throw failure;
    }).build();
    assertEquals(failure, assertThrows(RuntimeException.class, () -> broken.presign(request)));
  }

  /** The test run sets no OSS_ACCESS_KEY_ID; the message names it. */
  @Test
  void withoutCredentialsTheEnvironmentIsAsked() throws Exception {
    Presigner presigner = Presigner.builder().region("cn-hangzhou").build();
    OssException refusal =
        assertThrows(OssException.class, () -> presigner.presign(Oss.get("k").build()));
    assertTrue(refusal.getMessage().contains("OSS_ACCESS_KEY_ID"), refusal.getMessage());
  }

  @Test
  void refusalsNameFieldAndRule() {
    OssException refusal = assertThrows(OssException.class, () -> Oss.shared()
        .presign(GetObjectPresignRequest.builder().bucket("B").key("k")));
    assertEquals(ErrorCode.INVALID_ARGUMENT, refusal.code());
    assertEquals(2, refusal.codeNumber());
    assertEquals(Phase.CHECK, refusal.phase());
    assertFalse(refusal.isRetryable());
    assertTrue(refusal.getMessage().startsWith("bucket: "), refusal.getMessage());
  }

  @Test
  void nothingSecretIsPrinted() throws Exception {
    Credentials credentials = Credentials.of("LTAI", "canary-secret", "canary-token");
    PresignedUrl url = Presigner.builder().region("r").credentials(() -> credentials).build()
        .presign(Oss.get("k").build());
    String all = credentials + " " + url + " " + url.toLink()
        + DownloadRequest.builder(url).toMemory(1).build();
    assertFalse(all.contains("canary") || all.contains("x-oss-signature"), all);
  }

  @Test
  void endpointsAndAddressing() throws Exception {
    assertTrue(url(Presigner.builder()).startsWith(
        "https://examplebucket.oss-cn-hangzhou.aliyuncs.com/k?"));
    assertTrue(url(Presigner.builder().endpointKind(EndpointKind.INTERNAL).http(true)).startsWith(
        "http://examplebucket.oss-cn-hangzhou-internal.aliyuncs.com/k?"));
    assertTrue(url(Presigner.builder().endpoint("cdn.example.com")
        .addressing(Addressing.CUSTOM_DOMAIN)).startsWith("https://cdn.example.com/k?"));
    assertTrue(url(Presigner.builder().endpoint("http://h:8080").addressing(Addressing.PATH))
        .startsWith("http://h:8080/examplebucket/k?"));
    assertTrue(url(Presigner.builder().cloudBoxId("cb-123")).contains("%2Fcb-123%2Foss-cloudbox%2F"));
  }

  private static String url(Presigner.Builder builder) throws OssException {
    return builder.region("cn-hangzhou").credentials(() -> Credentials.of("i", "s")).build()
        .presign(Oss.get("k").build()).url();
  }
}
