#import <OSSPresign/OSPDefines.h>

NS_ASSUME_NONNULL_BEGIN

@class OSPResult;

/// What the bytes were checked against before the target appeared.
typedef NS_ENUM(NSInteger, OSPVerified) {
  /// Nothing: the server stated neither length nor checksum.
  OSPVerifiedNothing = 0,
  /// The length the server stated.
  OSPVerifiedLength = 1,
  /// The CRC-64 the server stated for the whole object, and the length.
  OSPVerifiedCRC64 = 2,
};

/// What a download brought. Immutable; any thread.
NS_SWIFT_SENDABLE
@interface OSPDownloadResult : NSObject {
 @private
  OSPResult *_result;
  NSData *_Nullable _data;
}

/// The bytes of a download to memory; else nil.
@property (nonatomic, readonly, nullable) NSData *data;
/// The size of the target in bytes.
@property (nonatomic, readonly) uint64_t bytes;
/// The size of the whole object in bytes, or NSURLResponseUnknownLength if the server did not state it.
@property (nonatomic, readonly) int64_t objectSize;
/// How many of the bytes were there from an earlier call.
@property (nonatomic, readonly) uint64_t resumedBytes;
/// How many requests were repeated.
@property (nonatomic, readonly) NSUInteger retries;
/// How many times the URL was replaced.
@property (nonatomic, readonly) NSUInteger refreshes;
/// The object's ETag as the server sent it, quotes included.
@property (nonatomic, readonly, nullable) NSString *ETag;
/// The version that came, where the bucket keeps versions.
@property (nonatomic, readonly, nullable) NSString *versionID;
/// The CRC-64 (CRC-64/XZ, as OSS computes it) of the bytes in the target.
@property (nonatomic, readonly) uint64_t CRC64;
/// What the bytes were checked against.
@property (nonatomic, readonly) OSPVerified verified;
/// The HTTP status of the first answer; 0 if all was there from an earlier call.
@property (nonatomic, readonly) NSInteger HTTPStatus;
/// OSS's id of the first request.
@property (nonatomic, readonly, nullable) NSString *requestID;

/// Not available: a download makes one.
- (instancetype)init OSP_UNAVAILABLE;
/// Not available: a download makes one.
+ (instancetype)new OSP_UNAVAILABLE;

@end

NS_ASSUME_NONNULL_END
