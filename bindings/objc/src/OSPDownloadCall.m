#import "OSPDownloadCall.h"

#import "OSPConversion.h"
#import "OSPMemory.h"
#import "OSPResults.h"

@interface OSPDownloadCall ()
@property (nonatomic, strong, nullable) NSError *underlying;
@property (nonatomic, strong, nullable) id exception;
- (void)report:(const oss_progress *)progress;
- (BOOL)write:(const uint8_t *)data length:(size_t)length;
- (BOOL)refresh:(oss_link *)link;
- (void)endWithException:(id)exception;
@end

// No exception may pass through the C library: it ends the call, and is thrown when that is done.
#define GUARDED(call, expression)             \
  @autoreleasepool {                          \
    @try {                                    \
      return (expression) ? 0 : 1;            \
    } @catch (id exception) {                 \
      [(call) endWithException:exception];    \
      return 1;                               \
    }                                         \
  }

static int32_t on_progress(void *context, const oss_progress *progress)
{
  OSPDownloadCall *call = (__bridge OSPDownloadCall *)context;
  GUARDED(call, ([call report:progress], YES))
}

static int32_t on_write(void *context, const uint8_t *data, size_t length)
{
  OSPDownloadCall *call = (__bridge OSPDownloadCall *)context;
  GUARDED(call, [call write:data length:length])
}

static int32_t on_refresh(void *context, oss_link *link)
{
  OSPDownloadCall *call = (__bridge OSPDownloadCall *)context;
  GUARDED(call, [call refresh:link])
}

@implementation OSPDownloadCall

@synthesize underlying = _underlying;
@synthesize exception = _exception;

- (instancetype)initWithRequest:(OSPDownloadRequest *)request
                         client:(OSPClient *)client
                       progress:(NSProgress *)progress
{
  self = [super init];
  if (self == nil)
    return nil;
  _request = [request copy];
  _client = OSP_RETAIN(client);
  _progress = OSP_RETAIN(progress);
  OSPCancelSwitch *cancelSwitch = [[OSPCancelSwitch alloc] init];
  _cancelSwitch = cancelSwitch;
  _cancellationHandler = [^{
    [cancelSwitch request];
  } copy];
  _progress.totalUnitCount = -1;
  _progress.cancellationHandler = _cancellationHandler;
  if (_progress.isCancelled)
    [_cancelSwitch request];
  return self;
}

- (void)dealloc
{
  OSP_RELEASE(_request);
  OSP_RELEASE(_client);
  OSP_RELEASE(_progress);
  OSP_RELEASE(_cancelSwitch);
  OSP_RELEASE(_cancellationHandler);
  OSP_RELEASE(_underlying);
  OSP_RELEASE(_exception);
  OSP_SUPER_DEALLOC();
}

- (void)fill:(oss_download_options *)options arguments:(OSPArguments *)arguments
{
  OSPPresignedURL *url = _request.presignedURL;
  options->url = [arguments text:url.absoluteString field:"url"];
  options->headers = [arguments pairs:url.signedHeaders
                                field:"headers"
                                count:&options->headers_len];
  options->path = [arguments path:_request.fileURL field:"path"];
  options->memory_limit = _request.memoryLimit;
  options->range_offset = _request.rangeOffset;
  options->range_length = _request.rangeLength;
  options->expected_size = [arguments number:_request.expectedSize];
  options->expected_crc64 = [arguments number:_request.expectedCRC64];
  options->expected_sha256 = [arguments bytes:_request.expectedSHA256
                                       length:32
                                        field:"expected_sha256"];
  options->expected_md5 = [arguments bytes:_request.expectedMD5 length:16 field:"expected_md5"];
  options->max_bytes = _request.maxBytes;
  options->rate_limit = _request.rateLimit;
  options->part_size = _request.partSize;
  options->connections = _request.connections;
  options->retries = (int32_t)MAX(MIN(_request.retries, INT32_MAX), -1);
  options->retry_budget_ms = [arguments milliseconds:_request.retryBudget field:"retry_budget_ms"];
  options->total_timeout_ms = [arguments milliseconds:_request.totalTimeout
                                                field:"total_timeout_ms"];
  options->progress_interval_ms = [arguments milliseconds:_request.progressInterval
                                                    field:"progress_interval_ms"];
  options->flags = (_request.overwrites ? 0 : OSS_DOWNLOAD_NO_OVERWRITE) |
                   (_request.syncs ? 0 : OSS_DOWNLOAD_NO_SYNC) |
                   (_request.resumes ? OSS_DOWNLOAD_RESUME : 0) |
                   (_request.followsRedirects ? OSS_DOWNLOAD_FOLLOW_REDIRECTS : 0);
}

