// Tasks: where and when the completion is called, cancelling, resuming, many at once.
#import "support.h"

#define OBJECT @"dir/object.bin"

static OSPDownloader *downloader_on(NSOperationQueue *queue)
{
  OSPDownloaderConfiguration *configuration =
      [[[OSPDownloaderConfiguration alloc] init] autorelease];
  configuration.completionQueue = queue;
  OSPDownloader *downloader =
      [[[OSPDownloader alloc] initWithConfiguration:configuration] autorelease];
  CHECK(downloader.completionQueue == (queue != nil ? queue : [NSOperationQueue mainQueue]));
  return downloader;
}

static NSOperationQueue *queue(void)
{
  return [[[NSOperationQueue alloc] init] autorelease];
}

static OSPDownloadRequest *to_file(NSString *key, NSString *name)
{
  OSPDownloadRequest *request = to_memory(key);
  request.memoryLimit = 0;
  request.fileURL = in_folder(name);
  return request;
}

static void test_stated_queue(void)
{
  check_case("completion on the queue that was given");
  NSOperationQueue *given = queue();
  Outcome *outcome = [Outcome outcome];
  OSPDownloadRequest *request = to_memory(OBJECT);
  OSPDownloadTask *task = [downloader_on(given) startDownload:request
                                            completionHandler:[outcome handler]];
  ProgressWatch *watch = [ProgressWatch watch:task.progress];
  // The task has a copy.
  request.memoryLimit = 1;
  CHECK(task.request != request && task.request.memoryLimit != 1);
  [outcome wait];
  [watch stop];
  CHECK(!watch.wentBack);
  CHECK_OBJECT(outcome.result.data, object());
  CHECK(outcome.queue == given);
  CHECK_NUMBER(task.progress.completedUnitCount, object().length);

  check_case("completion on the main queue");
  Outcome *main = [Outcome outcome];
  [downloader() startDownload:to_memory(OBJECT) completionHandler:[main handler]];
  NSDate *latest = [NSDate dateWithTimeIntervalSinceNow:60];
  while (main.calls == 0 && latest.timeIntervalSinceNow > 0)
    [[NSRunLoop currentRunLoop] runMode:NSDefaultRunLoopMode
                             beforeDate:[NSDate dateWithTimeIntervalSinceNow:0.05]];
  CHECK_OBJECT(main.result.data, object());
  CHECK(main.queue == [NSOperationQueue mainQueue]);
  CHECK_NUMBER(main.calls, 1);
}

static void test_failing_task(void)
{
  check_case("a task that fails");
  Outcome *outcome = [Outcome outcome];
  [downloader_on(queue()) startDownload:to_memory(@"no/such/key")
                      completionHandler:[outcome handler]];
  [outcome wait];
  check_error(outcome.error, OSPErrorNotFound, OSPPhaseHeaders);
}

static void test_cancel_and_resume(void)
{
  check_case("cancel");
  OSPDownloader *downloader = downloader_on(queue());
  OSPDownloadRequest *request = to_file(@"fault/stalls-once", @"resumed");
  request.partSize = 131072;
  request.connections = 2;
  request.resumes = YES;
  request.progressInterval = -1;
  Outcome *cancelled = [Outcome outcome];
  OSPDownloadTask *task = [downloader startDownload:request
                                  completionHandler:[cancelled handler]];
  ProgressWatch *watch = [ProgressWatch watch:task.progress];
  [watch waitForBytes:200000];
  [task.progress cancel];
  [cancelled wait];
  [watch stop];
  CHECK_OBJECT(cancelled.error.domain, OSPErrorDomain);
  CHECK_NUMBER(cancelled.error.code, OSPErrorCancelled);
  CHECK(task.progress.completedUnitCount < (int64_t)object().length);
  CHECK_NUMBER(task.progress.totalUnitCount, object().length);
  CHECK_OBJECT(content(request.fileURL), nil);

  check_case("resume");
  Outcome *resumed = [Outcome outcome];
  [downloader startDownload:request completionHandler:[resumed handler]];
  [resumed wait];
  CHECK_OBJECT(resumed.error, nil);
  CHECK(resumed.result.resumedBytes > 0);
  CHECK_NUMBER(resumed.result.bytes, object().length);
  CHECK_OBJECT(content(request.fileURL), object());

  check_case("cancel where nothing comes");
  Outcome *stalled = [Outcome outcome];
  task = [downloader startDownload:to_file(@"fault/stalls-later", @"stalled")
                 completionHandler:[stalled handler]];
  [task.progress cancel];
  [stalled wait];
  // And not OSPErrorTimeout, as it would be after 30 s.
  CHECK_NUMBER(stalled.error.code, OSPErrorCancelled);
}

/// GNUstep's NSProgress never says that it was cancelled.
@interface CancelledProgress : NSProgress
@end

