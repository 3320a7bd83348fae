import io.github.osspresign.GetObjectPresignRequest;
import io.github.osspresign.OssException;
import io.github.osspresign.PresignedUrl;
import io.github.osspresign.Presigner;
import java.time.Duration;

/**
 * Makes a presigned URL for an object. Prints method, expiration, URL and signed headers.
 * Credentials: OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET and OSS_SESSION_TOKEN of the environment.
 */
public class Presign {
  private static final String USAGE =
      "usage: Presign --region R --bucket B --key K [--endpoint E] [--expires SECONDS]\n"
          + "               [--version-id V] [--attachment NAME] [--header NAME=VALUE]...";

  public static void main(String[] arguments) {
    Presigner.Builder presigner = Presigner.builder();
    GetObjectPresignRequest.Builder request = GetObjectPresignRequest.builder();
    PresignedUrl url;
    try {
      for (int i = 0; i < arguments.length; i += 2) {
        set(presigner, request, arguments[i], arguments[i + 1]);
      }
      url = presigner.build().presign(request.build());
    } catch (IllegalArgumentException | IndexOutOfBoundsException wrong) {
      System.err.println(USAGE);
      System.exit(2);
      return;
    } catch (OssException failure) {
      System.err.println("presign: " + failure.getMessage());
      System.exit(1);
      return;
    }
    System.out.println(url.method() + ", expires " + url.expiration());
    System.out.println(url.url());
    url.signedHeaders().forEach((name, value) -> System.out.println(name + ": " + value));
  }

  private static void set(Presigner.Builder presigner, GetObjectPresignRequest.Builder request,
      String name, String value) {
    switch (name) {
      case "--region":
        presigner.region(value);
        break;
      case "--endpoint":
        presigner.endpoint(value);
        break;
      case "--bucket":
        request.bucket(value);
        break;
      case "--key":
        request.key(value);
        break;
      case "--expires":
        request.expiresIn(Duration.ofSeconds(Long.parseLong(value)));
        break;
      case "--version-id":
        request.versionId(value);
        break;
      case "--attachment":
        request.responseContentDisposition("attachment; filename=\"" + value + "\"");
        break;
      case "--header":
        String[] header = value.split("=", 2);
        request.header(header[0], header[1]);
        break;
      default:
        throw new IllegalArgumentException(name);
    }
  }
}
