#import <OSSPresign/OSPCredentials.h>
#import <OSSPresign/OSPGetObjectRequest.h>
#import <OSSPresign/OSPPresignedURL.h>

NS_ASSUME_NONNULL_BEGIN

/// How a URL names the bucket.
typedef NS_ENUM(NSInteger, OSPAddressing) {
  /// https://BUCKET.endpoint/key. With an IP address as endpoint: path style.
  OSPAddressingVirtualHosted = 0,
  /// https://endpoint/BUCKET/key
  OSPAddressingPath = 1,
  /// https://endpoint/key: the endpoint is a custom domain (CNAME) bound to the bucket.
  OSPAddressingCustomDomain = 2,
};

/// Which of the region's endpoints to use.
typedef NS_ENUM(NSInteger, OSPEndpointKind) {
  /// oss-REGION.aliyuncs.com
  OSPEndpointPublic = 0,
  /// oss-REGION-internal.aliyuncs.com, reachable from Alibaba Cloud's own network in the region.
  OSPEndpointInternal = 1,
  /// REGION.oss.aliyuncs.com, IPv4 and IPv6.
  OSPEndpointDualStack = 2,
  /// oss-accelerate.aliyuncs.com
  OSPEndpointAccelerate = 3,
  /// oss-accelerate-overseas.aliyuncs.com
  OSPEndpointAccelerateOverseas = 4,
};

/// Gives the access key of the moment: called for each URL, on the thread that presigns. nil, with an
/// error, ends that call with the same error.
typedef OSPCredentials *_Nullable (^OSPCredentialsProvider)(NSError *_Nullable *_Nullable error);

/// Makes presigned URLs. Set its properties before it is used; then any thread may use it. No network,
/// no file.
@interface OSPPresigner : NSObject {
 @private
  NSString *_region;
  OSPCredentialsProvider _Nullable _credentialsProvider;
  NSString *_Nullable _endpoint;
  NSString *_Nullable _cloudBoxID;
  OSPAddressing _addressing;
  OSPEndpointKind _endpointKind;
  BOOL _usesHTTP;
}

/// The region, for instance "cn-hangzhou"; it is part of what is signed.
@property (nonatomic, readonly, copy) NSString *region;
/// The host to use instead of the region's: "host", "host:port" or "http(s)://host[:port]".
@property (nonatomic, copy, nullable) NSString *endpoint;
/// The cloud box the bucket lives in.
@property (nonatomic, copy, nullable) NSString *cloudBoxID;
/// How a URL names the bucket. Virtual-hosted by default.
@property (nonatomic) OSPAddressing addressing;
/// Which of the region's endpoints to use, when endpoint is nil. The public one by default.
@property (nonatomic) OSPEndpointKind endpointKind;
/// Whether to sign an http URL where the endpoint states no scheme. NO by default: https.
@property (nonatomic) BOOL usesHTTP;

/// Signs with the key that a block gives, for keys that change.
///
/// @param provider nil: the environment of the process is read for each URL: OSS_ACCESS_KEY_ID,
///   OSS_ACCESS_KEY_SECRET, OSS_SESSION_TOKEN
- (instancetype)initWithRegion:(NSString *)region
           credentialsProvider:(nullable OSPCredentialsProvider)provider NS_DESIGNATED_INITIALIZER;

/// Signs with one key.
- (instancetype)initWithRegion:(NSString *)region credentials:(OSPCredentials *)credentials;

/// Presigns a GetObject request.
///
/// @param request what to presign; read before the call returns
/// @param error OSPErrorInvalidArgument and its like, or what the credentials provider gave
- (nullable OSPPresignedURL *)presignGetObject:(OSPGetObjectRequest *)request
                                         error:(NSError *_Nullable *_Nullable)error
    NS_SWIFT_NAME(presign(_:));

/// Not available: a presigner has a region.
- (instancetype)init OSP_UNAVAILABLE;
/// Not available: a presigner has a region.
+ (instancetype)new OSP_UNAVAILABLE;

@end

NS_ASSUME_NONNULL_END
