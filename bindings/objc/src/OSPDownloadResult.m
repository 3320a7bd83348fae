#import "OSPConversion.h"
#import "OSPMemory.h"
#import "OSPResults.h"

#define SAME(ours, theirs) \
  _Static_assert((int)(ours) == (int)(theirs), #ours " is not " #theirs)
SAME(OSPVerifiedNothing, OSS_VERIFIED_NOTHING);
SAME(OSPVerifiedLength, OSS_VERIFIED_LENGTH);
SAME(OSPVerifiedCRC64, OSS_VERIFIED_CRC64);

@implementation OSPDownloadResult

@synthesize data = _data;

- (instancetype)initWithResult:(OSPResult *)result data:(BOOL)data
{
  self = [super init];
  if (self == nil)
    return nil;
  _result = OSP_RETAIN(result);
  const uint8_t *content = oss_result_content([result get]);
  if (content != NULL) {
    // The bytes stay where they are; NSData does not write to them, whatever its parameter's type.
    _data = [[NSData alloc] initWithBytesNoCopy:(void *)(uintptr_t)content
                                         length:(NSUInteger)oss_result_bytes([result get])
                                    deallocator:^(void *bytes, NSUInteger length) {
                                      (void)bytes, (void)length, (void)result;
                                    }];
  } else if (data) {
    _data = [[NSData alloc] init];
  }
  return self;
}

- (void)dealloc
{
  OSP_RELEASE(_result);
  OSP_RELEASE(_data);
  OSP_SUPER_DEALLOC();
}

- (uint64_t)bytes
{
  return oss_result_bytes([_result get]);
}

- (int64_t)objectSize
{
  uint64_t size = oss_result_object_size([_result get]);
  return size == UINT64_MAX ? NSURLResponseUnknownLength : (int64_t)size;
}

- (uint64_t)resumedBytes
{
  return oss_result_resumed([_result get]);
}

- (NSUInteger)retries
{
  return oss_result_retries([_result get]);
}

- (NSUInteger)refreshes
{
  return oss_result_refreshes([_result get]);
}

- (NSString *)ETag
{
  return OSPStringOrNil(oss_result_etag([_result get]));
}

- (uint64_t)CRC64
{
  return oss_result_crc64([_result get]);
}

- (OSPVerified)verified
{
  return (OSPVerified)oss_result_verified([_result get]);
}

- (NSInteger)HTTPStatus
{
  return oss_result_http_status([_result get]);
}

- (NSString *)requestID
{
  return OSPStringOrNil(oss_result_request_id([_result get]));
}

@end
