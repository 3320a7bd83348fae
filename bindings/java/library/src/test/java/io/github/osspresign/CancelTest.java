package io.github.osspresign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Cancelling: by token, by future, at any moment. */
@Timeout(120)
class CancelTest {
  private static final String STALLED = "cancel/stalled.bin";
  private static final String SMALL = "cancel/small.bin";

  @TempDir private Path folder;
  private Oss oss;
  private ExecutorService executor;
  private Downloader downloader;

  @BeforeEach
  void start() throws Exception {
    oss = Oss.shared();
    oss.putNoise(STALLED, 1_000_000);
    oss.always(STALLED, "{\"stall\":{\"after\":100000}}");
    oss.putNoise(SMALL, 10_000);
    executor = Executors.newCachedThreadPool();
    downloader = Downloader.create();
  }

  @AfterEach
  void stop() throws Exception {
    downloader.close();
    executor.shutdown();
    assertTrue(executor.awaitTermination(60, TimeUnit.SECONDS), "no download goes on");
    assertEquals(0, folder.toFile().list().length, "nothing is left behind");
  }

  private File target() {
    return folder.resolve("target").toFile();
  }

  /** A download that hangs, and tells when it does. */
  private DownloadRequest.Builder stalled(CountDownLatch running) throws Exception {
    return DownloadRequest.builder(oss.presign(STALLED)).toFile(target())
        .partSize(131072).connections(2).listener(progress -> running.countDown());
  }

  @Test
  void aCancelledTokenStartsNothing() throws Exception {
    CancellationToken token = new CancellationToken();
    assertFalse(token.isCancelled());
    token.cancel();
    token.cancel();
    assertTrue(token.isCancelled());
    DownloadRequest request = DownloadRequest.builder(oss.presign(SMALL)).toFile(target())
        .cancellationToken(token).build();
    OssException end = assertThrows(OssException.class, () -> downloader.download(request));
    assertEquals(ErrorCode.CANCELLED, end.code());
    assertFalse(end.isRetryable());
  }

  @Test
  void oneTokenCancelsEveryDownload() throws Exception {
    CancellationToken token = new CancellationToken();
    List<CompletableFuture<DownloadResult>> futures = new ArrayList<>();
    CountDownLatch running = new CountDownLatch(4);
    for (int i = 0; i < 4; i++) {
      CountDownLatch one = new CountDownLatch(1);
      futures.add(downloader.downloadAsync(
          stalled(one).toFile(folder.resolve("target" + i).toFile()).cancellationToken(token)
              .build(), executor));
      one.await();
      running.countDown();
    }
    running.await();
    token.cancel();
    for (CompletableFuture<DownloadResult> future : futures) {
      ExecutionException end = assertThrows(ExecutionException.class, future::get);
      assertEquals(ErrorCode.CANCELLED,
          assertInstanceOf(OssException.class, end.getCause()).code());
    }
  }

  /** Else a later cancel would use what was freed. */
  @Test
  void aTokenKeepsNothingOfADownloadThatEnded() throws Exception {
    CancellationToken token = new CancellationToken();
    DownloadRequest.Builder request =
        DownloadRequest.builder(oss.presign(SMALL)).toMemory(10_000).cancellationToken(token);
    downloader.download(request.listener(progress -> assertEquals(1, token.attached.size())).build());
    assertTrue(token.attached.isEmpty());
    IllegalStateException failure = new IllegalStateException();
    assertThrows(IllegalStateException.class, () -> downloader.download(request.listener(p -> {
      throw failure;
    }).build()));
    assertTrue(token.attached.isEmpty());
    token.cancel();
    assertThrows(OssException.class, () -> downloader.download(request.build()));
    assertTrue(token.attached.isEmpty());
  }

  @Test
  void aTokenCancelsFromTheListener() throws Exception {
    CancellationToken token = new CancellationToken();
    DownloadRequest request = DownloadRequest.builder(oss.presign(STALLED)).toFile(target())
        .partSize(131072).connections(2).cancellationToken(token)
        .listener(progress -> token.cancel()).build();
    assertEquals(ErrorCode.CANCELLED,
        assertThrows(OssException.class, () -> downloader.download(request)).code());
  }

