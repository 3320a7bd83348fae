package io.github.osspresign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Downloads that fail: every field of the exception, and a target as it was before. */
class FailureTest {
  private static final String KEY = "failure/object.bin";
  /** More than one part. */
  private static final String PARTS = "failure/parts.bin";

  @TempDir private Path folder;
  private Oss oss;

  @BeforeEach
  void start() throws Exception {
    oss = Oss.shared();
    oss.putNoise(KEY, 100_000);
    oss.putNoise(PARTS, 200_000);
  }

  private OssException fail(Downloader.Builder how, DownloadRequest.Builder request)
      throws Exception {
    Path target = folder.resolve("target");
    Files.writeString(target, "old content");
    try (Downloader downloader = how.build()) {
      OssException failure = assertThrows(OssException.class,
          () -> downloader.download(request.toFile(target.toFile()).build()));
      assertEquals("old content", Files.readString(target));
      assertEquals(1, folder.toFile().list().length);
      String all = failure + failure.serverCode() + failure.serverMessage() + failure.requestId()
          + failure.hostId() + failure.ec();
      assertFalse(all.contains("canary") || all.contains("x-oss-"), all);
      assertFalse(failure.getMessage().isEmpty());
      return failure;
    }
  }

  private OssException fail(PresignedUrl url) throws Exception {
    return fail(Downloader.builder(), DownloadRequest.builder(url));
  }

  private static void checkRefusal(
      OssException failure, ErrorCode code, int status, String serverCode) {
    assertEquals(code, failure.code());
    assertEquals(code.number(), failure.codeNumber());
    assertEquals(status, failure.httpStatus());
    assertEquals(serverCode, failure.serverCode());
    assertEquals(Phase.HEADERS, failure.phase());
    assertFalse(failure.isRetryable());
    assertEquals(0, failure.osError());
    Stream.of(failure.serverMessage(), failure.requestId(), failure.hostId())
        .forEach(text -> assertFalse(text.isEmpty()));
  }

  @Test
  void whatTheServiceSaysComesAlong() throws Exception {
    OssException missing = fail(oss.presign("no/such/key"));
    checkRefusal(missing, ErrorCode.NOT_FOUND, 404, "NoSuchKey");
    assertTrue(missing.ec().startsWith("00"), missing.ec());
    PresignedUrl forged = oss.presignerBuilder().credentials(() -> Credentials.of(Oss.ID, "wrong"))
        .build().presign(Oss.get(KEY).build());
    checkRefusal(fail(forged), ErrorCode.FORBIDDEN, 403, "SignatureDoesNotMatch");
    oss.fault(KEY, "{\"status\":{\"status\":503,\"code\":\"SlowDown\"}}", "\"times\":1");
    OssException slow = fail(
        Downloader.builder(), DownloadRequest.builder(oss.presign(KEY)).retries(0));
    assertEquals(ErrorCode.THROTTLED, slow.code());
    assertTrue(slow.isRetryable());
  }

  @Test
  void aSignedHeaderThatIsNotGivenIsNamed() throws Exception {
    PresignedUrl url = oss.presign(Oss.get(KEY).header("If-Match", "\"e\""));
    OssException failure =
        fail(Downloader.builder(), DownloadRequest.builder(url.url()));
    assertEquals(Phase.CHECK, failure.phase());
    assertTrue(failure.getMessage().contains("if-match"), failure.getMessage());
  }

  /** Not only errors of the service: whatever is wrong with an answer. */
  @Test
  void anAnswerOfNoUseTellsStatusAndRequestId() throws Exception {
    PresignedUrl url = oss.presign(PARTS);
    checkAnswer(ErrorCode.PROTOCOL, 206, "\"no_content_range\"", DownloadRequest.builder(url));
    checkAnswer(ErrorCode.NETWORK, 206, "{\"cut_after\":9}", DownloadRequest.builder(url));
    checkAnswer(ErrorCode.RANGE, 416, "\"standard_range\"",
        DownloadRequest.builder(url).range(200_000));
    checkAnswer(ErrorCode.PROTOCOL, 302,
        "{\"redirect\":{\"status\":302,\"location\":\"ftp://elsewhere/\"}}",
        DownloadRequest.builder(url).followRedirects(true));
  }

  private void checkAnswer(
      ErrorCode code, int status, String fault, DownloadRequest.Builder request) throws Exception {
    oss.fault(PARTS, fault, "\"times\":1");
    OssException failure = fail(Downloader.builder(), request.partSize(131072).retries(0));
    assertEquals(code, failure.code(), failure.getMessage());
    assertEquals(status, failure.httpStatus());
    assertFalse(failure.requestId().isEmpty(), failure.getMessage());
    assertEquals(status == 416 ? "InvalidRange" : "", failure.serverCode());
  }

