//! The codes C programs act on.

use crate::error::{Error, ErrorKind, Phase};
use std::ffi::c_char;

/// Outcome of an operation. Numbers are permanent; new ones may appear, so keep a default branch.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum oss_code {
    /// Success.
    OSS_OK = 0,
    /// A required pointer is NULL; the message names it.
    OSS_E_NULL_ARGUMENT = 1,
    /// An input breaks a rule; the message names the field and the rule.
    OSS_E_INVALID_ARGUMENT = 2,
    /// A text is not UTF-8; the message names it.
    OSS_E_INVALID_UTF8 = 3,
    /// struct_size was not set, or the options use fields this library does not know.
    OSS_E_UNSUPPORTED_ABI = 4,
    /// The host name could not be resolved.
    OSS_E_RESOLVE = 40,
    /// No connection to the server.
    OSS_E_CONNECT = 41,
    /// TLS or a certificate failed.
    OSS_E_TLS = 42,
    /// A timeout passed.
    OSS_E_TIMEOUT = 43,
    /// The connection broke.
    OSS_E_NETWORK = 44,
    /// The presigned URL is past its expiry.
    OSS_E_URL_EXPIRED = 60,
    /// The service refused the request (HTTP 401, 403).
    OSS_E_FORBIDDEN = 61,
    /// No such object, version or bucket (HTTP 404).
    OSS_E_NOT_FOUND = 62,
    /// The object is another one than before, or than was asked for (HTTP 412).
    OSS_E_OBJECT_CHANGED = 63,
    /// The range lies past the end of the object (HTTP 416).
    OSS_E_RANGE = 64,
    /// The service asks to slow down (HTTP 429, 503).
    OSS_E_THROTTLED = 65,
    /// The service answered with another error status.
    OSS_E_SERVER = 66,
    /// The answer contradicts HTTP, or what was asked.
    OSS_E_PROTOCOL = 67,
    /// A file could not be written.
    OSS_E_IO = 80,
    /// The disk, or a quota, is full.
    OSS_E_NO_SPACE = 81,
    /// The target exists and OSS_DOWNLOAD_NO_OVERWRITE was given.
    OSS_E_EXISTS = 82,
    /// The write callback refused the data.
    OSS_E_CALLBACK = 83,
    /// The object is larger than the caller allows.
    OSS_E_TOO_LARGE = 84,
    /// The bytes do not have the checksum, or the size, that the service states or the caller
    /// expects.
    OSS_E_CHECKSUM = 100,
    /// Cancelled: by the progress callback, or an oss_cancel.
    OSS_E_CANCELLED = 120,
    /// A bug in this library.
    OSS_E_INTERNAL = 255,
}

/// How far an operation got when it failed.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum oss_phase {
    /// The operation succeeded.
    OSS_PHASE_DONE = 0,
    /// Checking the input: nothing was sent, nothing touched.
    OSS_PHASE_CHECK = 1,
    /// Resolving the host name.
    OSS_PHASE_RESOLVE = 2,
    /// Connecting.
    OSS_PHASE_CONNECT = 3,
    /// The TLS handshake.
    OSS_PHASE_TLS = 4,
    /// Sending the request and waiting for the answer's headers.
    OSS_PHASE_HEADERS = 5,
    /// Reading the body.
    OSS_PHASE_BODY = 6,
    /// Writing to the disk.
    OSS_PHASE_DISK = 7,
    /// Comparing length and checksum.
    OSS_PHASE_VERIFY = 8,
}

use oss_code::*;
use oss_phase::*;

