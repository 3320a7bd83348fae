//! What to download, and how.

use super::source::Link;
use crate::error::Error;
use crate::http::{Client, ClientOptions};
use crate::stop::CancelToken;
use crate::url::{UrlStyle, inspect};
use std::borrow::Cow;
use std::path::Path;
use std::time::Duration;

const DEFAULT_PART_SIZE: u64 = 8 << 20;
const MIN_PART_SIZE: u64 = 128 << 10;
const DEFAULT_CONNECTIONS: u32 = 4;
const MAX_CONNECTIONS: u32 = 64;

/// Where the bytes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Target<'a> {
    /// A file, which appears only when it is complete and verified.
    File(&'a Path),
    /// Memory, up to that many bytes: [`Downloaded::content`](super::Downloaded::content).
    Memory(u64),
    /// [`Handler::write`](super::Handler::write), in order, over one connection.
    Stream,
}

/// A download to make. Everything is borrowed; nothing is checked until
/// [`download`](super::download).
///
/// `Debug` shows neither the URL nor the headers.
#[derive(Clone)]
pub struct DownloadRequest<'a> {
    pub(crate) url: &'a str,
    pub(crate) target: Target<'a>,
    pub(crate) headers: Vec<(&'a str, &'a str)>,
    pub(crate) client: Option<&'a Client>,
    pub(crate) connection: ClientOptions<'a>,
    pub(crate) total_timeout: Option<Duration>,
    pub(crate) range: Option<(u64, Option<u64>)>,
    pub(crate) part_size: u64,
    pub(crate) connections: u32,
    pub(crate) retries: u32,
    pub(crate) retry_budget: Duration,
    pub(crate) follow_redirects: bool,
    pub(crate) resume: bool,
    pub(crate) overwrite: bool,
    pub(crate) sync: bool,
    pub(crate) expected_size: Option<u64>,
    pub(crate) expected_crc64: Option<u64>,
    pub(crate) expected_sha256: Option<[u8; 32]>,
    pub(crate) expected_md5: Option<[u8; 16]>,
    pub(crate) max_bytes: u64,
    pub(crate) bytes_per_second: Option<u64>,
    pub(crate) cancel: Option<&'a CancelToken>,
    pub(crate) progress_interval: Duration,
}

impl<'a> DownloadRequest<'a> {
    /// Starts a request: the URL, sent byte for byte, and the file to make.
    pub fn new(url: &'a str, path: &'a Path) -> Self {
        Self::to(url, Target::File(path))
    }

    /// Starts a request with any target.
    pub fn to(url: &'a str, target: Target<'a>) -> Self {
        Self {
            url,
            target,
            headers: Vec::new(),
            client: None,
            connection: ClientOptions::default(),
            total_timeout: None,
            range: None,
            part_size: DEFAULT_PART_SIZE,
            connections: DEFAULT_CONNECTIONS,
            retries: 5,
            retry_budget: Duration::from_secs(120),
            follow_redirects: false,
            resume: false,
            overwrite: true,
            sync: true,
            expected_size: None,
            expected_crc64: None,
            expected_sha256: None,
            expected_md5: None,
            max_bytes: u64::MAX,
            bytes_per_second: None,
            cancel: None,
            progress_interval: Duration::from_millis(100),
        }
    }

    /// A header to send: each that was signed must be.
    pub fn header(mut self, name: &'a str, value: &'a str) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The client whose connections to use and keep. Its options then take the place of this
    /// request's: `connect_to`, `ca_file`, `proxy` and the connect and idle timeouts.
    pub fn client(mut self, client: &'a Client) -> Self {
        self.client = Some(client);
        self
    }

    /// Makes a client that connects as this request says, to give to it and to others.
    ///
    /// # Errors
    /// Connection options that make no sense, or a `ca_file` that cannot be read.
    pub fn make_client(&self) -> Result<Client, Error> {
        Client::new(&self.connection)
    }

    /// `host:port` to connect to instead of the URL's host. Nothing else changes: Host header, TLS
    /// name and signature stay those of the URL. For HTTPDNS, and for tests.
    pub fn connect_to(mut self, address: &'a str) -> Self {
        self.connection.connect_to = Some(address);
        self
    }

    /// A file of PEM certificates to trust instead of the built-in roots.
    pub fn ca_file(mut self, file: &'a Path) -> Self {
        self.connection.ca_file = Some(file);
        self
    }

    /// A proxy, `http://[user:password@]host:port`. None is taken from the environment.
    pub fn proxy(mut self, proxy: &'a str) -> Self {
        self.connection.proxy = Some(proxy);
        self
    }

