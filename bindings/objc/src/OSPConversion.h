// Foundation from C, and C from Foundation.
#import <OSSPresign/OSPError.h>

#include "oss_presign.h"

NS_ASSUME_NONNULL_BEGIN

/// The error of a result that failed.
FOUNDATION_EXPORT NSError *OSPErrorFromResult(const oss_result *result,
                                              NSError *_Nullable underlying);
/// The error of an input that the wrapper itself refuses.
FOUNDATION_EXPORT NSError *OSPErrorForField(OSPErrorCode code, const char *field,
                                            const char *rule, NSError *_Nullable underlying);
/// Sets *error if there is a place for it.
static inline void OSPSetError(NSError *_Nullable *_Nullable place, NSError *_Nullable error)
{
  if (place != NULL)
    *place = error;
}

FOUNDATION_EXPORT NSString *OSPString(const char *text);
/// nil for "".
FOUNDATION_EXPORT NSString *_Nullable OSPStringOrNil(const char *text);
/// nil for 0.
FOUNDATION_EXPORT NSDate *_Nullable OSPDateOrNil(int64_t unixSeconds);

/// Foundation's objects as the C library takes them. What it gives lives as long as it does: keep it
/// until the call is done (OSP_KEPT). What cannot be taken gives NULL or 0, and the first of these is
/// the error.
@interface OSPArguments : NSObject {
 @private
  NSMutableArray<NSData *> *_kept;
  NSError *_Nullable _error;
}
@property (nonatomic, readonly, strong, nullable) NSError *error;

/// nil is NULL.
- (const char *_Nullable)text:(nullable NSString *)text field:(const char *)field;
/// The path of a file URL.
- (const char *_Nullable)path:(nullable NSURL *)fileURL field:(const char *)field;
- (const oss_pair *_Nullable)pairs:(nullable NSDictionary<NSString *, NSString *> *)pairs
                             field:(const char *)field
                             count:(size_t *)count;
/// Bytes of exactly that length.
- (const uint8_t *_Nullable)bytes:(nullable NSData *)data
                           length:(NSUInteger)length
                            field:(const char *)field;
- (const uint64_t *_Nullable)number:(nullable NSNumber *)number;
/// Unix seconds; nil is 0.
- (int64_t)date:(nullable NSDate *)date field:(const char *)field;
/// Whole seconds.
- (int64_t)seconds:(NSTimeInterval)seconds field:(const char *)field;
- (int32_t)milliseconds:(NSTimeInterval)seconds field:(const char *)field;
@end

NS_ASSUME_NONNULL_END
