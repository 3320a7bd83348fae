#import "OSPTasks.h"

#import "OSPMemory.h"

@implementation OSPDownloadTask

@synthesize request = _request;
@synthesize progress = _progress;

- (instancetype)initWithRequest:(OSPDownloadRequest *)request
                         client:(OSPClient *)client
                completionQueue:(NSOperationQueue *)completionQueue
              completionHandler:(OSPCompletionHandler)completionHandler
{
  self = [super init];
  if (self == nil)
    return nil;
  _request = [request copy];
  _progress = OSP_RETAIN([NSProgress discreteProgressWithTotalUnitCount:-1]);
#ifdef __APPLE__
  _progress.kind = NSProgressKindFile;
#endif
  _call = [[OSPDownloadCall alloc] initWithRequest:_request client:client progress:_progress];
  _completionQueue = OSP_RETAIN(completionQueue);
  _completionHandler = [completionHandler copy];
  return self;
}

- (void)dealloc
{
  OSP_RELEASE(_request);
  OSP_RELEASE(_progress);
  OSP_RELEASE(_call);
  OSP_RELEASE(_completionQueue);
  OSP_RELEASE(_completionHandler);
  OSP_SUPER_DEALLOC();
}

- (void)start
{
  // The thread keeps the task until it ends.
  NSThread *thread = OSP_AUTORELEASE([[NSThread alloc] initWithTarget:self
                                                             selector:@selector(run)
                                                               object:nil]);
  thread.name = @"OSPDownloadTask";
  [thread start];
}

- (void)run
{
  @autoreleasepool {
    NSError *error = nil;
    OSPDownloadResult *result = [_call run:&error];
    OSPCompletionHandler completionHandler = _completionHandler;
    if (completionHandler != nil)
      [_completionQueue addOperationWithBlock:^{
        completionHandler(result, error);
      }];
    // Whoever keeps the task keeps nothing of what the handler captured.
    OSP_RELEASE(_completionHandler);
    _completionHandler = nil;
  }
}

@end
