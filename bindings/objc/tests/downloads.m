// Downloads against the emulator, and that nothing of them is left: no file, and no object.
#import "support.h"

#import <Foundation/NSDebug.h>

static void check_all_released(void)
{
  static const char *const names[] = {
      "OSPArguments",       "OSPCancelSwitch", "OSPClient",
      "OSPCredentials",     "OSPDownloadCall", "OSPDownloadRequest",
      "OSPDownloadResult",  "OSPDownloadTask", "OSPDownloader",
      "OSPDownloaderConfiguration", "OSPGetObjectRequest", "OSPPresignedURL",
      "OSPPresigner",       "OSPResult",       "OSPURLInspection",
      "Outcome",
  };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    Class class = NSClassFromString([NSString stringWithUTF8String:names[i]]);
    check_case(names[i]);
    CHECK(GSDebugAllocationTotal(class) > 0);
    // The thread of the last task may still be on its way out.
    for (int wait = 0; wait < 10000 && GSDebugAllocationCount(class) > 0; wait++)
      [NSThread sleepForTimeInterval:0.001];
    CHECK_NUMBER(GSDebugAllocationCount(class), 0);
  }
  check_case(NULL);
}

/// The queues' threads wait some seconds for more work before they end.
static void check_no_thread_left(void)
{
  NSFileManager *files = [NSFileManager defaultManager];
  NSUInteger threads = 0;
  check_case("threads");
  for (int wait = 0; wait < 60000 && threads != 1; wait++) {
    [NSThread sleepForTimeInterval:0.001];
    threads = [files directoryContentsAtPath:@"/proc/self/task"].count;
  }
  CHECK_NUMBER(threads, 1);
  check_case(NULL);
}

int main(void)
{
  GSDebugAllocationActive(YES);
  @autoreleasepool {
    test_targets();
  }
  @autoreleasepool {
    test_failures();
  }
  @autoreleasepool {
    test_tasks();
  }
  @autoreleasepool {
    check_no_part_files();
    check_all_released();
    check_no_thread_left();
  }
  return check_done();
}
