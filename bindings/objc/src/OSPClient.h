// Connections that downloads share.
#import <OSSPresign/OSPDownloaderConfiguration.h>

#include "oss_presign.h"

NS_ASSUME_NONNULL_BEGIN

@interface OSPClient : NSObject {
 @private
  oss_client *_client;
  NSError *_Nullable _refusal;
}
- (instancetype)initWithConfiguration:(OSPDownloaderConfiguration *)configuration;
/// What of the configuration cannot even be handed to the C library; the error of each download.
@property (nonatomic, readonly, strong, nullable) NSError *refusal;
- (const oss_client *)get;
@end

NS_ASSUME_NONNULL_END
