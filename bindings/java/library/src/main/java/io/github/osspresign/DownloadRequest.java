package io.github.osspresign;

import java.io.File;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to download, and where to. Immutable; may be used again, and by any thread if its listener,
 * stream and refresher are.
 */
public final class DownloadRequest {
  final byte[] message;
  final CancellationToken token;
  private final @Nullable ProgressListener listener;
  private final @Nullable OutputStream stream;
  private final @Nullable UrlRefresher refresher;

  private DownloadRequest(Builder builder, byte[] message) {
    this.message = message;
    token = builder.token;
    listener = builder.listener;
    stream = builder.stream;
    refresher = builder.refresher;
  }

  /** One for each download: it keeps the content. */
  Callbacks callbacks() {
    return new Callbacks(listener, stream, refresher);
  }

  /**
   * Starts a download by a URL that this library made, with the headers that were signed.
   *
   * @param url the URL
   * @return a builder, to be given a target
   */
  public static Builder builder(PresignedUrl url) {
    return builder(Checks.given("url", url).toLink());
  }

  /**
   * Starts a download by anybody's URL, with the headers that it demands.
   *
   * @param link URL and headers
   * @return a builder, to be given a target
   */
  public static Builder builder(Link link) {
    return new Builder(Checks.given("link", link));
  }

  /**
   * Starts a download by anybody's URL that demands no header.
   *
   * @param url the URL; it is sent byte for byte, at most 15360 bytes with the headers
   * @return a builder, to be given a target
   */
  public static Builder builder(String url) {
    return builder(Link.of(url));
  }

  /** Puts a {@link DownloadRequest} together. Not for several threads at once. */
  public static final class Builder {
    static final int NO_OVERWRITE = 1;
    static final int NO_SYNC = 2;
    static final int RESUME = 4;
    static final int FOLLOW_REDIRECTS = 8;
    /** No array is larger. */
    private static final int MAX_MEMORY = Integer.MAX_VALUE - 8;

    private final Link link;
    private final List<String> headers;
    private @Nullable String path;
    private @Nullable OutputStream stream;
    private long memoryLimit;
    private @Nullable ProgressListener listener;
    private @Nullable UrlRefresher refresher;
    private CancellationToken token = new CancellationToken();
    private long rangeOffset;
    private long rangeLength;
    private @Nullable Long expectedSize;
    private @Nullable Long expectedCrc64;
    private byte @Nullable [] expectedSha256;
    private byte @Nullable [] expectedMd5;
    private long maxBytes;
    private long rateLimit;
    private long partSize;
    private int connections;
    private int retries;
    private int retryBudget;
    private int totalTimeout;
    private int progressInterval;
    private int flags;

    private Builder(Link link) {
      this.link = link;
      headers = new ArrayList<>(link.headers());
    }

    /**
     * A further header to send; one call for each.
     *
     * @param name its name
     * @param value its value
     * @return this
     */
    public Builder header(String name, String value) {
      Link.addPair(headers, "header", name, value);
      return this;
    }

    /**
     * Downloads to a file. Until the object is there, complete and verified, an existing file stays
     * as it is; the data waits beside it, in "NAME.(16 hex digits).part", so the name must leave room
     * for 22 bytes more. A link is replaced, not followed.
     *
     * @param file the file to make
     * @return this
     */
    public Builder toFile(File file) {
      String name = Checks.text("file", Checks.given("file", file).getPath());
      return target(name, null, 0);
    }

    /**
     * Downloads to a stream, in order, over one connection. The stream is neither flushed nor
     * closed. When the download fails, part of the object may have been written.
     *
     * @param stream takes the bytes, on the thread that downloads
     * @return this
     */
    public Builder toStream(OutputStream stream) {
      return target(null, Checks.given("stream", stream), 0);
    }

    /**
     * Downloads to memory: {@link DownloadResult#content}.
     *
     * @param limit the most bytes to keep, 1 to 2147483639; a larger object is {@link
     *     ErrorCode#TOO_LARGE}
     * @return this
     */
    public Builder toMemory(long limit) {
      if (Checks.positive("limit", limit) > MAX_MEMORY) {
        throw new IllegalArgumentException("limit: must be at most " + MAX_MEMORY);
      }
      return target(null, null, limit);
    }

