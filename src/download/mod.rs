//! One download: from a presigned URL to a verified file.
//!
//! First form: one stream, no retry, no resume. The order of the work is what makes it safe:
//! check → request → data into a part file → length and CRC-64 → rename over the target.

mod request;
mod target;

pub use request::DownloadRequest;

use crate::crc64::Crc64;
use crate::error::{Error, ErrorKind, Phase};
use crate::http::{self, Answer, Get};
use std::ops::ControlFlow;
use std::time::{Duration, Instant};
use target::PartFile;

/// Bytes gathered before each write: bigger gains nothing, smaller costs system calls.
const WRITE_SIZE: usize = 256 * 1024;
/// Time between two progress reports.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(100);

/// How far a download is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Bytes received and written so far; never goes back.
    pub done: u64,
    /// Size of the whole, when the server stated it.
    pub total: Option<u64>,
}

/// What a download was checked against before the target appeared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verified {
    /// Nothing: the server stated neither length nor checksum.
    Nothing,
    /// The length the server stated.
    Length,
    /// The CRC-64 the server stated for the whole object, and the length if it stated one.
    Crc64,
}

/// A finished download.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Downloaded {
    /// Size of the target.
    pub bytes: u64,
    /// The object's ETag as the server sent it.
    pub etag: Option<String>,
    /// CRC-64/XZ of the bytes in the target.
    pub crc64: u64,
    /// What they were checked against.
    pub verified: Verified,
    /// OSS's id of the request.
    pub request_id: Option<String>,
    /// HTTP status of the answer: 200, or 206 when a signed `Range` asked for a part.
    pub http_status: u16,
}

/// Downloads an object to a file.
///
/// Blocks. `progress` runs on this thread, about ten times a second and once at the end; `Break`
/// cancels.
///
/// # Errors
/// Every [`ErrorKind`]; the target is as it was before the call, and nothing is left beside it.
pub fn download(
    request: &DownloadRequest<'_>,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Downloaded, Error> {
    request.check()?;
    target::check(request.path, request.overwrite)?;
    let mut answer = http::get(&Get {
        url: request.url,
        headers: &request.headers,
        connect_to: request.connect_to,
        ca_file: request.ca_file,
        connect_timeout: request.connect_timeout,
        idle_timeout: request.idle_timeout,
        total_timeout: request.total_timeout,
    })?;
    if !matches!(answer.status, 200 | 206) {
        return Err(refusal(&mut answer));
    }
    let mut part = PartFile::create(request.path)?;
    let (bytes, crc64) = receive(&mut answer, &mut part, progress)?;
    let verified = verify(&answer, crc64)?;
    part.commit(request.overwrite, request.sync)?;
    Ok(Downloaded {
        bytes,
        etag: answer.header("etag").map(str::to_owned),
        crc64,
        verified,
        request_id: answer.header("x-oss-request-id").map(str::to_owned),
        http_status: answer.status,
    })
}

/// Writes the body to the part file; returns its length and CRC-64.
fn receive(
    answer: &mut Answer,
    part: &mut PartFile,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<(u64, u64), Error> {
    let mut buffer = vec![0; WRITE_SIZE];
    let mut crc = Crc64::new();
    let mut done = 0;
    let total = answer.length;
    let mut report = |done| match progress(Progress { done, total }) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => {
            let message = "cancelled by the progress callback";
            Err(Error::new(ErrorKind::Cancelled, Phase::Body, message))
        }
    };
    let mut reported = Instant::now();
    let mut filled = 0;
    loop {
        let read = answer.read(&mut buffer[filled..])?;
        crc.update(&buffer[filled..filled + read]);
        filled += read;
        if filled == buffer.len() || read == 0 {
            part.write(&buffer[..filled])?;
            done += filled as u64;
            filled = 0;
        }
        if read == 0 {
            report(done)?;
            return Ok((done, crc.value()));
        }
        if reported.elapsed() >= PROGRESS_INTERVAL {
            report(done)?;
            reported = Instant::now();
        }
    }
}

/// Compares with what the server stated. The length was compared while reading.
fn verify(answer: &Answer, crc64: u64) -> Result<Verified, Error> {
    // On a 206 the header still speaks of the whole object.
    let stated = match answer.status {
        200 => answer.header("x-oss-hash-crc64ecma"),
        _ => None,
    };
    match stated.map(str::parse::<u64>) {
        Some(Ok(stated)) if stated == crc64 => Ok(Verified::Crc64),
        Some(Ok(stated)) => {
            let message = format!(
                "the bytes received have CRC-64 {crc64}, the service states {stated}; a proxy or \
                 the network altered them"
            );
            Err(Error::new(ErrorKind::Checksum, Phase::Verify, message))
        }
        Some(Err(_)) => {
            let message = "x-oss-hash-crc64ecma of the answer is not a number";
            Err(Error::new(ErrorKind::Protocol, Phase::Verify, message))
        }
        None if answer.length.is_some() => Ok(Verified::Length),
        None => Ok(Verified::Nothing),
    }
}

/// The error that an answer other than 200 and 206 means.
fn refusal(answer: &mut Answer) -> Error {
    let body = answer.read_start(http::MAX_ERROR_BODY);
    let status = answer.status;
    let service = http::service_error(status, &body, |name| answer.header(name));
    let (kind, meaning) = match status {
        300..=399 => (ErrorKind::Server, "answered with a redirect, which is not followed"),
        401 | 403 if is_expired(&service.code, &service.message) => {
            (ErrorKind::UrlExpired, "says that the URL has expired")
        }
        401 | 403 => (ErrorKind::Forbidden, "refused the request"),
        404 => (ErrorKind::NotFound, "has no such object"),
        429 | 503 => (ErrorKind::Throttled, "asks to slow down"),
        _ => (ErrorKind::Server, "answered with an error"),
    };
    let code = if service.code.is_empty() { "no OSS code" } else { &service.code };
    let mut message = format!("the service {meaning}: HTTP {status}, {code}");
    if !service.message.is_empty() {
        message.push_str(": ");
        message.push_str(&service.message);
    }
    Error::new(kind, Phase::Headers, message).with_service(service)
}

/// OSS answers an expired URL with AccessDenied and the message "Request has expired."
fn is_expired(code: &str, message: &str) -> bool {
    code == "AccessDenied" && message.to_ascii_lowercase().contains("expired")
}