@implementation CancelledProgress

- (BOOL)isCancelled
{
  return YES;
}

@end

static void test_cancelled_before(void)
{
  check_case("cancelled before the start");
  NSProgress *progress =
      [[[CancelledProgress alloc] initWithParent:nil userInfo:@{}] autorelease];
  NSError *error = nil;
  CHECK([downloader() download:to_memory(OBJECT) progress:progress error:&error] == nil);
  check_error(error, OSPErrorCancelled, OSPPhaseCheck);
}

static void test_cancel_while_blocking(void)
{
  check_case("cancel of the blocking variant, from its own refresh handler");
  OSPGetObjectRequest *old = get_object(OBJECT);
  old.signingDate = [NSDate dateWithTimeIntervalSince1970:1700000000];
  NSProgress *progress = [NSProgress discreteProgressWithTotalUnitCount:-1];
  OSPDownloadRequest *request = to_memory(OBJECT);
  request.presignedURL =
      (OSPPresignedURL *_Nonnull)[presigner() presignGetObject:old error:NULL];
  request.refreshHandler = ^(NSError **unused) {
    (void)unused;
    [progress cancel];
    return presigned(OBJECT);
  };
  NSError *error = nil;
  CHECK([downloader() download:request progress:progress error:&error] == nil);
  CHECK_OBJECT(error.domain, OSPErrorDomain);
  CHECK_NUMBER(error.code, OSPErrorCancelled);
}

/// Lets nothing through until it is opened.
@interface Gate : NSObject {
  NSCondition *_condition;
  NSUInteger _waiting;
  BOOL _open;
}
- (void)waitFor:(NSUInteger)count;
- (void)open;
- (void)pass;
@end

@implementation Gate

- (instancetype)init
{
  self = [super init];
  if (self != nil)
    _condition = [[NSCondition alloc] init];
  return self;
}

- (void)dealloc
{
  [_condition release];
  [super dealloc];
}

- (void)waitFor:(NSUInteger)count
{
  [_condition lock];
  while (_waiting < count)
    [_condition wait];
  [_condition unlock];
}

- (void)open
{
  [_condition lock];
  _open = YES;
  [_condition broadcast];
  [_condition unlock];
}

- (void)pass
{
  [_condition lock];
  _waiting++;
  [_condition broadcast];
  while (!_open)
    [_condition wait];
  [_condition unlock];
}

@end

@interface GatedStream : NSOutputStream {
  Gate *_gate;
  NSMutableData *_data;
}
@property (nonatomic, readonly, strong) NSData *data;
@end

@implementation GatedStream

@synthesize data = _data;

- (instancetype)initWithGate:(Gate *)gate
{
  self = [super init];
  if (self != nil) {
    _gate = [gate retain];
    _data = [[NSMutableData alloc] init];
  }
  return self;
}

- (void)dealloc
{
  [_gate release];
  [_data release];
  [super dealloc];
}

- (NSStreamStatus)streamStatus
{
  return NSStreamStatusOpen;
}

- (NSInteger)write:(const uint8_t *)bytes maxLength:(NSUInteger)length
{
  if (_data.length == 0)
    [_gate pass];
  // Not all of it: the rest must come again.
  NSUInteger taken = MIN(length, 10000u);
  [_data appendBytes:bytes length:taken];
  return (NSInteger)taken;
}

@end

static void test_many(void)
{
  check_case("8 at once");
  enum { COUNT = 8 };
  OSPDownloader *downloader = downloader_on(queue());
  Gate *gate = [[[Gate alloc] init] autorelease];
  NSMutableArray *outcomes = [NSMutableArray array];
  NSMutableArray *streams = [NSMutableArray array];
  for (int i = 0; i < COUNT; i++) {
    Outcome *outcome = [Outcome outcome];
    GatedStream *stream = [[[GatedStream alloc] initWithGate:gate] autorelease];
    OSPDownloadRequest *request = to_memory(@"slow.bin");
    request.memoryLimit = 0;
    request.outputStream = stream;
    [outcomes addObject:outcome];
    [streams addObject:stream];
    [downloader startDownload:request completionHandler:[outcome handler]];
  }
  [gate waitFor:COUNT];
  [gate open];
  for (NSUInteger i = 0; i < COUNT; i++) {
    Outcome *outcome = [outcomes objectAtIndex:i];
    [outcome wait];
    CHECK_NUMBER(outcome.calls, 1);
    CHECK_OBJECT(outcome.error, nil);
    CHECK_OBJECT([[streams objectAtIndex:i] data], object());
  }

  check_case("8 at once, of which every other one is cancelled");
  [outcomes removeAllObjects];
  NSMutableArray *tasks = [NSMutableArray array];
  for (int i = 0; i < COUNT; i++) {
    Outcome *outcome = [Outcome outcome];
    NSString *name = [NSString stringWithFormat:@"many-%d", i];
    OSPDownloadRequest *request = to_file(i % 2 == 0 ? @"fault/stalls" : OBJECT, name);
    [outcomes addObject:outcome];
    [tasks addObject:[downloader startDownload:request completionHandler:[outcome handler]]];
  }
  for (NSUInteger i = 0; i < COUNT; i += 2)
    [[[tasks objectAtIndex:i] progress] cancel];
  for (NSUInteger i = 0; i < COUNT; i++) {
    Outcome *outcome = [outcomes objectAtIndex:i];
    OSPDownloadTask *task = [tasks objectAtIndex:i];
    [outcome wait];
    CHECK_NUMBER(outcome.error.code, i % 2 == 0 ? OSPErrorCancelled : 0);
    CHECK_OBJECT(content(task.request.fileURL), i % 2 == 0 ? nil : object());
  }
}

