package io.github.osspresign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Listeners, streams and refreshers: what they throw, and how often they may be called. */
class CallbackTest {
  private static final String KEY = "callback/object.bin";
  private static final int SIZE = 1024 * 1024;
  private static Oss oss;

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws Exception {
    oss = Oss.shared();
    oss.putNoise(KEY, SIZE);
  }

  private static DownloadRequest.Builder parts() throws Exception {
    return DownloadRequest.builder(oss.presign(KEY)).partSize(131072).connections(3);
  }

  private static DownloadResult run(DownloadRequest.Builder request) throws IOException {
    try (Downloader downloader = Downloader.create()) {
      return downloader.download(request.build());
    }
  }

  /** A stream that takes so many bytes and then throws. */
  private static OutputStream throwing(int after, Throwable failure) {
    return new OutputStream() {
      private int left = after;

      @Override
      public void write(int b) {
        throw new AssertionError("writes come in arrays");
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        left -= length;
        if (left < 0) {
          CallbackTest.<IOException>sneak(failure);
        }
      }
    };
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void sneak(Throwable failure) throws T {
    throw (T) failure;
  }

  @Test
  void whatAListenerThrowsSurfacesInTheCaller() throws Exception {
    Path target = folder.resolve("target");
    Files.writeString(target, "old");
    for (Throwable failure : new Throwable[] {
        new IllegalStateException("from the listener"), new AssertionError("an Error"),
        new IOException("a checked one"), new OutOfMemoryError("simulated"),
        new StackOverflowError("simulated")}) {
      for (int at : new int[] {1, 2}) {
        int[] calls = {0};
        Throwable caught = assertThrows(Throwable.class, () -> run(parts().toFile(target.toFile())
            .progressInterval(Duration.ofMillis(-1)).listener(progress -> {
              if (++calls[0] == at) {
                CallbackTest.<RuntimeException>sneak(failure);
              }
            })));
        assertSame(failure, caught);
        assertEquals(at, calls[0], "not called again after it threw");
        assertEquals("old", Files.readString(target));
        assertEquals(1, folder.toFile().list().length);
      }
    }
  }

  /** The last report is of a failure too; what it throws then takes the failure's place. */
  @Test
  void theLastReportTellsHowFarAFailedDownloadCame() throws Exception {
    oss.putNoise("callback/broken.bin", SIZE);
    DownloadRequest.Builder request = DownloadRequest.builder(oss.presign("callback/broken.bin"))
        .connections(1).retries(0).progressInterval(Duration.ofDays(1)).toMemory(SIZE);
    oss.fault("callback/broken.bin", "{\"cut_after\":1000}", "\"times\":2");
    List<Progress> reports = new ArrayList<>();
    OssException end =
        assertThrows(OssException.class, () -> run(request.listener(reports::add)));
    assertEquals(ErrorCode.NETWORK, end.code());
    assertEquals(1, reports.size());
    assertEquals(1000, reports.get(0).bytesDone());
    assertEquals(SIZE, reports.get(0).bytesTotal());
    IllegalStateException failure = new IllegalStateException();
    assertSame(failure, assertThrows(Throwable.class, () -> run(request.listener(progress -> {
      throw failure;
    }))));
  }

  @Test
  void whatAStreamThrowsSurfacesInTheCaller() throws Exception {
    for (Throwable failure : new Throwable[] {
        new IOException("disk full"), new IllegalStateException("closed"), new AssertionError()}) {
      for (int after : new int[] {0, 1, 100_000, SIZE - 1}) {
        assertSame(failure, assertThrows(Throwable.class,
            () -> run(parts().toStream(throwing(after, failure)))));
      }
    }
  }

  @Test
  void whatARefresherThrowsSurfacesInTheCaller() throws Exception {
    PresignedUrl expired = oss.presign(Oss.get(KEY).signingTime(Instant.ofEpochSecond(1700000000)));
    for (Throwable failure : new Throwable[] {
        new IOException("no network"), new IllegalStateException(), new AssertionError()}) {
      assertSame(failure, assertThrows(Throwable.class,
          () -> run(DownloadRequest.builder(expired).toMemory(SIZE).urlRefresher(() -> {
            CallbackTest.<IOException>sneak(failure);
            return null;
          }))));
    }
  }

  @Test
  void aListenerMayUseTheLibrary() throws Exception {
    DownloadResult[] inner = {null};
    DownloadResult outer = run(parts().toMemory(SIZE).listener(progress -> {
      try {
        inner[0] = run(parts().toMemory(SIZE));
      } catch (Exception failure) {
        throw new AssertionError(failure);
      }
    }));
    assertEquals(outer.crc64(), inner[0].crc64());
  }

  /**
   * In one native call, so a reference that each callback left behind would stay; -Xcheck:jni counts
   * them, and jvm.log is searched for what it says.
   */
  @Test
  void aHundredThousandProgressCallbacks() throws Exception {
    int[] calls = {0};
    CancellationToken token = new CancellationToken();
    OssException end = assertThrows(OssException.class, () -> run(parts().toMemory(SIZE)
        .rateLimit(1000).totalTimeout(Duration.ofMinutes(15))
        .progressInterval(Duration.ofMillis(-1)).cancellationToken(token).listener(progress -> {
          if (++calls[0] == 100_000) {
            token.cancel();
          }
        })));
    assertEquals(ErrorCode.CANCELLED, end.code());
    assertTrue(calls[0] >= 100_000, "only " + calls[0]);
    System.out.println("java: " + calls[0] + " progress callbacks in one download");
  }

  @Test
  void aHundredThousandWritesInOrder() throws Exception {
    long length = 100_000L * 16 * 1024;
    int[] calls = {0};
    long[] bytes = {0};
    CRC32 first = new CRC32();
    OutputStream stream = new OutputStream() {
      @Override
      public void write(int b) {
        throw new AssertionError("writes come in arrays");
      }

      @Override
      public void write(byte[] array, int offset, int count) {
        calls[0]++;
        if (bytes[0] < SIZE) {
          first.update(array, offset, (int) Math.min(count, SIZE - bytes[0]));
        }
        bytes[0] += count;
      }
    };
    PresignedUrl url = oss.presign("sparse.bin");
    DownloadResult done = run(DownloadRequest.builder(url).range(0, length).toStream(stream));
    assertEquals(length, bytes[0]);
    assertEquals(length, done.bytes());
    assertTrue(calls[0] >= 100_000, "only " + calls[0]);
    CRC32 expected = new CRC32();
    expected.update(run(DownloadRequest.builder(url).range(0, SIZE).toMemory(SIZE)).content());
    assertEquals(expected.getValue(), first.getValue());
  }

  /** Garbage in every callback, and collections while native code holds the references. */
  @Test
  void collectionsInCallbacks() throws Exception {
    Random random = new Random(1);
    byte[][] garbage = new byte[64][];
    int[] calls = {0};
    OutputStream stream = new OutputStream() {
      private final CRC32 crc = new CRC32();

      @Override
      public void write(int b) {
        crc.update(b);
      }

      @Override
      public void write(byte[] array, int offset, int count) {
        garbage[random.nextInt(64)] = new byte[random.nextInt(1 << 20)];
        if (++calls[0] % 8 == 0) {
          System.gc();
        }
      }
    };
    PresignedUrl expired = oss.presign(Oss.get(KEY).signingTime(Instant.ofEpochSecond(1700000000)));
    for (int i = 0; i < 4; i++) {
      run(DownloadRequest.builder(expired).toStream(stream).urlRefresher(() -> {
        System.gc();
        return oss.presign(KEY).toLink();
      }).progressInterval(Duration.ofMillis(-1)).listener(progress -> System.gc()));
    }
    assertTrue(calls[0] >= 4 * SIZE / (16 * 1024), "only " + calls[0]);
  }
}
