package io.github.osspresign;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Downloads that succeed: every option crosses, and every field of the result comes back. */
class DownloadTest {
  private static final String KEY = "download/object.bin";
  private static final int SIZE = 1024 * 1024 + 13;
  private static Oss oss;
  private static byte[] content;
  private static String oldVersion;
  private static Downloader downloader;

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws Exception {
    oss = Oss.shared();
    oldVersion = oss.put(KEY, Oss.noise(1000));
    content = oss.putNoise(KEY, SIZE);
    downloader = Downloader.create();
  }

  @AfterAll
  static void stop() {
    downloader.close();
  }

  private File target() {
    return folder.resolve("target").toFile();
  }

  private static DownloadRequest.Builder parts(PresignedUrl url) {
    return DownloadRequest.builder(url).partSize(131072).connections(3);
  }

  private static DownloadRequest.Builder parts() throws Exception {
    return parts(oss.presign(KEY));
  }

  private static byte[] memory(DownloadRequest.Builder request) throws Exception {
    return downloader.download(request.toMemory(SIZE).build()).content();
  }

  @Test
  void toAFileWithProgress() throws Exception {
    List<Progress> seen = new ArrayList<>();
    Files.writeString(target().toPath(), "old");
    DownloadResult done = downloader.download(parts().toFile(target()).listener(seen::add)
        .progressInterval(Duration.ofMillis(-1)).build());
    assertArrayEquals(content, Files.readAllBytes(target().toPath()));
    assertEquals(SIZE, done.bytes());
    assertEquals(SIZE, done.objectSize());
    assertEquals(0, done.bytesResumed());
    assertEquals(0, done.retries());
    assertEquals(0, done.refreshes());
    assertEquals(206, done.httpStatus());
    assertEquals(Verified.CRC64, done.verified());
    assertTrue(done.etag().startsWith("\"") && done.crc64() != 0);
    assertFalse(done.requestId().isEmpty());
    assertThrows(IllegalStateException.class, done::content);
    assertTrue(seen.size() > 2);
    Progress last = seen.get(seen.size() - 1);
    assertEquals(SIZE, last.bytesDone());
    assertEquals(SIZE, last.bytesTotal());
    assertEquals(0, last.bytesResumed());
    assertTrue(last.bytesPerSecond() > 0);
    for (int i = 1; i < seen.size(); i++) {
      assertTrue(seen.get(i - 1).bytesDone() <= seen.get(i).bytesDone());
    }
    assertEquals(List.of("target"), List.of(folder.toFile().list()));
  }

  @Test
  void toMemoryAndToAStream() throws Exception {
    assertArrayEquals(content, memory(parts()));
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    DownloadResult done = downloader.download(parts().toStream(stream).build());
    assertArrayEquals(content, stream.toByteArray());
    assertEquals(SIZE, done.bytes());
    assertThrows(IllegalStateException.class, done::content);
  }

  @Test
  void anEmptyObject() throws Exception {
    oss.put("download/empty", new byte[0]);
    DownloadRequest.Builder request = DownloadRequest.builder(oss.presign("download/empty"));
    DownloadResult done = downloader.download(request.toMemory(1).build());
    assertEquals(0, done.content().length);
    assertEquals(0, done.bytes());
    assertEquals(0, downloader.download(request.toFile(target()).build()).objectSize());
    assertEquals(0, target().length());
  }

  @Test
  void ranges() throws Exception {
    assertArrayEquals(Arrays.copyOfRange(content, 10, 110), memory(parts().range(10, 100)));
    assertArrayEquals(Arrays.copyOfRange(content, 500_000, SIZE), memory(parts().range(500_000)));
    assertArrayEquals(content, memory(parts().range(5, 6).range(0)));
    DownloadResult done = downloader.download(parts().range(10, 100).toMemory(100).build());
    assertEquals(Verified.LENGTH, done.verified());
    assertEquals(SIZE, done.objectSize());
  }

  @Test
  void expectations() throws Exception {
    byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(content);
    byte[] md5 = MessageDigest.getInstance("MD5").digest(content);
    long crc64 = downloader.download(parts().toMemory(SIZE).build()).crc64();
    DownloadRequest.Builder good = parts().expectedSize(SIZE).expectedCrc64(crc64)
        .expectedSha256(sha256).expectedMd5(md5);
    assertArrayEquals(content, memory(good));
    sha256[0]++;
    assertArrayEquals(content, memory(good), "the request keeps a copy");
    fails(ErrorCode.CHECKSUM, parts().expectedSha256(sha256));
    md5[15]++;
    fails(ErrorCode.CHECKSUM, parts().expectedMd5(md5));
    fails(ErrorCode.CHECKSUM, parts().expectedCrc64(crc64 + 1));
    fails(ErrorCode.CHECKSUM, parts().expectedSize(SIZE - 1));
    fails(ErrorCode.CHECKSUM, parts().expectedSize(0));
    fails(ErrorCode.CHECKSUM, parts().expectedCrc64(0));
  }