  @Test
  void cancellingTheFutureCancelsTheDownload() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CancellationToken bystander = new CancellationToken();
    CompletableFuture<DownloadResult> future = downloader.downloadAsync(
        stalled(running).cancellationToken(bystander).build(), executor);
    running.await();
    assertTrue(future.cancel(true));
    assertThrows(CancellationException.class, future::get);
    assertFalse(bystander.isCancelled(), "the token may belong to others too");
    // stop() sees that the thread came back and that nothing is left.
  }

  /** As orTimeout does it. stop() sees that the thread came back. */
  @Test
  void completingTheFutureCancelsTheDownload() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CompletableFuture<DownloadResult> future =
        downloader.downloadAsync(stalled(running).build(), executor);
    running.await();
    assertTrue(future.completeExceptionally(new TimeoutException()));
    assertInstanceOf(TimeoutException.class,
        assertThrows(ExecutionException.class, future::get).getCause());
    executor.shutdown();
    assertTrue(executor.awaitTermination(10, TimeUnit.SECONDS), "the download goes on");
  }

  @Test
  void aFutureCancelledBeforeItRunsStartsNothing() throws Exception {
    // A key that nobody else asks for: of the others a request may still be on its way.
    String key = "cancel/never-asked-for.bin";
    Queue<Runnable> waiting = new ArrayDeque<>();
    CompletableFuture<DownloadResult> future = downloader.downloadAsync(
        DownloadRequest.builder(oss.presign(key)).toFile(target()).build(), waiting::add);
    future.cancel(true);
    waiting.remove().run();
    assertFalse(oss.requests().contains(key));
  }

  @Test
  void aRefusingExecutorThrows() throws Exception {
    DownloadRequest request = stalled(new CountDownLatch(1)).build();
    ExecutorService closed = Executors.newSingleThreadExecutor();
    closed.shutdown();
    assertThrows(java.util.concurrent.RejectedExecutionException.class,
        () -> downloader.downloadAsync(request, closed));
  }

  /** Cancels that meet the start, the middle and the end of a download, by token and by future. */
  @Test
  void fiveHundredRaces() throws Exception {
    Random random = new Random(500);
    PresignedUrl url = oss.presign(SMALL);
    DownloadRequest undisturbed = DownloadRequest.builder(url).toMemory(10_000).build();
    long start = System.nanoTime();
    for (int i = 0; i < 50; i++) {
      downloader.download(undisturbed);
    }
    long usual = (System.nanoTime() - start) / 50;
    int cancelled = 0;
    int finished = 0;
    for (int i = 0; i < 500; i++) {
      CancellationToken token = new CancellationToken();
      CountDownLatch started = new CountDownLatch(1);
      CompletableFuture<DownloadResult> future = downloader.downloadAsync(
          DownloadRequest.builder(url).toMemory(10_000).cancellationToken(token).build(), task ->
              executor.execute(() -> {
                started.countDown();
                task.run();
              }));
      started.await();
      if (i % 50 < 2) {
        // However slow the machine has become, some finish.
        future.get();
      }
      spin((long) (random.nextDouble() * 2 * usual));
      if (i % 2 == 0) {
        token.cancel();
      } else {
        future.cancel(true);
      }
      try {
        assertEquals(10_000, future.get().content().length);
        finished++;
      } catch (CancellationException end) {
        cancelled++;
      } catch (ExecutionException end) {
        assertEquals(ErrorCode.CANCELLED, ((OssException) end.getCause()).code());
        cancelled++;
      }
    }
    assertEquals(500, cancelled + finished);
    assertTrue(cancelled > 0 && finished > 0, cancelled + " cancelled, " + finished + " not");
    System.out.println("java: of 500 races " + cancelled + " cancelled, " + finished + " finished");
  }

  private static void spin(long nanoseconds) {
    for (long start = System.nanoTime(); System.nanoTime() - start < nanoseconds; ) {
      Thread.onSpinWait();
    }
  }
}
