// vectors CASES [IDENTICAL REFUSED]: the reference SDK's presigned URLs through OSPPresigner.
//
// The cases are those of tests/c/vectors.c, where their form is written down. What no NSString can hold
// (bytes that are not UTF-8) is counted as not expressible; a NUL, or the start of 1970, the wrapper
// refuses itself.
#import <OSSPresign/OSSPresign.h>

#import "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

@interface TestCase : NSObject {
 @public
  BOOL same;
  BOOL inexpressible;
  BOOL refusedHere;
  NSString *identifier;
  NSMutableDictionary *items;
  NSMutableDictionary *query;
  NSMutableDictionary *headers;
  NSMutableDictionary *wantedHeaders;
}
- (instancetype)initWithLine:(NSString *)line;
@end

static void stop(NSString *identifier, NSString *message)
{
  fprintf(stderr, "vectors: %s: %s\n", [identifier UTF8String], [message UTF8String]);
  exit(EXIT_FAILURE);
}

@implementation TestCase

/// nil if it is not UTF-8.
- (NSString *)decoded:(NSString *)text
{
  NSMutableData *bytes = [NSMutableData data];
  for (const char *in = [text UTF8String]; *in != '\0'; in++) {
    unsigned value = (unsigned char)*in;
    if (*in == '%') {
      if (sscanf(in + 1, "%2X", &value) != 1)
        stop(identifier, @"bad escape");
      in += 2;
    }
    unsigned char byte = (unsigned char)value;
    refusedHere |= byte == 0;
    [bytes appendBytes:&byte length:1];
  }
  // GNUstep takes a leading U+FEFF for a mark of the encoding, and drops it.
  BOOL marked = bytes.length >= 3 && memcmp(bytes.bytes, "\xef\xbb\xbf", 3) == 0;
  if (marked)
    [bytes replaceBytesInRange:NSMakeRange(0, 3) withBytes:"" length:0];
  NSString *decoded =
      [[[NSString alloc] initWithData:bytes encoding:NSUTF8StringEncoding] autorelease];
  inexpressible |= decoded == nil;
  if (decoded != nil && marked)
    return [NSString stringWithFormat:@"%C%@", (unichar)0xFEFF, decoded];
  return decoded;
}

- (void)addPair:(NSString *)item to:(NSMutableDictionary *)pairs
{
  NSRange equals = [item rangeOfString:@"="];
  NSString *name = [self decoded:[item substringToIndex:equals.location]];
  NSString *value = [self decoded:[item substringFromIndex:NSMaxRange(equals)]];
  if (name != nil && [pairs objectForKey:name] != nil)
    stop(identifier, @"a name is there twice");
  if (name != nil && value != nil)
    [pairs setObject:value forKey:name];
}

- (instancetype)initWithLine:(NSString *)line
{
  self = [super init];
  if (self == nil)
    return nil;
  NSArray *parts = [line componentsSeparatedByString:@"\t"];
  if (parts.count < 3)
    stop(line, @"has no class, id and items");
  same = [[parts objectAtIndex:0] isEqual:@"same"];
  if (!same && ![[parts objectAtIndex:0] isEqual:@"refuse"])
    stop(line, @"unknown class");
  identifier = [[parts objectAtIndex:1] copy];
  items = [[NSMutableDictionary alloc] init];
  query = [[NSMutableDictionary alloc] init];
  headers = [[NSMutableDictionary alloc] init];
  wantedHeaders = [[NSMutableDictionary alloc] init];
  for (NSString *item in [parts subarrayWithRange:NSMakeRange(2, parts.count - 2)]) {
    NSRange equals = [item rangeOfString:@"="];
    NSString *name = [item substringToIndex:equals.location];
    NSString *rest = [item substringFromIndex:NSMaxRange(equals)];
    NSString *value;
    if ([name isEqual:@"query"])
      [self addPair:rest to:query];
    else if ([name isEqual:@"header"])
      [self addPair:rest to:headers];
    else if ([name isEqual:@"want.header"])
      [self addPair:rest to:wantedHeaders];
    else if ((value = [self decoded:rest]) != nil)
      [items setObject:value forKey:name];
  }
  return self;
}

- (void)dealloc
{
  [identifier release];
  [items release];
  [query release];
  [headers release];
  [wantedHeaders release];
  [super dealloc];
}

/// Takes an item out, so that what is left at the end is what nobody knows.
- (NSString *)take:(NSString *)name
{
  NSString *value = [[[items objectForKey:name] retain] autorelease];
  [items removeObjectForKey:name];
  return value;
}

- (NSDate *)takeDate:(NSString *)name
{
  NSString *value = [self take:name];
  if (value == nil)
    return nil;
  refusedHere |= value.longLongValue == 0;
  return [NSDate dateWithTimeIntervalSince1970:(NSTimeInterval)value.longLongValue];
}

