#import <OSSPresign/OSPCredentials.h>

#import "OSPMemory.h"

@implementation OSPCredentials

@synthesize accessKeyID = _accessKeyID;
@synthesize accessKeySecret = _accessKeySecret;
@synthesize securityToken = _securityToken;

- (instancetype)initWithAccessKeyID:(NSString *)accessKeyID
                    accessKeySecret:(NSString *)accessKeySecret
                      securityToken:(NSString *)securityToken
{
  self = [super init];
  if (self != nil) {
    _accessKeyID = [accessKeyID copy];
    _accessKeySecret = [accessKeySecret copy];
    _securityToken = [securityToken copy];
  }
  return self;
}

- (instancetype)initWithAccessKeyID:(NSString *)accessKeyID
                    accessKeySecret:(NSString *)accessKeySecret
{
  return [self initWithAccessKeyID:accessKeyID accessKeySecret:accessKeySecret securityToken:nil];
}

- (void)dealloc
{
  OSP_RELEASE(_accessKeyID);
  OSP_RELEASE(_accessKeySecret);
  OSP_RELEASE(_securityToken);
  OSP_SUPER_DEALLOC();
}

- (id)copyWithZone:(NSZone *)zone
{
  (void)zone;
  return OSP_RETAIN(self);
}

@end
