#import "support.h"

#include <stdio.h>
#include <stdlib.h>

void check_object(id actual, id expected, const char *what, const char *file, int line)
{
  bool equal = actual == expected || [actual isEqual:expected];
  check_that(equal, what, file, line);
  if (!equal)
    fprintf(stderr, "  it is\n  %.500s\n  not\n  %.500s\n", [[actual description] UTF8String],
            [[expected description] UTF8String]);
}

NSString *env(const char *name)
{
  const char *value = getenv(name);
  if (value == NULL) {
    fprintf(stderr, "%s is not set: run this by with_emulator.py\n", name);
    exit(EXIT_FAILURE);
  }
  return [NSString stringWithUTF8String:value];
}

NSURL *in_folder(NSString *name)
{
  return [NSURL
      fileURLWithPath:[env("OSS_TEST_FOLDER") stringByAppendingPathComponent:name]];
}

NSData *content(NSURL *file)
{
  return [NSData dataWithContentsOfFile:file.path];
}

NSData *object(void)
{
  NSData *object = [NSData dataWithContentsOfFile:env("OSS_TEST_OBJECT")];
  CHECK(object.length > 1024 * 1024);
  return object;
}

void check_no_part_files(void)
{
  NSString *folder = env("OSS_TEST_FOLDER");
  NSArray *names = [[NSFileManager defaultManager] directoryContentsAtPath:folder];
  CHECK(names != nil);
  for (NSString *name in names)
    CHECK([name rangeOfString:@".part"].location == NSNotFound);
}

OSPCredentials *credentials(void)
{
  return [[[OSPCredentials alloc] initWithAccessKeyID:env("OSS_ACCESS_KEY_ID")
                                      accessKeySecret:env("OSS_ACCESS_KEY_SECRET")] autorelease];
}

OSPPresigner *presigner(void)
{
  OSPPresigner *presigner =
      [[[OSPPresigner alloc] initWithRegion:@"cn-hangzhou" credentials:credentials()] autorelease];
  presigner.endpoint = env("OSS_TEST_ENDPOINT");
  presigner.addressing = OSPAddressingPath;
  return presigner;
}

OSPGetObjectRequest *get_object(NSString *key)
{
  return [[[OSPGetObjectRequest alloc] initWithBucket:env("OSS_TEST_BUCKET") key:key] autorelease];
}

OSPPresignedURL *presigned(NSString *key)
{
  NSError *error = nil;
  OSPPresignedURL *url = [presigner() presignGetObject:get_object(key) error:&error];
  CHECK(url != nil);
  CHECK_OBJECT(error, nil);
  return url;
}

OSPDownloadRequest *to_memory(NSString *key)
{
  OSPDownloadRequest *request =
      [[[OSPDownloadRequest alloc] initWithPresignedURL:presigned(key)] autorelease];
  request.memoryLimit = 4 * 1024 * 1024;
  return request;
}

OSPDownloadRequest *once(OSPDownloadRequest *request)
{
  request.retries = -1;
  return request;
}

OSPDownloader *downloader(void)
{
  return [[[OSPDownloader alloc] init] autorelease];
}

static void check_no_secret(id value)
{
  NSString *text = [value description];
  CHECK([text rangeOfString:env("OSS_ACCESS_KEY_SECRET")].location == NSNotFound);
  CHECK([text rangeOfString:@"x-oss-signature"].location == NSNotFound);
}

void check_error(NSError *error, OSPErrorCode code, OSPPhase phase)
{
  CHECK_OBJECT(error.domain, OSPErrorDomain);
  CHECK_NUMBER(error.code, code);
  CHECK_NUMBER([[error.userInfo objectForKey:OSPErrorPhaseKey] integerValue], phase);
  CHECK([error.userInfo objectForKey:OSPErrorRetryableKey] != nil);
  CHECK(error.localizedDescription.length > 0);
  check_no_secret(error);
  for (NSString *key in error.userInfo)
    check_no_secret([error.userInfo objectForKey:key]);
}

NSError *check_fails(OSPDownloadRequest *request, OSPErrorCode code, OSPPhase phase)
{
  NSError *error = nil;
  OSPDownloadResult *result = [downloader() download:request progress:nil error:&error];
  CHECK(result == nil);
  check_error(error, code, phase);
  return error;
}

@implementation Outcome

@synthesize result = _result;
@synthesize error = _error;
@synthesize queue = _queue;
@synthesize calls = _calls;

+ (instancetype)outcome
{
  return [[[self alloc] init] autorelease];
}

- (instancetype)init
{
  self = [super init];
  if (self != nil)
    _lock = [[NSConditionLock alloc] initWithCondition:0];
  return self;
}

- (void)dealloc
{
  [_lock release];
  [_result release];
  [_error release];
  [_queue release];
  [super dealloc];
}

- (void)finishWithResult:(OSPDownloadResult *)result error:(NSError *)error
{
  [_lock lock];
  _calls++;
  CHECK((result == nil) != (error == nil));
  _result = [result retain];
  _error = [error retain];
  _queue = [[NSOperationQueue currentQueue] retain];
  [_lock unlockWithCondition:1];
}

- (OSPCompletionHandler)handler
{
  return [[^(OSPDownloadResult *result, NSError *error) {
    [self finishWithResult:result error:error];
  } copy] autorelease];
}

- (void)wait
{
  [_lock lockWhenCondition:1];
  [_lock unlock];
}

@end

@implementation ProgressWatch

@synthesize reports = _reports;
@synthesize wentBack = _wentBack;

+ (instancetype)watch:(NSProgress *)progress
{
  ProgressWatch *watch = [[[self alloc] init] autorelease];
  watch->_progress = [progress retain];
  watch->_changed = [[NSCondition alloc] init];
  [progress addObserver:watch forKeyPath:@"completedUnitCount" options:0 context:NULL];
  // What came before.
  [watch observeValueForKeyPath:nil ofObject:progress change:nil context:NULL];
  return watch;
}

- (void)dealloc
{
  [_progress release];
  [_changed release];
  [super dealloc];
}

- (void)observeValueForKeyPath:(NSString *)path
                      ofObject:(id)progress
                        change:(NSDictionary *)change
                       context:(void *)context
{
  (void)path, (void)change, (void)context;
  [_changed lock];
  int64_t bytes = [progress completedUnitCount];
  _reports++;
  _wentBack |= bytes < _bytes;
  _bytes = MAX(bytes, _bytes);
  [_changed broadcast];
  [_changed unlock];
}

- (void)waitForBytes:(int64_t)bytes
{
  [_changed lock];
  while (_bytes < bytes)
    [_changed wait];
  [_changed unlock];
}

- (void)stop
{
  [_progress removeObserver:self forKeyPath:@"completedUnitCount"];
}

@end
