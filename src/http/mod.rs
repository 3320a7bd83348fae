//! One HTTP GET: what the download asks of a transport, and what it gets back.

mod oss_error;
mod ureq;

pub(crate) use oss_error::{MAX_BODY as MAX_ERROR_BODY, service_error};
pub(crate) use ureq::get;

use crate::error::Error;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

/// A GET to send.
pub(crate) struct Get<'a> {
    /// Sent byte for byte.
    pub(crate) url: &'a str,
    pub(crate) headers: &'a [(&'a str, &'a str)],
    pub(crate) connect_to: Option<&'a str>,
    pub(crate) ca_file: Option<&'a Path>,
    pub(crate) connect_timeout: Option<Duration>,
    pub(crate) idle_timeout: Option<Duration>,
    pub(crate) total_timeout: Option<Duration>,
}

/// The answer, its body still to be read.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Bytes of body the server announced.
    pub(crate) length: Option<u64>,
    headers: ureq::Headers,
    body: ureq::Body,
}

impl Answer {
    /// The first header of that (lower-case) name, if it is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Reads up to `buffer.len()` bytes of body; 0 at its end. A body that ends before its announced
    /// length is an error.
    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Error> {
        self.body.read(buffer).map_err(ureq::body_error)
    }

    /// The first `limit` bytes of the body, or fewer if it ends or breaks before.
    pub(crate) fn read_start(&mut self, limit: u64) -> Vec<u8> {
        let mut start = Vec::new();
        // A broken error body is no news beside the status it came with.
        let _ = (&mut self.body).take(limit).read_to_end(&mut start);
        start
    }
}
