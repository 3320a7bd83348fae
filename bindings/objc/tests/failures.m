// Every error that a download can end with, as an NSError.
#import "support.h"

#define OBJECT @"dir/object.bin"

static id info(NSError *error, NSString *key)
{
  return [error.userInfo objectForKey:key];
}

static OSPPresignedURL *presign_with(OSPPresigner *signer, OSPGetObjectRequest *request)
{
  NSError *error = nil;
  OSPPresignedURL *url = [signer presignGetObject:request error:&error];
  CHECK_OBJECT(error, nil);
  return url;
}

static OSPDownloadRequest *download_of(OSPPresignedURL *url)
{
  OSPDownloadRequest *request = to_memory(OBJECT);
  request.presignedURL = url;
  return once(request);
}

static OSPDownloadRequest *to_file(NSURL *file)
{
  OSPDownloadRequest *request = once(to_memory(OBJECT));
  request.memoryLimit = 0;
  request.fileURL = file;
  return request;
}

/// The service refuses: all that it said is in userInfo.
static void check_refusal(OSPPresignedURL *url, OSPErrorCode code, NSInteger status,
                          NSString *server_code)
{
  NSError *error = check_fails(download_of(url), code, OSPPhaseHeaders);
  CHECK_OBJECT(info(error, OSPErrorHTTPStatusKey), @(status));
  CHECK_OBJECT(info(error, OSPErrorServerCodeKey), server_code);
  CHECK([info(error, OSPErrorServerMessageKey) length] > 0);
  CHECK([info(error, OSPErrorRequestIDKey) length] > 0);
  CHECK([info(error, OSPErrorHostIDKey) length] > 0);
  CHECK([info(error, OSPErrorECKey) hasPrefix:@"00"]);
  CHECK_OBJECT(info(error, OSPErrorRetryableKey), @(NO));
  CHECK_OBJECT(info(error, NSUnderlyingErrorKey), nil);
}

static void test_refusals(void)
{
  check_case("wrong secret");
  OSPCredentials *wrong =
      [[[OSPCredentials alloc] initWithAccessKeyID:env("OSS_ACCESS_KEY_ID")
                                   accessKeySecret:@"wrong"] autorelease];
  OSPPresigner *signer =
      [[[OSPPresigner alloc] initWithRegion:@"cn-hangzhou" credentials:wrong] autorelease];
  signer.endpoint = env("OSS_TEST_ENDPOINT");
  signer.addressing = OSPAddressingPath;
  check_refusal(presign_with(signer, get_object(OBJECT)), OSPErrorForbidden, 403,
                @"SignatureDoesNotMatch");

  check_case("no such key");
  check_refusal(presigned(@"no/such/key"), OSPErrorNotFound, 404, @"NoSuchKey");
}

static void test_answers(void)
{
  check_case("throttled");
  NSError *error =
      check_fails(once(to_memory(@"fault/throttled")), OSPErrorThrottled, OSPPhaseHeaders);
  CHECK_OBJECT(info(error, OSPErrorHTTPStatusKey), @503);
  CHECK_OBJECT(info(error, OSPErrorRetryableKey), @(YES));
  check_case("server");
  check_fails(once(to_memory(@"fault/server")), OSPErrorServer, OSPPhaseHeaders);
  check_case("object changed");
  check_fails(once(to_memory(@"fault/gone-in-between")), OSPErrorObjectChanged, OSPPhaseHeaders);
  check_case("protocol");
  check_fails(once(to_memory(@"fault/no-range")), OSPErrorProtocol, OSPPhaseHeaders);
  check_case("network");
  check_fails(once(to_memory(@"fault/breaks")), OSPErrorNetwork, OSPPhaseBody);
  check_case("range");
  OSPDownloadRequest *request = once(to_memory(OBJECT));
  request.rangeOffset = 1u << 30;
  check_fails(request, OSPErrorRange, OSPPhaseHeaders);
  check_case("total timeout");
  request = once(to_memory(@"fault/stalls"));
  request.totalTimeout = 0.2;
  // No other one may end it; wherever it is by then.
  OSPDownloaderConfiguration *configuration =
      [[[OSPDownloaderConfiguration alloc] init] autorelease];
  configuration.idleTimeout = -1;
  OSPDownloader *patient =
      [[[OSPDownloader alloc] initWithConfiguration:configuration] autorelease];
  NSError *late = nil;
  CHECK([patient download:request progress:nil error:&late] == nil);
  CHECK_OBJECT(late.domain, OSPErrorDomain);
  CHECK_NUMBER(late.code, OSPErrorTimeout);
}

