//! Downloading.

use super::cancel::oss_cancel;
use super::client::{beside_client, oss_client, timeout};
use super::code::{Failure, oss_code};
use super::downloaded::Fetched;
use super::input::{flags, optional, oss_pair, pairs, required};
use super::result::{Outcome, oss_result};
use super::{guard, options};
use crate::ErrorKind;
use crate::download::{DownloadRequest, Handler, Link, Progress, Target, download};
use std::ffi::{c_char, c_void};
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

/// oss_download_options.flags: fail with OSS_E_EXISTS if the target exists.
pub const OSS_DOWNLOAD_NO_OVERWRITE: u32 = 1;
/// oss_download_options.flags: do not wait until the data is on the disk. Faster; a power cut soon
/// after may leave an empty or short target.
pub const OSS_DOWNLOAD_NO_SYNC: u32 = 2;
/// oss_download_options.flags: keep what was fetched when the download fails, in "PATH.part" with
/// its record "PATH.part.resume", and go on from there, by any URL of the same version whose path has
/// the same last segment. Only of servers that state a strong ETag, as OSS does; of others nothing is
/// kept. Meanwhile there is "PATH.part.resume.new": the name must leave room for it.
pub const OSS_DOWNLOAD_RESUME: u32 = 4;

/// oss_download_options.flags: follow redirects, at most 10 for a request. Headers stay behind when one
/// leads to another host, as does connect_to; none is followed from https to http.
pub const OSS_DOWNLOAD_FOLLOW_REDIRECTS: u32 = 8;

/// How far a download is. Valid during the callback only; later versions may append fields.
#[repr(C)]
pub struct oss_progress {
    /// Bytes that are there, resumed ones included; never goes back.
    pub bytes_done: u64,
    /// Size of the whole, or UINT64_MAX while it is unknown.
    pub bytes_total: u64,
    /// Bytes that were there before this call.
    pub bytes_resumed: u64,
    /// Bytes a second, smoothed; 0 until the first measurement.
    pub bytes_per_second: f64,
}

/// Progress callback: return 0 to go on, anything else to cancel.
pub type oss_progress_fn =
    Option<unsafe extern "C" fn(context: *mut c_void, progress: *const oss_progress) -> i32>;

/// Write callback: takes the next length bytes of the object, in order. Return 0 to go on, anything
/// else to end the download with OSS_E_CALLBACK.
pub type oss_write_fn =
    Option<unsafe extern "C" fn(context: *mut c_void, data: *const u8, length: usize) -> i32>;

/// Where a refresh callback puts a fresh URL: opaque, valid during the callback only.
pub struct oss_link {
    link: Option<Result<Link, Failure>>,
}

/// Refresh callback, called when the URL has expired, or is in the last tenth of its life (10 s at
/// most): give a fresh one with oss_link_set and return 0. It must be for the same object (the same last
/// segment of the path and the same version, unless the way it is signed is not known), and sign the
/// same Range and If-Match and process it in the same way. After anything else the old one serves to
/// its end, and then the download ends with OSS_E_URL_EXPIRED, or with what is wrong with the fresh one.
pub type oss_refresh_fn =
    Option<unsafe extern "C" fn(context: *mut c_void, link: *mut oss_link) -> i32>;