- (void)fillCallbacks:(oss_download_options *)options
{
  void *context = (__bridge void *)self;
  options->client = [_client get];
  options->cancel = [_cancelSwitch get];
  if (_progress != nil) {
    options->progress = on_progress;
    options->progress_context = context;
  }
  if (_request.outputStream != nil) {
    options->write = on_write;
    options->write_context = context;
  }
  if (_request.refreshHandler != nil) {
    options->refresh = on_refresh;
    options->refresh_context = context;
  }
}

- (OSPDownloadResult *)run:(NSError **)error
{
  OSP_KEPT OSPArguments *arguments = OSP_AUTORELEASE([[OSPArguments alloc] init]);
  oss_download_options options;
  OSS_OPTIONS_INIT(&options);
  [self fill:&options arguments:arguments];
  [self fillCallbacks:&options];
  NSError *refusal = _client.refusal != nil ? _client.refusal : arguments.error;
  if (refusal != nil) {
    OSPSetError(error, refusal);
    return nil;
  }
  NSOutputStream *stream = _request.outputStream;
  BOOL opens = stream.streamStatus == NSStreamStatusNotOpen;
  if (opens)
    [stream open];
  // Where the object is empty nothing else would show it.
  if (stream.streamStatus == NSStreamStatusError) {
    OSPSetError(error, OSPErrorForField(OSPErrorCallback, "write", "the stream cannot be opened",
                                        stream.streamError));
    return nil;
  }
  OSPResult *result = OSP_AUTORELEASE([[OSPResult alloc] initWithResult:oss_download(&options)]);
  if (opens)
    [stream close];
  // There is nothing left to cancel, and GNUstep would call nil.
  _progress.cancellationHandler = ^{};
  if (_exception != nil)
    @throw _exception;
  if ([result succeeded])
    return OSP_AUTORELEASE([[OSPDownloadResult alloc] initWithResult:result
                                                                data:_request.memoryLimit > 0]);
  // Why there was no fresh URL is no reason of anything else.
  oss_code code = oss_result_code([result get]);
  BOOL ours = code == OSS_E_URL_EXPIRED || code == OSS_E_CALLBACK;
  OSPSetError(error, OSPErrorFromResult([result get], ours ? _underlying : nil));
  return nil;
}

- (void)endWithException:(id)exception
{
  self.exception = exception;
  // Without a fresh URL alone the download would go on with the old one.
  [_cancelSwitch request];
}

- (void)report:(const oss_progress *)progress
{
  BOOL known = progress->bytes_total != UINT64_MAX;
  int64_t left = known ? (int64_t)(progress->bytes_total - progress->bytes_done) : 0;
  _progress.totalUnitCount = known ? (int64_t)progress->bytes_total : -1;
  _progress.completedUnitCount = (int64_t)progress->bytes_done;
  if (progress->bytes_per_second > 0) {
    [_progress setThroughput:@((int64_t)progress->bytes_per_second)];
    if (known)
      [_progress setEstimatedTimeRemaining:@((double)left / progress->bytes_per_second)];
  }
}

- (BOOL)write:(const uint8_t *)data length:(size_t)length
{
  NSOutputStream *stream = _request.outputStream;
  while (length > 0) {
    NSInteger written = [stream write:data maxLength:length];
    if (written <= 0) {
      self.underlying = stream.streamError;
      return NO;
    }
    data += written;
    length -= (size_t)written;
  }
  return YES;
}

- (BOOL)refresh:(oss_link *)link
{
  NSError *reason = nil;
  OSPPresignedURL *fresh = _request.refreshHandler(&reason);
  if (fresh == nil) {
    self.underlying = reason;
    return NO;
  }
  OSP_KEPT OSPArguments *arguments = OSP_AUTORELEASE([[OSPArguments alloc] init]);
  const char *url = [arguments text:fresh.absoluteString field:"url"];
  size_t count = 0;
  const oss_pair *headers = [arguments pairs:fresh.signedHeaders field:"headers" count:&count];
  self.underlying = arguments.error;
  return arguments.error == nil && oss_link_set(link, url, headers, count) == 0;
}

@end
