// Measures ns per presigned GetObject URL for the official Go SDK (V2).
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"sort"
	"time"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/credentials"
)

const minWarmUp = 500 * time.Millisecond

var sink string

func main() {
	rounds := flag.Int("rounds", 15, "timed rounds")
	iterations := flag.Int("iterations", 10000, "URLs per round")
	flag.Parse()
	if *rounds < 1 || *iterations < 1 || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}

	client := oss.NewClient(oss.LoadDefaultConfig().
		WithRegion("cn-hangzhou").
		WithCredentialsProvider(credentials.NewStaticCredentialsProvider(
			"LTAI5tFakeAccessKeyId001", "FakeSecretForTestsOnly0123456789")))
	ctx := context.Background()

	run := func(n int) time.Duration {
		start := time.Now()
		for range n {
			result, err := client.Presign(ctx, &oss.GetObjectRequest{
				Bucket: oss.Ptr("examplebucket"),
				Key:    oss.Ptr("dir/object.txt"),
			}, oss.PresignExpires(900*time.Second))
			if err != nil {
				fmt.Fprintln(os.Stderr, "go-sdk-v2:", err)
				os.Exit(1)
			}
			sink = result.URL
		}
		return time.Since(start)
	}

	run(1)
	fmt.Fprintln(os.Stderr, "go-sdk-v2", sink)
	for warm := time.Duration(0); warm < minWarmUp; {
		warm += run(*iterations)
	}

	samples := make([]float64, *rounds)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for i := range samples {
		samples[i] = float64(run(*iterations).Nanoseconds()) / float64(*iterations)
	}
	runtime.ReadMemStats(&after)
	allocs := float64(after.Mallocs-before.Mallocs) / float64(*rounds**iterations)

	sort.Float64s(samples)
	mid := len(samples) / 2
	median := samples[mid]
	if len(samples)%2 == 0 {
		median = (samples[mid-1] + samples[mid]) / 2
	}
	fmt.Printf("go-sdk-v2 %s %.0f %.0f %.0f %.0f\n",
		oss.Version(), median, samples[0], samples[len(samples)-1], allocs)
}
