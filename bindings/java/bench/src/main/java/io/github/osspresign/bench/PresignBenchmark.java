package io.github.osspresign.bench;

import io.github.osspresign.Credentials;
import io.github.osspresign.GetObjectPresignRequest;
import io.github.osspresign.OssException;
import io.github.osspresign.PresignedUrl;
import io.github.osspresign.Presigner;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Time for a presigned URL, with the inputs of benches/presign.rs. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class PresignBenchmark {
  private final Credentials credentials =
      Credentials.of("LTAI5tFakeAccessKeyId001", "FakeSecretForTestsOnly0123456789");
  private final Presigner presigner =
      Presigner.builder().region("cn-hangzhou").credentials(() -> credentials).build();
  private final GetObjectPresignRequest request =
      GetObjectPresignRequest.builder().bucket("examplebucket").key("dir/object.txt").build();

  /** The request is made anew for each URL, as a server does it. */
  @Benchmark
  public PresignedUrl newRequest() throws OssException {
    return presigner.presign(
        GetObjectPresignRequest.builder().bucket("examplebucket").key("dir/object.txt").build());
  }

  /** One request, used again. */
  @Benchmark
  public PresignedUrl sameRequest() throws OssException {
    return presigner.presign(request);
  }
}
