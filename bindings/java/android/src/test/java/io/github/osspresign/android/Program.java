package io.github.osspresign.android;

import io.github.osspresign.CancellationToken;
import io.github.osspresign.Credentials;
import io.github.osspresign.DownloadRequest;
import io.github.osspresign.Downloader;
import io.github.osspresign.ErrorCode;
import io.github.osspresign.GetObjectPresignRequest;
import io.github.osspresign.OssException;
import io.github.osspresign.Presigner;
import io.github.osspresign.PresignedUrls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;

/** An app to be minified: uses all that native code calls by name. */
public final class Program {
  private Program() {}

  public static void main(String[] arguments) throws IOException {
    Presigner presigner = Presigner.builder().region("cn-hangzhou").endpoint(arguments[0])
        .credentials(() -> Credentials.of("id", "secret")).build();
    GetObjectPresignRequest.Builder get =
        GetObjectPresignRequest.builder().bucket("bucket").key("object");
    String expired = presigner.presign(get.signingTime(Instant.ofEpochSecond(1700000000)).build()).url();
    GetObjectPresignRequest fresh =
        GetObjectPresignRequest.builder().bucket("bucket").key("object").build();
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    long[] seen = {0};
    try (Downloader downloader = Downloader.create()) {
      downloader.download(DownloadRequest.builder(expired).toStream(stream)
          .urlRefresher(() -> presigner.presign(fresh).toLink())
          .listener(progress -> seen[0] = progress.bytesDone()).build());
      byte[] content = downloader.download(
          DownloadRequest.builder(presigner.presign(fresh)).toMemory(1 << 20).build()).content();
      CancellationToken token = new CancellationToken();
      token.cancel();
      try {
        downloader.download(DownloadRequest.builder(presigner.presign(fresh))
            .toMemory(1 << 20).cancellationToken(token).build());
      } catch (OssException end) {
        System.out.println(stream.size() + " " + seen[0] + " " + content.length + " "
            + (end.code() == ErrorCode.CANCELLED) + " "
            + PresignedUrls.inspect(expired).problems().size());
      }
    }
  }
}
