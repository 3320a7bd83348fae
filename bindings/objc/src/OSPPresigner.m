#import <OSSPresign/OSPPresigner.h>

#import "OSPConversion.h"
#import "OSPMemory.h"
#import "OSPResults.h"
#import "OSPSame.h"

OSP_ASSERT_SAME(OSPAddressingVirtualHosted, OSS_ADDRESSING_VIRTUAL_HOSTED);
OSP_ASSERT_SAME(OSPAddressingPath, OSS_ADDRESSING_PATH);
OSP_ASSERT_SAME(OSPAddressingCustomDomain, OSS_ADDRESSING_CUSTOM_DOMAIN);
OSP_ASSERT_SAME(OSPEndpointPublic, OSS_ENDPOINT_PUBLIC);
OSP_ASSERT_SAME(OSPEndpointInternal, OSS_ENDPOINT_INTERNAL);
OSP_ASSERT_SAME(OSPEndpointDualStack, OSS_ENDPOINT_DUAL_STACK);
OSP_ASSERT_SAME(OSPEndpointAccelerate, OSS_ENDPOINT_ACCELERATE);
OSP_ASSERT_SAME(OSPEndpointAccelerateOverseas, OSS_ENDPOINT_ACCELERATE_OVERSEAS);

static OSPPresignedURL *presigned_url(const oss_result *result, NSError **error)
{
  NSMutableDictionary<NSString *, NSString *> *headers = [NSMutableDictionary dictionary];
  for (size_t i = 0; i < oss_result_header_count(result); i++)
    [headers setObject:OSPString(oss_result_header_value(result, i))
                forKey:OSPString(oss_result_header_name(result, i))];
  return OSP_AUTORELEASE([[OSPPresignedURL alloc]
        initWithString:OSPString(oss_result_url(result))
         signedHeaders:headers
            expiration:OSPDateOrNil(oss_result_expires_at(result))
      canonicalRequest:OSPString(oss_result_canonical_request(result))
          stringToSign:OSPString(oss_result_string_to_sign(result))
                 error:error]);
}

@implementation OSPPresigner

@synthesize region = _region;
@synthesize endpoint = _endpoint;
@synthesize cloudBoxID = _cloudBoxID;
@synthesize addressing = _addressing;
@synthesize endpointKind = _endpointKind;
@synthesize usesHTTP = _usesHTTP;

- (instancetype)initWithRegion:(NSString *)region
           credentialsProvider:(OSPCredentialsProvider)provider
{
  self = [super init];
  if (self != nil) {
    _region = [region copy];
    _credentialsProvider = [provider copy];
  }
  return self;
}

- (instancetype)initWithRegion:(NSString *)region credentials:(OSPCredentials *)credentials
{
  return [self initWithRegion:region
          credentialsProvider:^OSPCredentials *(NSError **error) {
            (void)error;
            return credentials;
          }];
}

- (void)dealloc
{
  OSP_RELEASE(_region);
  OSP_RELEASE(_credentialsProvider);
  OSP_RELEASE(_endpoint);
  OSP_RELEASE(_cloudBoxID);
  OSP_SUPER_DEALLOC();
}

- (void)fill:(oss_presign_options *)options
    arguments:(OSPArguments *)arguments
      request:(OSPGetObjectRequest *)request
{
#define TEXT(name, value) options->name = [arguments text:(value) field:#name]
  TEXT(region, _region);
  TEXT(endpoint, _endpoint);
  TEXT(cloud_box_id, _cloudBoxID);
  TEXT(bucket, request.bucket);
  TEXT(key, request.key);
  TEXT(version_id, request.versionID);
  TEXT(process, request.process);
  TEXT(response_cache_control, request.responseCacheControl);
  TEXT(response_content_disposition, request.responseContentDisposition);
  TEXT(response_content_encoding, request.responseContentEncoding);
  TEXT(response_content_language, request.responseContentLanguage);
  TEXT(response_content_type, request.responseContentType);
  TEXT(response_expires, request.responseExpires);
  TEXT(range_behavior, request.rangeBehavior);
  TEXT(request_payer, request.requestPayer);
  options->query = [arguments pairs:request.queryParameters
                              field:"query"
                              count:&options->query_len];
  options->headers = [arguments pairs:request.headers
                                field:"headers"
                                count:&options->headers_len];
  options->expires_in = [arguments seconds:request.validity field:"expires_in"];
  options->expires_at = [arguments date:request.expiration field:"expires_at"];
  options->signing_time = [arguments date:request.signingDate field:"signing_time"];
  options->traffic_limit = request.trafficLimit;
  // What has no place in C is no known number either.
  options->addressing = (uint32_t)MIN((NSUInteger)_addressing, UINT32_MAX);
  options->endpoint_kind = (uint32_t)MIN((NSUInteger)_endpointKind, UINT32_MAX);
  options->flags = _usesHTTP ? OSS_PRESIGN_HTTP : 0;
}

/// Who signs. NO, with an error, if there is nobody.
- (BOOL)fillCredentials:(oss_presign_options *)options
              arguments:(OSPArguments *)arguments
                  error:(NSError **)error
{
  if (_credentialsProvider == nil)
    return YES;
  NSError *reason = nil;
  OSPCredentials *credentials = _credentialsProvider(&reason);
  if (credentials == nil) {
    if (reason == nil)
      reason = OSPErrorForField(OSPErrorNullArgument, "credentials", "there are none", nil);
    OSPSetError(error, reason);
    return NO;
  }
  TEXT(access_key_id, credentials.accessKeyID);
  TEXT(access_key_secret, credentials.accessKeySecret);
  TEXT(security_token, credentials.securityToken);
#undef TEXT
  // All NULL would mean the environment.
  if (options->access_key_id == NULL)
    options->access_key_id = "";
  return YES;
}

- (OSPPresignedURL *)presignGetObject:(OSPGetObjectRequest *)request error:(NSError **)error
{
  OSP_KEPT OSPArguments *arguments = OSP_AUTORELEASE([[OSPArguments alloc] init]);
  oss_presign_options options;
  OSS_OPTIONS_INIT(&options);
  [self fill:&options arguments:arguments request:request];
  if (![self fillCredentials:&options arguments:arguments error:error])
    return nil;
  if (arguments.error != nil) {
    OSPSetError(error, arguments.error);
    return nil;
  }
  oss_result *result = oss_presign_get(&options);
  OSPPresignedURL *url = nil;
  if (oss_result_code(result) == OSS_OK)
    url = presigned_url(result, error);
  else
    OSPSetError(error, OSPErrorFromResult(result, nil));
  oss_result_free(result);
  return url;
}

@end
