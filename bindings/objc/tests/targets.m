// Downloads that succeed: the right bytes, in the right place, and what the result says of them.
#import "support.h"

#define OBJECT @"dir/object.bin"

static OSPDownloadResult *download(OSPDownloadRequest *request)
{
  NSError *error = nil;
  OSPDownloadResult *result = [downloader() download:request progress:nil error:&error];
  CHECK(result != nil);
  CHECK_OBJECT(error, nil);
  return result;
}

static OSPDownloadRequest *parts(OSPDownloadRequest *request)
{
  request.partSize = 131072;
  request.connections = 3;
  return request;
}

static OSPDownloadRequest *to_file(NSString *key, NSURL *file)
{
  OSPDownloadRequest *request = parts(to_memory(key));
  request.memoryLimit = 0;
  request.fileURL = file;
  return request;
}

static void test_file(void)
{
  check_case("file");
  NSURL *file = in_folder(@"报告 😀 %41.bin");
  OSPDownloadResult *result = download(to_file(OBJECT, file));
  CHECK_OBJECT(content(file), object());
  CHECK_OBJECT(result.data, nil);
  CHECK_NUMBER(result.bytes, object().length);
  CHECK_NUMBER(result.objectSize, object().length);
  CHECK_NUMBER(result.resumedBytes, 0);
  CHECK_NUMBER(result.retries, 0);
  CHECK_NUMBER(result.refreshes, 0);
  CHECK_NUMBER(result.verified, OSPVerifiedCRC64);
  CHECK_NUMBER(result.HTTPStatus, 206);
  CHECK([result.ETag hasPrefix:@"\""]);
  CHECK(result.requestID.length > 0);
  CHECK(result.versionID.length > 0);
  CHECK(result.CRC64 != 0);

  check_case("the same, over what is there, without a wait for the disk");
  OSPDownloadRequest *again = to_file(OBJECT, file);
  again.syncs = NO;
  again.expectedCRC64 = @(result.CRC64);
  again.expectedSize = @(result.bytes);
  CHECK_NUMBER(download(again).CRC64, result.CRC64);

  check_case("an old version");
  OSPGetObjectRequest *old = get_object(OBJECT);
  old.versionID = env("OSS_TEST_OLD_VERSION");
  OSPDownloadRequest *request = to_memory(OBJECT);
  request.presignedURL =
      (OSPPresignedURL *_Nonnull)[presigner() presignGetObject:old error:NULL];
  result = download(request);
  CHECK_OBJECT(result.data, [NSData dataWithContentsOfFile:env("OSS_TEST_OLD_OBJECT")]);
  CHECK_OBJECT(result.versionID, env("OSS_TEST_OLD_VERSION"));
}

static void test_data(void)
{
  check_case("data");
  OSPDownloadResult *result = download(parts(to_memory(OBJECT)));
  CHECK_OBJECT(result.data, object());
  NSData *kept = nil;
  @autoreleasepool {
    kept = [download(to_memory(OBJECT)).data retain];
  }
  // The result is gone.
  CHECK_OBJECT(kept, object());
  [kept release];
  CHECK_OBJECT(download(to_memory(@"empty")).data, [NSData data]);

  check_case("a range");
  OSPDownloadRequest *range = parts(to_memory(OBJECT));
  range.rangeOffset = 1000;
  range.rangeLength = 5000;
  range.expectedSize = @5000;
  result = download(range);
  CHECK_OBJECT(result.data, [object() subdataWithRange:NSMakeRange(1000, 5000)]);
  CHECK_NUMBER(result.verified, OSPVerifiedLength);
  CHECK_NUMBER(result.objectSize, object().length);

  check_case("signed headers");
  OSPGetObjectRequest *get = get_object(OBJECT);
  get.headers = @{@"Range" : @"bytes=10-109"};
  get.trafficLimit = 838860800;
  OSPPresignedURL *url = (OSPPresignedURL *_Nonnull)[presigner() presignGetObject:get error:NULL];
  CHECK_OBJECT(url.signedHeaders,
               (@{@"range" : @"bytes=10-109", @"x-oss-traffic-limit" : @"838860800"}));
  CHECK_OBJECT([url.URLRequest valueForHTTPHeaderField:@"Range"], @"bytes=10-109");
  OSPDownloadRequest *request = to_memory(OBJECT);
  request.presignedURL = url;
  CHECK_OBJECT(download(request).data, [object() subdataWithRange:NSMakeRange(10, 100)]);
}

static void test_redirect(void)
{
  check_case("a redirect, followed");
  OSPDownloadRequest *request = to_memory(@"moved.bin");
  request.followsRedirects = YES;
  CHECK_OBJECT(download(request).data, object());
}