/// What to download, and where to. Set it up with OSS_OPTIONS_INIT, then fill in url and one of
/// path, write and memory_limit; every other field may stay zero. All texts are NUL-terminated UTF-8,
/// borrowed for the call. Callbacks run on the thread that called oss_download, one at a time; they
/// must not longjmp or throw.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct oss_download_options {
    /// sizeof(oss_download_options); OSS_OPTIONS_INIT sets it.
    pub struct_size: usize,
    /// Required: the presigned URL. It is sent byte for byte; at most 15360 bytes with the headers.
    pub url: *const c_char,
    /// Headers to send: all that were signed (oss_result_header_name, oss_result_header_value).
    /// NULL when headers_len is 0.
    pub headers: *const oss_pair,
    /// Number of headers, at most 1024.
    pub headers_len: usize,
    /// The file to make. Until the object is there, complete and verified, an existing file stays as
    /// it is; the data waits beside it, in "PATH.<16 hex digits>.part" (so the name must leave room
    /// for 22 bytes more). A link is replaced, not followed.
    pub path: *const c_char,
    /// Or: takes the bytes in order, over one connection.
    pub write: oss_write_fn,
    /// Given to write as it is.
    pub write_context: *mut c_void,
    /// Or: keeps the bytes in memory, at most so many; read them with oss_result_content.
    pub memory_limit: u64,
    /// Optional: called about ten times a second while a body is read, and once at the end: of a
    /// failure too, unless it was cancelled or a callback refused.
    pub progress: oss_progress_fn,
    /// Given to progress as it is.
    pub progress_context: *mut c_void,
    /// Optional: called when the URL expires. Without it: OSS_E_URL_EXPIRED.
    pub refresh: oss_refresh_fn,
    /// Given to refresh as it is.
    pub refresh_context: *mut c_void,
    /// Optional: cancels the download from another thread.
    pub cancel: *const oss_cancel,
    /// Optional: the connections to use and to keep. connect_to, ca_file, proxy, connect_timeout_ms
    /// and idle_timeout_ms are the client's then, and must be zero here.
    pub client: *const oss_client,
    /// Optional: "host:port" to connect to instead of the URL's host. Nothing else changes: Host
    /// header, TLS name and signature stay those of the URL. For HTTPDNS, and for tests.
    pub connect_to: *const c_char,
    /// Optional: a file of PEM certificates to trust instead of the built-in roots.
    pub ca_file: *const c_char,
    /// Optional: "http://[user:password@]host:port". None is taken from the environment.
    pub proxy: *const c_char,
    /// First byte of the object that is wanted.
    pub range_offset: u64,
    /// Number of bytes that are wanted. 0: to the end.
    pub range_length: u64,
    /// Optional: the size the target must have.
    pub expected_size: *const u64,
    /// Optional: the CRC-64 (CRC-64/XZ) the target must have.
    pub expected_crc64: *const u64,
    /// Optional: the SHA-256 the target must have, 32 bytes.
    pub expected_sha256: *const u8,
    /// Optional: the MD5 the target must have, 16 bytes.
    pub expected_md5: *const u8,
    /// The most bytes to write: one more is OSS_E_TOO_LARGE. 0: no limit.
    pub max_bytes: u64,
    /// The most bytes a second, for the whole download. 0: no limit.
    pub rate_limit: u64,
    /// Size of a part in bytes, at least 131072. 0: 8388608 (8 MiB).
    pub part_size: u64,
    /// How many parts are fetched at once, 1 to 64. 0: 4.
    pub connections: u32,
    /// How often a request is repeated without progress in between. 0: 5. Negative: never.
    pub retries: i32,
    /// Milliseconds for which repetitions go on without progress. 0: 120000. Negative: no limit.
    pub retry_budget_ms: i32,
    /// Milliseconds to connect in, TLS included. 0: 10000. Negative: no limit.
    pub connect_timeout_ms: i32,
    /// Milliseconds without a byte after which a request fails. 0: 30000. Negative: no limit.
    pub idle_timeout_ms: i32,
    /// Milliseconds for the whole download. 0 or negative: no limit.
    pub total_timeout_ms: i32,
    /// Milliseconds between two progress reports. 0: 100. Negative: at every step.
    pub progress_interval_ms: i32,
    /// OSS_DOWNLOAD_* bits.
    pub flags: u32,
}

// SAFETY: repr(C), starts with a usize; pointers, integers, NULL callbacks: all may be zero.
unsafe impl options::Options for oss_download_options {}