static NSError *fails_with(OSPDownloaderConfiguration *configuration, OSPErrorCode code,
                           OSPPhase phase)
{
  NSError *error = nil;
  OSPDownloader *downloader =
      [[[OSPDownloader alloc] initWithConfiguration:configuration] autorelease];
  CHECK([downloader download:once(to_memory(OBJECT)) progress:nil error:&error] == nil);
  check_error(error, code, phase);
  return error;
}

static void test_connections(void)
{
  check_case("resolve");
  NSError *error = nil;
  OSPPresignedURL *nowhere = [[[OSPPresignedURL alloc] initWithString:@"http://host.invalid/key"
                                                        signedHeaders:nil
                                                                error:&error] autorelease];
  CHECK_OBJECT(error, nil);
  check_fails(download_of(nowhere), OSPErrorResolve, OSPPhaseResolve);

  check_case("connect");
  OSPDownloaderConfiguration *configuration =
      [[[OSPDownloaderConfiguration alloc] init] autorelease];
  configuration.connectTo = env("OSS_TEST_CLOSED");
  error = fails_with(configuration, OSPErrorConnect, OSPPhaseConnect);
  CHECK_OBJECT([info(error, NSUnderlyingErrorKey) domain], NSPOSIXErrorDomain);
  CHECK_NUMBER([info(error, NSUnderlyingErrorKey) code], ECONNREFUSED);
  CHECK_OBJECT(info(error, OSPErrorHTTPStatusKey), nil);

  check_case("idle timeout");
  configuration.connectTo = nil;
  configuration.idleTimeout = 0.2;
  OSPDownloader *impatient =
      [[[OSPDownloader alloc] initWithConfiguration:configuration] autorelease];
  CHECK([impatient download:once(to_memory(@"fault/stalls"))
                   progress:nil
                      error:&error] == nil);
  check_error(error, OSPErrorTimeout, OSPPhaseHeaders);

  check_case("a configuration that cannot be used");
  configuration.proxy = [NSString stringWithFormat:@"http://%Cproxy", (unichar)0];
  error = fails_with(configuration, OSPErrorInvalidArgument, OSPPhaseCheck);
  CHECK([error.localizedDescription hasPrefix:@"proxy: "]);
  configuration.proxy = @"no proxy";
  error = fails_with(configuration, OSPErrorInvalidArgument, OSPPhaseCheck);
  CHECK([error.localizedDescription hasPrefix:@"proxy: "]);
}

static void test_expired(void)
{
  check_case("expired");
  OSPGetObjectRequest *old = get_object(OBJECT);
  old.signingDate = [NSDate dateWithTimeIntervalSince1970:1700000000];
  OSPDownloadRequest *request = download_of(presign_with(presigner(), old));
  NSError *error = check_fails(request, OSPErrorURLExpired, OSPPhaseCheck);
  CHECK_OBJECT(info(error, NSUnderlyingErrorKey), nil);

  check_case("no fresh URL to be had");
  NSError *reason = [NSError errorWithDomain:@"app" code:7 userInfo:nil];
  request.refreshHandler = ^OSPPresignedURL *(NSError **place) {
    *place = reason;
    return nil;
  };
  error = check_fails(request, OSPErrorURLExpired, OSPPhaseCheck);
  CHECK_OBJECT(info(error, NSUnderlyingErrorKey), reason);
}

/// Signed long ago: a fresh URL is asked for, but the old one will do.
static OSPPresignedURL *ending(NSString *key)
{
  OSPGetObjectRequest *request = get_object(key);
  request.validity = 1000;
  request.signingDate = [NSDate dateWithTimeIntervalSinceNow:-991];
  return presign_with(presigner(), request);
}

static void test_ending(void)
{
  check_case("no fresh URL while the old one will do: it is no reason for what fails later");
  OSPDownloadRequest *request = download_of(ending(@"no/such/key"));
  NSMutableArray *calls = [NSMutableArray array];
  request.refreshHandler = ^OSPPresignedURL *(NSError **place) {
    [calls addObject:@1];
    *place = [NSError errorWithDomain:@"app" code:7 userInfo:nil];
    return nil;
  };
  NSError *error = check_fails(request, OSPErrorNotFound, OSPPhaseHeaders);
  CHECK_OBJECT(info(error, NSUnderlyingErrorKey), nil);
  CHECK_NUMBER(calls.count, 1);
}

