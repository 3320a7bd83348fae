package io.github.osspresign;

import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Downloads by presigned URL, and keeps connections for the next download. Any thread, and any
 * number of downloads at once; one for the whole program is the usual way.
 */
public final class Downloader implements AutoCloseable {
  private final SharedHandle client;

  private Downloader(long client) {
    this.client = new SharedHandle(client, Native::freeClient);
  }

  /**
   * A downloader with the defaults.
   *
   * @return it
   */
  public static Downloader create() {
    return builder().build();
  }

  /**
   * Starts a downloader that connects in another way.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Downloads, and returns when all is there. A file appears under its name only when it is complete
   * and verified; until then nothing that stands there is touched, whatever fails. Interrupting the
   * thread does not end it: a {@link CancellationToken} does.
   *
   * @param request what, and where to
   * @return size, checksum, and what was verified
   * @throws OssException if it failed
   * @throws IOException what the target stream or the URL refresher threw
   * @throws IllegalStateException if the downloader is closed
   */
  public DownloadResult download(DownloadRequest request) throws IOException {
    return download(Checks.given("request", request), new CancellationToken());
  }

  /**
   * Downloads on another thread. The listener, the target stream and the URL refresher are called
   * there. What the blocking call would throw completes the future exceptionally. Cancelling the
   * future, or completing it in any other way, as orTimeout does, cancels the download.
   *
   * @param request what, and where to
   * @param executor runs the download, and is busy with it until the end
   * @return the result to be
   * @throws java.util.concurrent.RejectedExecutionException what the executor throws
   */
  public CompletableFuture<DownloadResult> downloadAsync(
      DownloadRequest request, Executor executor) {
    Checks.given("request", request);
    CancellationToken token = new CancellationToken();
    CompletableFuture<DownloadResult> future = new CompletableFuture<>();
    // After the download itself has ended, there is nothing left to cancel.
    future.whenComplete((result, failure) -> token.cancel());
    Checks.given("executor", executor).execute(() -> complete(future, request, token));
    return future;
  }

  private void complete(
      CompletableFuture<DownloadResult> future, DownloadRequest request, CancellationToken token) {
    if (future.isDone()) {
      return;
    }
    try {
      future.complete(download(request, token));
    } catch (Throwable failure) {
      // An Error too, or whoever waits for the future would wait for ever.
      future.completeExceptionally(failure);
    }
  }

  private DownloadResult download(DownloadRequest request, CancellationToken token)
      throws IOException {
    long current = client.acquire();
    try {
      long cancel = Native.newCancel();
      try {
        token.attach(cancel);
        request.token.attach(cancel);
        Callbacks callbacks = request.callbacks();
        byte[] reply = Native.download(request.message, current, cancel, callbacks);
        return new DownloadResult(new MessageReader(reply).orThrow(), callbacks.content());
      } finally {
        request.token.detach(cancel);
        token.detach(cancel);
        Native.freeCancel(cancel);
      }
    } finally {
      client.release();
    }
  }

  /**
   * Closes: no new download starts. Those that run go on to their end, and the last of them closes
   * the connections. Returns at once; any number of times.
   */
  @Override
  public void close() {
    client.close();
  }

  /** Puts a {@link Downloader} together. Not for several threads at once. */
  public static final class Builder {
    private @Nullable String connectTo;
    private @Nullable String caFile;
    private @Nullable String proxy;
    private int connectTimeout;
    private int idleTimeout;

    private Builder() {}

    /**
     * Where to connect to instead of the URL's host. Nothing else changes: Host header, TLS name and
     * signature stay those of the URL. For HTTPDNS, and for tests.
     *
     * @param hostAndPort "host:port"
     * @return this
     */
    public Builder connectTo(String hostAndPort) {
      this.connectTo = Checks.text("connectTo", hostAndPort);
      return this;
    }

    /**
     * Certificates to trust instead of the built-in roots.
     *
     * @param file a file of PEM certificates; read once
     * @return this
     */
    public Builder caFile(File file) {
      this.caFile = Checks.text("caFile", Checks.given("caFile", file).getPath());
      return this;
    }

    /**
     * The proxy to use. None is taken from the environment or from system properties.
     *
     * @param proxy "http://[user:password@]host:port"
     * @return this
     */
    public Builder proxy(String proxy) {
      this.proxy = Checks.text("proxy", proxy);
      return this;
    }

    /**
     * How long connecting may take, TLS included. Default: 10 seconds.
     *
     * @param timeout rounded up to milliseconds; negative: no limit
     * @return this
     */
    public Builder connectTimeout(Duration timeout) {
      this.connectTimeout = Checks.milliseconds("connectTimeout", timeout);
      return this;
    }

    /**
     * How long nothing may arrive before a request fails. Default: 30 seconds.
     *
     * @param timeout rounded up to milliseconds; negative: no limit
     * @return this
     */
    public Builder idleTimeout(Duration timeout) {
      this.idleTimeout = Checks.milliseconds("idleTimeout", timeout);
      return this;
    }

    /**
     * Makes the downloader. What is wrong with proxy, address or CA file shows at the first
     * download.
     *
     * @return it, to be closed
     */
    public Downloader build() {
      Native.require();
      // In the order in which native/handles.c reads.
      MessageWriter writer =
          new MessageWriter()
              .text(connectTo)
              .text(caFile)
              .text(proxy)
              .number(connectTimeout)
              .number(idleTimeout);
      return new Downloader(Native.newClient(writer.toBytes()));
    }
  }
}
