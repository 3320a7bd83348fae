//! The outcome of an operation, as C reads it.

use super::code::{Failure, oss_code, oss_phase};
use super::text::Text;
use crate::download::{Downloaded, Verified};
use crate::error::ServiceError;
use crate::presign::PresignedUrl;
use std::ffi::c_char;

/// Outcome and payload of one operation: opaque, immutable, readable from any thread, freed once
/// with oss_result_free. Texts it gives are NUL-terminated UTF-8 and live as long as it does.
pub struct oss_result {
    outcome: Result<Outcome, Failed>,
}

/// What an operation that succeeded gives.
pub(super) enum Outcome {
    Presigned(Presigned),
    Downloaded(Box<Fetched>),
}

pub(super) struct Presigned {
    url: Text,
    canonical_request: Text,
    string_to_sign: Text,
    headers: Vec<(Text, Text)>,
    expires_at: i64,
}

pub(super) struct Fetched {
    bytes: u64,
    object_size: u64,
    resumed: u64,
    retries: u32,
    refreshes: u32,
    content: Vec<u8>,
    etag: Text,
    crc64: u64,
    verified: oss_verified,
    request_id: Text,
    http_status: u16,
}

struct Failed {
    code: oss_code,
    phase: oss_phase,
    message: Text,
    retryable: bool,
    os_error: i32,
    http_status: u16,
    server_code: Text,
    server_message: Text,
    request_id: Text,
    host_id: Text,
    ec: Text,
}

/// What a download was checked against before the target appeared.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum oss_verified {
    /// Nothing: the server stated neither length nor checksum. Also the answer for a result that is
    /// not that of a download.
    OSS_VERIFIED_NOTHING = 0,
    /// The length the server stated.
    OSS_VERIFIED_LENGTH = 1,
    /// The CRC-64 the server stated for the whole object, and the length.
    OSS_VERIFIED_CRC64 = 2,
}

impl Outcome {
    pub(super) fn presigned(from: PresignedUrl) -> Self {
        let pair = |(name, value)| (Text::new(name), Text::new(value));
        Self::Presigned(Presigned {
            url: Text::new(from.url),
            canonical_request: Text::new(from.canonical_request),
            string_to_sign: Text::new(from.string_to_sign),
            headers: from.signed_headers.into_iter().map(pair).collect(),
            expires_at: from.expires_at,
        })
    }

    pub(super) fn downloaded(from: Downloaded) -> Self {
        Self::Downloaded(Box::new(Fetched {
            bytes: from.bytes,
            object_size: from.object_size.unwrap_or(u64::MAX),
            resumed: from.resumed,
            retries: from.retries,
            refreshes: from.refreshes,
            content: from.content.unwrap_or_default(),
            etag: Text::new(from.etag.unwrap_or_default()),
            crc64: from.crc64,
            verified: match from.verified {
                Verified::Nothing => oss_verified::OSS_VERIFIED_NOTHING,
                Verified::Length => oss_verified::OSS_VERIFIED_LENGTH,
                Verified::Crc64 => oss_verified::OSS_VERIFIED_CRC64,
            },
            request_id: Text::new(from.request_id.unwrap_or_default()),
            http_status: from.http_status,
        }))
    }
}

impl From<Failure> for Failed {
    fn from(Failure { code, error }: Failure) -> Self {
        let service = error.service().cloned().unwrap_or_default();
        let ServiceError { status, code: server_code, message, request_id, host_id, ec } = service;
        Self {
            code,
            phase: error.phase().into(),
            message: Text::new(error.message().to_owned()),
            retryable: error.is_retryable(),
            os_error: error.os_error().unwrap_or_default(),
            http_status: status,
            server_code: Text::new(server_code),
            server_message: Text::new(message),
            request_id: Text::new(request_id),
            host_id: Text::new(host_id),
            ec: Text::new(ec),
        }
    }
}

impl oss_result {
    pub(super) fn new(outcome: Result<Outcome, Failure>) -> Self {
        Self { outcome: outcome.map_err(Failed::from) }
    }

    fn presigned(&self) -> Option<&Presigned> {
        match &self.outcome {
            Ok(Outcome::Presigned(presigned)) => Some(presigned),
            _ => None,
        }
    }

    fn fetched(&self) -> Option<&Fetched> {
        match &self.outcome {
            Ok(Outcome::Downloaded(fetched)) => Some(fetched),
            _ => None,
        }
    }

    fn failed(&self) -> Option<&Failed> {
        self.outcome.as_ref().err()
    }
}

