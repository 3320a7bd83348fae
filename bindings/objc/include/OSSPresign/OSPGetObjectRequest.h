#import <OSSPresign/OSPDefines.h>

NS_ASSUME_NONNULL_BEGIN

/// What to presign. Not for several threads at once; a copy is independent.
@interface OSPGetObjectRequest : NSObject <NSCopying> {
 @private
  NSString *_bucket;
  NSString *_key;
  NSString *_Nullable _versionID;
  NSString *_Nullable _process;
  NSString *_Nullable _responseCacheControl;
  NSString *_Nullable _responseContentDisposition;
  NSString *_Nullable _responseContentEncoding;
  NSString *_Nullable _responseContentLanguage;
  NSString *_Nullable _responseContentType;
  NSString *_Nullable _responseExpires;
  NSString *_Nullable _rangeBehavior;
  NSString *_Nullable _requestPayer;
  NSDictionary<NSString *, NSString *> *_queryParameters;
  NSDictionary<NSString *, NSString *> *_headers;
  NSTimeInterval _validity;
  NSDate *_Nullable _expiration;
  NSDate *_Nullable _signingDate;
  int64_t _trafficLimit;
}

/// 3 to 63 bytes of a-z 0-9 -, with no - at either end.
@property (nonatomic, copy) NSString *bucket;
/// The object: 1 to 1023 bytes of UTF-8, not starting with / or \. Signed as it is, never normalised.
@property (nonatomic, copy) NSString *key;
/// The version of the object.
@property (nonatomic, copy, nullable) NSString *versionID;
/// Image or other processing, x-oss-process.
@property (nonatomic, copy, nullable) NSString *process;
/// Cache-Control of the answer.
@property (nonatomic, copy, nullable) NSString *responseCacheControl;
/// Content-Disposition of the answer; "attachment" makes a browser download.
@property (nonatomic, copy, nullable) NSString *responseContentDisposition;
/// Content-Encoding of the answer.
@property (nonatomic, copy, nullable) NSString *responseContentEncoding;
/// Content-Language of the answer.
@property (nonatomic, copy, nullable) NSString *responseContentLanguage;
/// Content-Type of the answer.
@property (nonatomic, copy, nullable) NSString *responseContentType;
/// Expires of the answer.
@property (nonatomic, copy, nullable) NSString *responseExpires;
/// A signed header: x-oss-range-behavior, "standard".
@property (nonatomic, copy, nullable) NSString *rangeBehavior;
/// A signed header: x-oss-request-payer, "requester".
@property (nonatomic, copy, nullable) NSString *requestPayer;
/// Further query parameters; all are signed. Empty by default.
@property (nonatomic, copy) NSDictionary<NSString *, NSString *> *queryParameters;
/// Further headers: what is given is signed, and the downloader must send it too. Empty by default.
@property (nonatomic, copy) NSDictionary<NSString *, NSString *> *headers;
/// Validity in whole seconds (a fraction is dropped), 1 to 604800 (7 days). 0: 900 (15 minutes).
@property (nonatomic) NSTimeInterval validity;
/// When the URL expires, to the second, at most 7 days ahead. Wins over validity.
@property (nonatomic, copy, nullable) NSDate *expiration;
/// When the URL is signed, to the second. nil: now, by the system clock.
@property (nonatomic, copy, nullable) NSDate *signingDate;
/// x-oss-traffic-limit, a signed header, in bit/s: 245760 to 838860800. 0: none.
@property (nonatomic) int64_t trafficLimit;

/// The newest version of an object, for 15 minutes.
- (instancetype)initWithBucket:(NSString *)bucket key:(NSString *)key NS_DESIGNATED_INITIALIZER;

/// Not available: a request names bucket and key.
- (instancetype)init OSP_UNAVAILABLE;
/// Not available: a request names bucket and key.
+ (instancetype)new OSP_UNAVAILABLE;

@end

NS_ASSUME_NONNULL_END
