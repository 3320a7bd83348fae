//! What a download result gives.

use super::result::{oss_result, read, read_text};
use super::text::Text;
#[cfg(feature = "download")]
use crate::download::{Downloaded, Verified};
use std::ffi::c_char;

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
    version_id: Text,
    http_status: u16,
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

impl Fetched {
    #[cfg(feature = "download")]
    pub(super) fn new(from: Downloaded) -> Self {
        Self {
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
            version_id: Text::new(from.version_id.unwrap_or_default()),
            http_status: from.http_status,
        }
    }

    pub(super) fn http_status(&self) -> u16 {
        self.http_status
    }

    pub(super) fn version_id(&self) -> &Text {
        &self.version_id
    }

    pub(super) fn request_id(&self) -> &Text {
        &self.request_id
    }
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

/// Download: how many requests were repeated; 0 otherwise, and when it failed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_retries(result: *const oss_result) -> u32 {
    // SAFETY: this function's contract.
    unsafe { read(result, 0, |result| Some(result.fetched()?.retries)) }
}

/// Download: how many times the URL was replaced; 0 otherwise, and when it failed.
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
