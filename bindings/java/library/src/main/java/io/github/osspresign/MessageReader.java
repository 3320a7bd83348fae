package io.github.osspresign;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The native library's answer, in one array; native/glue.h says how. */
final class MessageReader {
  private final ByteBuffer bytes;

  MessageReader(byte[] message) {
    bytes = ByteBuffer.wrap(message).order(ByteOrder.nativeOrder());
  }

  long number() {
    return bytes.getLong();
  }

  boolean flag() {
    return number() != 0;
  }

  /** A text that is always there. */
  String text() {
    String text = optionalText();
    return text == null ? "" : text;
  }

  @Nullable String optionalText() {
    if (bytes.get() == 0) {
      return null;
    }
    byte[] array = bytes.array();
    int start = bytes.position();
    int end = start;
    while (array[end] != 0) {
      end++;
    }
    bytes.position(end + 1);
    return new String(array, start, end - start, StandardCharsets.UTF_8);
  }

  /** Unmodifiable, in the order of the message. */
  Map<String, String> pairs() {
    int count = (int) number();
    if (count == 0) {
      return Collections.emptyMap();
    }
    Map<String, String> pairs = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      pairs.put(text(), text());
    }
    return Collections.unmodifiableMap(pairs);
  }

  /** Reads the outcome: returns if it was a success, throws if it was not. */
  MessageReader orThrow() throws OssException {
    int code = (int) number();
    if (code != 0) {
      throw new OssException(code, this);
    }
    return this;
  }
}
