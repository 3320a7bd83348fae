#import <OSSPresign/OSPDefines.h>

NS_ASSUME_NONNULL_BEGIN

/// An access key. Immutable; any thread. Its description tells nothing of it.
NS_SWIFT_SENDABLE
@interface OSPCredentials : NSObject <NSCopying> {
 @private
  NSString *_accessKeyID;
  NSString *_accessKeySecret;
  NSString *_Nullable _securityToken;
}

/// The id of the key.
@property (nonatomic, readonly, copy) NSString *accessKeyID;
/// Its secret.
@property (nonatomic, readonly, copy) NSString *accessKeySecret;
/// The security token of a temporary (STS) key.
@property (nonatomic, readonly, copy, nullable) NSString *securityToken;

/// A temporary key, as an app gets it from its own server; or, with no token, a lasting one.
- (instancetype)initWithAccessKeyID:(NSString *)accessKeyID
                    accessKeySecret:(NSString *)accessKeySecret
                      securityToken:(nullable NSString *)securityToken NS_DESIGNATED_INITIALIZER;

/// A lasting key. It does not belong into an app.
- (instancetype)initWithAccessKeyID:(NSString *)accessKeyID
                    accessKeySecret:(NSString *)accessKeySecret;

/// Not available: an access key has an id and a secret.
- (instancetype)init OSP_UNAVAILABLE;
/// Not available: an access key has an id and a secret.
+ (instancetype)new OSP_UNAVAILABLE;

@end

NS_ASSUME_NONNULL_END
