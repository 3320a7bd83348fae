package io.github.osspresign.bench;

import io.github.osspresign.Addressing;
import io.github.osspresign.DownloadRequest;
import io.github.osspresign.Downloader;
import io.github.osspresign.GetObjectPresignRequest;
import io.github.osspresign.OssException;
import io.github.osspresign.Presigner;
import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * One download of 1 GiB from loopback: through Java, and by the C example with the same options. In
 * turn, since a machine has its moods; the ratio is what counts.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class DownloadBenchmark {
  private static final int ROUNDS = 9;

  private final String target = System.getenv("OSS_BENCH_FOLDER") + "/object";
  private final Presigner presigner = Presigner.builder().region("cn-hangzhou")
      .endpoint(System.getenv("OSS_BENCH_ENDPOINT")).addressing(Addressing.PATH).build();

  private String url() throws OssException {
    return presigner.presign(
        GetObjectPresignRequest.builder().bucket("bucket").key("object").build()).url();
  }

  @Benchmark
  public long java() throws IOException {
    try (Downloader downloader = Downloader.create()) {
      return downloader.download(DownloadRequest.builder(url()).toFile(new File(target))
          .resume(true).listener(progress -> { }).build()).bytes();
    }
  }

  @Benchmark
  public int c() throws IOException, InterruptedException {
    Process process = new ProcessBuilder(System.getenv("OSS_BENCH_C"), url(), target)
        .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    int code = process.waitFor();
    if (code != 0) {
      throw new IOException("the C program ended with " + code);
    }
    return code;
  }

  /** Prints the medians and their ratio. */
  public static void main(String[] arguments) throws RunnerException {
    double[] java = new double[ROUNDS];
    double[] c = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      java[round] = milliseconds("java");
      c[round] = milliseconds("c");
    }
    System.out.printf("1 GiB: Java %.0f ms, C %.0f ms, ratio of the medians %.3f%n",
        median(java), median(c), median(java) / median(c));
  }

  private static double milliseconds(String method) throws RunnerException {
    return new Runner(new OptionsBuilder()
        .include(DownloadBenchmark.class.getName() + "\\." + method + "$")
        .forks(1).warmupIterations(0).measurementIterations(1)
        .verbosity(VerboseMode.SILENT).build())
        .runSingle().getPrimaryResult().getScore();
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
