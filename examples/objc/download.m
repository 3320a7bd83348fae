// Downloads an object by presigned URL to a file, with progress. The object is never in memory as a
// whole, and the file appears only when it is complete and verified. Every header that was signed must
// be given. Ctrl-C cancels; the next run goes on from there.
#import <OSSPresign/OSSPresign.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/// What the terminal has to do with it: shows the progress, and cancels it on Ctrl-C.
@interface Terminal : NSObject
@end

@implementation Terminal

- (void)observeValueForKeyPath:(NSString *)path
                      ofObject:(id)object
                        change:(NSDictionary *)change
                       context:(void *)context
{
  NSProgress *progress = object;
  (void)path, (void)change, (void)context;
  // Called on the thread that downloads, about ten times a second.
  if (progress.totalUnitCount > 0)
    fprintf(stderr, "\r%3d%%", (int)(progress.fractionCompleted * 100));
}

- (void)cancelOnInterrupt:(NSProgress *)progress
{
  sigset_t interrupt;
  int number;
  sigemptyset(&interrupt);
  sigaddset(&interrupt, SIGINT);
  sigwait(&interrupt, &number);
  [progress cancel];
}

@end

static void report(OSPDownloadResult *result, NSError *error)
{
  if (result != nil)
    printf("%llu bytes, %llu of them from before, verified: %s\n",
           (unsigned long long)result.bytes, (unsigned long long)result.resumedBytes,
           result.verified == OSPVerifiedCRC64    ? "CRC-64 of the service"
           : result.verified == OSPVerifiedLength ? "length"
                                                  : "nothing");
  else if (error.code == OSPErrorCancelled)
    fputs("cancelled; the same command goes on from here\n", stderr);
  else
    fprintf(stderr, "download: %s\n", error.localizedDescription.UTF8String);
}

static void usage(void)
{
  fputs("usage: download URL FILE [--header NAME=VALUE]...\n", stderr);
  exit(2);
}

static NSDictionary<NSString *, NSString *> *headers(int argc, char **argv)
{
  NSMutableDictionary<NSString *, NSString *> *headers = [NSMutableDictionary dictionary];
  for (int i = 3; i < argc; i += 2) {
    char *equals = i + 1 < argc ? strchr(argv[i + 1], '=') : NULL;
    if (equals == NULL || strcmp(argv[i], "--header") != 0)
      usage();
    *equals = '\0';
    [headers setObject:[NSString stringWithUTF8String:equals + 1]
                forKey:[NSString stringWithUTF8String:argv[i + 1]]];
  }
  return headers;
}

int main(int argc, char **argv)
{
  if (argc < 3)
    usage();
  // Ctrl-C is for the thread that waits for it, and no other.
  sigset_t interrupt;
  sigemptyset(&interrupt);
  sigaddset(&interrupt, SIGINT);
  pthread_sigmask(SIG_BLOCK, &interrupt, NULL);

  @autoreleasepool {
    NSError *error = nil;
    OSPPresignedURL *url =
        [[OSPPresignedURL alloc] initWithString:[NSString stringWithUTF8String:argv[1]]
                                  signedHeaders:headers(argc, argv)
                                          error:&error];
    if (url == nil) {
      report(nil, error);
      return EXIT_FAILURE;
    }
    OSPDownloadRequest *request = [[OSPDownloadRequest alloc] initWithPresignedURL:url];
    request.fileURL = [NSURL fileURLWithPath:[NSString stringWithUTF8String:argv[2]]];
    request.resumes = YES;

    // An app leaves the main queue, where its views may be changed; here the main thread does nothing.
    OSPDownloaderConfiguration *configuration = [[OSPDownloaderConfiguration alloc] init];
    configuration.completionQueue = [[NSOperationQueue alloc] init];
    OSPDownloader *downloader = [[OSPDownloader alloc] initWithConfiguration:configuration];
    OSPDownloadTask *task =
        [downloader startDownload:request
                completionHandler:^(OSPDownloadResult *result, NSError *reason) {
                  fputc('\n', stderr);
                  report(result, reason);
                  exit(result != nil ? EXIT_SUCCESS : EXIT_FAILURE);
                }];

    Terminal *terminal = [[Terminal alloc] init];
    [task.progress addObserver:terminal
                    forKeyPath:@"completedUnitCount"
                       options:NSKeyValueObservingOptionInitial
                       context:NULL];
    [NSThread detachNewThreadSelector:@selector(cancelOnInterrupt:)
                             toTarget:terminal
                           withObject:task.progress];
    for (;;)
      pause();
  }
}
