#import "OSPHandles.h"

#import "OSPMemory.h"

@implementation OSPResult

- (instancetype)initWithResult:(oss_result *)result
{
  self = [super init];
  if (self != nil)
    _result = result;
  return self;
}

- (void)dealloc
{
  oss_result_free(_result);
  OSP_SUPER_DEALLOC();
}

- (const oss_result *)get
{
  return _result;
}

- (BOOL)succeeded
{
  return oss_result_code(_result) == OSS_OK;
}

@end

@implementation OSPCancelSwitch

- (instancetype)init
{
  self = [super init];
  if (self != nil)
    _cancel = oss_cancel_new();
  return self;
}

- (void)dealloc
{
  oss_cancel_free(_cancel);
  OSP_SUPER_DEALLOC();
}

- (const oss_cancel *)get
{
  return _cancel;
}

- (void)request
{
  oss_cancel_request(_cancel);
}

@end