  private void fails(ErrorCode code, DownloadRequest.Builder request) {
    OssException failure = assertThrows(OssException.class,
        () -> downloader.download(request.toFile(target()).build()));
    assertEquals(code, failure.code(), failure.getMessage());
    assertEquals(0, folder.toFile().list().length);
  }

  @Test
  void limits() throws Exception {
    fails(ErrorCode.TOO_LARGE, parts().maxBytes(SIZE - 1));
    assertArrayEquals(content, memory(parts().maxBytes(SIZE)));
    OssException failure = assertThrows(OssException.class,
        () -> downloader.download(parts().toMemory(SIZE - 1).build()));
    assertEquals(ErrorCode.TOO_LARGE, failure.code());
    long start = System.nanoTime();
    memory(parts().rateLimit(2 * SIZE));
    assertTrue(System.nanoTime() - start > 200_000_000L, "the rate limit crossed");
    fails(ErrorCode.TIMEOUT, parts().rateLimit(1000).totalTimeout(Duration.ofMillis(50)));
  }

  @Test
  void signedHeadersGoAlong() throws Exception {
    PresignedUrl url = oss.presign(Oss.get(KEY).trafficLimit(838860800)
        .header("Range", "bytes=10-109").header("x-oss-meta-a", "b"));
    assertArrayEquals(Arrays.copyOfRange(content, 10, 110), memory(parts(url)));
    Link link = Link.of(url.url(), url.signedHeaders());
    assertArrayEquals(
        Arrays.copyOfRange(content, 10, 110), memory(DownloadRequest.builder(link)));
    DownloadRequest.Builder byHand = DownloadRequest.builder(url.url());
    for (Map.Entry<String, String> header : url.signedHeaders().entrySet()) {
      byHand.header(header.getKey(), header.getValue());
    }
    assertArrayEquals(Arrays.copyOfRange(content, 10, 110), memory(byHand));
  }

  @Test
  void aVersion() throws Exception {
    assertArrayEquals(
        Oss.noise(1000), memory(parts(oss.presign(Oss.get(KEY).versionId(oldVersion)))));
    assertEquals(oldVersion, downloader.download(
        parts(oss.presign(Oss.get(KEY).versionId(oldVersion))).toMemory(1000).build()).versionId());
  }

  @Test
  void httpsWithACaFileAndAnotherAddress() throws Exception {
    PresignedUrl url = Presigner.builder().region(Oss.REGION)
        .credentials(() -> Credentials.of(Oss.ID, Oss.SECRET)).build()
        .presign(Oss.get(KEY).build());
    assertTrue(url.url().startsWith("https://examplebucket.oss-cn-hangzhou.aliyuncs.com/"));
    try (Downloader trusting = Downloader.builder().caFile(oss.certificate)
        .connectTo(oss.https).build()) {
      DownloadRequest request = parts(url).toMemory(SIZE).build();
      assertArrayEquals(content, trusting.download(request).content());
    }
    try (Downloader wary = Downloader.builder().connectTo(oss.https).build()) {
      OssException failure = assertThrows(OssException.class,
          () -> wary.download(parts(url).toMemory(SIZE).build()));
      assertEquals(ErrorCode.TLS, failure.code());
    }
  }

  @Test
  void aProxyIsUsed() throws Exception {
    // The emulator is no proxy: that it refuses the request shows that it was asked.
    try (Downloader proxied = Downloader.builder().proxy("http://" + oss.http).build()) {
      OssException failure = assertThrows(OssException.class, () -> proxied.download(
          DownloadRequest.builder("http://192.0.2.1/k").retries(0).toMemory(1).build()));
      assertTrue(failure.phase() == Phase.CONNECT || failure.httpStatus() > 0, failure::toString);
    }
    try (Downloader wrong = Downloader.builder().proxy("ftp://h").build()) {
      OssException failure = assertThrows(OssException.class,
          () -> wrong.download(parts().toMemory(1).build()));
      assertTrue(failure.getMessage().startsWith("proxy: "), failure.getMessage());
    }
  }

