#import "OSPClient.h"

#import "OSPConversion.h"
#import "OSPMemory.h"

@implementation OSPClient

@synthesize refusal = _refusal;

- (instancetype)initWithConfiguration:(OSPDownloaderConfiguration *)configuration
{
  self = [super init];
  if (self == nil)
    return nil;
  OSP_KEPT OSPArguments *arguments = OSP_AUTORELEASE([[OSPArguments alloc] init]);
  oss_client_options options;
  OSS_OPTIONS_INIT(&options);
  options.connect_to = [arguments text:configuration.connectTo field:"connect_to"];
  options.ca_file = [arguments path:configuration.certificateAuthorityFileURL field:"ca_file"];
  options.proxy = [arguments text:configuration.proxy field:"proxy"];
  options.connect_timeout_ms = [arguments milliseconds:configuration.connectTimeout
                                                 field:"connect_timeout_ms"];
  options.idle_timeout_ms = [arguments milliseconds:configuration.idleTimeout
                                              field:"idle_timeout_ms"];
  _refusal = OSP_RETAIN(arguments.error);
  _client = oss_client_new(&options);
  return self;
}

- (void)dealloc
{
  oss_client_free(_client);
  OSP_RELEASE(_refusal);
  OSP_SUPER_DEALLOC();
}

- (const oss_client *)get
{
  return _client;
}

@end