/// Reads one thing from a result; `default` when it is NULL or has no such thing.
///
/// # Safety
/// `result` is NULL or a live result; what is returned lives no longer than it.
unsafe fn read<T>(
    result: *const oss_result,
    default: T,
    get: impl FnOnce(&oss_result) -> Option<T>,
) -> T {
    // SAFETY: the caller's promise.
    unsafe { result.as_ref() }.and_then(get).unwrap_or(default)
}

/// As [`read`], for a text: never NULL, "" by default.
///
/// # Safety
/// As [`read`].
unsafe fn read_text(
    result: *const oss_result,
    get: impl FnOnce(&oss_result) -> Option<&Text>,
) -> *const c_char {
    // SAFETY: the caller's promise.
    unsafe { read(result, c"".as_ptr(), |result| Some(get(result)?.as_ptr())) }
}

/// Frees a result and every text it gave. NULL is fine. Once for each result; any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_free(result: *mut oss_result) {
    if !result.is_null() {
        // SAFETY: it came from Box::into_raw in guard.rs, and is freed once by contract.
        drop(unsafe { Box::from_raw(result) });
    }
}

/// The outcome: OSS_OK or an error. NULL: OSS_E_NULL_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_code(result: *const oss_result) -> oss_code {
    // SAFETY: this function's contract.
    unsafe {
        read(result, oss_code::OSS_E_NULL_ARGUMENT, |result| {
            Some(result.failed().map_or(oss_code::OSS_OK, |failed| failed.code))
        })
    }
}

/// Why it failed, one sentence for a person: "" on success. Never NULL. No secret, signature, token
/// or query string is in it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_message(result: *const oss_result) -> *const c_char {
    // SAFETY: this function's contract.
    unsafe { read_text(result, |result| Some(&result.failed()?.message)) }
}

/// How far it got: OSS_PHASE_DONE on success.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_phase(result: *const oss_result) -> oss_phase {
    // SAFETY: this function's contract.
    unsafe {
        read(result, oss_phase::OSS_PHASE_CHECK, |result| {
            Some(result.failed().map_or(oss_phase::OSS_PHASE_DONE, |failed| failed.phase))
        })
    }
}

/// Whether the same call may well succeed later, unchanged.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_retryable(result: *const oss_result) -> bool {
    // SAFETY: this function's contract.
    unsafe { read(result, false, |result| Some(result.failed()?.retryable)) }
}

/// The HTTP status of the last answer; 0 when there was none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_http_status(result: *const oss_result) -> i32 {
    // SAFETY: this function's contract.
    unsafe {
        read(result, 0, |result| {
            let fetched = result.fetched().map(|fetched| fetched.http_status);
            fetched.or(result.failed().map(|failed| failed.http_status)).map(i32::from)
        })
    }
}

/// The operating system's error number when that was the cause, else 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_os_error(result: *const oss_result) -> i32 {
    // SAFETY: this function's contract.
    unsafe { read(result, 0, |result| Some(result.failed()?.os_error)) }
}

/// OSS's error code, for instance "NoSuchKey"; "" when there is none. Never NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_server_code(result: *const oss_result) -> *const c_char {
    // SAFETY: this function's contract.
    unsafe { read_text(result, |result| Some(&result.failed()?.server_code)) }
}

/// OSS's error message; "" when there is none. Never NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_server_message(result: *const oss_result) -> *const c_char {
    // SAFETY: this function's contract.
    unsafe { read_text(result, |result| Some(&result.failed()?.server_message)) }
}

/// OSS's id of the request, for a support ticket; "" when there is none. Never NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_request_id(result: *const oss_result) -> *const c_char {
    // SAFETY: this function's contract.
    unsafe {
        read_text(result, |result| {
            let fetched = result.fetched().map(|fetched| &fetched.request_id);
            fetched.or(result.failed().map(|failed| &failed.request_id))
        })
    }
}

/// The host that answered with an error, as it names itself; "" when there is none. Never NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_host_id(result: *const oss_result) -> *const c_char {
    // SAFETY: this function's contract.
    unsafe { read_text(result, |result| Some(&result.failed()?.host_id)) }
}

/// OSS's finer error code (EC), for instance "0026-00000001"; "" when there is none. Never NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_ec(result: *const oss_result) -> *const c_char {
    // SAFETY: this function's contract.
    unsafe { read_text(result, |result| Some(&result.failed()?.ec)) }
}

/// Presign: the HTTP method that was signed, "GET"; "" otherwise. Never NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_method(result: *const oss_result) -> *const c_char {
    // SAFETY: this function's contract.
    unsafe { read(result, c"".as_ptr(), |result| result.presigned().map(|_| c"GET".as_ptr())) }
}