  @Test
  void redirectsAreFollowedOnRequest() throws Exception {
    String away = oss.presign(KEY).url();
    oss.put("download/redirect", new byte[1]);
    oss.always("download/redirect", "{\"redirect\":{\"status\":302,\"location\":\"" + away + "\"}}");
    PresignedUrl home = oss.presign("download/redirect");
    fails(ErrorCode.SERVER, parts(home));
    assertArrayEquals(content, memory(parts(home).followRedirects(true)));
    fails(ErrorCode.SERVER, parts(home).followRedirects(true).followRedirects(false));
  }

  @Test
  void overwritingAndSync() throws Exception {
    DownloadRequest.Builder request = parts().toFile(target()).overwrite(false).sync(false);
    downloader.download(request.build());
    OssException failure =
        assertThrows(OssException.class, () -> downloader.download(request.build()));
    assertEquals(ErrorCode.EXISTS, failure.code());
    downloader.download(request.overwrite(true).build());
    assertArrayEquals(content, Files.readAllBytes(target().toPath()));
  }

  /** What a power cut would leave shows in no download: so it is what crosses that is looked at. */
  @Test
  void syncIsAFlagThatCrosses() throws Exception {
    PresignedUrl url = oss.presign(KEY);
    byte[] quick = parts(url).toFile(target()).sync(false).build().message;
    assertFalse(Arrays.equals(parts(url).toFile(target()).build().message, quick));
    assertArrayEquals(parts(url).toFile(target()).sync(false).sync(true).build().message,
        parts(url).toFile(target()).build().message);
  }

  @Test
  void whatWasFetchedIsResumed() throws Exception {
    byte[] bytes = oss.putNoise("download/resume.bin", SIZE);
    oss.fault("download/resume.bin", "{\"cut_after\":700000}", "\"times\":1");
    DownloadRequest.Builder request = DownloadRequest.builder(oss.presign("download/resume.bin"))
        .partSize(131072).connections(1).toFile(target()).resume(true).retries(0);
    assertEquals(ErrorCode.NETWORK, assertThrows(OssException.class,
        () -> downloader.download(request.build())).code());
    assertTrue(folder.resolve("target.part.resume").toFile().exists());
    List<Progress> seen = new ArrayList<>();
    DownloadResult done = downloader.download(request.listener(seen::add).build());
    assertTrue(done.bytesResumed() >= 131072, "resumed " + done.bytesResumed());
    assertEquals(done.bytesResumed(), seen.get(0).bytesResumed());
    assertArrayEquals(bytes, Files.readAllBytes(target().toPath()));
    assertEquals(List.of("target"), List.of(folder.toFile().list()));
  }

  @Test
  void whatFailsInPassingIsRepeated() throws Exception {
    byte[] bytes = oss.putNoise("download/retry.bin", 1000);
    PresignedUrl url = oss.presign("download/retry.bin");
    oss.fault("download/retry.bin", "{\"cut_after\":100}", "\"times\":2");
    DownloadResult done = downloader.download(parts(url).toMemory(1000)
        .retryBudget(Duration.ofSeconds(-1)).build());
    assertArrayEquals(bytes, done.content());
    assertEquals(2, done.retries());
    oss.fault("download/retry.bin", "{\"cut_after\":100}", "\"times\":1");
    fails(ErrorCode.NETWORK, parts(url).retries(0));
  }

  @Test
  void anExpiredUrlIsReplaced() throws Exception {
    PresignedUrl expired = oss.presign(Oss.get(KEY).signingTime(Instant.ofEpochSecond(1700000000)));
    PresignedUrl fresh = oss.presign(Oss.get(KEY).header("x-oss-meta-a", "signed"));
    int[] calls = {0};
    DownloadResult done = downloader.download(parts(expired).toMemory(SIZE).urlRefresher(() -> {
      calls[0]++;
      return fresh.toLink();
    }).build());
    assertArrayEquals(content, done.content());
    assertEquals(1, done.refreshes());
    assertEquals(1, calls[0]);
    fails(ErrorCode.URL_EXPIRED, parts(expired));
    fails(ErrorCode.URL_EXPIRED, parts(expired).urlRefresher(() -> null));
    fails(ErrorCode.INVALID_ARGUMENT, parts(expired).urlRefresher(() -> Link.of("ftp://h/")));
  }

  @Test
  void aRequestMayBeUsedAgain() throws Exception {
    DownloadRequest request = parts().toMemory(SIZE).build();
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(content, downloader.download(request).content());
    }
  }

  @Test
  void theLastTargetWins() throws Exception {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    downloader.download(parts().toStream(stream).toMemory(1).toFile(target()).build());
    assertEquals(SIZE, target().length());
    assertEquals(0, stream.size());
  }
}