    /** The last target wins. */
    private Builder target(@Nullable String path, @Nullable OutputStream stream, long memoryLimit) {
      this.path = path;
      this.stream = stream;
      this.memoryLimit = memoryLimit;
      return this;
    }

    /**
     * Is told how far the download is.
     *
     * @param listener called on the thread that downloads
     * @return this
     */
    public Builder listener(ProgressListener listener) {
      this.listener = Checks.given("listener", listener);
      return this;
    }

    /**
     * Gives a fresh URL when this one expires. Without it: {@link ErrorCode#URL_EXPIRED}.
     *
     * @param refresher called on the thread that downloads
     * @return this
     */
    public Builder urlRefresher(UrlRefresher refresher) {
      this.refresher = Checks.given("refresher", refresher);
      return this;
    }

    /**
     * Cancels the download.
     *
     * @param token may be shared by several downloads
     * @return this
     */
    public Builder cancellationToken(CancellationToken token) {
      this.token = Checks.given("token", token);
      return this;
    }

    /**
     * Downloads a part of the object: all from an offset on.
     *
     * @param offset the first byte
     * @return this
     */
    public Builder range(long offset) {
      rangeOffset = Checks.notNegative("offset", offset);
      rangeLength = 0;
      return this;
    }

    /**
     * Downloads a part of the object.
     *
     * @param offset the first byte
     * @param length how many bytes, at least 1
     * @return this
     */
    public Builder range(long offset, long length) {
      rangeOffset = Checks.notNegative("offset", offset);
      rangeLength = Checks.positive("length", length);
      return this;
    }

    /**
     * The size that the target must have, else {@link ErrorCode#CHECKSUM}.
     *
     * @param bytes the size
     * @return this
     */
    public Builder expectedSize(long bytes) {
      expectedSize = Checks.notNegative("expectedSize", bytes);
      return this;
    }

    /**
     * The CRC-64 (CRC-64/XZ) that the target must have, else {@link ErrorCode#CHECKSUM}.
     *
     * @param crc64 the checksum, unsigned
     * @return this
     */
    public Builder expectedCrc64(long crc64) {
      expectedCrc64 = crc64;
      return this;
    }

    /**
     * The SHA-256 that the target must have, else {@link ErrorCode#CHECKSUM}.
     *
     * @param hash 32 bytes
     * @return this
     */
    public Builder expectedSha256(byte[] hash) {
      expectedSha256 = hash("expectedSha256", hash, 32);
      return this;
    }

    /**
     * The MD5 that the target must have, else {@link ErrorCode#CHECKSUM}.
     *
     * @param hash 16 bytes
     * @return this
     */
    public Builder expectedMd5(byte[] hash) {
      expectedMd5 = hash("expectedMd5", hash, 16);
      return this;
    }

    private static byte[] hash(String name, byte[] hash, int length) {
      if (Checks.given(name, hash).length != length) {
        throw new IllegalArgumentException(name + ": must have " + length + " bytes");
      }
      return hash.clone();
    }

    /**
     * The most bytes to write; one more is {@link ErrorCode#TOO_LARGE}. Default: no limit.
     *
     * @param bytes at least 1
     * @return this
     */
    public Builder maxBytes(long bytes) {
      maxBytes = Checks.positive("maxBytes", bytes);
      return this;
    }

    /**
     * The speed at most. Default: no limit.
     *
     * @param bytesPerSecond at least 1, for the whole download
     * @return this
     */
    public Builder rateLimit(long bytesPerSecond) {
      rateLimit = Checks.positive("rateLimit", bytesPerSecond);
      return this;
    }

    /**
     * The size of a part. Default: 8 MiB.
     *
     * @param bytes at least 131072
     * @return this
     */
    public Builder partSize(long bytes) {
      partSize = Checks.positive("partSize", bytes);
      return this;
    }