/// What a failure leaves of the progress, and what its error says of the answer.
static void test_broken(void)
{
  check_case("a last report, of a failure too");
  NSProgress *progress = [NSProgress discreteProgressWithTotalUnitCount:1];
  OSPDownloadRequest *request = once(to_memory(@"fault/breaks"));
  request.progressInterval = 3600;
  NSError *error = nil;
  CHECK([downloader() download:request progress:progress error:&error] == nil);
  check_error(error, OSPErrorNetwork, OSPPhaseBody);
  CHECK_NUMBER(progress.completedUnitCount, 1000);
  CHECK_NUMBER(progress.totalUnitCount, object().length);

  check_case("an answer that began well has status and request id");
  CHECK_OBJECT(info(error, OSPErrorHTTPStatusKey), @200);
  CHECK([info(error, OSPErrorRequestIDKey) length] > 0);
}

static void test_files(void)
{
  check_case("no overwriting");
  NSURL *file = in_folder(@"old");
  NSData *old = [@"old" dataUsingEncoding:NSUTF8StringEncoding];
  CHECK([old writeToFile:file.path atomically:NO]);
  OSPDownloadRequest *request = to_file(file);
  request.overwrites = NO;
  check_fails(request, OSPErrorExists, OSPPhaseDisk);
  check_case("wrong CRC-64");
  request = to_file(file);
  request.presignedURL = presigned(@"altered.bin");
  check_fails(request, OSPErrorChecksum, OSPPhaseVerify);
  CHECK_OBJECT(content(file), old);

  check_case("no folder");
  NSError *error =
      check_fails(to_file(in_folder(@"no-such-folder/target")), OSPErrorIO, OSPPhaseDisk);
  CHECK_NUMBER([info(error, NSUnderlyingErrorKey) code], ENOENT);
  check_case("no space");
  NSString *full = [env("OSS_TEST_FULL") stringByAppendingPathComponent:@"target"];
  check_fails(to_file([NSURL fileURLWithPath:full]), OSPErrorNoSpace, OSPPhaseDisk);
  check_case("no file URL");
  check_fails(to_file([NSURL URLWithString:@"http://host/file"]), OSPErrorInvalidArgument,
              OSPPhaseCheck);
  check_case("no target, and two");
  request = to_file(file);
  request.memoryLimit = 1;
  check_fails(request, OSPErrorInvalidArgument, OSPPhaseCheck);
  request.fileURL = nil;
  request.memoryLimit = 0;
  check_fails(request, OSPErrorNullArgument, OSPPhaseCheck);
}

static void test_limits(void)
{
  check_case("memory limit");
  OSPDownloadRequest *request = once(to_memory(OBJECT));
  request.memoryLimit = 1000;
  check_fails(request, OSPErrorTooLarge, OSPPhaseBody);
  check_case("a time that is no number");
  request = once(to_memory(OBJECT));
  request.totalTimeout = NAN;
  check_fails(request, OSPErrorInvalidArgument, OSPPhaseCheck);
  check_case("expectations");
  request = once(to_memory(OBJECT));
  request.expectedSHA256 = [NSMutableData dataWithLength:32];
  check_fails(request, OSPErrorChecksum, OSPPhaseVerify);
  request.expectedSHA256 = [NSMutableData dataWithLength:31];
  check_fails(request, OSPErrorInvalidArgument, OSPPhaseCheck);
  request.expectedSHA256 = nil;
  request.expectedMD5 = [NSMutableData dataWithLength:16];
  check_fails(request, OSPErrorChecksum, OSPPhaseVerify);
  request.expectedMD5 = nil;
  request.expectedCRC64 = @1;
  check_fails(request, OSPErrorChecksum, OSPPhaseVerify);
}

/// The library refuses it by the name of its field.
static void check_field(OSPDownloadRequest *request, NSString *field)
{
  NSError *error = check_fails(once(request), OSPErrorInvalidArgument, OSPPhaseCheck);
  CHECK_OBJECT([[error.localizedDescription componentsSeparatedByString:@": "] objectAtIndex:0],
               field);
}

