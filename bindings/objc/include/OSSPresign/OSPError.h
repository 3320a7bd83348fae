#import <OSSPresign/OSPDefines.h>

NS_ASSUME_NONNULL_BEGIN

/// The domain of every error that this library makes. No error has a secret, a signature, a token or
/// a query string in any of its texts.
FOUNDATION_EXPORT NSString *const OSPErrorDomain;

/// What went wrong. Numbers are permanent, and those of the C library; new ones may appear.
/// localizedDescription says it in a sentence; where an input is at fault it starts with the name of
/// the field, as the C library has it ("access_key_id" is accessKeyID).
typedef NS_ERROR_ENUM(OSPErrorDomain, OSPErrorCode) {
  /// Something required is nil.
  OSPErrorNullArgument = 1,
  /// An input breaks a rule.
  OSPErrorInvalidArgument = 2,
  /// A text cannot be UTF-8: half of a surrogate pair is in it.
  OSPErrorInvalidUTF8 = 3,
  /// The wrapper and the library inside it do not fit together.
  OSPErrorUnsupportedABI = 4,
  /// The host name could not be resolved.
  OSPErrorResolve = 40,
  /// No connection to the server.
  OSPErrorConnect = 41,
  /// TLS or a certificate failed.
  OSPErrorTLS = 42,
  /// A timeout passed.
  OSPErrorTimeout = 43,
  /// The connection broke.
  OSPErrorNetwork = 44,
  /// The presigned URL is past its expiry, and nobody gave a fresh one.
  OSPErrorURLExpired = 60,
  /// The service refused the request (HTTP 401, 403).
  OSPErrorForbidden = 61,
  /// No such object, version or bucket (HTTP 404).
  OSPErrorNotFound = 62,
  /// The object is another one than before, or than was asked for (HTTP 412).
  OSPErrorObjectChanged = 63,
  /// The range lies past the end of the object (HTTP 416).
  OSPErrorRange = 64,
  /// The service asks to slow down (HTTP 429, 503).
  OSPErrorThrottled = 65,
  /// The service answered with another error status.
  OSPErrorServer = 66,
  /// The answer contradicts HTTP, or what was asked.
  OSPErrorProtocol = 67,
  /// A file could not be written.
  OSPErrorIO = 80,
  /// The disk, or a quota, is full.
  OSPErrorNoSpace = 81,
  /// The target exists and overwrites is NO.
  OSPErrorExists = 82,
  /// The output stream cannot be opened, or refused the data.
  OSPErrorCallback = 83,
  /// The object is larger than memoryLimit or maxBytes.
  OSPErrorTooLarge = 84,
  /// The bytes do not have the checksum, or the size, that the service states or the request expects.
  OSPErrorChecksum = 100,
  /// The progress was cancelled.
  OSPErrorCancelled = 120,
  /// A bug in this library.
  OSPErrorInternal = 255,
};

/// How far it got when it failed: OSPErrorPhaseKey.
typedef NS_ENUM(NSInteger, OSPPhase) {
  /// Checking the input: nothing was sent, nothing touched.
  OSPPhaseCheck = 1,
  /// Resolving the host name.
  OSPPhaseResolve = 2,
  /// Connecting.
  OSPPhaseConnect = 3,
  /// The TLS handshake.
  OSPPhaseTLS = 4,
  /// Sending the request and waiting for the answer's headers.
  OSPPhaseHeaders = 5,
  /// Reading the body.
  OSPPhaseBody = 6,
  /// Writing to the disk.
  OSPPhaseDisk = 7,
  /// Comparing length and checksum.
  OSPPhaseVerify = 8,
};

/// userInfo: NSNumber of OSPPhase. Always there.
FOUNDATION_EXPORT NSString *const OSPErrorPhaseKey;
/// userInfo: NSNumber of BOOL, whether the same call may well succeed later, unchanged. Always there.
FOUNDATION_EXPORT NSString *const OSPErrorRetryableKey;
/// userInfo: NSNumber, the HTTP status of the answer that is at fault; not there when no single one is,
/// for instance where the checksum of the whole is wrong.
FOUNDATION_EXPORT NSString *const OSPErrorHTTPStatusKey;
/// userInfo: NSString, OSS's error code, for instance "NoSuchKey".
FOUNDATION_EXPORT NSString *const OSPErrorServerCodeKey;
/// userInfo: NSString, OSS's error message.
FOUNDATION_EXPORT NSString *const OSPErrorServerMessageKey;
/// userInfo: NSString, OSS's finer error code (EC), for instance "0026-00000001".
FOUNDATION_EXPORT NSString *const OSPErrorECKey;
/// userInfo: NSString, OSS's id of that request, for a support ticket.
FOUNDATION_EXPORT NSString *const OSPErrorRequestIDKey;
/// userInfo: NSString, the host that answered with an error, as it names itself.
FOUNDATION_EXPORT NSString *const OSPErrorHostIDKey;

NS_ASSUME_NONNULL_END
