#import "OSPConversion.h"

#import "OSPMemory.h"

#include <math.h>

NSString *OSPString(const char *text)
{
  NSString *string = [NSString stringWithUTF8String:text];
  // The library gives UTF-8 only.
  return string != nil ? string : @"";
}

NSString *OSPStringOrNil(const char *text)
{
  return text[0] == '\0' ? nil : OSPString(text);
}

NSDate *OSPDateOrNil(int64_t unixSeconds)
{
  return unixSeconds == 0 ? nil : [NSDate dateWithTimeIntervalSince1970:(NSTimeInterval)unixSeconds];
}

@implementation OSPArguments

@synthesize error = _error;

- (instancetype)init
{
  self = [super init];
  if (self != nil)
    _kept = [[NSMutableArray alloc] init];
  return self;
}

- (void)dealloc
{
  OSP_RELEASE(_kept);
  OSP_RELEASE(_error);
  OSP_SUPER_DEALLOC();
}

- (void)refuse:(const char *)field code:(OSPErrorCode)code rule:(const char *)rule
{
  if (_error == nil)
    _error = OSP_RETAIN(OSPErrorForField(code, field, rule, nil));
}

- (const void *)keep:(NSData *)data
{
  [_kept addObject:data];
  return data.bytes;
}

- (const char *)text:(NSString *)text field:(const char *)field
{
  if (text == nil)
    return NULL;
  if (![text isKindOfClass:[NSString class]]) {
    [self refuse:field code:OSPErrorInvalidArgument rule:"is no text"];
    return NULL;
  }
  NSData *bytes = [text dataUsingEncoding:NSUTF8StringEncoding];
  if (bytes == nil) {
    [self refuse:field code:OSPErrorInvalidUTF8 rule:"has half of a surrogate pair"];
    return NULL;
  }
  if (bytes.length > 0 && memchr(bytes.bytes, 0, bytes.length) != NULL) {
    [self refuse:field code:OSPErrorInvalidArgument rule:"has a NUL"];
    return NULL;
  }
  NSMutableData *terminated = [NSMutableData dataWithCapacity:bytes.length + 1];
  [terminated appendData:bytes];
  [terminated appendBytes:"" length:1];
  return [self keep:terminated];
}

- (const char *)path:(NSURL *)fileURL field:(const char *)field
{
  if (fileURL == nil)
    return NULL;
  if (!fileURL.isFileURL) {
    [self refuse:field code:OSPErrorInvalidArgument rule:"is no file URL"];
    return NULL;
  }
  return [self text:fileURL.path field:field];
}

- (const oss_pair *)pairs:(NSDictionary<NSString *, NSString *> *)pairs
                    field:(const char *)field
                    count:(size_t *)count
{
  // JSON, for instance, may have anything here.
  if (pairs != nil && ![pairs isKindOfClass:[NSDictionary class]]) {
    [self refuse:field code:OSPErrorInvalidArgument rule:"is no dictionary"];
    return NULL;
  }
  NSMutableData *array = [NSMutableData dataWithCapacity:pairs.count * sizeof(oss_pair)];
  for (NSString *name in pairs) {
    oss_pair pair = {[self text:name field:field], [self text:[pairs objectForKey:name] field:field]};
    [array appendBytes:&pair length:sizeof pair];
  }
  *count = pairs.count;
  return [self keep:array];
}

- (const uint8_t *)bytes:(NSData *)data length:(NSUInteger)length field:(const char *)field
{
  if (data == nil)
    return NULL;
  if (data.length != length) {
    [self refuse:field code:OSPErrorInvalidArgument rule:"has another length than its kind"];
    return NULL;
  }
  return [self keep:data];
}

- (const uint64_t *)number:(NSNumber *)number
{
  if (number == nil)
    return NULL;
  uint64_t value = number.unsignedLongLongValue;
  return [self keep:[NSData dataWithBytes:&value length:sizeof value]];
}

- (int64_t)date:(NSDate *)date field:(const char *)field
{
  if (date == nil)
    return 0;
  double seconds = floor(date.timeIntervalSince1970);
  if (seconds == 0)
    [self refuse:field code:OSPErrorInvalidArgument rule:"cannot be the start of 1970"];
  return [self number:seconds field:field];
}

- (int64_t)seconds:(NSTimeInterval)seconds field:(const char *)field
{
  // Less than a second must not become 0, which means the default; nothing takes -1.
  return [self number:seconds != 0 && fabs(seconds) < 1 ? -1 : trunc(seconds) field:field];
}

- (int64_t)number:(double)number field:(const char *)field
{
  if (isnan(number)) {
    [self refuse:field code:OSPErrorInvalidArgument rule:"is not a number"];
    return 0;
  }
  // What lies beyond is out of every range anyway.
  return (int64_t)fmin(fmax(number, -0x1p62), 0x1p62);
}

- (int32_t)milliseconds:(NSTimeInterval)seconds field:(const char *)field
{
  int64_t number = [self number:ceil(seconds * 1000) field:field];
  if (seconds < 0)
    return -1;
  return number > INT32_MAX ? INT32_MAX : (int32_t)number;
}

@end
