// Everything that needs no network: credentials, requests, URLs of others, inspection.
#import "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECRET @"SecretOfTheValuesTest"

static OSPCredentials *test_key(void)
{
  return [[[OSPCredentials alloc] initWithAccessKeyID:@"LTAI5tValues"
                                      accessKeySecret:SECRET
                                        securityToken:@"TokenOfTheValuesTest"] autorelease];
}

static OSPPresigner *signer(OSPCredentialsProvider provider)
{
  return [[[OSPPresigner alloc] initWithRegion:@"cn-hangzhou"
                           credentialsProvider:provider] autorelease];
}

static OSPGetObjectRequest *request_for(NSString *key)
{
  OSPGetObjectRequest *request =
      [[[OSPGetObjectRequest alloc] initWithBucket:@"examplebucket" key:key] autorelease];
  request.signingDate = [NSDate dateWithTimeIntervalSince1970:1702743657];
  return request;
}

static NSString *text_with(unichar middle)
{
  return [NSString stringWithFormat:@"a%Cb", middle];
}

static OSPPresignedURL *presign(OSPGetObjectRequest *request)
{
  NSError *error = nil;
  OSPPresigner *presigner =
      [[[OSPPresigner alloc] initWithRegion:@"cn-hangzhou" credentials:test_key()] autorelease];
  OSPPresignedURL *url = [presigner presignGetObject:request error:&error];
  CHECK_OBJECT(error, nil);
  return url;
}

/// The bytes of the key that the URL names.
static NSData *path_of(OSPPresignedURL *url)
{
  const char *in = strstr(url.absoluteString.UTF8String, ".com/") + 5;
  NSMutableData *bytes = [NSMutableData data];
  for (; *in != '?'; in++) {
    unsigned value = (unsigned char)*in;
    if (*in == '%') {
      CHECK(sscanf(in + 1, "%2X", &value) == 1);
      in += 2;
    }
    [bytes appendBytes:&(uint8_t){(uint8_t)value} length:1];
  }
  return bytes;
}

static OSPPresignedURL *foreign(NSString *string, NSError **error)
{
  return [[[OSPPresignedURL alloc] initWithString:string
                                    signedHeaders:@{@"x-name" : @"value"}
                                            error:error] autorelease];
}

/// How presigning the request fails.
static NSError *refusal(OSPGetObjectRequest *request)
{
  NSError *error = nil;
  OSPPresigner *presigner =
      [[[OSPPresigner alloc] initWithRegion:@"cn-hangzhou" credentials:test_key()] autorelease];
  CHECK([presigner presignGetObject:request error:&error] == nil);
  // Nobody has to ask.
  CHECK([presigner presignGetObject:request error:NULL] == nil);
  CHECK_OBJECT(error.domain, OSPErrorDomain);
  CHECK_OBJECT([error.userInfo objectForKey:OSPErrorPhaseKey], @(OSPPhaseCheck));
  CHECK_OBJECT([error.userInfo objectForKey:OSPErrorRetryableKey], @(NO));
  CHECK([error.description rangeOfString:SECRET].location == NSNotFound);
  return error;
}

static void test_providers(void)
{
  check_case("credentials by block: asked each time, on this thread");
  NSMutableArray *threads = [NSMutableArray array];
  OSPPresigner *presigner = signer(^OSPCredentials *(NSError **error) {
    (void)error;
    [threads addObject:[NSThread currentThread]];
    return test_key();
  });
  OSPPresignedURL *first = [presigner presignGetObject:request_for(@"key") error:NULL];
  OSPPresignedURL *second = [presigner presignGetObject:request_for(@"key") error:NULL];
  CHECK(first != nil);
  CHECK_OBJECT(first.absoluteString, second.absoluteString);
  CHECK_OBJECT(threads, (@[ [NSThread currentThread], [NSThread currentThread] ]));
  CHECK([first.absoluteString rangeOfString:@"x-oss-security-token=TokenOf"].location !=
        NSNotFound);

  check_case("a provider that fails");
  NSError *reason = [NSError errorWithDomain:@"app" code:7 userInfo:nil];
  NSError *error = nil;
  presigner = signer(^OSPCredentials *(NSError **place) {
    *place = reason;
    return nil;
  });
  CHECK([presigner presignGetObject:request_for(@"key") error:&error] == nil);
  CHECK(error == reason);
  presigner = signer(^OSPCredentials *(NSError **place) {
    (void)place;
    return nil;
  });
  CHECK([presigner presignGetObject:request_for(@"key") error:&error] == nil);
  CHECK_NUMBER(error.code, OSPErrorNullArgument);
}

