import static java.nio.charset.StandardCharsets.UTF_8;

import com.aliyun.sdk.service.oss2.OSSClient;
import com.aliyun.sdk.service.oss2.PresignOptions;
import com.aliyun.sdk.service.oss2.credentials.StaticCredentialsProvider;
import com.aliyun.sdk.service.oss2.exceptions.ServiceException;
import com.aliyun.sdk.service.oss2.models.DeleteObjectRequest;
import com.aliyun.sdk.service.oss2.models.GetObjectRequest;
import com.aliyun.sdk.service.oss2.models.GetObjectResult;
import com.aliyun.sdk.service.oss2.models.HeadObjectRequest;
import com.aliyun.sdk.service.oss2.models.HeadObjectResult;
import com.aliyun.sdk.service.oss2.models.PresignResult;
import com.aliyun.sdk.service.oss2.models.PutObjectRequest;
import com.aliyun.sdk.service.oss2.models.PutObjectResult;
import com.aliyun.sdk.service.oss2.transport.BinaryData;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;

/** The Java SDK V2 puts, gets, heads and deletes at the emulator, and prints presigned URLs. */
final class SdkV2 {
  private static final String BUCKET = "examplebucket";
  // No dot segments: the SDK's HTTP client resolves them, after the SDK has signed.
  private static final String[] KEYS = {
    "java/object.txt", "a b+c%/中文/😀.txt", "java//b~!'()*;:@&=$,?#[]", "x".repeat(1023),
  };
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final PrintStream OUT = new PrintStream(System.out, true, UTF_8);

  private SdkV2() {}

  public static void main(String[] arguments) throws Exception {
    String endpoint = "http://" + arguments[0];
    try (OSSClient sdk = client(endpoint, new StaticCredentialsProvider("id", "secret"));
        OSSClient sts =
            client(endpoint, new StaticCredentialsProvider("sts-id", "sts-secret", "sts/token+="))) {
      refused(sdk);
      Duration tenMinutes = Duration.ofMinutes(10);
      for (String key : KEYS) {
        ordinary(sdk, key);
        presign(sdk, "plain", get(key), tenMinutes);
        presign(sts, "sts", get(key), tenMinutes);
      }
      ordinary(sts, "java/sts.txt");
      sdk.deleteObject(
          DeleteObjectRequest.newBuilder().bucket(BUCKET).key("java/sts.txt").build());

      String versioned = "java/versions.txt";
      String older = ordinary(sdk, versioned);
      sdk.putObject(put(versioned).body(BinaryData.fromString("newer")).build());
      presign(sdk, "version", get(versioned).versionId(older), tenMinutes);
      String disposition = "attachment; filename=\"ü +.txt\"";
      GetObjectRequest.Builder attachment = get(KEYS[1]).responseContentDisposition(disposition);
      presign(sdk, "disposition", attachment, tenMinutes);
      presign(sdk, "payer", get(KEYS[1]).requestPayer("requester"), tenMinutes);
      presign(sdk, "traffic limit", get(KEYS[1]).trafficLimit(245760), Duration.ofMinutes(1));
      presign(sdk, "week", get(KEYS[1]), Duration.ofDays(7));
    }
  }

  private static OSSClient client(String endpoint, StaticCredentialsProvider credentials) {
    return OSSClient.newBuilder()
        .region("cn-hangzhou")
        .endpoint(endpoint)
        .credentialsProvider(credentials)
        .retryMaxAttempts(1)
        .build();
  }

  private static byte[] content(String key) {
    return ("java sdk, " + key).repeat(100).getBytes(UTF_8);
  }

  private static GetObjectRequest.Builder get(String key) {
    return GetObjectRequest.newBuilder().bucket(BUCKET).key(key);
  }

  private static PutObjectRequest.Builder put(String key) {
    return PutObjectRequest.newBuilder().bucket(BUCKET).key(key);
  }

  /** Requests signed in the Authorization header; returns the version id. */
  private static String ordinary(OSSClient sdk, String key) throws Exception {
    byte[] content = content(key);
    PutObjectResult put =
        sdk.putObject(
            put(key)
                .contentType("text/plain")
                .metadata(Map.of("color", "blue"))
                .body(BinaryData.fromBytes(content))
                .build());
    try (GetObjectResult got = sdk.getObject(get(key).build())) {
      check(Arrays.equals(got.body().readAllBytes(), content), "get is not what was put", key);
      check(put.eTag().equals(got.eTag()), "etag", key);
      check(put.hashCrc64ecma().equals(got.hashCrc64ecma()), "crc64", key);
    }
    HeadObjectResult head =
        sdk.headObject(HeadObjectRequest.newBuilder().bucket(BUCKET).key(key).build());
    check(head.contentLength() == content.length, "length", key);
    check("blue".equals(head.metadata().get("color")), "metadata", key);
    return put.versionId();
  }

  private static void refused(OSSClient sdk) {
    try {
      sdk.getObject(get("none").build());
    } catch (RuntimeException e) {
      ServiceException cause = (ServiceException) e.getCause();
      check("NoSuchKey".equals(cause.errorCode()) && cause.statusCode() == 404, "refusal", "none");
      return;
    }
    throw new AssertionError("NoSuchKey is expected");
  }

  /** Prints a URL as mutate.py and engine.py want it. */
  private static void presign(
      OSSClient sdk, String name, GetObjectRequest.Builder builder, Duration expires)
      throws Exception {
    GetObjectRequest request = builder.build();
    PresignOptions options = PresignOptions.newBuilder().expiration(expires).build();
    PresignResult result = sdk.presign(request, options);
    byte[] sum = MessageDigest.getInstance("SHA-256").digest(content(request.key()));
    OUT.println(
        JSON.writeValueAsString(
            Map.of(
                "name", name + " " + request.key(),
                "url", result.url(),
                "headers", result.signedHeaders().orElse(Map.of()),
                "sha256", HexFormat.of().formatHex(sum))));
  }

  private static void check(boolean right, String what, String key) {
    if (!right) {
      throw new AssertionError(what + ": " + key);
    }
  }
}