static void test_nil(void)
{
  check_case("nil instead of anything");
  OSPDownloader *downloader = [[[OSPDownloader alloc]
      initWithConfiguration:(OSPDownloaderConfiguration *_Nonnull)nil] autorelease];
  CHECK(downloader.completionQueue == [NSOperationQueue mainQueue]);
  downloader = downloader_on((NSOperationQueue *_Nonnull)nil);
  NSError *error = nil;
  OSPDownloadRequest *nothing = (OSPDownloadRequest *_Nonnull)nil;
  CHECK([downloader download:nothing progress:nil error:&error] == nil);
  check_error(error, OSPErrorNullArgument, OSPPhaseCheck);
  CHECK([downloader download:nothing progress:nil error:NULL] == nil);
  OSPDownloadRequest *request = to_memory(OBJECT);
  request.presignedURL = (OSPPresignedURL *_Nonnull)nil;
  check_fails(request, OSPErrorNullArgument, OSPPhaseCheck);
  NSOperationQueue *given = queue();
  Outcome *outcome = [Outcome outcome];
  [downloader_on(given) startDownload:nothing completionHandler:[outcome handler]];
  [outcome wait];
  check_error(outcome.error, OSPErrorNullArgument, OSPPhaseCheck);
  OSPDownloadTask *task = [downloader_on(given) startDownload:to_file(OBJECT, @"unheard")
                                            completionHandler:(OSPCompletionHandler _Nonnull)nil];
  ProgressWatch *watch = [ProgressWatch watch:task.progress];
  [watch waitForBytes:(int64_t)object().length];
  [watch stop];
}

static void test_nobody_keeps_anything(void)
{
  check_case("downloader, request and task may go while the download runs");
  Gate *gate = [[[Gate alloc] init] autorelease];
  Outcome *outcome = [Outcome outcome];
  GatedStream *stream = [[[GatedStream alloc] initWithGate:gate] autorelease];
  @autoreleasepool {
    OSPDownloadRequest *request = to_memory(OBJECT);
    request.memoryLimit = 0;
    request.outputStream = stream;
    [downloader_on(queue()) startDownload:request completionHandler:[outcome handler]];
  }
  [gate waitFor:1];
  [gate open];
  [outcome wait];
  CHECK_OBJECT(outcome.error, nil);
  CHECK_OBJECT(stream.data, object());
}

/// Tells when it goes.
@interface Witness : NSObject {
  NSConditionLock *_lock;
}
@end

@implementation Witness

- (instancetype)initWithLock:(NSConditionLock *)lock
{
  self = [super init];
  if (self != nil)
    _lock = [lock retain];
  return self;
}

- (void)dealloc
{
  [_lock lock];
  [_lock unlockWithCondition:1];
  [_lock release];
  [super dealloc];
}

@end

static void test_handler_released(void)
{
  check_case("who keeps the task keeps nothing of what its handler needed");
  NSConditionLock *gone = [[[NSConditionLock alloc] initWithCondition:0] autorelease];
  OSPDownloadTask *task = nil;
  @autoreleasepool {
    Witness *witness = [[[Witness alloc] initWithLock:gone] autorelease];
    task = [[downloader_on(queue()) startDownload:to_memory(OBJECT)
                                completionHandler:^(OSPDownloadResult *result, NSError *error) {
                                  (void)result, (void)error, (void)witness;
                                }] retain];
  }
  CHECK([gone lockWhenCondition:1 beforeDate:[NSDate dateWithTimeIntervalSinceNow:60]]);
  [gone unlock];
  [task release];
}

void test_tasks(void)
{
  test_handler_released();
  test_nil();
  test_nobody_keeps_anything();
  test_stated_queue();
  test_failing_task();
  test_cancel_and_resume();
  test_cancelled_before();
  test_cancel_while_blocking();
  test_many();
  check_case(NULL);
}
