// The two errors that nobody can provoke through the wrapper: they come from the library as others do.
#import "OSPConversion.h"
#import "OSPHandles.h"

#include "check.h"

/* Only of a library built with the feature panic-test; in no header. */
oss_result *oss_test_panic(void);

static void check_code(oss_result *result, OSPErrorCode code)
{
  OSPResult *owner = [[[OSPResult alloc] initWithResult:result] autorelease];
  NSError *error = OSPErrorFromResult([owner get], nil);
  CHECK(![owner succeeded]);
  CHECK([error.domain isEqual:OSPErrorDomain]);
  CHECK_NUMBER(error.code, code);
  CHECK(error.localizedDescription.length > 0);
}

int main(void)
{
  @autoreleasepool {
    oss_presign_options options;
    OSS_OPTIONS_INIT(&options);
    options.struct_size = 1;
    check_code(oss_presign_get(&options), OSPErrorUnsupportedABI);
    check_code(oss_test_panic(), OSPErrorInternal);
  }
  return check_done();
}
