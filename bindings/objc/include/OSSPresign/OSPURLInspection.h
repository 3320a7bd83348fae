#import <OSSPresign/OSPDefines.h>

NS_ASSUME_NONNULL_BEGIN

@class OSPResult;

/// How a URL is signed. New ones may appear.
typedef NS_ENUM(NSInteger, OSPURLStyle) {
  /// None of the others, not signed at all included; nothing is known of its expiry.
  OSPURLStyleUnknown = 0,
  /// OSS signature version 4.
  OSPURLStyleV4 = 1,
  /// OSS signature version 1.
  OSPURLStyleV1 = 2,
  /// S3's signature version 4, which OSS understands too.
  OSPURLStyleAmzV4 = 3,
};

/// What is true of a URL. New bits may appear.
typedef NS_OPTIONS(NSUInteger, OSPURLFlags) {
  /// TLS is used.
  OSPURLFlagHTTPS = 1,
  /// The object may be fetched in parts; not if Range or If-Match is signed, or the object is processed
  /// on its way.
  OSPURLFlagMaySplit = 2,
  /// Range is signed; exactly the signed range can be asked for.
  OSPURLFlagSignsRange = 4,
  /// If-Match is signed; exactly the signed value can be sent.
  OSPURLFlagSignsIfMatch = 8,
  /// Host is signed by name; at another host name the URL fails.
  OSPURLFlagSignsHost = 16,
  /// The object is processed on its way (x-oss-process).
  OSPURLFlagProcesses = 32,
};

/// Something wrong with a URL. New ones may appear.
typedef NS_ENUM(NSInteger, OSPProblemKind) {
  /// "&amp;" stands where "&" should: copied from HTML source.
  OSPProblemHTMLEscaped = 1,
  /// "x-oss-signature-verion", as OSS's error pages misspell it.
  OSPProblemMisspeltVersion = 2,
  /// x-oss-signature-version is not OSS4-HMAC-SHA256.
  OSPProblemSignatureVersion = 3,
  /// A parameter that a URL of this style needs is not there.
  OSPProblemMissingParameter = 4,
  /// A parameter of the signature is there more than once.
  OSPProblemRepeatedParameter = 5,
  /// The signature is not 64 lower-case hex digits.
  OSPProblemSignatureForm = 6,
  /// x-oss-credential is not ID/YYYYMMDD/REGION/PRODUCT/aliyun_v4_request.
  OSPProblemCredentialForm = 7,
  /// The day in x-oss-credential is not that of x-oss-date.
  OSPProblemCredentialDay = 8,
  /// The signing time is not YYYYMMDDThhmmssZ, or no such time.
  OSPProblemDateForm = 9,
  /// The expiry is no number.
  OSPProblemExpiresNotANumber = 10,
  /// x-oss-expires is not 1 to 604800.
  OSPProblemExpiresOutOfRange = 11,
  /// x-oss-expires is an instant, and should be a duration.
  OSPProblemExpiresIsTimestamp = 12,
  /// x-oss-additional-headers is not a sorted list of lower-case header names with ";" between them.
  OSPProblemAdditionalHeaders = 13,
  /// The URL has expired.
  OSPProblemExpired = 14,
  /// The URL was signed more than 15 minutes in the future.
  OSPProblemNotYetValid = 15,
  /// The host is one of OSS's internal endpoints.
  OSPProblemInternalEndpoint = 16,
  /// Plain http.
  OSPProblemPlainHTTP = 17,
};

/// Something wrong with a URL. Immutable; any thread.
NS_SWIFT_SENDABLE
@interface OSPURLProblem : NSObject {
 @private
  OSPProblemKind _kind;
  BOOL _isError;
  NSString *_message;
}

/// What it is.
@property (nonatomic, readonly) OSPProblemKind kind;
/// Whether the service will refuse the URL for it; NO for a warning.
@property (nonatomic, readonly) BOOL isError;
/// A sentence or two for a person who wants to fix it. No text of the URL is in it.
@property (nonatomic, readonly, copy) NSString *message;

/// Not available: an inspection makes one.
- (instancetype)init OSP_UNAVAILABLE;
/// Not available: an inspection makes one.
+ (instancetype)new OSP_UNAVAILABLE;

@end

/// What a URL that anybody may have made says of itself, and what is wrong with it. No network, no
/// file. Immutable; any thread.
NS_SWIFT_SENDABLE
@interface OSPURLInspection : NSObject {
 @private
  OSPResult *_result;
}

/// How the URL is signed.
@property (nonatomic, readonly) OSPURLStyle style;
/// What is true of it.
@property (nonatomic, readonly) OSPURLFlags flags;
/// When it was signed; nil when it does not say.
@property (nonatomic, readonly, nullable) NSDate *signingDate;
/// When it expires; nil when it does not say.
@property (nonatomic, readonly, nullable) NSDate *expiration;
/// The version of the object that is asked for.
@property (nonatomic, readonly, nullable) NSString *versionID;
/// The headers that it demands by name, lower-case; more may have been signed.
@property (nonatomic, readonly) NSArray<NSString *> *headerNames;
/// The URL without its secrets, for logs.
@property (nonatomic, readonly) NSString *redactedString;
/// What is wrong with it; causes come before what they cause. None does not mean that it works: only
/// the service knows the secret.
@property (nonatomic, readonly) NSArray<OSPURLProblem *> *problems;

/// Reads a URL. One that is doubtful, expired or not signed at all is no failure.
///
/// @param string the URL
/// @param date when it is to be used; nil: now
/// @param error for what could not be sent as it is: not http or https, not printable ASCII, no host,
///   user info, a fragment
- (nullable instancetype)initWithString:(NSString *)string
                                   date:(nullable NSDate *)date
                                  error:(NSError *_Nullable *_Nullable)error
    NS_DESIGNATED_INITIALIZER NS_SWIFT_NAME(init(string:at:));

/// Not available: an inspection has a URL.
- (instancetype)init OSP_UNAVAILABLE;
/// Not available: an inspection has a URL.
+ (instancetype)new OSP_UNAVAILABLE;

@end

NS_ASSUME_NONNULL_END
