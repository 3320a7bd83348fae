// Tools of the tests: checks on objects, the emulator's objects, waiting for a completion.
#import <OSSPresign/OSSPresign.h>

#include "check.h"

NS_ASSUME_NONNULL_BEGIN

/// nil equals only nil.
#define CHECK_OBJECT(actual, expected) \
  check_object((actual), (expected), #actual, __FILE__, __LINE__)
void check_object(id _Nullable actual, id _Nullable expected, const char *what, const char *file,
                  int line);

/// An environment variable of with_emulator.py or prepare.py; ends the program if it is not there.
NSString *env(const char *name);
/// A file in the test's folder.
NSURL *in_folder(NSString *name);
NSData *_Nullable content(NSURL *_Nullable file);
NSData *object(void);
/// No download has left anything behind.
void check_no_part_files(void);

OSPCredentials *credentials(void);
/// Signs for the emulator, path style.
OSPPresigner *presigner(void);
OSPGetObjectRequest *get_object(NSString *key);
OSPPresignedURL *presigned(NSString *key);
/// A download of that object to memory.
OSPDownloadRequest *to_memory(NSString *key);
/// One that never repeats a request.
OSPDownloadRequest *once(OSPDownloadRequest *request);
OSPDownloader *downloader(void);

/// Checks domain, number, phase and texts, and that no secret is in any of them.
void check_error(NSError *_Nullable error, OSPErrorCode code, OSPPhase phase);
/// Downloads on this thread, and checks how it fails.
NSError *check_fails(OSPDownloadRequest *request, OSPErrorCode code, OSPPhase phase);

/// What a completion handler was given.
@interface Outcome : NSObject {
  NSConditionLock *_lock;
  OSPDownloadResult *_Nullable _result;
  NSError *_Nullable _error;
  NSOperationQueue *_Nullable _queue;
  NSUInteger _calls;
}
@property (nonatomic, readonly, strong, nullable) OSPDownloadResult *result;
@property (nonatomic, readonly, strong, nullable) NSError *error;
/// Where it was called.
@property (nonatomic, readonly, strong, nullable) NSOperationQueue *queue;
@property (nonatomic, readonly) NSUInteger calls;
+ (instancetype)outcome;
- (OSPCompletionHandler)handler;
- (void)wait;
@end

/// Follows a progress, as an app would.
@interface ProgressWatch : NSObject {
  NSProgress *_progress;
  NSCondition *_changed;
  int64_t _bytes;
  NSUInteger _reports;
  BOOL _wentBack;
}
@property (nonatomic, readonly) NSUInteger reports;
@property (nonatomic, readonly) BOOL wentBack;
+ (instancetype)watch:(NSProgress *)progress;
/// Returns when that many bytes have come.
- (void)waitForBytes:(int64_t)bytes;
/// Must be called in the end.
- (void)stop;
@end

// The parts of the download test.
void test_targets(void);
void test_tasks(void);
void test_failures(void);

NS_ASSUME_NONNULL_END
