#import <OSSPresign/OSPGetObjectRequest.h>

#import "OSPMemory.h"

@implementation OSPGetObjectRequest

@synthesize bucket = _bucket;
@synthesize key = _key;
@synthesize versionID = _versionID;
@synthesize process = _process;
@synthesize responseCacheControl = _responseCacheControl;
@synthesize responseContentDisposition = _responseContentDisposition;
@synthesize responseContentEncoding = _responseContentEncoding;
@synthesize responseContentLanguage = _responseContentLanguage;
@synthesize responseContentType = _responseContentType;
@synthesize responseExpires = _responseExpires;
@synthesize rangeBehavior = _rangeBehavior;
@synthesize requestPayer = _requestPayer;
@synthesize queryParameters = _queryParameters;
@synthesize headers = _headers;
@synthesize validity = _validity;
@synthesize expiration = _expiration;
@synthesize signingDate = _signingDate;
@synthesize trafficLimit = _trafficLimit;

- (instancetype)initWithBucket:(NSString *)bucket key:(NSString *)key
{
  self = [super init];
  if (self != nil) {
    _bucket = [bucket copy];
    _key = [key copy];
    _queryParameters = [[NSDictionary alloc] init];
    _headers = [[NSDictionary alloc] init];
  }
  return self;
}

- (void)dealloc
{
  OSP_RELEASE(_bucket);
  OSP_RELEASE(_key);
  OSP_RELEASE(_versionID);
  OSP_RELEASE(_process);
  OSP_RELEASE(_responseCacheControl);
  OSP_RELEASE(_responseContentDisposition);
  OSP_RELEASE(_responseContentEncoding);
  OSP_RELEASE(_responseContentLanguage);
  OSP_RELEASE(_responseContentType);
  OSP_RELEASE(_responseExpires);
  OSP_RELEASE(_rangeBehavior);
  OSP_RELEASE(_requestPayer);
  OSP_RELEASE(_queryParameters);
  OSP_RELEASE(_headers);
  OSP_RELEASE(_expiration);
  OSP_RELEASE(_signingDate);
  OSP_SUPER_DEALLOC();
}

- (id)copyWithZone:(NSZone *)zone
{
  OSPGetObjectRequest *copy = [[[self class] allocWithZone:zone] initWithBucket:_bucket key:_key];
  copy.versionID = _versionID;
  copy.process = _process;
  copy.responseCacheControl = _responseCacheControl;
  copy.responseContentDisposition = _responseContentDisposition;
  copy.responseContentEncoding = _responseContentEncoding;
  copy.responseContentLanguage = _responseContentLanguage;
  copy.responseContentType = _responseContentType;
  copy.responseExpires = _responseExpires;
  copy.rangeBehavior = _rangeBehavior;
  copy.requestPayer = _requestPayer;
  copy.queryParameters = _queryParameters;
  copy.headers = _headers;
  copy.validity = _validity;
  copy.expiration = _expiration;
  copy.signingDate = _signingDate;
  copy.trafficLimit = _trafficLimit;
  return copy;
}

@end
