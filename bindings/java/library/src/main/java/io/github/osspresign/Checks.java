package io.github.osspresign;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What is checked before anything crosses to the native library. */
final class Checks {
  private Checks() {}

  static <T> T given(String name, @Nullable T value) {
    if (value == null) {
      throw new IllegalArgumentException(name + ": must not be null");
    }
    return value;
  }

  /** Text that UTF-8 with a NUL at its end can carry. */
  static String text(String name, @Nullable String value) {
    String text = given(name, value);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        throw new IllegalArgumentException(name + ": has a NUL in it");
      }
      if (Character.isSurrogate(c)) {
        boolean paired = i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1));
        if (!paired) {
          throw new IllegalArgumentException(name + ": has half a surrogate pair in it");
        }
        i++;
      }
    }
    return text;
  }

  static @Nullable String optionalText(String name, @Nullable String value) {
    return value == null ? null : text(name, value);
  }

  static <T> T required(String name, @Nullable T value) {
    if (value == null) {
      throw new IllegalArgumentException(name + ": is required");
    }
    return value;
  }

  /** Zero crosses as "not given". */
  static long notZero(String name, long value) {
    if (value == 0) {
      throw new IllegalArgumentException(name + ": must not be zero");
    }
    return value;
  }

  static long positive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + ": must be positive");
    }
    return value;
  }

  static long notNegative(String name, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + ": must not be negative");
    }
    return value;
  }

  /** Milliseconds, rounded up: what is not zero does not become zero, which is the default. */
  static int milliseconds(String name, @Nullable Duration value) {
    Duration duration = given(name, value);
    if (duration.isNegative()) {
      return -1;
    }
    if (duration.isZero()) {
      throw new IllegalArgumentException(name + ": must not be zero");
    }
    if (duration.getSeconds() >= Integer.MAX_VALUE / 1000) {
      return Integer.MAX_VALUE;
    }
    return (int) duration.plusNanos(999_999).toMillis();
  }
}
