#import "OSPConversion.h"
#import "OSPMemory.h"
#import "OSPResults.h"
#import "OSPSame.h"

static OSPVerified verified(oss_verified verified)
{
  switch (verified) {
    OSP_SAME(OSPVerifiedNothing, OSS_VERIFIED_NOTHING)
    OSP_SAME(OSPVerifiedLength, OSS_VERIFIED_LENGTH)
    OSP_SAME(OSPVerifiedCRC64, OSS_VERIFIED_CRC64)
  }
  // Of a newer library.
  return (OSPVerified)verified;
}

/// The content of a download to memory, where the library put it, as long as anybody keeps it.
static NSData *content(OSPResult *result)
{
  const void *bytes = oss_result_content([result get]);
  if (bytes == NULL)
    return [[NSData alloc] init];
  return [[NSData alloc] initWithBytesNoCopy:(void *)bytes
                                      length:(NSUInteger)oss_result_bytes([result get])
                                 deallocator:^(void *unused, NSUInteger length) {
                                   (void)unused, (void)length, (void)result;
                                 }];
}

@implementation OSPDownloadResult

@synthesize data = _data;

- (instancetype)initWithResult:(OSPResult *)result data:(BOOL)data
{
  self = [super init];
  if (self != nil) {
    _result = OSP_RETAIN(result);
    if (data)
      _data = content(result);
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

- (NSString *)versionID
{
  return OSPStringOrNil(oss_result_version_id([_result get]));
}

- (uint64_t)CRC64
{
  return oss_result_crc64([_result get]);
}

- (OSPVerified)verified
{
  return verified(oss_result_verified([_result get]));
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
