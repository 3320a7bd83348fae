// fetch URL FILE [NAME VALUE]...: URL loading of Foundation, as GNUstep has it.
#import <Foundation/Foundation.h>

static NSString *text(const char *argument)
{
  return [NSString stringWithUTF8String:argument];
}

static int fetch(int argc, char **argv)
{
  NSURL *url = [NSURL URLWithString:text(argv[1])];
  NSMutableURLRequest *request = [NSMutableURLRequest requestWithURL:url];
  for (int i = 3; i + 1 < argc; i += 2)
    [request setValue:text(argv[i + 1]) forHTTPHeaderField:text(argv[i])];

  NSURLResponse *response = nil;
  NSError *error = nil;
  NSData *body = [NSURLConnection sendSynchronousRequest:request
                                       returningResponse:&response
                                                   error:&error];
  if (body == nil) {
    NSLog(@"%@", error);
    return 1;
  }
  NSInteger status = [(NSHTTPURLResponse *)response statusCode];
  if (status != 200) {
    NSLog(@"HTTP %d", (int)status);
    return 1;
  }
  return [body writeToFile:text(argv[2]) atomically:YES] ? 0 : 1;
}

int main(int argc, char **argv)
{
  NSAutoreleasePool *pool = [[NSAutoreleasePool alloc] init];
  int code = fetch(argc, argv);
  [pool release];
  return code;
}