/// Downloads an object by presigned URL.
///
/// A file appears under its name only when it is complete and its length and CRC-64 are right; until
/// then nothing that stands there is touched, whatever fails. What fails in passing is repeated; a
/// part goes on at its current byte. On success the result has size, ETag, CRC-64 and what was
/// verified; on failure code, phase, message, and what OSS said. Never NULL; free it with
/// oss_result_free. Any thread; blocks until the end. No environment variable is read.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_download(options: *const oss_download_options) -> *mut oss_result {
    guard::operation(|| {
        let from = options;
        let mut options = options::zeroed();
        // SAFETY: this function's own contract.
        unsafe { options::read(from, &mut options) }?;
        // SAFETY: as above; the borrowed texts live until this call returns.
        let request = unsafe { request(&options) }?;
        let mut callbacks = Callbacks { options: &options, failure: None };
        let outcome = download(&request, &mut callbacks);
        match (outcome, callbacks.failure) {
            (Ok(done), _) => Ok(Outcome::Downloaded(Box::new(Fetched::new(done)))),
            // The reason why there was no other URL, when for want of one it ended.
            (Err(error), Some(failure)) if error.kind() == ErrorKind::UrlExpired => Err(failure),
            (Err(error), _) => Err(error.into()),
        }
    })
}

/// Puts a fresh URL, and the headers that it demands, into the link that a refresh callback was
/// given; all is copied. Returns 0, or anything else if an argument is NULL or no proper text: the
/// callback may return that.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_link_set(
    link: *mut oss_link,
    url: *const c_char,
    headers: *const oss_pair,
    headers_len: usize,
) -> i32 {
    // SAFETY: NULL, or the link that the callback was given, which nobody else holds meanwhile.
    let Some(link) = (unsafe { link.as_mut() }) else { return -1 };
    let made = guard::caught(|| {
        // SAFETY: this function's contract.
        let (url, headers) =
            unsafe { (required("url", url)?, pairs("headers", headers, headers_len)?) };
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let headers = headers.into_iter().map(owned).collect();
        Ok(Link { url: url.to_owned(), headers })
    });
    let status = if made.is_ok() { 0 } else { -1 };
    link.link = Some(made);
    status
}

/// The caller's callbacks.
struct Callbacks<'a> {
    options: &'a oss_download_options,
    /// What was wrong with a refreshed link.
    failure: Option<Failure>,
}

impl Handler for Callbacks<'_> {
    fn progress(&mut self, progress: Progress) -> ControlFlow<()> {
        let Some(callback) = self.options.progress else { return ControlFlow::Continue(()) };
        let progress = oss_progress {
            bytes_done: progress.done,
            bytes_total: progress.total.unwrap_or(u64::MAX),
            bytes_resumed: progress.resumed,
            bytes_per_second: progress.bytes_per_second,
        };
        // SAFETY: the callback and its context are the caller's, made for each other.
        go_on(unsafe { callback(self.options.progress_context, &raw const progress) })
    }

    fn refresh_url(&mut self) -> Option<Link> {
        let callback = self.options.refresh?;
        self.failure = None;
        let mut link = oss_link { link: None };
        // SAFETY: as for progress; the link lives until the callback returns.
        let status = unsafe { callback(self.options.refresh_context, &raw mut link) };
        match link.link? {
            Ok(link) if status == 0 => Some(link),
            Ok(_) => None,
            Err(failure) => {
                self.failure = Some(failure);
                None
            }
        }
    }

    fn write(&mut self, bytes: &[u8]) -> ControlFlow<()> {
        let Some(callback) = self.options.write else { return ControlFlow::Break(()) };
        // SAFETY: as for progress; the bytes live until the callback returns.
        go_on(unsafe { callback(self.options.write_context, bytes.as_ptr(), bytes.len()) })
    }
}

fn go_on(status: i32) -> ControlFlow<()> {
    if status == 0 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
}

