//! Downloading.

use super::code::Failure;
use super::input::{flags, optional, oss_pair, pairs, required};
use super::result::{Outcome, oss_result};
use super::{guard, options};
use crate::download::{DownloadRequest, Progress, download};
use std::ffi::{c_char, c_void};
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

/// oss_download_options.flags: fail with OSS_E_EXISTS if the target exists.
pub const OSS_DOWNLOAD_NO_OVERWRITE: u32 = 1;
/// oss_download_options.flags: do not wait until the data is on the disk. Faster; a power cut soon
/// after may leave an empty or short target.
pub const OSS_DOWNLOAD_NO_SYNC: u32 = 2;

/// How far a download is. Valid during the callback only; later versions may append fields.
#[repr(C)]
pub struct oss_progress {
    /// Bytes received and written so far; never goes back.
    pub bytes_done: u64,
    /// Size of the whole, or UINT64_MAX while it is unknown.
    pub bytes_total: u64,
}

/// Progress callback: return 0 to go on, anything else to cancel. Runs on the thread that called
/// oss_download, and must not longjmp or throw.
pub type oss_progress_fn =
    Option<unsafe extern "C" fn(context: *mut c_void, progress: *const oss_progress) -> i32>;

/// What to download, and where to. Set it up with OSS_OPTIONS_INIT, then fill in url and path; every
/// other field may stay zero. All texts are NUL-terminated UTF-8, borrowed for the call.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct oss_download_options {
    /// sizeof(oss_download_options); OSS_OPTIONS_INIT sets it.
    pub struct_size: usize,
    /// Required: the presigned URL. It is sent byte for byte.
    pub url: *const c_char,
    /// Headers to send: all that were signed (oss_result_header_name, oss_result_header_value).
    /// NULL when headers_len is 0.
    pub headers: *const oss_pair,
    /// Number of headers, at most 1024.
    pub headers_len: usize,
    /// Required: the file to make. Until the object is there, complete and verified, an existing
    /// file stays as it is; the data waits beside it, in "PATH.<16 hex digits>.part".
    pub path: *const c_char,
    /// Optional: called about ten times a second, and once at the end.
    pub progress: oss_progress_fn,
    /// Given to progress as it is.
    pub progress_context: *mut c_void,
    /// Optional: "host:port" to connect to instead of the URL's host. Nothing else changes: Host
    /// header, TLS name and signature stay those of the URL. For HTTPDNS, and for tests.
    pub connect_to: *const c_char,
    /// Optional: a file of PEM certificates to trust instead of the built-in roots.
    pub ca_file: *const c_char,
    /// Milliseconds to connect in, TLS included. 0: 10000. Negative: no limit.
    pub connect_timeout_ms: i32,
    /// Milliseconds without a byte after which the download fails. 0: 30000. Negative: no limit.
    pub idle_timeout_ms: i32,
    /// Milliseconds for the whole download. 0 or negative: no limit.
    pub total_timeout_ms: i32,
    /// OSS_DOWNLOAD_* bits.
    pub flags: u32,
}

// SAFETY: repr(C), starts with a usize; pointers, integers, a NULL callback: all may be zero.
unsafe impl options::Options for oss_download_options {}

/// Downloads an object to a file by presigned URL.
///
/// The file appears under its name only when it is complete and its length and CRC-64 are right;
/// until then nothing that stands there is touched, whatever fails. On success the result has size,
/// ETag, CRC-64 and what was verified; on failure code, phase, message, and what OSS said. Never
/// NULL; free it with oss_result_free. Any thread; blocks until the end. Redirects are not followed;
/// no environment variable is read.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_download(options: *const oss_download_options) -> *mut oss_result {
    guard::operation(|| {
        // SAFETY: this function's own contract.
        let options = unsafe { options::read(options) }?;
        // SAFETY: as above; the borrowed texts live until this call returns.
        let request = unsafe { request(&options) }?;
        let mut progress = |progress: Progress| match options.progress {
            None => ControlFlow::Continue(()),
            Some(callback) => {
                let progress = oss_progress {
                    bytes_done: progress.done,
                    bytes_total: progress.total.unwrap_or(u64::MAX),
                };
                // SAFETY: the callback and its context are the caller's, made for each other.
                match unsafe { callback(options.progress_context, &raw const progress) } {
                    0 => ControlFlow::Continue(()),
                    _ => ControlFlow::Break(()),
                }
            }
        };
        Ok(Outcome::downloaded(download(&request, &mut progress)?))
    })
}

/// # Safety
/// As [`oss_download`]; the request borrows what the options point to.
unsafe fn request<'a>(from: &oss_download_options) -> Result<DownloadRequest<'a>, Failure> {
    // SAFETY: the caller's promise, field by field.
    unsafe {
        let url = required("url", from.url)?;
        let path = required("path", from.path)?;
        let mut request = DownloadRequest::new(url, Path::new(path));
        request.headers = pairs("headers", from.headers, from.headers_len)?;
        request.connect_to = optional("connect_to", from.connect_to)?;
        request.ca_file = optional("ca_file", from.ca_file)?.map(Path::new);
        request.connect_timeout = timeout(from.connect_timeout_ms, request.connect_timeout);
        request.idle_timeout = timeout(from.idle_timeout_ms, request.idle_timeout);
        request.total_timeout = timeout(from.total_timeout_ms, request.total_timeout);
        let flags = flags(from.flags, OSS_DOWNLOAD_NO_OVERWRITE | OSS_DOWNLOAD_NO_SYNC)?;
        request.overwrite = flags & OSS_DOWNLOAD_NO_OVERWRITE == 0;
        request.sync = flags & OSS_DOWNLOAD_NO_SYNC == 0;
        Ok(request)
    }
}

/// Zero is the default, negative no limit.
fn timeout(milliseconds: i32, default: Option<Duration>) -> Option<Duration> {
    match u64::try_from(milliseconds) {
        Ok(0) => default,
        Ok(limit) => Some(Duration::from_millis(limit)),
        Err(_) => None,
    }
}
