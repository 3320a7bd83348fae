package io.github.osspresign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The enums here are those of the C header: the same names, the same numbers. */
class HeaderTest {
  /** Java has an enum of the codes, a version of its own, and tokens that know their state. */
  private static final Set<String> NOT_NEEDED =
      Set.of("oss_code_name", "oss_presign_version", "oss_cancel_is_requested");

  private static String header() throws Exception {
    return Files.readString(Path.of(System.getProperty("oss.root"), "include/oss_presign.h"))
        .replaceAll("//[^\n]*", "");
  }

  private static Map<String, Integer> inHeader(String type, String prefix) throws Exception {
    Matcher body = Pattern.compile("enum " + type + " \\{(.*?)\\} " + type, Pattern.DOTALL)
        .matcher(header());
    assertTrue(body.find(), type);
    Matcher constant = Pattern.compile("^  " + prefix + "(\\w+) = (\\d+),$", Pattern.MULTILINE)
        .matcher(body.group(1));
    Map<String, Integer> found = new TreeMap<>();
    while (constant.find()) {
      found.put(constant.group(1), Integer.parseInt(constant.group(2)));
    }
    return found;
  }

  private static <E extends Enum<E>> Map<String, Integer> here(E[] values, ToIntFunction<E> number) {
    Map<String, Integer> found = new TreeMap<>();
    Stream.of(values).forEach(value -> found.put(value.name(), number.applyAsInt(value)));
    return found;
  }

  @Test
  void errorCodes() throws Exception {
    Map<String, Integer> here = here(ErrorCode.values(), ErrorCode::number);
    assertEquals(-1, here.remove("UNKNOWN"));
    assertEquals(inHeader("oss_code", "OSS_E_"), here);
    for (ErrorCode code : ErrorCode.values()) {
      assertEquals(code, ErrorCode.of(code.number()));
    }
    assertEquals(ErrorCode.UNKNOWN, ErrorCode.of(254));
  }

  @Test
  void problems() throws Exception {
    Map<String, Integer> here = here(UrlProblem.Kind.values(), Enum::ordinal);
    here.put("NONE", here.remove("UNKNOWN"));
    assertEquals(inHeader("oss_problem", "OSS_PROBLEM_"), here);
  }

  @Test
  void theOthers() throws Exception {
    assertEquals(inHeader("oss_phase", "OSS_PHASE_"), here(Phase.values(), Enum::ordinal));
    assertEquals(inHeader("oss_verified", "OSS_VERIFIED_"), here(Verified.values(), Enum::ordinal));
    assertEquals(inHeader("oss_url_style", "OSS_URL_"), here(UrlStyle.values(), Enum::ordinal));
    assertEquals(
        inHeader("oss_addressing", "OSS_ADDRESSING_"), here(Addressing.values(), Enum::ordinal));
    assertEquals(
        inHeader("oss_endpoint_kind", "OSS_ENDPOINT_"), here(EndpointKind.values(), Enum::ordinal));
  }

  private static Map<String, Integer> inHeader(String prefix) throws Exception {
    Map<String, Integer> found = new TreeMap<>();
    Pattern.compile("^#define " + prefix + "(\\w+) (\\d+)$", Pattern.MULTILINE).matcher(header())
        .results().forEach(flag -> found.put(flag.group(1), Integer.parseInt(flag.group(2))));
    return found;
  }

  private static Map<String, Integer> flags(Class<?> type) throws Exception {
    Map<String, Integer> found = new TreeMap<>();
    for (Field field : type.getDeclaredFields()) {
      if (field.getType() == int.class && !Modifier.isPrivate(field.getModifiers())) {
        found.put(field.getName(), field.getInt(null));
      }
    }
    return found;
  }

  @Test
  void flagsAreThoseOfTheHeader() throws Exception {
    assertEquals(inHeader("OSS_DOWNLOAD_"), flags(DownloadRequest.Builder.class));
    assertEquals(inHeader("OSS_URL_"), flags(UrlInspection.class));
    assertEquals(inHeader("OSS_PRESIGN_(?=HTTP)"), flags(Presigner.Builder.class));
  }

  /** Each bit, and that it is this one that crosses: what NO_SYNC does shows in no file. */
  @Test
  void eachFlagCrosses() throws Exception {
    DownloadRequest.Builder download = DownloadRequest.builder("https://h/k").toMemory(1);
    assertEquals(0, flags(download));
    assertEquals(bit("OSS_DOWNLOAD_NO_OVERWRITE"), flags(download.overwrite(false)));
    assertEquals(bit("OSS_DOWNLOAD_NO_SYNC"), flags(download.overwrite(true).sync(false)));
    assertEquals(bit("OSS_DOWNLOAD_RESUME"), flags(download.sync(true).resume(true)));
    assertEquals(bit("OSS_DOWNLOAD_FOLLOW_REDIRECTS"),
        flags(download.resume(false).followRedirects(true)));
    assertEquals(0, flags(download.followRedirects(false)));
    assertEquals(4, all(Pattern.compile("#define (OSS_DOWNLOAD_\\w+) \\d"), header()).size());
  }

  /** The last number but one that a request writes. */
  private static long flags(DownloadRequest.Builder builder) {
    byte[] message = builder.build().message;
    return ByteBuffer.wrap(message).order(ByteOrder.nativeOrder()).getLong(message.length - 16);
  }

  private static long bit(String name) throws Exception {
    return Long.parseLong(
        all(Pattern.compile("#define " + name + " (\\d+)"), header()).get(0));
  }

  private static List<String> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(result -> result.group(1)).toList();
  }

  /** A function or an option that C has and Java lacks shows here. */
  @Test
  void everyFunctionAndEveryOptionIsUsed() throws Exception {
    StringBuilder glue = new StringBuilder();
    Path natives = Path.of(System.getProperty("oss.root"), "bindings/java/library/native");
    for (String file : natives.toFile().list()) {
      glue.append(file.endsWith(".c") ? Files.readString(natives.resolve(file)) : "");
    }
    List<String> functions = all(Pattern.compile("\\b(oss_\\w+)\\("), header());
    assertTrue(functions.size() > 40, functions::toString);
    for (String function : functions) {
      if (!NOT_NEEDED.contains(function)) {
        assertTrue(glue.indexOf(function + "(") >= 0, function);
      }
    }
    int options = 0;
    Matcher struct = Pattern.compile("struct oss_\\w+_options \\{(.*?)\\}", Pattern.DOTALL)
        .matcher(header());
    while (struct.find()) {
      for (String field : all(Pattern.compile("\\b(\\w+);"), struct.group(1))) {
        if (!Set.of("struct_size", "reserved").contains(field)) {
          options++;
          assertTrue(
              Pattern.compile("options(->|\\.)" + field + "\\b").matcher(glue).find(), field);
        }
      }
    }
    assertTrue(options > 60, "only " + options);
  }
}