/// # Safety
/// As [`oss_download`]; the request borrows what the options point to.
unsafe fn request<'a>(from: &oss_download_options) -> Result<DownloadRequest<'a>, Failure> {
    // SAFETY: the caller's promise, field by field.
    unsafe {
        let url = required("url", from.url)?;
        let mut request = DownloadRequest::to(url, target(from)?);
        request.headers = pairs("headers", from.headers, from.headers_len)?;
        request.cancel = from.cancel.as_ref().map(oss_cancel::token);
        request.client = from.client.as_ref().map(oss_client::get).transpose()?;
        connection(&mut request, from)?;
        if from.range_offset > 0 || from.range_length > 0 {
            let length = Some(from.range_length).filter(|length| *length > 0);
            request.range = Some((from.range_offset, length));
        }
        request.expected_size = copy(from.expected_size);
        request.expected_crc64 = copy(from.expected_crc64);
        request.expected_sha256 = copy(from.expected_sha256.cast());
        request.expected_md5 = copy(from.expected_md5.cast());
        numbers(&mut request, from);
        let known = OSS_DOWNLOAD_NO_OVERWRITE
            | OSS_DOWNLOAD_NO_SYNC
            | OSS_DOWNLOAD_RESUME
            | OSS_DOWNLOAD_FOLLOW_REDIRECTS;
        let flags = flags(from.flags, known)?;
        request.overwrite = flags & OSS_DOWNLOAD_NO_OVERWRITE == 0;
        request.sync = flags & OSS_DOWNLOAD_NO_SYNC == 0;
        request.resume = flags & OSS_DOWNLOAD_RESUME != 0;
        request.follow_redirects = flags & OSS_DOWNLOAD_FOLLOW_REDIRECTS != 0;
        Ok(request)
    }
}

/// # Safety
/// As [`request`].
unsafe fn target<'a>(from: &oss_download_options) -> Result<Target<'a>, Failure> {
    // SAFETY: the caller's promise.
    let path = unsafe { optional("path", from.path) }?;
    match (path, from.write.is_some(), from.memory_limit) {
        (Some(path), false, 0) => Ok(Target::File(Path::new(path))),
        (None, true, 0) => Ok(Target::Stream),
        (None, false, limit @ 1..) => Ok(Target::Memory(limit)),
        (None, false, 0) => Err(Failure::new(oss_code::OSS_E_NULL_ARGUMENT, "path", "is NULL")),
        _ => {
            let rule = "only one of path, write and memory_limit may be given";
            Err(Failure::new(oss_code::OSS_E_INVALID_ARGUMENT, "path", rule))
        }
    }
}

/// # Safety
/// As [`request`].
unsafe fn connection(
    request: &mut DownloadRequest<'_>,
    from: &oss_download_options,
) -> Result<(), Failure> {
    let connection = &mut request.connection;
    // SAFETY: the caller's promise, field by field.
    unsafe {
        connection.connect_to = optional("connect_to", from.connect_to)?;
        connection.ca_file = optional("ca_file", from.ca_file)?.map(Path::new);
        connection.proxy = optional("proxy", from.proxy)?;
    }
    connection.connect_timeout = timeout(from.connect_timeout_ms, connection.connect_timeout);
    connection.idle_timeout = timeout(from.idle_timeout_ms, connection.idle_timeout);
    let given = [
        ("connect_to", !from.connect_to.is_null()),
        ("ca_file", !from.ca_file.is_null()),
        ("proxy", !from.proxy.is_null()),
        ("connect_timeout_ms", from.connect_timeout_ms != 0),
        ("idle_timeout_ms", from.idle_timeout_ms != 0),
    ];
    match given.iter().find(|(_, given)| *given && !from.client.is_null()) {
        Some((field, _)) => Err(beside_client(field)),
        None => Ok(()),
    }
}

/// Fills in the numbers; zero is the default.
fn numbers(request: &mut DownloadRequest<'_>, from: &oss_download_options) {
    let limit = |number: u64| Some(number).filter(|number| *number > 0);
    request.max_bytes = limit(from.max_bytes).unwrap_or(request.max_bytes);
    request.bytes_per_second = limit(from.rate_limit);
    request.part_size = limit(from.part_size).unwrap_or(request.part_size);
    if from.connections > 0 {
        request.connections = from.connections;
    }
    match u32::try_from(from.retries) {
        Ok(0) => {}
        Ok(count) => request.retries = count,
        Err(_) => request.retries = 0,
    }
    let budget = timeout(from.retry_budget_ms, Some(request.retry_budget));
    request.retry_budget = budget.unwrap_or(Duration::MAX);
    request.total_timeout = timeout(from.total_timeout_ms, None);
    let interval = timeout(from.progress_interval_ms, Some(request.progress_interval));
    request.progress_interval = interval.unwrap_or(Duration::ZERO);
}

