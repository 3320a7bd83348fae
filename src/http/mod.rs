//! One HTTP GET: what the download asks of a transport, and what it gets back. ureq stays in here.

mod connector;
pub(crate) mod content_range;
mod crypto;
mod in_force;
mod oss_error;
mod tls;
mod ureq;

pub use self::ureq::Client;
pub(crate) use content_range::ContentRange;
pub(crate) use oss_error::{MAX_BODY as MAX_ERROR_BODY, service_error};

use crate::error::{Error, ServiceError};
use crate::stop::Stop;
use std::io::{self, Read};
use std::path::Path;
use std::time::{Duration, Instant};

/// Time for the body of an answer that is not the object.
const LONGEST_START: Duration = Duration::from_secs(5);

/// How a client connects.
#[derive(Clone)]
pub(crate) struct ClientOptions<'a> {
    pub(crate) connect_to: Option<&'a str>,
    pub(crate) ca_file: Option<&'a Path>,
    pub(crate) proxy: Option<&'a str>,
    pub(crate) connect_timeout: Option<Duration>,
    pub(crate) idle_timeout: Option<Duration>,
}

impl Default for ClientOptions<'_> {
    fn default() -> Self {
        Self {
            connect_to: None,
            ca_file: None,
            proxy: None,
            connect_timeout: Some(Duration::from_secs(10)),
            idle_timeout: Some(Duration::from_secs(30)),
        }
    }
}

/// Sends a GET and waits for the headers of the answer, whatever its status. [`Client`] does so over
/// sockets.
pub(crate) trait Transport: Sync {
    fn get(&self, request: &Get<'_>, stop: &Stop) -> Result<Answer, Error>;
}

/// A GET to send.
pub(crate) struct Get<'a> {
    /// Sent byte for byte.
    pub(crate) url: &'a str,
    pub(crate) headers: &'a [(String, String)],
    /// First byte, and byte behind the last; none for the end.
    pub(crate) range: Option<(u64, Option<u64>)>,
    pub(crate) if_match: Option<&'a str>,
    /// Whether the URL's own host is to be connected to, whatever the client connects to otherwise.
    pub(crate) away: bool,
    /// When the request and the reading of its answer must be over.
    pub(crate) deadline: Option<Instant>,
    /// Connections of the download, which share its memory.
    pub(crate) connections: u32,
}

/// What the use of a connection keeps to.
#[derive(Clone, Copy)]
struct Limits {
    deadline: Option<Instant>,
    /// Bytes taken from the socket at once.
    read_at_once: usize,
}

/// The answer, its body still to be read, by any thread.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Bytes of body the server announced.
    pub(crate) length: Option<u64>,
    /// Of HTTP/1.0, which knows no chunks.
    pub(crate) is_old: bool,
    limits: Limits,
    /// Since when nothing has come, as far as somebody noticed.
    quiet_since: Option<Instant>,
    headers: ureq::Headers,
    body: Box<dyn Read + Send>,
}

impl Answer {
    /// An answer that nobody sent.
    #[cfg(test)]
    pub(crate) fn made(
        status: u16,
        fields: &[(&'static str, &'static str)],
        body: &'static [u8],
    ) -> Self {
        let mut headers = ureq::Headers::new();
        for (name, value) in fields {
            headers.append(*name, ureq::HeaderValue::from_static(value));
        }
        let length = Self::length(&headers);
        let body = Box::new(body);
        let limits = Limits { deadline: None, read_at_once: 0 };
        let is_old = false;
        Self { status, length, is_old, limits, quiet_since: None, headers, body }
    }

    fn length(headers: &ureq::Headers) -> Option<u64> {
        headers.get("content-length")?.to_str().ok()?.parse().ok()
    }

    /// The first header of that (lower-case) name, if it is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// All headers of that (lower-case) name, as they came.
    pub(crate) fn headers(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        self.headers.get_all(name).iter().map(|value| value.as_bytes())
    }

    /// Reads up to `buffer.len()` bytes of body; 0 at its end; none if nothing comes for as long as
    /// `patience`. A body that ends before its announced length is an error.
    pub(crate) fn read(
        &mut self,
        buffer: &mut [u8],
        patience: Duration,
        stop: &Stop,
    ) -> Result<Option<usize>, Error> {
        let since = self.quiet_since.unwrap_or_else(Instant::now);
        let patience = Some(in_force::Patience { wait: patience, since });
        let in_force = in_force::enter_with(stop, self.limits, patience);
        match self.body.read(buffer) {
            Ok(read) => {
                self.quiet_since = None;
                Ok(Some(read))
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                self.quiet_since = in_force.quiet_since();
                Ok(None)
            }
            Err(error) => Err(ureq::body_error(error, stop)),
        }
    }

    /// What the headers tell about the request, for an error it met with.
    pub(crate) fn service(&self) -> ServiceError {
        service_error(self.status, b"", |name| self.header(name), str::to_owned)
    }

    /// The first `limit` bytes of the body, or fewer if it ends or breaks before, or takes longer than
    /// a body of no use should.
    pub(crate) fn read_start(&mut self, limit: u64, stop: &Stop) -> Vec<u8> {
        let enough = Instant::now() + LONGEST_START;
        let deadline = Some(self.limits.deadline.map_or(enough, |deadline| deadline.min(enough)));
        let _in_force = in_force::enter(stop, Limits { deadline, ..self.limits });
        let mut start = Vec::new();
        // A broken error body is no news beside the status it came with.
        let _ = (&mut self.body).take(limit).read_to_end(&mut start);
        start
    }
}
