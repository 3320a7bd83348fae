package io.github.osspresign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is refused before anything crosses to the native library, in every public method there is. */
class ArgumentsTest {
  private static final List<String> BAD = List.of("a\0b", "\0", "\uD83D", "x\uDE00", "\uDE00\uD83D");

  /** The object to call on, a class whose static methods to call, or both. */
  private static List<Object> targets() throws Exception {
    return List.of(
        Presigner.builder(), GetObjectPresignRequest.builder(), Downloader.builder(),
        DownloadRequest.builder("https://h/k"), Credentials.class, Link.class, PresignedUrls.class,
        DownloadRequest.class, Presigner.builder().region("r").build());
  }

  private static List<Method> methods(Object target) {
    Class<?> type = target instanceof Class<?> c ? c : target.getClass();
    return Stream.of(type.getDeclaredMethods())
        .filter(m -> Modifier.isPublic(m.getModifiers()) && m.getParameterCount() > 0)
        .filter(m -> Modifier.isStatic(m.getModifiers()) == target instanceof Class)
        .toList();
  }

  private static Object good(Class<?> type) throws Exception {
    if (type.isEnum()) {
      return type.getEnumConstants()[0];
    }
    Map<Class<?>, Object> values = Map.ofEntries(
        Map.entry(String.class, "good\uD83D\uDE00"), Map.entry(long.class, 1L),
        Map.entry(int.class, 1), Map.entry(boolean.class, true),
        Map.entry(Duration.class, Duration.ofSeconds(1)),
        Map.entry(Instant.class, Instant.ofEpochSecond(1)), Map.entry(File.class, new File("f")),
        Map.entry(OutputStream.class, OutputStream.nullOutputStream()),
        Map.entry(byte[].class, new byte[32]), Map.entry(Map.class, Map.of("n", "v")),
        Map.entry(Supplier.class, (Supplier<Credentials>) () -> null),
        Map.entry(ProgressListener.class, (ProgressListener) p -> { }),
        Map.entry(UrlRefresher.class, (UrlRefresher) () -> null),
        Map.entry(CancellationToken.class, new CancellationToken()),
        Map.entry(Link.class, Link.of("https://h/k")),
        Map.entry(PresignedUrl.class, PresignTest.somePresignedUrl()),
        Map.entry(GetObjectPresignRequest.class, Oss.get("k").build()));
    return values.get(type);
  }

  private static Throwable call(Object target, Method method, Object... arguments) throws Exception {
    return assertThrows(InvocationTargetException.class,
        () -> method.invoke(target, arguments), method.toString()).getCause();
  }

  private interface Broken {
    List<?> values(Class<?> type, String where);
  }

  /** Calls every method with one argument broken at a time; returns how many calls were refused. */
  private static int refusals(Broken broken) throws Exception {
    int calls = 0;
    for (Object target : targets()) {
      for (Method method : methods(target)) {
        Class<?>[] types = method.getParameterTypes();
        for (int i = 0; i < types.length; i++) {
          for (Object value : broken.values(types[i], method.getName() + types.length + i)) {
            Object[] arguments = new Object[types.length];
            for (int j = 0; j < types.length; j++) {
              arguments[j] = j == i ? value : good(types[j]);
            }
            Throwable failure = call(target, method, arguments);
            assertInstanceOf(IllegalArgumentException.class, failure, method.toString());
            assertTrue(failure.getMessage().matches("[a-zA-Z0-9]+: .+"), failure.getMessage());
            calls++;
          }
        }
      }
    }
    return calls;
  }

  @Test
  void nullIsRefusedWhereNoneIsAllowed() throws Exception {
    int calls = refusals((type, where) ->
        type.isPrimitive() || where.equals("of32")
            ? List.of() : Collections.singletonList(null));
    assertTrue(calls >= 40, "only " + calls);
  }

  @Test
  void nulAndHalfSurrogatePairsAreRefused() throws Exception {
    int calls = refusals((type, where) -> type == String.class ? BAD : List.of());
    assertTrue(calls >= 100, "only " + calls);
    List<File> files = new ArrayList<>();
    BAD.forEach(text -> files.add(new File(text)));
    assertEquals(10, refusals((type, where) -> type == File.class ? files : List.of()));
    for (String bad : BAD) {
      assertThrows(IllegalArgumentException.class, () -> Link.of("u", Map.of(bad, "v")));
      assertThrows(IllegalArgumentException.class, () -> Link.of("u", Map.of("n", bad)));
    }
  }

