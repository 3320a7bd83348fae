package io.github.osspresign;

import java.util.HashSet;
import java.util.Set;

/**
 * Cancels downloads: every one that was given it, now and later. Any thread. There is no way back;
 * it needs no closing.
 */
public final class CancellationToken {
  /** The native switches of the downloads that run; each is freed only after it was detached. */
  final Set<Long> attached = new HashSet<>();

  private boolean cancelled;

  /** Makes a token that is not cancelled. */
  public CancellationToken() {}

  /**
   * Cancels: each download ends with {@link ErrorCode#CANCELLED}, within milliseconds unless it is
   * resolving a host name. Never blocks; any number of times.
   */
  public synchronized void cancel() {
    cancelled = true;
    for (long cancel : attached) {
      Native.requestCancel(cancel);
    }
  }

  /**
   * Whether {@link #cancel} was called.
   *
   * @return true if it was
   */
  public synchronized boolean isCancelled() {
    return cancelled;
  }

  synchronized void attach(long cancel) {
    attached.add(cancel);
    if (cancelled) {
      Native.requestCancel(cancel);
    }
  }

  synchronized void detach(long cancel) {
    attached.remove(cancel);
  }
}