static void test_options_arrive(void)
{
  check_case("options that nothing else tells apart");
  NSDictionary *wrong = @{
    @"partSize" : @[ @1, @"part_size" ],
    @"connections" : @[ @65, @"connections" ],
    @"retryBudget" : @[ @(NAN), @"retry_budget_ms" ],
    @"totalTimeout" : @[ @(NAN), @"total_timeout_ms" ],
    @"progressInterval" : @[ @(NAN), @"progress_interval_ms" ],
  };
  for (NSString *name in wrong) {
    OSPDownloadRequest *request = to_memory(OBJECT);
    [request setValue:[[wrong objectForKey:name] objectAtIndex:0] forKey:name];
    check_field(request, [[wrong objectForKey:name] objectAtIndex:1]);
  }
  OSPDownloaderConfiguration *configuration =
      [[[OSPDownloaderConfiguration alloc] init] autorelease];
  configuration.connectTimeout = NAN;
  NSError *error = fails_with(configuration, OSPErrorInvalidArgument, OSPPhaseCheck);
  CHECK([error.localizedDescription hasPrefix:@"connect_timeout_ms: "]);

  check_case("the most bytes, and the size expected");
  OSPDownloadRequest *request = once(to_memory(OBJECT));
  request.maxBytes = 1000;
  check_fails(request, OSPErrorTooLarge, OSPPhaseBody);
  request.maxBytes = 0;
  request.expectedSize = @1;
  check_fails(request, OSPErrorChecksum, OSPPhaseVerify);

  check_case("so slow that it cannot end in time");
  request = once(to_memory(OBJECT));
  request.rateLimit = 1;
  request.totalTimeout = 2;
  CHECK([downloader() download:request progress:nil error:&error] == nil);
  CHECK_NUMBER(error.code, OSPErrorTimeout);

  check_case("a redirect, not followed");
  check_fails(once(to_memory(@"moved.bin")), OSPErrorServer, OSPPhaseHeaders);
}

static void test_streams(void)
{
  check_case("a stream that is full");
  static uint8_t buffer[1000];
  OSPDownloadRequest *request = once(to_memory(OBJECT));
  request.memoryLimit = 0;
  request.outputStream = [NSOutputStream outputStreamToBuffer:buffer capacity:sizeof buffer];
  check_fails(request, OSPErrorCallback, OSPPhaseBody);

  check_case("a stream that fails");
  NSString *path = in_folder(@"no-such-folder/stream").path;
  request.outputStream = [NSOutputStream outputStreamToFileAtPath:path append:NO];
  NSError *error = check_fails(request, OSPErrorCallback, OSPPhaseCheck);
  // The stream's error.
  CHECK_OBJECT([info(error, NSUnderlyingErrorKey) domain], NSPOSIXErrorDomain);
  check_case("a stream that fails, where there is nothing to write");
  request.presignedURL = presigned(@"empty");
  request.outputStream = [NSOutputStream outputStreamToFileAtPath:path append:NO];
  error = check_fails(request, OSPErrorCallback, OSPPhaseCheck);
  CHECK_OBJECT([info(error, NSUnderlyingErrorKey) domain], NSPOSIXErrorDomain);
}

static void test_exceptions(void)
{
  check_case("an exception goes through, and the library lives on");
  OSPGetObjectRequest *old = get_object(OBJECT);
  old.signingDate = [NSDate dateWithTimeIntervalSince1970:1700000000];
  OSPDownloadRequest *request = download_of(presign_with(presigner(), old));
  request.refreshHandler = ^OSPPresignedURL *(NSError **unused) {
    (void)unused;
    [NSException raise:@"AppException" format:@"thrown by the app"];
    return nil;
  };
  for (int i = 0; i < 2; i++) {
    NSString *caught = nil;
    @try {
      [downloader() download:request progress:nil error:NULL];
    } @catch (NSException *exception) {
      caught = exception.name;
    }
    CHECK_OBJECT(caught, @"AppException");
  }

  check_case("an exception ends the download, also where the old URL would do");
  OSPDownloadRequest *to_end = to_file(in_folder(@"ended"));
  to_end.presignedURL = ending(OBJECT);
  to_end.refreshHandler = request.refreshHandler;
  NSString *caught = nil;
  @try {
    [downloader() download:to_end progress:nil error:NULL];
  } @catch (NSException *exception) {
    caught = exception.name;
  }
  CHECK_OBJECT(caught, @"AppException");
  CHECK_OBJECT(content(to_end.fileURL), nil);
}

void test_failures(void)
{
  test_refusals();
  test_answers();
  test_connections();
  test_expired();
  test_ending();
  test_broken();
  test_files();
  test_limits();
  test_options_arrive();
  test_streams();
  test_exceptions();
  check_case(NULL);
}
