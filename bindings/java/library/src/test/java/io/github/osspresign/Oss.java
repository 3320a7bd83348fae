package io.github.osspresign;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** An OSS on loopback, in a process of its own that ends with this one. */
final class Oss implements AutoCloseable {
  static final String REGION = "cn-hangzhou";
  static final String BUCKET = "examplebucket";
  static final String ID = "LTAI5tEmulatorTestKey";
  static final String SECRET = "canary-SecretOfTheEmulatorTestKey";
  static final long SPARSE_SIZE = 2L << 30;

  private static Oss shared;

  final String http;
  final String https;
  final File certificate;
  private final Process process;

  private Oss() throws IOException {
    Path folder = Files.createTempDirectory("oss-presign-java-");
    certificate = folder.resolve("ca.pem").toFile();
    process =
        new ProcessBuilder(
                System.getProperty("oss.tools") + "/oss-emulator",
                "--region", REGION, "--access-key-id", ID, "--access-key-secret", SECRET,
                "--bucket", BUCKET, "--put-sparse", BUCKET + "/sparse.bin=" + SPARSE_SIZE,
                "--ca-out", certificate.getPath())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String addresses = process.inputReader().readLine();
    http = address(addresses, "http");
    https = address(addresses, "https");
  }

  /** One for all tests: each uses keys of its own. */
  static synchronized Oss shared() throws IOException {
    if (shared == null) {
      shared = new Oss();
    }
    return shared;
  }

  private static String address(String json, String name) {
    Matcher matcher = Pattern.compile("\"" + name + "\":\"([^\"]+)\"").matcher(json);
    if (!matcher.find()) {
      throw new IllegalStateException("no address of " + name + " in " + json);
    }
    return matcher.group(1);
  }

  /** Bytes in which any misplaced piece shows. */
  static byte[] noise(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  Presigner.Builder presignerBuilder() {
    return Presigner.builder()
        .region(REGION)
        .endpoint("http://" + http)
        .credentials(() -> Credentials.of(ID, SECRET));
  }

  static GetObjectPresignRequest.Builder get(String key) {
    return GetObjectPresignRequest.builder().bucket(BUCKET).key(key);
  }

  PresignedUrl presign(String key) throws OssException {
    return presignerBuilder().build().presign(get(key).build());
  }

  PresignedUrl presign(GetObjectPresignRequest.Builder request) throws OssException {
    return presignerBuilder().build().presign(request.build());
  }

  /** Puts noise of that length; returns it. */
  byte[] putNoise(String key, int length) throws IOException {
    byte[] bytes = noise(length);
    put(key, bytes);
    return bytes;
  }

  /** Returns the id of the version. */
  String put(String key, byte[] bytes) throws IOException {
    HttpURLConnection connection = open("PUT", signedPut(key), bytes);
    return connection.getHeaderField("x-oss-version-id");
  }

  /** What goes wrong with the next answers for a key: JSON of the emulator's fault script. */
  void fault(String key, String fault, String when) throws IOException {
    String rule =
        "{\"bucket\":\"" + BUCKET + "\",\"key\":\"" + key + "\",\"faults\":[" + fault + "]"
            + (when.isEmpty() ? "" : "," + when) + "}";
    open("POST", "/-/emulator/faults", rule.getBytes(StandardCharsets.UTF_8));
  }

  void always(String key, String fault) throws IOException {
    fault(key, fault, "\"always\":true");
  }

  /** Every request so far, as JSON. */
  String requests() throws IOException {
    try (InputStream body = open("GET", "/-/emulator/requests", null).getInputStream()) {
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      body.transferTo(text);
      return text.toString(StandardCharsets.UTF_8);
    }
  }

  private HttpURLConnection open(String method, String target, byte[] body) throws IOException {
    URL url = new URL("http://" + http + target);
    HttpURLConnection connection = (HttpURLConnection) url.openConnection(java.net.Proxy.NO_PROXY);
    connection.setRequestMethod(method);
    if (body != null) {
      connection.setDoOutput(true);
      connection.setFixedLengthStreamingMode(body.length);
      connection.getOutputStream().write(body);
    }
    if (connection.getResponseCode() != 200) {
      throw new IOException(method + ": " + connection.getResponseCode());
    }
    return connection;
  }

  /** A signed request target, by code that has nothing in common with the library's. */
  private static String signedPut(String key) {
    Instant now = Instant.now();
    DateTimeFormatter stamp = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'");
    String date = stamp.withZone(ZoneOffset.UTC).format(now);
    String scope = date.substring(0, 8) + "/" + REGION + "/oss/aliyun_v4_request";
    String path = "/" + BUCKET + "/" + escape(key);
    String query =
        "x-oss-credential=" + (ID + "/" + scope).replace("/", "%2F") + "&x-oss-date=" + date
            + "&x-oss-expires=600&x-oss-signature-version=OSS4-HMAC-SHA256";
    try {
      String canonical = String.join("\n", "PUT", path, query, "", "", "UNSIGNED-PAYLOAD");
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.UTF_8));
      byte[] signature = ("aliyun_v4" + SECRET).getBytes(StandardCharsets.UTF_8);
      for (String part : scope.split("/")) {
        signature = hmac(signature, part);
      }
      String toSign = String.join("\n", "OSS4-HMAC-SHA256", date, scope, hex(digest));
      return path + "?" + query + "&x-oss-signature=" + hex(hmac(signature, toSign));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String hex(byte[] bytes) {
    return java.util.HexFormat.of().formatHex(bytes);
  }

  private static String escape(String key) {
    StringBuilder escaped = new StringBuilder();
    for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = b > 0 && (Character.isLetterOrDigit(b) || "-._~/".indexOf(b) >= 0);
      escaped.append(plain ? String.valueOf((char) b) : String.format("%%%02X", b));
    }
    return escaped.toString();
  }

  @Override
  public void close() {
    try {
      process.getOutputStream().close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
