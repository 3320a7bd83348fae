package io.github.osspresign;

import org.jspecify.annotations.Nullable;

/** The native functions, in native/*.c; what they take and give is written by {@link MessageWriter}. */
final class Native {
  /** Counts the changes of what crosses; native/load.c has the same number. */
  static final int VERSION = 1;

  private static final @Nullable RuntimeException FAILURE = NativeLibrary.load();

  private Native() {}

  /** Throws, each time, if the library could not be loaded. A static initializer that threw would do so once, as an Error. */
  static void require() {
    if (FAILURE != null) {
      throw new IllegalStateException(FAILURE.getMessage(), FAILURE);
    }
  }

  static native int version();

  static native byte[] presign(byte[] arguments);

  static native byte[] inspect(byte[] arguments);

  static native byte[] download(byte[] arguments, long client, long cancel, Callbacks callbacks);

  static native long newClient(byte[] arguments);

  static native void freeClient(long client);

  static native long newCancel();

  static native void requestCancel(long cancel);

  static native void freeCancel(long cancel);
}
