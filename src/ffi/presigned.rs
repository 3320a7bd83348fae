//! What a presign result gives.

use super::inspected::Inspected;
use super::result::{oss_result, read, read_text};
use super::text::Text;
use crate::presign::PresignedUrl;
use std::ffi::c_char;

pub(super) struct Presigned {
    url: Text,
    canonical_request: Text,
    string_to_sign: Text,
    headers: Vec<(Text, Text)>,
    expires_at: i64,
}

impl Presigned {
    pub(super) fn new(from: PresignedUrl) -> Self {
        let pair = |(name, value)| (Text::new(name), Text::new(value));
        Self {
            url: Text::new(from.url),
            canonical_request: Text::new(from.canonical_request),
            string_to_sign: Text::new(from.string_to_sign),
            headers: from.signed_headers.into_iter().map(pair).collect(),
            expires_at: from.expires_at,
        }
    }
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

/// Presign and inspection: when the URL expires, in Unix seconds; 0 when it does not say, and
/// otherwise.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_expires_at(result: *const oss_result) -> i64 {
    // SAFETY: this function's contract.
    unsafe {
        read(result, 0, |result| {
            let presigned = result.presigned().map(|presigned| presigned.expires_at);
            presigned.or(result.inspected().map(Inspected::expires_at))
        })
    }
}

/// Presign: how many headers were signed; the downloader must send each. Inspection: how many headers
/// the URL demands by name; more may have been signed, which OSS URLs do not tell.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_header_count(result: *const oss_result) -> usize {
    // SAFETY: this function's contract.
    unsafe {
        read(result, 0, |result| {
            let presigned = result.presigned().map(|presigned| presigned.headers.len());
            presigned.or(result.inspected().map(|inspected| inspected.headers().len()))
        })
    }
}

/// Presign and inspection: the name of header number index, lower-case; NULL past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_header_name(
    result: *const oss_result,
    index: usize,
) -> *const c_char {
    // SAFETY: this function's contract.
    unsafe {
        read(result, std::ptr::null(), |result| {
            let presigned = result.presigned().and_then(|p| Some(&p.headers.get(index)?.0));
            let inspected = result.inspected().and_then(|i| i.headers().get(index));
            Some(presigned.or(inspected)?.as_ptr())
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