/// Every code with its name, for `oss_code_name`.
const NAMES: [(oss_code, &std::ffi::CStr); 26] = [
    (OSS_OK, c"OSS_OK"),
    (OSS_E_NULL_ARGUMENT, c"OSS_E_NULL_ARGUMENT"),
    (OSS_E_INVALID_ARGUMENT, c"OSS_E_INVALID_ARGUMENT"),
    (OSS_E_INVALID_UTF8, c"OSS_E_INVALID_UTF8"),
    (OSS_E_UNSUPPORTED_ABI, c"OSS_E_UNSUPPORTED_ABI"),
    (OSS_E_RESOLVE, c"OSS_E_RESOLVE"),
    (OSS_E_CONNECT, c"OSS_E_CONNECT"),
    (OSS_E_TLS, c"OSS_E_TLS"),
    (OSS_E_TIMEOUT, c"OSS_E_TIMEOUT"),
    (OSS_E_NETWORK, c"OSS_E_NETWORK"),
    (OSS_E_URL_EXPIRED, c"OSS_E_URL_EXPIRED"),
    (OSS_E_FORBIDDEN, c"OSS_E_FORBIDDEN"),
    (OSS_E_NOT_FOUND, c"OSS_E_NOT_FOUND"),
    (OSS_E_OBJECT_CHANGED, c"OSS_E_OBJECT_CHANGED"),
    (OSS_E_RANGE, c"OSS_E_RANGE"),
    (OSS_E_CALLBACK, c"OSS_E_CALLBACK"),
    (OSS_E_TOO_LARGE, c"OSS_E_TOO_LARGE"),
    (OSS_E_THROTTLED, c"OSS_E_THROTTLED"),
    (OSS_E_SERVER, c"OSS_E_SERVER"),
    (OSS_E_PROTOCOL, c"OSS_E_PROTOCOL"),
    (OSS_E_IO, c"OSS_E_IO"),
    (OSS_E_NO_SPACE, c"OSS_E_NO_SPACE"),
    (OSS_E_EXISTS, c"OSS_E_EXISTS"),
    (OSS_E_CHECKSUM, c"OSS_E_CHECKSUM"),
    (OSS_E_CANCELLED, c"OSS_E_CANCELLED"),
    (OSS_E_INTERNAL, c"OSS_E_INTERNAL"),
];

/// The name of a code, for logs: "OSS_E_NOT_FOUND". Never NULL; "unknown" for a number that is no
/// code. The text is static. Any thread. Takes a number, so that codes of later versions fit in; a
/// compiler that warns of an enum's sign wants a cast: oss_code_name((int32_t)code).
#[unsafe(no_mangle)]
pub extern "C" fn oss_code_name(code: i32) -> *const c_char {
    let known = NAMES.iter().find(|(known, _)| *known as i32 == code);
    known.map_or(c"unknown", |(_, name)| name).as_ptr()
}

impl From<ErrorKind> for oss_code {
    fn from(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::InvalidArgument => OSS_E_INVALID_ARGUMENT,
            ErrorKind::Resolve => OSS_E_RESOLVE,
            ErrorKind::Connect => OSS_E_CONNECT,
            ErrorKind::Tls => OSS_E_TLS,
            ErrorKind::Timeout => OSS_E_TIMEOUT,
            ErrorKind::Network => OSS_E_NETWORK,
            ErrorKind::UrlExpired => OSS_E_URL_EXPIRED,
            ErrorKind::Forbidden => OSS_E_FORBIDDEN,
            ErrorKind::NotFound => OSS_E_NOT_FOUND,
            ErrorKind::ObjectChanged => OSS_E_OBJECT_CHANGED,
            ErrorKind::Range => OSS_E_RANGE,
            ErrorKind::Callback => OSS_E_CALLBACK,
            ErrorKind::TooLarge => OSS_E_TOO_LARGE,
            ErrorKind::Throttled => OSS_E_THROTTLED,
            ErrorKind::Server => OSS_E_SERVER,
            ErrorKind::Protocol => OSS_E_PROTOCOL,
            ErrorKind::Io => OSS_E_IO,
            ErrorKind::NoSpace => OSS_E_NO_SPACE,
            ErrorKind::Exists => OSS_E_EXISTS,
            ErrorKind::Checksum => OSS_E_CHECKSUM,
            ErrorKind::Cancelled => OSS_E_CANCELLED,
            ErrorKind::Internal => OSS_E_INTERNAL,
        }
    }
}

impl From<Phase> for oss_phase {
    fn from(phase: Phase) -> Self {
        match phase {
            Phase::Check => OSS_PHASE_CHECK,
            Phase::Resolve => OSS_PHASE_RESOLVE,
            Phase::Connect => OSS_PHASE_CONNECT,
            Phase::Tls => OSS_PHASE_TLS,
            Phase::Headers => OSS_PHASE_HEADERS,
            Phase::Body => OSS_PHASE_BODY,
            Phase::Disk => OSS_PHASE_DISK,
            Phase::Verify => OSS_PHASE_VERIFY,
        }
    }
}

/// An error on its way to C: the core's, with a code that only the C ABI has where one fits better.
#[derive(Clone)]
pub(super) struct Failure {
    pub(super) code: oss_code,
    pub(super) error: Error,
}

impl Failure {
    /// Bad input at the boundary.
    pub(super) fn new(code: oss_code, field: &str, rule: impl std::fmt::Display) -> Self {
        Self { code, error: Error::invalid(field, rule) }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { code: error.kind().into(), error }
    }
}