  @Test
  void aWrongChecksum() throws Exception {
    oss.putNoise("failure/altered.bin", 1000);
    oss.always("failure/altered.bin", "\"wrong_crc64\"");
    OssException failure = fail(oss.presign("failure/altered.bin"));
    assertEquals(ErrorCode.CHECKSUM, failure.code());
    assertEquals(Phase.VERIFY, failure.phase());
  }

  @Test
  void nobodyListens() throws Exception {
    // Bound but not listening: refuses, and nobody else can take the port.
    try (Socket closed = new Socket()) {
      closed.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      int port = closed.getLocalPort();
      OssException failure = fail(Downloader.builder().connectTo("127.0.0.1:" + port),
          DownloadRequest.builder(oss.presign(KEY)).retries(0));
      assertEquals(ErrorCode.CONNECT, failure.code());
      assertEquals(Phase.CONNECT, failure.phase());
      assertEquals(111, failure.osError());
      assertEquals(0, failure.httpStatus());
      assertEquals("", failure.serverCode());
      assertTrue(failure.isRetryable());
    }
  }

  @Test
  void timeouts() throws Exception {
    oss.putNoise("failure/stalled.bin", 1000);
    oss.always("failure/stalled.bin", "{\"stall\":{\"after\":10}}");
    PresignedUrl url = oss.presign("failure/stalled.bin");
    long start = System.nanoTime();
    OssException idle = fail(Downloader.builder().idleTimeout(Duration.ofMillis(50)),
        DownloadRequest.builder(url).retries(0));
    assertEquals(ErrorCode.TIMEOUT, idle.code());
    assertTrue(System.nanoTime() - start < 29_000_000_000L, "by default 30 seconds");
    OssException total = fail(Downloader.builder().idleTimeout(Duration.ofSeconds(-1)),
        DownloadRequest.builder(url).totalTimeout(Duration.ofMillis(50)));
    assertEquals(ErrorCode.TIMEOUT, total.code());
    start = System.nanoTime();
    OssException budget = fail(Downloader.builder().idleTimeout(Duration.ofMillis(20)),
        DownloadRequest.builder(url).retries(1_000_000).retryBudget(Duration.ofMillis(50)));
    assertEquals(ErrorCode.TIMEOUT, budget.code());
    assertTrue(System.nanoTime() - start < 119_000_000_000L, "by default 120 seconds");
    // Nobody answers in the TLS handshake here: a plain port that never speaks.
    start = System.nanoTime();
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      OssException connect = fail(
          Downloader.builder().connectTo("127.0.0.1:" + silent.getLocalPort())
              .connectTimeout(Duration.ofMillis(50)),
          DownloadRequest.builder("https://h.invalid/k").retries(0));
      assertEquals(ErrorCode.TIMEOUT, connect.code());
    }
    assertTrue(System.nanoTime() - start < 9_900_000_000L, "by default 10 seconds");
  }

  @Test
  void wrongArgumentsAreNamed() throws Exception {
    assertTrue(fail(Downloader.builder(), DownloadRequest.builder("nonsense")).getMessage()
        .startsWith("url: "));
    OssException small = fail(
        Downloader.builder(), DownloadRequest.builder(oss.presign(KEY)).partSize(1));
    assertEquals(ErrorCode.INVALID_ARGUMENT, small.code());
    assertEquals(Phase.CHECK, small.phase());
    assertTrue(small.getMessage().startsWith("part_size: "), small.getMessage());
    OssException many = fail(
        Downloader.builder(), DownloadRequest.builder(oss.presign(KEY)).connections(65));
    assertTrue(many.getMessage().startsWith("connections: "), many.getMessage());
    OssException injected = fail(
        Downloader.builder(), DownloadRequest.builder(oss.presign(KEY)).header("a", "b\r\nc: d"));
    assertTrue(injected.getMessage().startsWith("headers: "), injected.getMessage());
    OssException address = fail(Downloader.builder().connectTo("nonsense"),
        DownloadRequest.builder(oss.presign(KEY)));
    assertTrue(address.getMessage().startsWith("connect_to: "), address.getMessage());
  }

  @Test
  void aFolderThatIsNotThere() throws Exception {
    try (Downloader downloader = Downloader.create()) {
      OssException failure = assertThrows(OssException.class, () -> downloader.download(
          DownloadRequest.builder(oss.presign(KEY)).toFile(folder.resolve("no/t").toFile())
              .build()));
      assertEquals(ErrorCode.IO, failure.code());
      assertEquals(Phase.DISK, failure.phase());
      assertEquals(2, failure.osError());
    }
  }
}
