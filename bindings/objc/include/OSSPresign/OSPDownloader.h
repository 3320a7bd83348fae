#import <OSSPresign/OSPDownloadTask.h>
#import <OSSPresign/OSPDownloaderConfiguration.h>

NS_ASSUME_NONNULL_BEGIN

@class OSPClient;

/// Downloads by presigned URL, over connections that it keeps for the next download. Immutable; any
/// thread, and any number of downloads at once. No environment variable is read.
NS_SWIFT_SENDABLE
@interface OSPDownloader : NSObject {
 @private
  OSPClient *_client;
  NSOperationQueue *_completionQueue;
}

/// Where completion handlers are called.
@property (nonatomic, readonly, strong) NSOperationQueue *completionQueue;

/// A downloader; where the configuration is wrong, each download fails with an error that tells why.
- (instancetype)initWithConfiguration:(OSPDownloaderConfiguration *)configuration
    NS_DESIGNATED_INITIALIZER;

/// A downloader with the default configuration.
- (instancetype)init;

/// Starts a download on a thread of its own.
///
/// @param request what to download; copied
/// @param completionHandler called once, on completionQueue, whatever happens
- (OSPDownloadTask *)startDownload:(OSPDownloadRequest *)request
                 completionHandler:(OSPCompletionHandler)completionHandler
    NS_SWIFT_NAME(start(_:completionHandler:));

/// Downloads on the calling thread, and returns at the end. Not for the main thread of an app.
///
/// @param request what to download
/// @param progress is kept up to date in bytes, and cancels; its cancellation handler is the download's
///   from then on
/// @param error why it failed
- (nullable OSPDownloadResult *)download:(OSPDownloadRequest *)request
                                progress:(nullable NSProgress *)progress
                                   error:(NSError *_Nullable *_Nullable)error
    NS_SWIFT_NAME(download(_:progress:));

@end

NS_ASSUME_NONNULL_END
