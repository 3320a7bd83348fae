//! The outcome of an operation, as C reads it.

use super::code::{Failure, oss_code, oss_phase};
use super::downloaded::Fetched;
use super::inspected::Inspected;
use super::presigned::Presigned;
use super::text::Text;
use crate::error::ServiceError;
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
    Inspected(Box<Inspected>),
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

    pub(super) fn presigned(&self) -> Option<&Presigned> {
        match &self.outcome {
            Ok(Outcome::Presigned(presigned)) => Some(presigned),
            _ => None,
        }
    }

    pub(super) fn fetched(&self) -> Option<&Fetched> {
        match &self.outcome {
            Ok(Outcome::Downloaded(fetched)) => Some(fetched),
            _ => None,
        }
    }

    pub(super) fn inspected(&self) -> Option<&Inspected> {
        match &self.outcome {
            Ok(Outcome::Inspected(inspected)) => Some(inspected),
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
pub(super) unsafe fn read<T>(
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
pub(super) unsafe fn read_text(
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

/// The HTTP status: of a download that succeeded that of its first answer, else that of the answer it
/// failed with; 0 when there was none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_http_status(result: *const oss_result) -> i32 {
    // SAFETY: this function's contract.
    unsafe {
        read(result, 0, |result| {
            let fetched = result.fetched().map(Fetched::http_status);
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
            let fetched = result.fetched().map(Fetched::request_id);
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
