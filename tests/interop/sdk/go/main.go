// The Go SDK V2 puts, gets, heads and deletes at the emulator, and prints presigned URLs.
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log"
	"os"
	"time"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/credentials"
)

const bucket = "examplebucket"

var (
	ctx  = context.Background()
	keys = []string{"go/object.txt", "a b+c%/中文/😀.txt", "go//b/../c/./d", "go/~-_.!'()*;:@&=$,?#[]"}
)

func client(endpoint string, key ...string) *oss.Client {
	return oss.NewClient(oss.LoadDefaultConfig().
		WithRegion("cn-hangzhou").
		WithEndpoint("http://" + endpoint).
		WithRetryMaxAttempts(1).
		WithCredentialsProvider(credentials.NewStaticCredentialsProvider(key[0], key[1], key[2:]...)))
}

func content(key string) []byte {
	return bytes.Repeat([]byte("go sdk, "+key), 100)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func must(right bool, what string) {
	if !right {
		log.Fatal(what)
	}
}

// ordinary sends requests signed in the Authorization header; it returns the version id.
func ordinary(sdk *oss.Client, key string) *string {
	put, err := sdk.PutObject(ctx, &oss.PutObjectRequest{
		Bucket:      oss.Ptr(bucket),
		Key:         oss.Ptr(key),
		ContentType: oss.Ptr("text/plain"),
		Metadata:    map[string]string{"color": "blue"},
		Body:        bytes.NewReader(content(key)),
	})
	check(err)
	got, err := sdk.GetObject(ctx, &oss.GetObjectRequest{Bucket: oss.Ptr(bucket), Key: oss.Ptr(key)})
	check(err)
	body, err := io.ReadAll(got.Body)
	check(err)
	must(bytes.Equal(body, content(key)), "get is not what was put: "+key)
	head, err := sdk.HeadObject(ctx, &oss.HeadObjectRequest{Bucket: oss.Ptr(bucket), Key: oss.Ptr(key)})
	check(err)
	must(head.ContentLength == int64(len(body)) && head.Metadata["color"] == "blue", "head: "+key)
	must(*put.ETag == *got.ETag && *put.HashCRC64 == *got.HashCRC64, "etag and crc64: "+key)
	return put.VersionId
}

func refused(sdk *oss.Client) {
	_, err := sdk.GetObject(ctx, &oss.GetObjectRequest{Bucket: oss.Ptr(bucket), Key: oss.Ptr("none")})
	var refusal *oss.ServiceError
	must(errors.As(err, &refusal), "an error of the service is expected")
	must(refusal.Code == "NoSuchKey" && refusal.StatusCode == 404 && refusal.EC == "0026-00000001", refusal.Error())
}

// presign prints a URL as mutate.py and engine.py want it.
func presign(sdk *oss.Client, name, key string, expires time.Duration, request oss.GetObjectRequest) {
	request.Bucket, request.Key = oss.Ptr(bucket), oss.Ptr(key)
	result, err := sdk.Presign(ctx, &request, oss.PresignExpires(expires))
	check(err)
	sum := sha256.Sum256(content(key))
	check(json.NewEncoder(os.Stdout).Encode(map[string]any{
		"name":    name + " " + key,
		"url":     result.URL,
		"headers": result.SignedHeaders,
		"sha256":  hex.EncodeToString(sum[:]),
	}))
}

func main() {
	endpoint := os.Args[1]
	sdk := client(endpoint, "id", "secret")
	sts := client(endpoint, "sts-id", "sts-secret", "sts/token+=")
	refused(sdk)
	for _, key := range keys {
		ordinary(sdk, key)
		presign(sdk, "plain", key, 10*time.Minute, oss.GetObjectRequest{})
		presign(sts, "sts", key, 10*time.Minute, oss.GetObjectRequest{})
	}
	ordinary(sts, "go/sts.txt")
	_, err := sdk.DeleteObject(ctx, &oss.DeleteObjectRequest{Bucket: oss.Ptr(bucket), Key: oss.Ptr("go/sts.txt")})
	check(err)

	versioned := "go/versions.txt"
	older := ordinary(sdk, versioned)
	_, err = sdk.PutObject(ctx, &oss.PutObjectRequest{
		Bucket: oss.Ptr(bucket), Key: oss.Ptr(versioned), Body: bytes.NewReader([]byte("newer")),
	})
	check(err)
	presign(sdk, "version", versioned, 10*time.Minute, oss.GetObjectRequest{VersionId: older})
	special := keys[1]
	presign(sdk, "disposition", special, 10*time.Minute, oss.GetObjectRequest{
		ResponseContentDisposition: oss.Ptr(`attachment; filename="ü +.txt"`),
	})
	presign(sdk, "payer", special, 10*time.Minute, oss.GetObjectRequest{RequestPayer: oss.Ptr("requester")})
	presign(sdk, "traffic limit", special, time.Minute, oss.GetObjectRequest{TrafficLimit: 245760})
	presign(sdk, "week", special, 7*24*time.Hour, oss.GetObjectRequest{})
}