/// Presign: the URL, to be sent byte for byte; "" otherwise. Never NULL. Whoever has it can read
/// the object until it expires: keep it out of logs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_url(result: *const oss_result) -> *const c_char {
    // SAFETY: this function's contract.
    unsafe { read_text(result, |result| Some(&result.presigned()?.url)) }
}

/// Presign: when the URL expires, in Unix seconds; 0 otherwise.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_expires_at(result: *const oss_result) -> i64 {
    // SAFETY: this function's contract.
    unsafe { read(result, 0, |result| Some(result.presigned()?.expires_at)) }
}

/// Presign: how many headers were signed. The downloader must send each.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_header_count(result: *const oss_result) -> usize {
    // SAFETY: this function's contract.
    unsafe { read(result, 0, |result| Some(result.presigned()?.headers.len())) }
}

/// Presign: the name of signed header number index, lower-case; NULL past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_header_name(
    result: *const oss_result,
    index: usize,
) -> *const c_char {
    // SAFETY: this function's contract.
    unsafe {
        read(result, std::ptr::null(), |result| {
            Some(result.presigned()?.headers.get(index)?.0.as_ptr())
        })
    }
}

/// Presign: the value of signed header number index, as it was signed; NULL past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_header_value(
    result: *const oss_result,
    index: usize,
) -> *const c_char {
    // SAFETY: this function's contract.
    unsafe {
        read(result, std::ptr::null(), |result| {
            Some(result.presigned()?.headers.get(index)?.1.as_ptr())
        })
    }
}

/// Presign: the canonical request, for comparing when a signature is refused; "" otherwise. Never
/// NULL. It has no secret in it, but the security token, as the URL does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_canonical_request(result: *const oss_result) -> *const c_char {
    // SAFETY: this function's contract.
    unsafe { read_text(result, |result| Some(&result.presigned()?.canonical_request)) }
}

/// Presign: the string to sign, for comparing when a signature is refused; "" otherwise. Never NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_string_to_sign(result: *const oss_result) -> *const c_char {
    // SAFETY: this function's contract.
    unsafe { read_text(result, |result| Some(&result.presigned()?.string_to_sign)) }
}

/// Download: the size of the target in bytes; 0 otherwise.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_bytes(result: *const oss_result) -> u64 {
    // SAFETY: this function's contract.
    unsafe { read(result, 0, |result| Some(result.fetched()?.bytes)) }
}

/// Download to memory: the bytes, oss_result_bytes of them; NULL otherwise, and when there are none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_content(result: *const oss_result) -> *const u8 {
    // SAFETY: this function's contract.
    unsafe {
        read(result, std::ptr::null(), |result| {
            let content = &result.fetched()?.content;
            (!content.is_empty()).then_some(content.as_ptr())
        })
    }
}

/// Download: the size of the whole object in bytes, or UINT64_MAX if the server did not state it; 0
/// otherwise.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_object_size(result: *const oss_result) -> u64 {
    // SAFETY: this function's contract.
    unsafe { read(result, 0, |result| Some(result.fetched()?.object_size)) }
}

/// Download: how many of the bytes were there from an earlier call; 0 otherwise.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_resumed(result: *const oss_result) -> u64 {
    // SAFETY: this function's contract.
    unsafe { read(result, 0, |result| Some(result.fetched()?.resumed)) }
}

/// Download: how many requests were repeated; 0 otherwise.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_retries(result: *const oss_result) -> u32 {
    // SAFETY: this function's contract.
    unsafe { read(result, 0, |result| Some(result.fetched()?.retries)) }
}

/// Download: how many times the URL was replaced; 0 otherwise.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_refreshes(result: *const oss_result) -> u32 {
    // SAFETY: this function's contract.
    unsafe { read(result, 0, |result| Some(result.fetched()?.refreshes)) }
}

/// Download: the object's ETag as the server sent it, quotes included; "" when there is none. Never
/// NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_etag(result: *const oss_result) -> *const c_char {
    // SAFETY: this function's contract.
    unsafe { read_text(result, |result| Some(&result.fetched()?.etag)) }
}

/// Download: the CRC-64 (CRC-64/XZ, as OSS computes it) of the bytes in the target; 0 otherwise.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_crc64(result: *const oss_result) -> u64 {
    // SAFETY: this function's contract.
    unsafe { read(result, 0, |result| Some(result.fetched()?.crc64)) }
}

/// Download: what the bytes were checked against.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_verified(result: *const oss_result) -> oss_verified {
    // SAFETY: this function's contract.
    unsafe {
        read(result, oss_verified::OSS_VERIFIED_NOTHING, |result| Some(result.fetched()?.verified))
    }
}