static void test_environment(void)
{
  check_case("credentials of the environment: only without a provider");
  OSPPresigner *presigner = signer(nil);
  setenv("OSS_ACCESS_KEY_ID", "LTAI5tEnvironment", 1);
  setenv("OSS_ACCESS_KEY_SECRET", "secret", 1);
  unsetenv("OSS_SESSION_TOKEN");
  OSPPresignedURL *url = [presigner presignGetObject:request_for(@"key") error:NULL];
  CHECK([url.absoluteString rangeOfString:@"LTAI5tEnvironment"].location != NSNotFound);
  OSPCredentials *empty =
      [[[OSPCredentials alloc] initWithAccessKeyID:(NSString *_Nonnull)nil
                                   accessKeySecret:(NSString *_Nonnull)nil] autorelease];
  presigner = [[[OSPPresigner alloc] initWithRegion:@"cn-hangzhou"
                                        credentials:empty] autorelease];
  CHECK([presigner presignGetObject:request_for(@"key") error:NULL] == nil);
}

static void test_refused_values(void)
{
  check_case("what C text cannot hold");
  CHECK_NUMBER(refusal(request_for(text_with(0))).code, OSPErrorInvalidArgument);
  CHECK([refusal(request_for(text_with(0))).localizedDescription hasPrefix:@"key: "]);
  CHECK_NUMBER(refusal(request_for(text_with(0xd800))).code, OSPErrorInvalidUTF8);
  CHECK_NUMBER(refusal(request_for((NSString *_Nonnull)nil)).code, OSPErrorNullArgument);
  OSPGetObjectRequest *request = request_for(@"key");
  request.headers = @{@"x-name" : text_with(0)};
  CHECK([refusal(request).localizedDescription hasPrefix:@"headers: "]);
  request = request_for(@"key");
  request.queryParameters = @{text_with(0) : @""};
  CHECK([refusal(request).localizedDescription hasPrefix:@"query: "]);

  check_case("times");
  request = request_for(@"key");
  request.expiration = [NSDate dateWithTimeIntervalSince1970:0];
  CHECK([refusal(request).localizedDescription hasPrefix:@"expires_at: "]);
  request = request_for(@"key");
  static const NSTimeInterval wrong[] = {0.5, -0.5, -1, 604801, 1e30, -1e30, INFINITY, NAN};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    request.validity = wrong[i];
    CHECK_NUMBER(refusal(request).code, OSPErrorInvalidArgument);
  }
  request.validity = 60.9;
  OSPPresignedURL *url =
      [signer(^OSPCredentials *(NSError **error) {
        (void)error;
        return test_key();
      }) presignGetObject:request
                    error:NULL];
  CHECK_NUMBER(url.expiration.timeIntervalSince1970, 1702743657 + 60);
}

