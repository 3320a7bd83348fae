package io.github.osspresign;

import java.util.function.LongConsumer;

/**
 * A native handle that several calls use at once: freed, once, when it is closed and the last of them
 * has returned.
 */
final class SharedHandle {
  private final long handle;
  private final LongConsumer free;
  private boolean closed;
  /** The owner is one. */
  private int users = 1;

  SharedHandle(long handle, LongConsumer free) {
    this.handle = handle;
    this.free = free;
  }

  /** The handle stays until the matching {@link #release}. */
  synchronized long acquire() {
    if (closed) {
      throw new IllegalStateException("the downloader is closed");
    }
    users++;
    return handle;
  }

  synchronized void release() {
    users--;
    if (users == 0) {
      free.accept(handle);
    }
  }

  synchronized void close() {
    if (!closed) {
      closed = true;
      release();
    }
  }
}
