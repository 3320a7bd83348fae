// One call of oss_download, with Foundation's objects as its targets and callbacks.
#import <OSSPresign/OSPDownloadRequest.h>
#import <OSSPresign/OSPDownloadResult.h>

#import "OSPClient.h"
#import "OSPHandles.h"

NS_ASSUME_NONNULL_BEGIN

@interface OSPDownloadCall : NSObject {
 @private
  OSPDownloadRequest *_request;
  OSPClient *_client;
  NSProgress *_Nullable _progress;
  OSPCancelSwitch *_cancelSwitch;
  void (^_cancellationHandler)(void);
  NSError *_Nullable _underlying;
  id _Nullable _exception;
}

/// From now on cancelling the progress cancels the call.
- (instancetype)initWithRequest:(OSPDownloadRequest *)request
                         client:(OSPClient *)client
                       progress:(nullable NSProgress *)progress;

/// Downloads. Once. An exception that the stream, the refresh handler or an observer of the progress
/// throws ends the download, and is thrown again.
- (nullable OSPDownloadResult *)run:(NSError *_Nullable *_Nullable)error;

@end

NS_ASSUME_NONNULL_END