static void test_stream(void)
{
  check_case("stream");
  OSPDownloadRequest *request = to_memory(OBJECT);
  request.memoryLimit = 0;
  request.outputStream = [NSOutputStream outputStreamToMemory];
  OSPDownloadResult *result = download(request);
  CHECK_NUMBER(result.verified, OSPVerifiedCRC64);
  CHECK_OBJECT(result.data, nil);
  CHECK_OBJECT([request.outputStream propertyForKey:NSStreamDataWrittenToMemoryStreamKey],
               object());
  CHECK_NUMBER(request.outputStream.streamStatus, NSStreamStatusClosed);

  check_case("a stream that was open stays open");
  request.outputStream = [NSOutputStream outputStreamToMemory];
  [request.outputStream open];
  download(request);
  CHECK(request.outputStream.streamStatus != NSStreamStatusClosed);
  [request.outputStream close];
}

static void test_https(void)
{
  check_case("https");
  OSPPresigner *signer = presigner();
  signer.endpoint = nil;
  signer.addressing = OSPAddressingVirtualHosted;
  OSPDownloaderConfiguration *configuration =
      [[[OSPDownloaderConfiguration alloc] init] autorelease];
  configuration.connectTo = env("OSS_TEST_HTTPS");
  configuration.certificateAuthorityFileURL = [NSURL fileURLWithPath:env("OSS_TEST_CA")];
  configuration.connectTimeout = 20;
  configuration.idleTimeout = 20;
  OSPDownloader *downloader = [[[OSPDownloader alloc]
      initWithConfiguration:[[configuration copy] autorelease]] autorelease];
  OSPDownloadRequest *request = to_memory(OBJECT);
  request.presignedURL =
      (OSPPresignedURL *_Nonnull)[signer presignGetObject:get_object(OBJECT) error:NULL];
  CHECK([request.presignedURL.absoluteString
      hasPrefix:@"https://examplebucket.oss-cn-hangzhou.aliyuncs.com/dir/"]);
  NSError *error = nil;
  // Twice: the second one over the connections that are kept.
  for (int i = 0; i < 2; i++) {
    OSPDownloadResult *result = [downloader download:request progress:nil error:&error];
    CHECK_OBJECT(error, nil);
    CHECK_OBJECT(result.data, object());
  }
  configuration.certificateAuthorityFileURL = nil;
  downloader = [[[OSPDownloader alloc] initWithConfiguration:configuration] autorelease];
  CHECK([downloader download:request progress:nil error:&error] == nil);
  check_error(error, OSPErrorTLS, OSPPhaseTLS);
}

static void test_progress(void)
{
  check_case("progress");
  NSProgress *progress = [NSProgress discreteProgressWithTotalUnitCount:1];
  ProgressWatch *watch = [ProgressWatch watch:progress];
  @autoreleasepool {
    OSPDownloadRequest *request = parts(to_memory(OBJECT));
    request.progressInterval = -1;
    NSError *error = nil;
    OSPDownloadResult *result = [downloader() download:request progress:progress error:&error];
    CHECK_OBJECT(result.data, object());
    [watch stop];
    CHECK(watch.reports > 3);
    CHECK(!watch.wentBack);
    CHECK_NUMBER(progress.completedUnitCount, result.bytes);
    CHECK_NUMBER(progress.totalUnitCount, result.bytes);
    CHECK(progress.fractionCompleted == 1);
  }
  // There is nothing left to cancel, and nothing left that would.
  [progress cancel];

  check_case("progress of what nobody knew the size of");
  progress = [NSProgress discreteProgressWithTotalUnitCount:1];
  NSError *error = nil;
  CHECK([downloader() download:to_memory(@"fault/of-unknown-size")
                      progress:progress
                         error:&error] != nil);
  CHECK_OBJECT(error, nil);
  CHECK_NUMBER(progress.completedUnitCount, object().length);
  CHECK(progress.fractionCompleted == 1);
}

static void test_refresh(void)
{
  check_case("refresh");
  OSPGetObjectRequest *old = get_object(OBJECT);
  old.signingDate = [NSDate dateWithTimeIntervalSince1970:1700000000];
  OSPDownloadRequest *request = to_memory(OBJECT);
  request.presignedURL =
      (OSPPresignedURL *_Nonnull)[presigner() presignGetObject:old error:NULL];
  NSMutableArray *calls = [NSMutableArray array];
  request.refreshHandler = ^(NSError **error) {
    (void)error;
    [calls addObject:[NSThread currentThread]];
    OSPGetObjectRequest *fresh = get_object(OBJECT);
    fresh.trafficLimit = 838860800;
    return [presigner() presignGetObject:fresh error:NULL];
  };
  OSPDownloadResult *result = download(request);
  CHECK_OBJECT(result.data, object());
  CHECK_NUMBER(result.refreshes, 1);
  CHECK_OBJECT(calls, @[ [NSThread currentThread] ]);
}

void test_targets(void)
{
  test_file();
  test_data();
  test_redirect();
  test_stream();
  test_https();
  test_progress();
  test_refresh();
  check_case(NULL);
}
