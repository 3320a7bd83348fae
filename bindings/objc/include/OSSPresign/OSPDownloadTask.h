#import <OSSPresign/OSPDownloadRequest.h>
#import <OSSPresign/OSPDownloadResult.h>

NS_ASSUME_NONNULL_BEGIN

/// Called once, at the end of a download: the result, or the error.
typedef void (^OSPCompletionHandler)(OSPDownloadResult *_Nullable result, NSError *_Nullable error);

@class OSPDownloadCall;

/// A download under way, on a thread of its own. It goes on whether or not anybody keeps the task.
/// Any thread.
NS_SWIFT_SENDABLE
@interface OSPDownloadTask : NSObject <NSProgressReporting> {
 @private
  OSPDownloadRequest *_request;
  NSProgress *_progress;
  OSPDownloadCall *_Nullable _call;
  NSOperationQueue *_completionQueue;
  OSPCompletionHandler _Nullable _completionHandler;
}

/// What is downloaded, and where to; a copy of what was given.
@property (nonatomic, readonly, copy) OSPDownloadRequest *request;
/// How far it is, in bytes, resumed ones included; indeterminate until the size is known. It changes on
/// the thread that downloads. Its cancellation cancels the download, within milliseconds unless a host
/// name is being resolved; the completion handler then gets OSPErrorCancelled.
@property (readonly, strong) NSProgress *progress;

/// Not available: a downloader makes one.
- (instancetype)init OSP_UNAVAILABLE;
/// Not available: a downloader makes one.
+ (instancetype)new OSP_UNAVAILABLE;

@end

NS_ASSUME_NONNULL_END