/// An optional value behind a pointer.
///
/// # Safety
/// `pointer` is NULL or points to a value; C does not promise its alignment to us.
unsafe fn copy<T: Copy>(pointer: *const T) -> Option<T> {
    // SAFETY: not NULL, and readable by contract.
    (!pointer.is_null()).then(|| unsafe { pointer.read_unaligned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::mem::zeroed;

    /// No two of the numbers may change places on their way.
    #[test]
    fn every_number_reaches_its_own_field() {
        // SAFETY: all zero is what OSS_OPTIONS_INIT makes.
        let mut from: oss_download_options = unsafe { zeroed() };
        (from.url, from.path) = (c"https://host/key".as_ptr(), c"path".as_ptr());
        from.connect_timeout_ms = 1;
        from.idle_timeout_ms = 2;
        from.total_timeout_ms = 3;
        from.retry_budget_ms = 4;
        from.progress_interval_ms = 5;
        from.retries = 6;
        from.connections = 7;
        from.part_size = 8;
        from.rate_limit = 9;
        from.max_bytes = 10;
        from.range_offset = 11;
        from.range_length = 12;
        // SAFETY: the texts are static, all else is zero.
        let request = unsafe { request(&from) }.map_err(|failure| failure.error).unwrap();
        let milliseconds = |number| Some(Duration::from_millis(number));
        assert_eq!(request.connection.connect_timeout, milliseconds(1));
        assert_eq!(request.connection.idle_timeout, milliseconds(2));
        assert_eq!(request.total_timeout, milliseconds(3));
        assert_eq!(Some(request.retry_budget), milliseconds(4));
        assert_eq!(Some(request.progress_interval), milliseconds(5));
        assert_eq!((request.retries, request.connections), (6, 7));
        assert_eq!((request.part_size, request.bytes_per_second), (8, Some(9)));
        assert_eq!((request.max_bytes, request.range), (10, Some((11, Some(12)))));
        assert!(request.overwrite && request.sync && !request.resume);
    }

    #[test]
    fn zero_is_the_default_and_negative_is_off() {
        // SAFETY: all zero is what OSS_OPTIONS_INIT makes.
        let mut from: oss_download_options = unsafe { zeroed() };
        (from.url, from.path) = (c"https://host/key".as_ptr(), c"path".as_ptr());
        let request = |from: &oss_download_options| {
            // SAFETY: the texts are static, the lists empty.
            unsafe { super::request(from) }.map_err(|failure| failure.error).unwrap()
        };
        let default = DownloadRequest::new("https://host/key", Path::new("path"));
        let zero = request(&from);
        assert_eq!(zero.connection.connect_timeout, default.connection.connect_timeout);
        assert_eq!(zero.connection.idle_timeout, default.connection.idle_timeout);
        assert_eq!((zero.total_timeout, zero.retries), (None, default.retries));
        assert_eq!((zero.part_size, zero.connections), (default.part_size, default.connections));
        assert_eq!(zero.progress_interval, default.progress_interval);
        from.connect_timeout_ms = -1;
        from.idle_timeout_ms = i32::MIN;
        from.retries = -1;
        from.retry_budget_ms = -1;
        from.progress_interval_ms = -1;
        from.flags = OSS_DOWNLOAD_NO_OVERWRITE | OSS_DOWNLOAD_NO_SYNC | OSS_DOWNLOAD_RESUME;
        let off = request(&from);
        let connection = &off.connection;
        assert_eq!((connection.connect_timeout, connection.idle_timeout), (None, None));
        assert_eq!((off.retries, off.retry_budget), (0, Duration::MAX));
        assert_eq!(off.progress_interval, Duration::ZERO);
        assert!(!off.overwrite && !off.sync && off.resume);
    }
}
