// How a downloader starts a task.
#import <OSSPresign/OSPDownloadTask.h>

#import "OSPDownloadCall.h"

NS_ASSUME_NONNULL_BEGIN

@interface OSPDownloadTask ()
- (instancetype)initWithRequest:(OSPDownloadRequest *)request
                         client:(OSPClient *)client
                completionQueue:(NSOperationQueue *)completionQueue
              completionHandler:(OSPCompletionHandler)completionHandler
    NS_DESIGNATED_INITIALIZER;
- (void)start;
@end

NS_ASSUME_NONNULL_END
