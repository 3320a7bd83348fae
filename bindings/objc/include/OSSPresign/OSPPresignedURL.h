#import <OSSPresign/OSPDefines.h>

NS_ASSUME_NONNULL_BEGIN

/// A presigned URL, and the headers that go with it. Whoever has it can read the object until it
/// expires: keep it out of logs. Immutable; any thread. Its description tells nothing of the query.
NS_SWIFT_SENDABLE
@interface OSPPresignedURL : NSObject <NSCopying> {
 @private
  NSURL *_URL;
  NSString *_absoluteString;
  NSDate *_Nullable _expiration;
  NSDictionary<NSString *, NSString *> *_signedHeaders;
  NSString *_Nullable _canonicalRequest;
  NSString *_Nullable _stringToSign;
}

/// The HTTP method that was signed: "GET".
@property (nonatomic, readonly, copy) NSString *method;
/// The URL. Its absoluteString is the property of that name, byte for byte; do not take it apart and
/// put it together again, for that would escape anew what is signed as it stands.
@property (nonatomic, readonly, copy) NSURL *URL;
/// The URL as it was signed, and must be sent.
@property (nonatomic, readonly, copy) NSString *absoluteString;
/// When it expires; nil if the URL does not say.
@property (nonatomic, readonly, copy, nullable) NSDate *expiration;
/// What was signed and must be sent, by name; a presigner gives lower-case names. Usually empty.
@property (nonatomic, readonly, copy) NSDictionary<NSString *, NSString *> *signedHeaders;
/// A request for the URL with all its headers, for NSURLSession and others.
@property (nonatomic, readonly, copy) NSURLRequest *URLRequest;
/// The canonical request, for comparing when a signature is refused; nil if another signed. It has no
/// secret in it, but the security token, as the URL does.
@property (nonatomic, readonly, copy, nullable) NSString *canonicalRequest;
/// The string to sign, for comparing when a signature is refused; nil if another signed.
@property (nonatomic, readonly, copy, nullable) NSString *stringToSign;

/// A URL that another made, for instance the app's own server.
///
/// @param string the URL, byte for byte; presigned in any way, or not at all
/// @param signedHeaders what was signed and must be sent
/// @param error why it cannot be used: not http or https, not printable ASCII, no host, user info, a
///   fragment, or a URL that NSURL would alter; a header that is no text
- (nullable instancetype)initWithString:(NSString *)string
                          signedHeaders:
                              (nullable NSDictionary<NSString *, NSString *> *)signedHeaders
                                  error:(NSError *_Nullable *_Nullable)error
    NS_SWIFT_NAME(init(string:signedHeaders:));

/// Not available: a presigner makes one, or a string.
- (instancetype)init OSP_UNAVAILABLE;
/// Not available: a presigner makes one, or a string.
+ (instancetype)new OSP_UNAVAILABLE;

@end

NS_ASSUME_NONNULL_END