    /// How long connecting may take, all addresses of the host, a proxy's tunnel and TLS included.
    /// Default: 10 s. `None`: no limit.
    pub fn connect_timeout(mut self, limit: Option<Duration>) -> Self {
        self.connection.connect_timeout = limit;
        self
    }

    /// How long the server may send nothing. Default: 30 s. `None`: no limit.
    pub fn idle_timeout(mut self, limit: Option<Duration>) -> Self {
        self.connection.idle_timeout = limit;
        self
    }

    /// How long the whole download may take. Default: no limit.
    pub fn total_timeout(mut self, limit: Option<Duration>) -> Self {
        self.total_timeout = limit;
        self
    }

    /// Only the bytes of the object from `offset` on, and of these only `length`, if given.
    pub fn range(mut self, offset: u64, length: Option<u64>) -> Self {
        self.range = Some((offset, length));
        self
    }

    /// Size of a part, in bytes: at least 128 KiB. Default: 8 MiB.
    pub fn part_size(mut self, bytes: u64) -> Self {
        self.part_size = bytes;
        self
    }

    /// How many parts are fetched at once: 1 to 64. Default: 4.
    pub fn connections(mut self, count: u32) -> Self {
        self.connections = count;
        self
    }

    /// How often a request is repeated without progress in between. Default: 5.
    pub fn retries(mut self, count: u32) -> Self {
        self.retries = count;
        self
    }

    /// How long repetitions may go on without progress. Default: 120 s.
    pub fn retry_budget(mut self, budget: Duration) -> Self {
        self.retry_budget = budget;
        self
    }

    /// Whether to follow redirects, at most 10 for a request. Default: no. Headers stay behind when
    /// one leads to another host, as does `connect_to`; none is followed from https to http.
    pub fn follow_redirects(mut self, yes: bool) -> Self {
        self.follow_redirects = yes;
        self
    }

    /// Whether to keep what was fetched when the download fails, and to go on from there. Default:
    /// no. To a file only, from servers that state a strong ETag, and by any URL of the same version
    /// whose path has the same last segment.
    pub fn resume(mut self, yes: bool) -> Self {
        self.resume = yes;
        self
    }

    /// Whether an existing target is replaced. Default: yes.
    pub fn overwrite(mut self, yes: bool) -> Self {
        self.overwrite = yes;
        self
    }

    /// Whether to wait until the data is on the disk. Default: yes. Without, a power cut soon after
    /// may leave an empty or short target.
    pub fn sync(mut self, yes: bool) -> Self {
        self.sync = yes;
        self
    }

    /// The size the target must have.
    pub fn expect_size(mut self, bytes: u64) -> Self {
        self.expected_size = Some(bytes);
        self
    }

    /// The CRC-64/XZ the target must have.
    pub fn expect_crc64(mut self, crc64: u64) -> Self {
        self.expected_crc64 = Some(crc64);
        self
    }

    /// The SHA-256 the target must have.
    pub fn expect_sha256(mut self, hash: [u8; 32]) -> Self {
        self.expected_sha256 = Some(hash);
        self
    }

    /// The MD5 the target must have.
    pub fn expect_md5(mut self, hash: [u8; 16]) -> Self {
        self.expected_md5 = Some(hash);
        self
    }

    /// The most bytes to write; one more fails the download. Default: no limit.
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// The most bytes a second, for the whole download. Default: no limit.
    pub fn rate_limit(mut self, bytes_per_second: u64) -> Self {
        self.bytes_per_second = Some(bytes_per_second);
        self
    }

    /// A token that cancels the download from any thread.
    pub fn cancel_token(mut self, token: &'a CancelToken) -> Self {
        self.cancel = Some(token);
        self
    }

    /// Time between two progress reports. Default: 100 ms.
    pub fn progress_interval(mut self, interval: Duration) -> Self {
        self.progress_interval = interval;
        self
    }

    /// The value of a header to send, its name in lower case.
    pub(super) fn header_value(&self, name: &str) -> Option<&'a str> {
        let found = self.headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name));
        found.map(|(_, value)| *value)
    }

    pub(super) fn check(&self) -> Result<(), Error> {
        let link = self.link();
        check_link(&link)?;
        let wrong = |field, rule: &str| Err(Error::invalid(field, rule));
        if self.part_size < MIN_PART_SIZE {
            return wrong("part_size", "must be at least 131072 bytes (128 KiB)");
        }
        if !(1..=MAX_CONNECTIONS).contains(&self.connections) {
            return wrong("connections", "must be 1 to 64");
        }
        if self.bytes_per_second == Some(0) {
            return wrong("rate_limit", "must be at least 1 byte a second");
        }
        if let Some((offset, length)) = self.range {
            if length == Some(0) {
                return wrong("range", "must have at least one byte");
            }
            if offset.checked_add(length.unwrap_or(0)).is_none() {
                return wrong("range", "ends past the largest number");
            }
            if inspect(self.url)?.signs_range() {
                return wrong("range", "the URL signs a Range of its own");
            }
        }
        if self.resume && !matches!(self.target, Target::File(_)) {
            return wrong("resume", "needs a file as target");
        }
        Ok(())
    }

    pub(super) fn link(&self) -> Link {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Link { url: self.url.to_owned(), headers: self.headers.iter().map(owned).collect() }
    }
}

