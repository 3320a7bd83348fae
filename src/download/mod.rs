//! One download: from a presigned URL to a verified target.
//!
//! The order of the work is what makes it safe:
//! check → open the part file → first request, the probe and the first data at once → the rest, over
//! one connection on the caller's thread or over several on workers → length, CRC-64 and whatever
//! the caller expects → rename over the target.

mod answer;
mod coordinate;
mod fetch;
mod handler;
mod limit;
mod output;
mod plan;
mod probe;
mod progress;
mod redirect;
mod repair;
mod request;
mod resume;
mod retry;
mod run;
mod source;
mod target;
mod verify;

pub use handler::Handler;
pub use progress::Progress;
pub use request::{DownloadRequest, Target};
#[cfg(any(fuzzing, test))]
pub(crate) use resume::{Record, Segment};
pub use source::Link;

use crate::error::Error;

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
    /// Size of the object, when it is known.
    pub object_size: Option<u64>,
    /// The object's ETag as the server sent it.
    pub etag: Option<String>,
    /// CRC-64/XZ of the bytes in the target.
    pub crc64: u64,
    /// What they were checked against.
    pub verified: Verified,
    /// OSS's id of the first request.
    pub request_id: Option<String>,
    /// Version of the object, where the bucket keeps versions.
    pub version_id: Option<String>,
    /// HTTP status of the first answer; 0 if all was there from an earlier call.
    pub http_status: u16,
    /// Bytes that were there from an earlier call.
    pub resumed: u64,
    /// Requests that were repeated.
    pub retries: u32,
    /// URLs that were replaced.
    pub refreshes: u32,
    /// The bytes, when the target is memory.
    pub content: Option<Vec<u8>>,
}

/// Downloads an object.
///
/// Blocks. `handler` is called on this thread only.
///
/// # Errors
/// Every [`ErrorKind`](crate::ErrorKind). The target is as it was before the call; nothing is left
/// beside it but, if the request wants to resume, the part file and its record.
pub fn download(
    request: &DownloadRequest<'_>,
    handler: &mut dyn Handler,
) -> Result<Downloaded, Error> {
    run::run(request, handler)
}