- (OSPPresigner *)presigner
{
  NSString *identity = [self take:@"access_key_id"];
  NSString *secret = [self take:@"access_key_secret"];
  OSPCredentials *credentials =
      [[[OSPCredentials alloc] initWithAccessKeyID:(NSString *_Nonnull)identity
                                   accessKeySecret:(NSString *_Nonnull)secret
                                     securityToken:[self take:@"security_token"]] autorelease];
  OSPPresigner *presigner =
      [[[OSPPresigner alloc] initWithRegion:(NSString *_Nonnull)[self take:@"region"]
                                credentials:credentials] autorelease];
  presigner.endpoint = [self take:@"endpoint"];
  presigner.cloudBoxID = [self take:@"cloud_box_id"];
  presigner.addressing = [self take:@"addressing"].integerValue;
  presigner.endpointKind = [self take:@"endpoint_kind"].integerValue;
  presigner.usesHTTP = [self take:@"flags"].boolValue;
  return presigner;
}

- (OSPGetObjectRequest *)request
{
  OSPGetObjectRequest *request =
      [[[OSPGetObjectRequest alloc] initWithBucket:(NSString *_Nonnull)[self take:@"bucket"]
                                               key:(NSString *_Nonnull)[self take:@"key"]]
          autorelease];
  request.versionID = [self take:@"version_id"];
  request.process = [self take:@"process"];
  request.responseCacheControl = [self take:@"response_cache_control"];
  request.responseContentDisposition = [self take:@"response_content_disposition"];
  request.responseContentEncoding = [self take:@"response_content_encoding"];
  request.responseContentLanguage = [self take:@"response_content_language"];
  request.responseContentType = [self take:@"response_content_type"];
  request.responseExpires = [self take:@"response_expires"];
  request.rangeBehavior = [self take:@"range_behavior"];
  request.requestPayer = [self take:@"request_payer"];
  request.queryParameters = query;
  request.headers = headers;
  request.validity = (NSTimeInterval)[self take:@"expires_in"].longLongValue;
  request.expiration = [self takeDate:@"expires_at"];
  request.signingDate = [self takeDate:@"signing_time"];
  request.trafficLimit = [self take:@"traffic_limit"].longLongValue;
  // A copy says the same.
  return [[request copy] autorelease];
}

- (void)checkSame:(OSPPresignedURL *)url
{
  NSString *wanted = [self take:@"want.url"];
  CHECK(wanted != nil);
  CHECK_OBJECT(url.method, @"GET");
  CHECK_OBJECT(url.absoluteString, wanted);
  CHECK_OBJECT(url.URL.absoluteString, wanted);
  CHECK_OBJECT(url.URLRequest.URL.absoluteString, wanted);
  CHECK_OBJECT(url.URLRequest.HTTPMethod, @"GET");
  CHECK_OBJECT(url.stringToSign, [self take:@"want.string_to_sign"]);
  CHECK_OBJECT(url.expiration, [self takeDate:@"want.expires_at"]);
  CHECK_OBJECT(url.signedHeaders, wantedHeaders);
}

@end

static void check_refused(NSError *error)
{
  CHECK_OBJECT(error.domain, OSPErrorDomain);
  CHECK(error.code == OSPErrorInvalidArgument || error.code == OSPErrorNullArgument);
  NSString *field = [[error.localizedDescription componentsSeparatedByString:@": "]
      objectAtIndex:0];
  CHECK(field.length > 0 && field.length < error.localizedDescription.length);
}

enum outcome { IDENTICAL, REFUSED, INEXPRESSIBLE, REFUSED_HERE };

static enum outcome run(NSString *line)
{
  TestCase *test = [[[TestCase alloc] initWithLine:line] autorelease];
  check_case([test->identifier UTF8String]);
  if (test->inexpressible)
    return INEXPRESSIBLE;
  NSError *error = nil;
  OSPPresigner *presigner = [test presigner];
  OSPPresignedURL *url = [presigner presignGetObject:[test request] error:&error];
  enum outcome outcome = test->refusedHere ? REFUSED_HERE : test->same ? IDENTICAL : REFUSED;
  if (outcome == IDENTICAL) {
    CHECK_OBJECT(error, nil);
    [test checkSame:url];
    CHECK_OBJECT(test->items, [NSDictionary dictionary]);
  } else {
    CHECK(url == nil);
    check_refused(error);
  }
  return outcome;
}

int main(int argc, char **argv)
{
  int counts[4] = {0, 0, 0, 0};
  if (argc != 4) {
    fputs("usage: vectors CASES IDENTICAL REFUSED\n", stderr);
    return 2;
  }
  @autoreleasepool {
    NSString *file = [NSString stringWithUTF8String:argv[1]];
    NSString *cases = [NSString stringWithContentsOfFile:file
                                                encoding:NSUTF8StringEncoding
                                                   error:NULL];
    CHECK(cases != nil);
    for (NSString *line in [cases componentsSeparatedByString:@"\n"]) {
      if (line.length == 0)
        continue;
      @autoreleasepool {
        counts[run(line)]++;
      }
    }
  }
  check_case(NULL);
  CHECK(counts[IDENTICAL] >= atoi(argv[2]));
  CHECK(counts[REFUSED] >= atoi(argv[3]));
  printf("%d refused by the wrapper itself, %d that no NSString can hold\n", counts[REFUSED_HERE],
         counts[INEXPRESSIBLE]);
  int code = check_done();
  printf("vectors: %d identical, %d refused\n", counts[IDENTICAL], counts[REFUSED]);
  return code;
}
