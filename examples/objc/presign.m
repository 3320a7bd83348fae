// Makes a presigned URL for an object. Prints method, expiration, URL and signed headers.
// Credentials: OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET and OSS_SESSION_TOKEN of the environment. An app
// gives a block instead, which returns what its own server handed out.
#import <OSSPresign/OSSPresign.h>

#include <stdio.h>
#include <stdlib.h>

static void usage(void)
{
  fputs("usage: presign REGION BUCKET KEY [--endpoint E] [--expires SECONDS] [--attachment NAME]\n"
        "               [--header NAME=VALUE]...\n",
        stderr);
  exit(2);
}

int main(int argc, char **argv)
{
  @autoreleasepool {
    NSMutableArray<NSString *> *arguments = [NSMutableArray array];
    for (int i = 1; i < argc; i++)
      [arguments addObject:[NSString stringWithUTF8String:argv[i]]];
    if (arguments.count < 3 || arguments.count % 2 == 0)
      usage();

    OSPPresigner *presigner = [[OSPPresigner alloc] initWithRegion:[arguments objectAtIndex:0]
                                               credentialsProvider:nil];
    OSPGetObjectRequest *request =
        [[OSPGetObjectRequest alloc] initWithBucket:[arguments objectAtIndex:1]
                                                key:[arguments objectAtIndex:2]];
    NSMutableDictionary<NSString *, NSString *> *headers = [NSMutableDictionary dictionary];
    for (NSUInteger i = 3; i < arguments.count; i += 2) {
      NSString *name = [arguments objectAtIndex:i];
      NSString *value = [arguments objectAtIndex:i + 1];
      if ([name isEqualToString:@"--endpoint"])
        presigner.endpoint = value;
      else if ([name isEqualToString:@"--expires"])
        request.validity = value.doubleValue;
      else if ([name isEqualToString:@"--attachment"])
        request.responseContentDisposition =
            [NSString stringWithFormat:@"attachment; filename=\"%@\"", value];
      else if ([name isEqualToString:@"--header"] && [value rangeOfString:@"="].length > 0) {
        NSUInteger equals = [value rangeOfString:@"="].location;
        [headers setObject:[value substringFromIndex:equals + 1]
                    forKey:[value substringToIndex:equals]];
      } else
        usage();
    }
    request.headers = headers;

    NSError *error = nil;
    OSPPresignedURL *url = [presigner presignGetObject:request error:&error];
    if (url == nil) {
      fprintf(stderr, "presign: %s\n", error.localizedDescription.UTF8String);
      return EXIT_FAILURE;
    }
    printf("%s, expires %s\n%s\n", url.method.UTF8String, url.expiration.description.UTF8String,
           url.absoluteString.UTF8String);
    for (NSString *name in url.signedHeaders)
      printf("%s: %s\n", name.UTF8String, [url.signedHeaders objectForKey:name].UTF8String);
  }
  return EXIT_SUCCESS;
}
