#import <OSSPresign/OSPDownloader.h>

#import "OSPMemory.h"
#import "OSPTasks.h"

@implementation OSPDownloader

@synthesize completionQueue = _completionQueue;

- (instancetype)initWithConfiguration:(OSPDownloaderConfiguration *)configuration
{
  self = [super init];
  if (self == nil)
    return nil;
  NSOperationQueue *queue = configuration.completionQueue;
  _completionQueue = OSP_RETAIN(queue != nil ? queue : [NSOperationQueue mainQueue]);
  _client = [[OSPClient alloc] initWithConfiguration:configuration];
  return self;
}

- (instancetype)init
{
  return [self initWithConfiguration:
                   OSP_AUTORELEASE([[OSPDownloaderConfiguration alloc] init])];
}

- (void)dealloc
{
  OSP_RELEASE(_client);
  OSP_RELEASE(_completionQueue);
  OSP_SUPER_DEALLOC();
}

- (OSPDownloadTask *)startDownload:(OSPDownloadRequest *)request
                 completionHandler:(OSPCompletionHandler)completionHandler
{
  OSPDownloadTask *task =
      OSP_AUTORELEASE([[OSPDownloadTask alloc] initWithRequest:request
                                                        client:_client
                                               completionQueue:_completionQueue
                                             completionHandler:completionHandler]);
  [task start];
  return task;
}

- (OSPDownloadResult *)download:(OSPDownloadRequest *)request
                       progress:(NSProgress *)progress
                          error:(NSError **)error
{
  OSPDownloadCall *call = OSP_AUTORELEASE([[OSPDownloadCall alloc] initWithRequest:request
                                                                            client:_client
                                                                          progress:progress]);
  return [call run:error];
}

@end
