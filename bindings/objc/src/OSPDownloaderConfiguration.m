#import <OSSPresign/OSPDownloaderConfiguration.h>

#import "OSPMemory.h"

@implementation OSPDownloaderConfiguration

@synthesize completionQueue = _completionQueue;
@synthesize connectTo = _connectTo;
@synthesize certificateAuthorityFileURL = _certificateAuthorityFileURL;
@synthesize proxy = _proxy;
@synthesize connectTimeout = _connectTimeout;
@synthesize idleTimeout = _idleTimeout;

- (instancetype)init
{
  self = [super init];
  if (self != nil)
    _completionQueue = OSP_RETAIN([NSOperationQueue mainQueue]);
  return self;
}

- (void)dealloc
{
  OSP_RELEASE(_completionQueue);
  OSP_RELEASE(_connectTo);
  OSP_RELEASE(_certificateAuthorityFileURL);
  OSP_RELEASE(_proxy);
  OSP_SUPER_DEALLOC();
}

- (id)copyWithZone:(NSZone *)zone
{
  OSPDownloaderConfiguration *copy = [[[self class] allocWithZone:zone] init];
  copy.completionQueue = _completionQueue;
  copy.connectTo = _connectTo;
  copy.certificateAuthorityFileURL = _certificateAuthorityFileURL;
  copy.proxy = _proxy;
  copy.connectTimeout = _connectTimeout;
  copy.idleTimeout = _idleTimeout;
  return copy;
}

@end
