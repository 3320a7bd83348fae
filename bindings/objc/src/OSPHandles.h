// Objects that own what the C library gave, and free it.
#import <Foundation/Foundation.h>

#include "oss_presign.h"

NS_ASSUME_NONNULL_BEGIN

/// The outcome of a call.
@interface OSPResult : NSObject {
 @private
  oss_result *_result;
}
/// Takes the result over.
- (instancetype)initWithResult:(oss_result *)result;
/// Lives as long as this object.
- (const oss_result *)get;
- (BOOL)succeeded;
@end

/// Cancels a download.
@interface OSPCancelSwitch : NSObject {
 @private
  oss_cancel *_cancel;
}
- (const oss_cancel *)get;
- (void)request;
@end

NS_ASSUME_NONNULL_END
