#import <OSSPresign/OSPURLInspection.h>

#import "OSPConversion.h"
#import "OSPHandles.h"
#import "OSPMemory.h"
#import "OSPSame.h"

OSP_ASSERT_SAME(OSPURLFlagHTTPS, OSS_URL_HTTPS);
OSP_ASSERT_SAME(OSPURLFlagMaySplit, OSS_URL_MAY_SPLIT);
OSP_ASSERT_SAME(OSPURLFlagSignsRange, OSS_URL_SIGNS_RANGE);
OSP_ASSERT_SAME(OSPURLFlagSignsIfMatch, OSS_URL_SIGNS_IF_MATCH);
OSP_ASSERT_SAME(OSPURLFlagSignsHost, OSS_URL_SIGNS_HOST);
OSP_ASSERT_SAME(OSPURLFlagProcesses, OSS_URL_PROCESSES);

static OSPURLStyle url_style(oss_url_style style)
{
  switch (style) {
    OSP_SAME(OSPURLStyleUnknown, OSS_URL_UNKNOWN)
    OSP_SAME(OSPURLStyleV4, OSS_URL_V4)
    OSP_SAME(OSPURLStyleV1, OSS_URL_V1)
    OSP_SAME(OSPURLStyleAmzV4, OSS_URL_AMZ_V4)
  }
  // Of a newer library.
  return (OSPURLStyle)style;
}

static OSPProblemKind problem_kind(oss_problem problem)
{
  switch (problem) {
    OSP_SAME(OSPProblemHTMLEscaped, OSS_PROBLEM_HTML_ESCAPED)
    OSP_SAME(OSPProblemMisspeltVersion, OSS_PROBLEM_MISSPELT_VERSION)
    OSP_SAME(OSPProblemSignatureVersion, OSS_PROBLEM_SIGNATURE_VERSION)
    OSP_SAME(OSPProblemMissingParameter, OSS_PROBLEM_MISSING_PARAMETER)
    OSP_SAME(OSPProblemRepeatedParameter, OSS_PROBLEM_REPEATED_PARAMETER)
    OSP_SAME(OSPProblemSignatureForm, OSS_PROBLEM_SIGNATURE_FORM)
    OSP_SAME(OSPProblemCredentialForm, OSS_PROBLEM_CREDENTIAL_FORM)
    OSP_SAME(OSPProblemCredentialDay, OSS_PROBLEM_CREDENTIAL_DAY)
    OSP_SAME(OSPProblemDateForm, OSS_PROBLEM_DATE_FORM)
    OSP_SAME(OSPProblemExpiresNotANumber, OSS_PROBLEM_EXPIRES_NOT_A_NUMBER)
    OSP_SAME(OSPProblemExpiresOutOfRange, OSS_PROBLEM_EXPIRES_OUT_OF_RANGE)
    OSP_SAME(OSPProblemExpiresIsTimestamp, OSS_PROBLEM_EXPIRES_IS_TIMESTAMP)
    OSP_SAME(OSPProblemAdditionalHeaders, OSS_PROBLEM_ADDITIONAL_HEADERS)
    OSP_SAME(OSPProblemExpired, OSS_PROBLEM_EXPIRED)
    OSP_SAME(OSPProblemNotYetValid, OSS_PROBLEM_NOT_YET_VALID)
    OSP_SAME(OSPProblemInternalEndpoint, OSS_PROBLEM_INTERNAL_ENDPOINT)
    OSP_SAME(OSPProblemPlainHTTP, OSS_PROBLEM_PLAIN_HTTP)
  case OSS_PROBLEM_NONE:
    break;
  }
  return (OSPProblemKind)problem;
}

@interface OSPURLProblem ()
- (instancetype)initWithResult:(const oss_result *)result
                         index:(size_t)index NS_DESIGNATED_INITIALIZER;
@end

@implementation OSPURLProblem

@synthesize kind = _kind;
@synthesize isError = _isError;
@synthesize message = _message;

- (instancetype)initWithResult:(const oss_result *)result index:(size_t)index
{
  self = [super init];
  if (self != nil) {
    _kind = problem_kind(oss_result_problem(result, index));
    _isError = oss_result_problem_is_error(result, index);
    _message = [OSPString(oss_result_problem_message(result, index)) copy];
  }
  return self;
}

- (void)dealloc
{
  OSP_RELEASE(_message);
  OSP_SUPER_DEALLOC();
}

- (NSString *)description
{
  return _message;
}

@end

@implementation OSPURLInspection

- (instancetype)initWithString:(NSString *)string date:(NSDate *)date error:(NSError **)error
{
  self = [super init];
  if (self == nil)
    return nil;
  OSP_KEPT OSPArguments *arguments = OSP_AUTORELEASE([[OSPArguments alloc] init]);
  const char *url = [arguments text:string field:"url"];
  int64_t now = [arguments date:date field:"now"];
  NSError *refused = arguments.error;
  if (refused == nil) {
    _result = [[OSPResult alloc] initWithResult:oss_url_inspect(url, now)];
    if (![_result succeeded])
      refused = OSPErrorFromResult([_result get], nil);
  }
  if (refused != nil) {
    OSPSetError(error, refused);
    OSP_RELEASE(self);
    return nil;
  }
  return self;
}

- (void)dealloc
{
  OSP_RELEASE(_result);
  OSP_SUPER_DEALLOC();
}

- (OSPURLStyle)style
{
  return url_style(oss_result_url_style([_result get]));
}

- (OSPURLFlags)flags
{
  return (OSPURLFlags)oss_result_url_flags([_result get]);
}

- (NSDate *)signingDate
{
  return OSPDateOrNil(oss_result_signed_at([_result get]));
}

- (NSDate *)expiration
{
  return OSPDateOrNil(oss_result_expires_at([_result get]));
}

- (NSString *)versionID
{
  return OSPStringOrNil(oss_result_version_id([_result get]));
}

- (NSArray<NSString *> *)headerNames
{
  NSMutableArray<NSString *> *names = [NSMutableArray array];
  for (size_t i = 0; i < oss_result_header_count([_result get]); i++)
    [names addObject:OSPString(oss_result_header_name([_result get], i))];
  return names;
}

- (NSString *)redactedString
{
  return OSPString(oss_result_redacted_url([_result get]));
}

- (NSArray<OSPURLProblem *> *)problems
{
  NSMutableArray<OSPURLProblem *> *problems = [NSMutableArray array];
  for (size_t i = 0; i < oss_result_problem_count([_result get]); i++)
    [problems addObject:OSP_AUTORELEASE([[OSPURLProblem alloc] initWithResult:[_result get]
                                                                        index:i])];
  return problems;
}

- (NSString *)description
{
  return self.redactedString;
}

@end