impl std::fmt::Debug for DownloadRequest<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DownloadRequest").field("target", &self.target).finish_non_exhaustive()
    }
}

/// Checks a URL, the headers to send with it, and that it gets what it demands.
pub(super) fn check_link(link: &Link) -> Result<(), Error> {
    let info = inspect(&link.url)?;
    let headers: usize =
        link.headers.iter().map(|(name, value)| name.len() + value.len() + 4).sum();
    if link.url.len() + headers > MAX_REQUEST {
        let rule = "with the headers, is longer than 15360 bytes, which no server would take";
        return Err(Error::invalid("url", rule));
    }
    for (name, value) in &link.headers {
        check_header(name, value)?;
        let own = OWN_HEADERS.iter().any(|own| name.eq_ignore_ascii_case(own));
        if own && !info.demands(&name.to_ascii_lowercase()) {
            let rule = "is the download's own, unless it was signed";
            return Err(Error::invalid("headers", format_args!("{name} {rule}")));
        }
    }
    info.check_headers(link.headers.iter().map(|(name, _)| name.as_str()))
}

/// Checks a link that takes the place of another, by whose terms the download was planned.
pub(super) fn check_successor(link: &Link, before: &Link) -> Result<(), Error> {
    check_link(link)?;
    let (fresh, old) = (inspect(&link.url)?, inspect(&before.url)?);
    // Others may sign in any part of the path.
    let says_which = [fresh.style(), old.style()].iter().all(|style| *style != UrlStyle::Unknown);
    if says_which && fresh.object_name() != old.object_name() {
        let rule = "is fresh, but of another object: the last segment of the path and the version \
            must be those of the one before";
        return Err(Error::invalid("url", rule));
    }
    if terms(link)? != terms(before)? {
        let rule = "is fresh, but asks for something else: it must sign the same Range and \
            If-Match, and process the object in the same way, as the one before";
        return Err(Error::invalid("url", rule));
    }
    Ok(())
}

/// The Range and the If-Match that are signed, and how the object is processed.
fn terms(link: &Link) -> Result<[Option<Cow<'_, str>>; 3], Error> {
    let info = inspect(&link.url)?;
    let range = link.header("range").filter(|_| info.signs_range()).map(Cow::Borrowed);
    let if_match = link.header("if-match").filter(|_| info.signs_if_match()).map(Cow::Borrowed);
    Ok([range, if_match, info.process()])
}

/// What a request may take of the buffer it is sent from.
const MAX_REQUEST: usize = 15 << 10;
/// Headers the download itself is in charge of.
const OWN_HEADERS: [&str; 6] =
    ["accept-encoding", "connection", "content-length", "if-match", "range", "transfer-encoding"];

fn check_header(name: &str, value: &str) -> Result<(), Error> {
    let wrong = |rule| Err(Error::invalid("headers", rule));
    if name.is_empty() || !name.bytes().all(crate::encoding::is_token_byte) {
        return wrong("a name is not an HTTP token");
    }
    if value.bytes().any(|b| b.is_ascii_control() && b != b'\t') {
        return wrong("a value has a control byte");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_timeouts_but_the_total_are_on_unless_said_otherwise() {
        let request = DownloadRequest::to("http://h/", Target::Stream);
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        assert_eq!(request.connection.connect_timeout, seconds(10));
        assert_eq!(request.connection.idle_timeout, seconds(30));
        assert_eq!(request.total_timeout, None);
    }

    #[test]
    fn what_is_not_said_is_careful() {
        let request = DownloadRequest::to("http://h/", Target::Stream);
        assert_eq!((request.part_size, request.connections), (8 << 20, 4));
        assert_eq!((request.retries, request.retry_budget), (5, Duration::from_secs(120)));
        assert_eq!(request.progress_interval, Duration::from_millis(100));
        assert!(request.sync && request.overwrite);
        assert!(!request.resume && !request.follow_redirects);
        assert!(request.connection.proxy.is_none() && request.bytes_per_second.is_none());
    }
}
