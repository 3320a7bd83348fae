#import <OSSPresign/OSPURLInspection.h>

#import "OSPConversion.h"
#import "OSPMemory.h"
#import "OSPResults.h"

@implementation OSPPresignedURL

@synthesize URL = _URL;
@synthesize absoluteString = _absoluteString;
@synthesize expiration = _expiration;
@synthesize signedHeaders = _signedHeaders;
@synthesize canonicalRequest = _canonicalRequest;
@synthesize stringToSign = _stringToSign;

- (instancetype)initWithString:(NSString *)string
                 signedHeaders:(NSDictionary<NSString *, NSString *> *)signedHeaders
                    expiration:(NSDate *)expiration
              canonicalRequest:(NSString *)canonicalRequest
                  stringToSign:(NSString *)stringToSign
                         error:(NSError **)error
{
  self = [super init];
  if (self == nil)
    return nil;
  _URL = [[NSURL alloc] initWithString:string];
  if (![_URL.absoluteString isEqualToString:string]) {
    OSPSetError(error,
                OSPErrorForField(OSPErrorInvalidArgument, "url", "NSURL would alter it", nil));
    OSP_RELEASE(self);
    return nil;
  }
  _absoluteString = [string copy];
  _signedHeaders = [signedHeaders copy];
  _expiration = [expiration copy];
  _canonicalRequest = [canonicalRequest copy];
  _stringToSign = [stringToSign copy];
  return self;
}

- (instancetype)initWithString:(NSString *)string
                 signedHeaders:(NSDictionary<NSString *, NSString *> *)signedHeaders
                         error:(NSError **)error
{
  OSPURLInspection *inspection =
      OSP_AUTORELEASE([[OSPURLInspection alloc] initWithString:string date:nil error:error]);
  if (inspection == nil) {
    OSP_RELEASE(self);
    return nil;
  }
  OSP_KEPT OSPArguments *arguments = OSP_AUTORELEASE([[OSPArguments alloc] init]);
  size_t count = 0;
  (void)[arguments pairs:signedHeaders field:"headers" count:&count];
  if (arguments.error != nil) {
    OSPSetError(error, arguments.error);
    OSP_RELEASE(self);
    return nil;
  }
  NSDictionary<NSString *, NSString *> *headers = signedHeaders != nil ? signedHeaders : @{};
  return [self initWithString:string
                signedHeaders:headers
                   expiration:inspection.expiration
             canonicalRequest:nil
                 stringToSign:nil
                        error:error];
}

- (void)dealloc
{
  OSP_RELEASE(_URL);
  OSP_RELEASE(_absoluteString);
  OSP_RELEASE(_signedHeaders);
  OSP_RELEASE(_expiration);
  OSP_RELEASE(_canonicalRequest);
  OSP_RELEASE(_stringToSign);
  OSP_SUPER_DEALLOC();
}

- (id)copyWithZone:(NSZone *)zone
{
  (void)zone;
  return OSP_RETAIN(self);
}

- (NSString *)method
{
  return @"GET";
}

- (NSURLRequest *)URLRequest
{
  NSMutableURLRequest *request = [NSMutableURLRequest requestWithURL:_URL];
  for (NSString *name in _signedHeaders)
    [request setValue:[_signedHeaders objectForKey:name] forHTTPHeaderField:name];
  return request;
}

@end
