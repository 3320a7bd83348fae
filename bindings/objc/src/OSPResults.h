// The public classes that only this library makes, as it makes them.
#import <OSSPresign/OSPDownloadResult.h>
#import <OSSPresign/OSPPresignedURL.h>

#import "OSPHandles.h"

NS_ASSUME_NONNULL_BEGIN

@interface OSPPresignedURL ()
/// nil if NSURL would alter the URL.
- (nullable instancetype)initWithString:(NSString *)string
                          signedHeaders:(NSDictionary<NSString *, NSString *> *)signedHeaders
                             expiration:(nullable NSDate *)expiration
                       canonicalRequest:(nullable NSString *)canonicalRequest
                           stringToSign:(nullable NSString *)stringToSign
                                  error:(NSError *_Nullable *_Nullable)error
    NS_DESIGNATED_INITIALIZER;
@end

@interface OSPDownloadResult ()
/// data: whether the download was one to memory.
- (instancetype)initWithResult:(OSPResult *)result data:(BOOL)data NS_DESIGNATED_INITIALIZER;
@end

NS_ASSUME_NONNULL_END