static void test_keys(void)
{
  check_case("keys are signed as they are");
  // Composed and decomposed, of every width, at the edges of the planes, no character at all, and what
  // a path would mean something by.
  static const uint32_t characters[] = {1,      0x1f,   ' ',    '%',    '+',     '?',     '#',
                                         0x7f,   0x80,   0xe9,   0x301,  0x7ff,   0x800,   0x4e2d,
                                         0xd7ff, 0xe000, 0xfeff, 0xfffe, 0xffff,  0x10000, 0x1f600,
                                         0xe0001, 0x10ffff};
  NSMutableString *key = [NSMutableString stringWithString:@"a/../b//./"];
  for (size_t i = 0; i < sizeof characters / sizeof *characters; i++) {
    uint32_t character = characters[i];
    if (character > 0xffff)
      [key appendFormat:@"%C%C", (unichar)(0xd7c0 + (character >> 10)),
                        (unichar)(0xdc00 + (character & 0x3ff))];
    else
      [key appendFormat:@"%C", (unichar)character];
  }
  OSPPresignedURL *url = presign(request_for(key));
  CHECK_OBJECT(path_of(url), [key dataUsingEncoding:NSUTF8StringEncoding]);
  CHECK_OBJECT(url.URL.absoluteString, url.absoluteString);

  check_case("1023 bytes, and one more");
  NSString *longest = [@"" stringByPaddingToLength:341 withString:@"\u4e2d" startingAtIndex:0];
  url = presign(request_for(longest));
  CHECK_NUMBER(path_of(url).length, 1023);
  CHECK_OBJECT(path_of(url), [longest dataUsingEncoding:NSUTF8StringEncoding]);
  NSError *error = refusal(request_for([longest stringByAppendingString:@"a"]));
  CHECK_NUMBER(error.code, OSPErrorInvalidArgument);
  CHECK([error.localizedDescription hasPrefix:@"key: "]);

  check_case("halves of surrogate pairs, wherever they are");
  for (NSString *half in @[ text_with(0xdbff), text_with(0xdc00), text_with(0xdfff),
                            [NSString stringWithFormat:@"%C", (unichar)0xd800],
                            [NSString stringWithFormat:@"%C%C", (unichar)0xdc00, (unichar)0xd800],
                            [NSString stringWithFormat:@"a%C", (unichar)0xd83d] ])
    CHECK_NUMBER(refusal(request_for(half)).code, OSPErrorInvalidUTF8);
}

static void test_wrong_classes(void)
{
  check_case("what is no text, as JSON may have it");
  OSPGetObjectRequest *request = request_for(@"key");
  request.headers = (id)@{@"x-name" : @1};
  CHECK([refusal(request).localizedDescription hasPrefix:@"headers: "]);
  request.headers = (id)@{@1 : @"value"};
  CHECK([refusal(request).localizedDescription hasPrefix:@"headers: "]);
  request.headers = (id)[NSNull null];
  CHECK([refusal(request).localizedDescription hasPrefix:@"headers: "]);
  request = request_for(@"key");
  request.queryParameters = (id)@{@"name" : [NSNull null]};
  CHECK([refusal(request).localizedDescription hasPrefix:@"query: "]);
  CHECK([refusal(request_for((id)[NSNull null])).localizedDescription hasPrefix:@"key: "]);

  for (id headers in @[ @{@"x-name" : @1}, @{@1 : @"value"}, @{@"x-name" : text_with(0xd800)},
                        [NSNull null], @[ @"x-name" ] ]) {
    NSError *error = nil;
    CHECK([[[OSPPresignedURL alloc] initWithString:@"http://host/key"
                                     signedHeaders:headers
                                             error:&error] autorelease] == nil);
    CHECK([error.localizedDescription hasPrefix:@"headers: "]);
  }
  NSError *error = nil;
  CHECK(foreign((id)[NSNull null], &error) == nil);
  CHECK([error.localizedDescription hasPrefix:@"url: "]);
  CHECK(foreign((NSString *_Nonnull)nil, &error) == nil);
  CHECK_NUMBER(error.code, OSPErrorNullArgument);
}

static void test_cloud_box(void)
{
  check_case("cloud box");
  OSPPresigner *presigner =
      [[[OSPPresigner alloc] initWithRegion:@"cn-hangzhou" credentials:test_key()] autorelease];
  presigner.endpoint = @"cb-1.cn-hangzhou.oss-cloudbox.aliyuncs.com";
  presigner.cloudBoxID = @"cb-1";
  OSPPresignedURL *url = [presigner presignGetObject:request_for(@"key") error:NULL];
  CHECK([url.absoluteString rangeOfString:@"%2Fcb-1%2Foss-cloudbox%2F"].location != NSNotFound);
}

