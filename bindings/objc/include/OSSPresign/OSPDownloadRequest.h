#import <OSSPresign/OSPPresignedURL.h>

NS_ASSUME_NONNULL_BEGIN

/// Gives a fresh URL for the same object: called when the old one has expired, or is in the last tenth
/// of its life (10 s at most), on the thread that downloads. After nil the old one serves to its end,
/// and then the download ends with OSPErrorURLExpired; an error that was set goes with it as
/// NSUnderlyingErrorKey.
typedef OSPPresignedURL *_Nullable (^OSPRefreshHandler)(NSError *_Nullable *_Nullable error);

/// What to download, and where to: set one of fileURL, outputStream and memoryLimit; all else may stay
/// as it is. Times are in seconds. Not for several threads at once; a copy is independent, but for the
/// stream.
@interface OSPDownloadRequest : NSObject <NSCopying> {
 @private
  OSPPresignedURL *_presignedURL;
  NSURL *_Nullable _fileURL;
  NSOutputStream *_Nullable _outputStream;
  uint64_t _memoryLimit;
  OSPRefreshHandler _Nullable _refreshHandler;
  uint64_t _rangeOffset;
  uint64_t _rangeLength;
  NSNumber *_Nullable _expectedSize;
  NSNumber *_Nullable _expectedCRC64;
  NSData *_Nullable _expectedSHA256;
  NSData *_Nullable _expectedMD5;
  uint64_t _maxBytes;
  uint64_t _rateLimit;
  uint64_t _partSize;
  uint32_t _connections;
  NSInteger _retries;
  NSTimeInterval _retryBudget;
  NSTimeInterval _totalTimeout;
  NSTimeInterval _progressInterval;
  BOOL _overwrites;
  BOOL _syncs;
  BOOL _resumes;
  BOOL _followsRedirects;
}

/// The URL, sent byte for byte, and its headers.
@property (nonatomic, copy) OSPPresignedURL *presignedURL;

/// The file to make. It appears when it is complete and verified; until then what stands there stays
/// as it is, and the data waits beside it, in a file whose name ends in ".part".
@property (nonatomic, copy, nullable) NSURL *fileURL;
/// Or: takes the bytes in order, over one connection, on the thread that downloads. Opened and closed
/// by the download, unless it is open already.
@property (nonatomic, strong, nullable) NSOutputStream *outputStream;
/// Or: keeps the bytes in memory, at most so many, as data of the result.
@property (nonatomic) uint64_t memoryLimit;

/// Gives a fresh URL when the old one expires. Without it: OSPErrorURLExpired.
@property (nonatomic, copy, nullable) OSPRefreshHandler refreshHandler;

/// First byte of the object that is wanted.
@property (nonatomic) uint64_t rangeOffset;
/// Number of bytes that are wanted. 0: to the end.
@property (nonatomic) uint64_t rangeLength;

/// The size that the target must have, unsigned.
@property (nonatomic, copy, nullable) NSNumber *expectedSize;
/// The CRC-64 (CRC-64/XZ, as OSS computes it) that the target must have, unsigned.
@property (nonatomic, copy, nullable) NSNumber *expectedCRC64;
/// The SHA-256 that the target must have, 32 bytes.
@property (nonatomic, copy, nullable) NSData *expectedSHA256;
/// The MD5 that the target must have, 16 bytes.
@property (nonatomic, copy, nullable) NSData *expectedMD5;

/// The most bytes to write: one more is OSPErrorTooLarge. 0: no limit.
@property (nonatomic) uint64_t maxBytes;
/// The most bytes a second, for the whole download. 0: no limit.
@property (nonatomic) uint64_t rateLimit;
/// Size of a part in bytes, at least 131072. 0: 8 MiB.
@property (nonatomic) uint64_t partSize;
/// How many parts are fetched at once, 1 to 64. 0: 4.
@property (nonatomic) uint32_t connections;
/// How often a request is repeated without progress in between. 0: 5. Negative: never.
@property (nonatomic) NSInteger retries;
/// For how long repetitions go on without progress. 0: 120. Negative: no limit.
@property (nonatomic) NSTimeInterval retryBudget;
/// For the whole download. 0 or negative: no limit.
@property (nonatomic) NSTimeInterval totalTimeout;
/// Between two reports of progress. 0: 0.1. Negative: at every step.
@property (nonatomic) NSTimeInterval progressInterval;

/// Whether an existing file may be replaced. YES by default.
@property (nonatomic) BOOL overwrites;
/// Whether to wait until the data is on the disk. YES by default; NO is faster, and a power cut soon
/// after may leave an empty or short file.
@property (nonatomic) BOOL syncs;
/// Whether to keep what was fetched when the download fails or is cancelled, beside the file, and to
/// go on from there next time. NO by default.
@property (nonatomic) BOOL resumes;
/// Whether to follow redirects, at most 10. Headers stay behind when one leads to another host, and
/// none is followed from https to http. NO by default.
@property (nonatomic) BOOL followsRedirects;

/// A download of the whole object; where to is still to be set.
- (instancetype)initWithPresignedURL:(OSPPresignedURL *)presignedURL NS_DESIGNATED_INITIALIZER;

/// Not available: a download has a URL.
- (instancetype)init OSP_UNAVAILABLE;
/// Not available: a download has a URL.
+ (instancetype)new OSP_UNAVAILABLE;

@end

NS_ASSUME_NONNULL_END
