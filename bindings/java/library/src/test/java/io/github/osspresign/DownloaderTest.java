package io.github.osspresign;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The life of a downloader: many downloads at once, closing. */
@Timeout(120)
class DownloaderTest {
  private static final String KEY = "downloader/object.bin";

  @TempDir private Path folder;
  private Oss oss;
  private ExecutorService executor;
  private byte[] content;

  @BeforeEach
  void start() throws Exception {
    oss = Oss.shared();
    content = oss.putNoise(KEY, 1_000_000);
    executor = Executors.newCachedThreadPool();
  }

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  private DownloadRequest.Builder parts() throws Exception {
    return DownloadRequest.builder(oss.presign(KEY)).partSize(131072).connections(3);
  }

  @Test
  void sixteenDownloadsAtOnce() throws Exception {
    CyclicBarrier together = new CyclicBarrier(16);
    List<Future<?>> all = new ArrayList<>();
    try (Downloader downloader = Downloader.create()) {
      for (int i = 0; i < 16; i++) {
        Path target = folder.resolve("target" + i);
        all.add(executor.submit(() -> {
          together.await();
          for (int round = 0; round < 4; round++) {
            downloader.download(parts().toFile(target.toFile()).build());
            assertArrayEquals(content, Files.readAllBytes(target));
            assertArrayEquals(content,
                downloader.download(parts().toMemory(content.length).build()).content());
          }
          return null;
        }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    assertEquals(16, folder.toFile().list().length);
  }

  @Test
  void closingDuringADownloadLetsItFinish() throws Exception {
    for (int i = 0; i < 20; i++) {
      Downloader downloader = Downloader.create();
      CountDownLatch running = new CountDownLatch(1);
      CountDownLatch closed = new CountDownLatch(1);
      DownloadRequest request = parts().toMemory(content.length).listener(progress -> {
        running.countDown();
        try {
          closed.await();
        } catch (InterruptedException impossible) {
          throw new AssertionError(impossible);
        }
      }).build();
      CompletableFuture<DownloadResult> future = downloader.downloadAsync(request, executor);
      running.await();
      downloader.close();
      downloader.close();
      closed.countDown();
      assertArrayEquals(content, future.get().content());
      refuses(downloader, request);
    }
  }

  /** That nothing is used after it was freed shows in no download: so the counting is tested by itself. */
  @Test
  void aSharedHandleIsFreedOnceAfterTheLastUse() {
    List<Long> freed = new ArrayList<>();
    SharedHandle handle = new SharedHandle(7, freed::add);
    assertEquals(7, handle.acquire());
    assertEquals(7, handle.acquire());
    handle.release();
    handle.close();
    handle.close();
    assertThrows(IllegalStateException.class, handle::acquire);
    assertEquals(List.of(), freed);
    handle.release();
    assertEquals(List.of(7L), freed);
    handle.close();
    assertEquals(List.of(7L), freed);
    SharedHandle unused = new SharedHandle(8, freed::add);
    unused.close();
    assertEquals(List.of(7L, 8L), freed);
  }

  @Test
  void closingFromTheListener() throws Exception {
    Downloader downloader = Downloader.create();
    DownloadRequest request =
        parts().toMemory(content.length).listener(progress -> downloader.close()).build();
    assertArrayEquals(content, downloader.download(request).content());
    refuses(downloader, request);
  }

  private static void refuses(Downloader downloader, DownloadRequest request) {
    IllegalStateException refusal =
        assertThrows(IllegalStateException.class, () -> downloader.download(request));
    assertEquals("the downloader is closed", refusal.getMessage());
    ExecutionException later = assertThrows(ExecutionException.class,
        () -> downloader.downloadAsync(request, Runnable::run).get());
    assertInstanceOf(IllegalStateException.class, later.getCause());
  }

  /** Closes that meet starts: each download either finishes or is refused. */
  @Test
  void closingRacesWithStarting() throws Exception {
    oss.putNoise("downloader/small", 1000);
    DownloadRequest request =
        DownloadRequest.builder(oss.presign("downloader/small")).toMemory(1000).build();
    int finished = 0;
    int refused = 0;
    for (int i = 0; i < 100; i++) {
      Downloader downloader = Downloader.create();
      CyclicBarrier together = new CyclicBarrier(4);
      List<Future<DownloadResult>> all = new ArrayList<>();
      for (int j = 0; j < 3; j++) {
        all.add(executor.submit(() -> {
          together.await();
          return downloader.download(request);
        }));
      }
      together.await();
      downloader.close();
      for (Future<DownloadResult> one : all) {
        try {
          assertEquals(1000, one.get().bytes());
          finished++;
        } catch (ExecutionException end) {
          assertInstanceOf(IllegalStateException.class, end.getCause());
          refused++;
        }
      }
    }
    assertEquals(300, finished + refused);
    assertTrue(finished > 0 && refused > 0, finished + " finished, " + refused + " refused");
  }
}