    /**
     * How many parts are fetched at once. Default: 4.
     *
     * @param count 1 to 64
     * @return this
     */
    public Builder connections(int count) {
      connections = (int) Checks.positive("connections", count);
      return this;
    }

    /**
     * How often a request is repeated without progress in between. Default: 5.
     *
     * @param count 0: never
     * @return this
     */
    public Builder retries(int count) {
      // Zero crosses as the default, a negative number as never.
      retries = Checks.notNegative("retries", count) == 0 ? -1 : count;
      return this;
    }

    /**
     * For how long repetitions go on without progress. Default: 2 minutes.
     *
     * @param budget rounded up to milliseconds; negative: no limit
     * @return this
     */
    public Builder retryBudget(Duration budget) {
      retryBudget = Checks.milliseconds("retryBudget", budget);
      return this;
    }

    /**
     * How long the whole download may take. Default: no limit.
     *
     * @param timeout rounded up to milliseconds; negative: no limit
     * @return this
     */
    public Builder totalTimeout(Duration timeout) {
      totalTimeout = Checks.milliseconds("totalTimeout", timeout);
      return this;
    }

    /**
     * The time between two progress reports. Default: 100 milliseconds.
     *
     * @param interval rounded up to milliseconds; negative: a report at every step
     * @return this
     */
    public Builder progressInterval(Duration interval) {
      progressInterval = Checks.milliseconds("progressInterval", interval);
      return this;
    }

    /**
     * Whether an existing file is replaced. Default: true.
     *
     * @param overwrite false: fail with {@link ErrorCode#EXISTS}
     * @return this
     */
    public Builder overwrite(boolean overwrite) {
      return flag(NO_OVERWRITE, !overwrite);
    }

    /**
     * Whether to wait until the data is on the disk. Default: true.
     *
     * @param sync false: faster; a power cut soon after may leave an empty or short file
     * @return this
     */
    public Builder sync(boolean sync) {
      return flag(NO_SYNC, !sync);
    }

    /**
     * Whether to keep what was fetched when the download fails, in "NAME.part" with its record
     * "NAME.part.resume", and to go on from there. Only of servers that state a strong ETag, as OSS
     * does; of others nothing is kept. Meanwhile there is "NAME.part.resume.new": the name must leave
     * room for it. Default: false.
     *
     * @param resume true to keep and go on
     * @return this
     */
    public Builder resume(boolean resume) {
      return flag(RESUME, resume);
    }

    /**
     * Whether to follow redirects, at most 10 for a request; never from https to http. On another
     * host headers stay behind, as does {@link Downloader.Builder#connectTo}. Default: false.
     *
     * @param follow true to follow
     * @return this
     */
    public Builder followRedirects(boolean follow) {
      return flag(FOLLOW_REDIRECTS, follow);
    }

    private Builder flag(int flag, boolean set) {
      flags = set ? flags | flag : flags & ~flag;
      return this;
    }

    /**
     * Makes the request.
     *
     * @return it
     * @throws IllegalArgumentException without a target
     */
    public DownloadRequest build() {
      if (path == null && stream == null && memoryLimit == 0) {
        throw new IllegalArgumentException("target: toFile, toStream or toMemory is required");
      }
      // In the order in which native/download.c reads.
      MessageWriter writer =
          new MessageWriter()
              .text(link.url())
              .pairs(headers)
              .text(path)
              .number(memoryLimit)
              .number(rangeOffset)
              .number(rangeLength)
              .optionalNumber(expectedSize)
              .optionalNumber(expectedCrc64)
              .optionalBytes(expectedSha256)
              .optionalBytes(expectedMd5)
              .number(maxBytes)
              .number(rateLimit)
              .number(partSize)
              .number(connections)
              .number(retries)
              .number(retryBudget)
              .number(totalTimeout)
              .number(progressInterval)
              .number(flags)
              .number(new Callbacks(listener, stream, refresher).bits());
      return new DownloadRequest(this, writer.toBytes());
    }
  }
}
