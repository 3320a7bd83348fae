package io.github.osspresign;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Arguments for the native library, in one array; native/glue.h says how. */
final class MessageWriter {
  private ByteBuffer bytes = buffer(new byte[256]);

  private static ByteBuffer buffer(byte[] array) {
    return ByteBuffer.wrap(array).order(ByteOrder.nativeOrder());
  }

  private ByteBuffer room(int length) {
    if (bytes.remaining() < length) {
      int used = bytes.position();
      bytes = buffer(Arrays.copyOf(bytes.array(), Math.addExact(2 * used, length)));
      bytes.position(used);
    }
    return bytes;
  }

  MessageWriter number(long value) {
    room(Long.BYTES).putLong(value);
    return this;
  }

  MessageWriter text(@Nullable String value) {
    if (value == null) {
      room(1).put((byte) 0);
      return this;
    }
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    room(utf8.length + 2).put((byte) 1).put(utf8).put((byte) 0);
    return this;
  }

  /** Names and values in turn. */
  MessageWriter pairs(List<String> namesAndValues) {
    number(namesAndValues.size() / 2);
    for (String text : namesAndValues) {
      text(text);
    }
    return this;
  }

  MessageWriter optionalNumber(@Nullable Long value) {
    if (value == null) {
      room(1).put((byte) 0);
      return this;
    }
    room(1).put((byte) 1);
    return number(value);
  }

  MessageWriter optionalBytes(byte @Nullable [] value) {
    if (value == null) {
      room(1).put((byte) 0);
      return this;
    }
    room(value.length + 1).put((byte) 1).put(value);
    return this;
  }

  /** What another writer wrote. */
  MessageWriter part(byte[] message) {
    room(message.length).put(message);
    return this;
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes.array(), bytes.position());
  }
}
