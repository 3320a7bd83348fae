#import "OSPConversion.h"
#import "OSPSame.h"

NSString *const OSPErrorDomain = @"OSPErrorDomain";
NSString *const OSPErrorPhaseKey = @"OSPErrorPhase";
NSString *const OSPErrorRetryableKey = @"OSPErrorRetryable";
NSString *const OSPErrorHTTPStatusKey = @"OSPErrorHTTPStatus";
NSString *const OSPErrorServerCodeKey = @"OSPErrorServerCode";
NSString *const OSPErrorServerMessageKey = @"OSPErrorServerMessage";
NSString *const OSPErrorECKey = @"OSPErrorEC";
NSString *const OSPErrorRequestIDKey = @"OSPErrorRequestID";
NSString *const OSPErrorHostIDKey = @"OSPErrorHostID";

static OSPErrorCode error_code(oss_code code)
{
  switch (code) {
    OSP_SAME(OSPErrorNullArgument, OSS_E_NULL_ARGUMENT)
    OSP_SAME(OSPErrorInvalidArgument, OSS_E_INVALID_ARGUMENT)
    OSP_SAME(OSPErrorInvalidUTF8, OSS_E_INVALID_UTF8)
    OSP_SAME(OSPErrorUnsupportedABI, OSS_E_UNSUPPORTED_ABI)
    OSP_SAME(OSPErrorResolve, OSS_E_RESOLVE)
    OSP_SAME(OSPErrorConnect, OSS_E_CONNECT)
    OSP_SAME(OSPErrorTLS, OSS_E_TLS)
    OSP_SAME(OSPErrorTimeout, OSS_E_TIMEOUT)
    OSP_SAME(OSPErrorNetwork, OSS_E_NETWORK)
    OSP_SAME(OSPErrorURLExpired, OSS_E_URL_EXPIRED)
    OSP_SAME(OSPErrorForbidden, OSS_E_FORBIDDEN)
    OSP_SAME(OSPErrorNotFound, OSS_E_NOT_FOUND)
    OSP_SAME(OSPErrorObjectChanged, OSS_E_OBJECT_CHANGED)
    OSP_SAME(OSPErrorRange, OSS_E_RANGE)
    OSP_SAME(OSPErrorThrottled, OSS_E_THROTTLED)
    OSP_SAME(OSPErrorServer, OSS_E_SERVER)
    OSP_SAME(OSPErrorProtocol, OSS_E_PROTOCOL)
    OSP_SAME(OSPErrorIO, OSS_E_IO)
    OSP_SAME(OSPErrorNoSpace, OSS_E_NO_SPACE)
    OSP_SAME(OSPErrorExists, OSS_E_EXISTS)
    OSP_SAME(OSPErrorCallback, OSS_E_CALLBACK)
    OSP_SAME(OSPErrorTooLarge, OSS_E_TOO_LARGE)
    OSP_SAME(OSPErrorChecksum, OSS_E_CHECKSUM)
    OSP_SAME(OSPErrorCancelled, OSS_E_CANCELLED)
    OSP_SAME(OSPErrorInternal, OSS_E_INTERNAL)
  case OSS_OK:
    break;
  }
  // Of a newer library.
  return (OSPErrorCode)code;
}

static OSPPhase error_phase(oss_phase phase)
{
  switch (phase) {
    OSP_SAME(OSPPhaseCheck, OSS_PHASE_CHECK)
    OSP_SAME(OSPPhaseResolve, OSS_PHASE_RESOLVE)
    OSP_SAME(OSPPhaseConnect, OSS_PHASE_CONNECT)
    OSP_SAME(OSPPhaseTLS, OSS_PHASE_TLS)
    OSP_SAME(OSPPhaseHeaders, OSS_PHASE_HEADERS)
    OSP_SAME(OSPPhaseBody, OSS_PHASE_BODY)
    OSP_SAME(OSPPhaseDisk, OSS_PHASE_DISK)
    OSP_SAME(OSPPhaseVerify, OSS_PHASE_VERIFY)
  case OSS_PHASE_DONE:
    break;
  }
  return (OSPPhase)phase;
}

static void put(NSMutableDictionary<NSString *, id> *info, NSString *key, id value)
{
  if (value != nil)
    [info setObject:value forKey:key];
}

static NSError *make_error(OSPErrorCode code, OSPPhase phase, BOOL retryable, NSString *message,
                           NSDictionary<NSString *, id> *more)
{
  NSMutableDictionary<NSString *, id> *info = [NSMutableDictionary dictionaryWithDictionary:more];
  [info setObject:message forKey:NSLocalizedDescriptionKey];
  [info setObject:@(phase) forKey:OSPErrorPhaseKey];
  [info setObject:@(retryable) forKey:OSPErrorRetryableKey];
  return [NSError errorWithDomain:OSPErrorDomain code:code userInfo:info];
}

NSError *OSPErrorFromResult(const oss_result *result, NSError *underlying)
{
  NSMutableDictionary<NSString *, id> *info = [NSMutableDictionary dictionary];
  int32_t status = oss_result_http_status(result);
  if (status != 0)
    [info setObject:@(status) forKey:OSPErrorHTTPStatusKey];
  put(info, OSPErrorServerCodeKey, OSPStringOrNil(oss_result_server_code(result)));
  put(info, OSPErrorServerMessageKey, OSPStringOrNil(oss_result_server_message(result)));
  put(info, OSPErrorECKey, OSPStringOrNil(oss_result_ec(result)));
  put(info, OSPErrorRequestIDKey, OSPStringOrNil(oss_result_request_id(result)));
  put(info, OSPErrorHostIDKey, OSPStringOrNil(oss_result_host_id(result)));
  int32_t os_error = oss_result_os_error(result);
  if (underlying == nil && os_error != 0)
    underlying = [NSError errorWithDomain:NSPOSIXErrorDomain code:os_error userInfo:nil];
  put(info, NSUnderlyingErrorKey, underlying);
  return make_error(error_code(oss_result_code(result)), error_phase(oss_result_phase(result)),
                    oss_result_retryable(result), OSPString(oss_result_message(result)), info);
}

NSError *OSPErrorForField(OSPErrorCode code, const char *field, const char *rule,
                          NSError *underlying)
{
  NSMutableDictionary<NSString *, id> *info = [NSMutableDictionary dictionary];
  put(info, NSUnderlyingErrorKey, underlying);
  return make_error(code, OSPPhaseCheck, NO, [NSString stringWithFormat:@"%s: %s", field, rule],
                    info);
}
