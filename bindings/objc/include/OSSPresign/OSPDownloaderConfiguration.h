#import <OSSPresign/OSPDefines.h>

NS_ASSUME_NONNULL_BEGIN

/// How a downloader connects. Times are in seconds. Not for several threads at once; a copy is
/// independent.
@interface OSPDownloaderConfiguration : NSObject <NSCopying> {
 @private
  NSOperationQueue *_completionQueue;
  NSString *_Nullable _connectTo;
  NSURL *_Nullable _certificateAuthorityFileURL;
  NSString *_Nullable _proxy;
  NSTimeInterval _connectTimeout;
  NSTimeInterval _idleTimeout;
}

/// Where completion handlers are called. The main queue by default.
@property (nonatomic, strong) NSOperationQueue *completionQueue;
/// "host:port" to connect to instead of the URL's host. Nothing else changes: Host header, TLS name and
/// signature stay those of the URL. For HTTPDNS, and for tests.
@property (nonatomic, copy, nullable) NSString *connectTo;
/// A file of PEM certificates to trust instead of the built-in roots; read once.
@property (nonatomic, copy, nullable) NSURL *certificateAuthorityFileURL;
/// "http://[user:password@]host:port". None is taken from the environment.
@property (nonatomic, copy, nullable) NSString *proxy;
/// To connect in, TLS included. 0: 10. Negative: no limit.
@property (nonatomic) NSTimeInterval connectTimeout;
/// Without a byte, after which a request fails. 0: 30. Negative: no limit.
@property (nonatomic) NSTimeInterval idleTimeout;

/// The defaults.
- (instancetype)init NS_DESIGNATED_INITIALIZER;

@end

NS_ASSUME_NONNULL_END