static void test_copies(void)
{
  check_case("copies are independent");
  OSPGetObjectRequest *request = request_for(@"key");
  OSPGetObjectRequest *copy = [[request copy] autorelease];
  NSMutableString *bucket = [NSMutableString stringWithString:@"examplebucket"];
  request.bucket = bucket;
  [bucket appendString:@"-changed"];
  CHECK_OBJECT(request.bucket, @"examplebucket");
  request.key = @"other";
  CHECK_OBJECT(copy.key, @"key");
  OSPCredentials *credentials = test_key();
  CHECK_OBJECT([[credentials copy] autorelease], credentials);

  check_case("a description tells no secret");
  CHECK([credentials.description rangeOfString:SECRET].location == NSNotFound);
  OSPPresigner *presigner =
      [[[OSPPresigner alloc] initWithRegion:@"cn-hangzhou" credentials:credentials] autorelease];
  OSPPresignedURL *url = [presigner presignGetObject:request error:NULL];
  CHECK([url.description rangeOfString:@"x-oss"].location == NSNotFound);
  CHECK([url.canonicalRequest hasPrefix:@"GET\n/examplebucket/other\n"]);
  CHECK([url.canonicalRequest rangeOfString:SECRET].location == NSNotFound);
  CHECK([url.stringToSign hasPrefix:@"OSS4-HMAC-SHA256\n"]);
}

static void test_urls_of_others(void)
{
  check_case("a URL of another, byte for byte");
  NSError *error = nil;
  NSString *strange = @"https://host.example/a/../b//%2f%2F%e4?Expires=1702743657&x=a+b%20c&"
                      @"OSSAccessKeyId=id&Signature=c2ln%3D";
  OSPPresignedURL *url = foreign(strange, &error);
  CHECK_OBJECT(error, nil);
  CHECK_OBJECT(url.absoluteString, strange);
  CHECK_OBJECT(url.URL.absoluteString, strange);
  CHECK_OBJECT(url.URLRequest.URL.absoluteString, strange);
  CHECK_OBJECT(url.expiration, [NSDate dateWithTimeIntervalSince1970:1702743657]);
  CHECK_OBJECT([url.URLRequest valueForHTTPHeaderField:@"X-Name"], @"value");
  CHECK_OBJECT(url.stringToSign, nil);
  CHECK_OBJECT(url.canonicalRequest, nil);
  CHECK_OBJECT(foreign(@"http://host/key", NULL).expiration, nil);

  check_case("what is no URL");
  NSArray *wrong = @[ @"", @"host/key", @"ftp://host/key", @"http://", @"http://u:p@host/",
                      @"http://host/#f", @"http://host/\u4e2d", @"http://host/a b",
                      // Only NSURL minds this one.
                      @"http://host/a|b" ];
  for (NSString *string in wrong) {
    error = nil;
    CHECK(foreign(string, &error) == nil);
    CHECK_OBJECT(error.domain, OSPErrorDomain);
    CHECK([error.localizedDescription hasPrefix:@"url: "]);
  }
  CHECK(foreign(text_with(0), NULL) == nil);
}