  @Test
  void refusalsDoNotShowTheText() {
    IllegalArgumentException failure = assertThrows(IllegalArgumentException.class,
        () -> Credentials.of("id", "canary\0"));
    assertFalse(failure.getMessage().contains("canary"));
    assertEquals("accessKeySecret: has a NUL in it", failure.getMessage());
  }

  @Test
  void whatIsRequiredIsRequired() {
    refuses("region: is required", () -> Presigner.builder().build());
    refuses("bucket: is required", () -> GetObjectPresignRequest.builder().key("k").build());
    refuses("key: is required", () -> GetObjectPresignRequest.builder().bucket("b").build());
    refuses("target: toFile, toStream or toMemory is required",
        () -> DownloadRequest.builder("https://h/k").build());
    refuses("credentials: must not be null", () -> Presigner.builder().region("r")
        .credentials(() -> null).build().presign(Oss.get("k").build()));
  }

  @Test
  void numbersThatWouldCrossAsSomethingElseAreRefused() {
    DownloadRequest.Builder download = DownloadRequest.builder("https://h/k");
    for (long bad : new long[] {0, -1, Long.MIN_VALUE}) {
      refuses("maxBytes: must be positive", () -> download.maxBytes(bad));
      refuses("rateLimit: must be positive", () -> download.rateLimit(bad));
      refuses("partSize: must be positive", () -> download.partSize(bad));
      refuses("connections: must be positive", () -> download.connections((int) bad - 1));
      refuses("limit: must be positive", () -> download.toMemory(bad));
      refuses("length: must be positive", () -> download.range(0, bad));
    }
    refuses("limit: must be at most 2147483639", () -> download.toMemory(2147483640L));
    refuses("offset: must not be negative", () -> download.range(-1));
    refuses("expectedSize: must not be negative", () -> download.expectedSize(-1));
    refuses("retries: must not be negative", () -> download.retries(-1));
    refuses("expectedSha256: must have 32 bytes", () -> download.expectedSha256(new byte[31]));
    refuses("expectedMd5: must have 16 bytes", () -> download.expectedMd5(new byte[17]));
    refuses("totalTimeout: must not be zero", () -> download.totalTimeout(Duration.ZERO));
    GetObjectPresignRequest.Builder presign = GetObjectPresignRequest.builder();
    refuses("expiresIn: must not be zero", () -> presign.expiresIn(Duration.ZERO));
    refuses("expiresIn: must be whole seconds", () -> presign.expiresIn(Duration.ofMillis(1500)));
    refuses("expiresAt: must not be zero", () -> presign.expiresAt(Instant.EPOCH));
    refuses("signingTime: must be whole seconds",
        () -> presign.signingTime(Instant.ofEpochMilli(1)));
    refuses("trafficLimit: must not be zero", () -> presign.trafficLimit(0));
    refuses("now: must not be zero", () -> PresignedUrls.inspect("https://h/k", Instant.EPOCH));
  }

  @Test
  void durationsBecomeMillisecondsAndNeverTheDefault() {
    assertEquals(1, Checks.milliseconds("d", Duration.ofNanos(1)));
    assertEquals(2, Checks.milliseconds("d", Duration.ofNanos(1_000_001)));
    assertEquals(1500, Checks.milliseconds("d", Duration.ofMillis(1500)));
    assertEquals(-1, Checks.milliseconds("d", Duration.ofNanos(-1)));
    assertEquals(-1, Checks.milliseconds("d", Duration.ofSeconds(Long.MIN_VALUE)));
    assertEquals(Integer.MAX_VALUE, Checks.milliseconds("d", Duration.ofSeconds(Long.MAX_VALUE)));
    assertEquals(Integer.MAX_VALUE, Checks.milliseconds("d", Duration.ofMillis(1L << 31)));
  }

  private static void refuses(String message, org.junit.jupiter.api.function.Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  @Test
  void downloaderRefusesNull() {
    Executor direct = Runnable::run;
    DownloadRequest request = DownloadRequest.builder("https://h/k").toMemory(1).build();
    try (Downloader downloader = Downloader.create()) {
      refuses("request: must not be null", () -> downloader.download(null));
      refuses("request: must not be null", () -> downloader.downloadAsync(null, direct));
      refuses("executor: must not be null", () -> downloader.downloadAsync(request, null));
    }
  }
}