static void test_inspection(void)
{
  check_case("inspection");
  OSPPresigner *presigner =
      [[[OSPPresigner alloc] initWithRegion:@"cn-hangzhou" credentials:test_key()] autorelease];
  OSPGetObjectRequest *request = request_for(@"key");
  request.versionID = @"CAEQ";
  request.process = @"image/resize,w_1";
  request.headers = @{@"Range" : @"bytes=0-1"};
  NSString *string = [presigner presignGetObject:request error:NULL].absoluteString;
  NSDate *then = [NSDate dateWithTimeIntervalSince1970:1702743700];
  NSError *error = nil;
  OSPURLInspection *inspection = [[[OSPURLInspection alloc] initWithString:string
                                                                      date:then
                                                                     error:&error] autorelease];
  CHECK_OBJECT(error, nil);
  CHECK_NUMBER(inspection.style, OSPURLStyleV4);
  CHECK_NUMBER(inspection.flags,
               OSPURLFlagHTTPS | OSPURLFlagProcesses | OSPURLFlagSignsRange);
  CHECK_OBJECT(inspection.signingDate, request.signingDate);
  CHECK_OBJECT(inspection.expiration, [request.signingDate dateByAddingTimeInterval:900]);
  CHECK_OBJECT(inspection.versionID, @"CAEQ");
  CHECK_OBJECT(inspection.headerNames, @[ @"range" ]);
  CHECK_OBJECT(inspection.problems, @[]);
  CHECK([inspection.redactedString hasPrefix:@"https://examplebucket."]);
  CHECK([inspection.redactedString rangeOfString:@"TokenOf"].location == NSNotFound);
  CHECK_OBJECT(inspection.description, inspection.redactedString);

  check_case("problems");
  inspection = [[[OSPURLInspection alloc] initWithString:string date:nil error:NULL] autorelease];
  OSPURLProblem *expired = inspection.problems.lastObject;
  CHECK_NUMBER(inspection.problems.count, 1);
  CHECK_NUMBER(expired.kind, OSPProblemExpired);
  CHECK(expired.isError);
  CHECK(expired.message.length > 0);
  inspection = [[[OSPURLInspection alloc] initWithString:@"http://host/key"
                                                    date:nil
                                                   error:NULL] autorelease];
  CHECK_NUMBER(inspection.style, OSPURLStyleUnknown);
  CHECK_OBJECT(inspection.expiration, nil);
  CHECK_OBJECT(inspection.versionID, nil);
  OSPURLProblem *plain = inspection.problems.lastObject;
  CHECK_NUMBER(plain.kind, OSPProblemPlainHTTP);
  CHECK(!plain.isError);
}

static void test_download_request(void)
{
  check_case("a copy of a download request says the same");
  OSPDownloadRequest *request = [[[OSPDownloadRequest alloc]
      initWithPresignedURL:foreign(@"https://host/key", NULL)] autorelease];
  CHECK(request.overwrites && request.syncs && !request.resumes && !request.followsRedirects);
  request.fileURL = [NSURL fileURLWithPath:@"/file"];
  request.outputStream = [NSOutputStream outputStreamToMemory];
  request.refreshHandler = ^OSPPresignedURL *(NSError **error) {
    (void)error;
    return nil;
  };
  NSDictionary *values = @{
    @"memoryLimit" : @1, @"rangeOffset" : @2, @"rangeLength" : @3, @"expectedSize" : @4,
    @"expectedCRC64" : @(UINT64_MAX), @"maxBytes" : @5, @"rateLimit" : @6, @"partSize" : @7,
    @"connections" : @8, @"retries" : @9, @"retryBudget" : @10.5, @"totalTimeout" : @11.5,
    @"progressInterval" : @12.5, @"overwrites" : @(NO), @"syncs" : @(NO), @"resumes" : @(YES),
    @"followsRedirects" : @(YES), @"expectedSHA256" : [NSMutableData dataWithLength:32],
    @"expectedMD5" : [NSMutableData dataWithLength:16],
  };
  for (NSString *name in values)
    [request setValue:[values objectForKey:name] forKey:name];
  OSPDownloadRequest *copy = [[request copy] autorelease];
  for (NSString *name in values)
    CHECK_OBJECT([copy valueForKey:name], [values objectForKey:name]);
  CHECK_OBJECT(copy.presignedURL, request.presignedURL);
  CHECK_OBJECT(copy.fileURL, request.fileURL);
  CHECK_OBJECT(copy.outputStream, request.outputStream);
  CHECK(copy.refreshHandler != nil);
}

int main(void)
{
  @autoreleasepool {
    test_providers();
    test_environment();
    test_refused_values();
    test_keys();
    test_wrong_classes();
    test_cloud_box();
    test_copies();
    test_urls_of_others();
    test_inspection();
    test_download_request();
  }
  check_case(NULL);
  return check_done();
}
