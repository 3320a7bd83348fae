//! What to download, and how.

use crate::error::Error;
use std::path::Path;
use std::time::Duration;

/// A download to make. Everything is borrowed; nothing is checked until
/// [`download`](super::download).
///
/// `Debug` shows neither the URL nor the headers.
#[derive(Clone)]
pub struct DownloadRequest<'a> {
    pub(crate) url: &'a str,
    pub(crate) path: &'a Path,
    pub(crate) headers: Vec<(&'a str, &'a str)>,
    pub(crate) connect_to: Option<&'a str>,
    pub(crate) ca_file: Option<&'a Path>,
    pub(crate) connect_timeout: Option<Duration>,
    pub(crate) idle_timeout: Option<Duration>,
    pub(crate) total_timeout: Option<Duration>,
    pub(crate) overwrite: bool,
    pub(crate) sync: bool,
}

impl<'a> DownloadRequest<'a> {
    /// Starts a request: the URL, sent byte for byte, and the file to make.
    pub fn new(url: &'a str, path: &'a Path) -> Self {
        Self {
            url,
            path,
            headers: Vec::new(),
            connect_to: None,
            ca_file: None,
            connect_timeout: Some(Duration::from_secs(10)),
            idle_timeout: Some(Duration::from_secs(30)),
            total_timeout: None,
            overwrite: true,
            sync: true,
        }
    }

    /// A header to send: each that was signed must be.
    pub fn header(mut self, name: &'a str, value: &'a str) -> Self {
        self.headers.push((name, value));
        self
    }

    /// `host:port` to connect to instead of the URL's host. Nothing else changes: Host header, TLS
    /// name and signature stay those of the URL. For HTTPDNS, and for tests.
    pub fn connect_to(mut self, address: &'a str) -> Self {
        self.connect_to = Some(address);
        self
    }

    /// A file of PEM certificates to trust instead of the built-in roots.
    pub fn ca_file(mut self, file: &'a Path) -> Self {
        self.ca_file = Some(file);
        self
    }

    /// How long connecting may take, TLS included. Default: 10 s. `None`: no limit.
    pub fn connect_timeout(mut self, limit: Option<Duration>) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// How long the server may send nothing. Default: 30 s. `None`: no limit.
    pub fn idle_timeout(mut self, limit: Option<Duration>) -> Self {
        self.idle_timeout = limit;
        self
    }

    /// How long the whole download may take. Default: no limit.
    pub fn total_timeout(mut self, limit: Option<Duration>) -> Self {
        self.total_timeout = limit;
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

    pub(super) fn check(&self) -> Result<(), Error> {
        check_url(self.url)?;
        for (name, value) in &self.headers {
            check_header(name, value)?;
        }
        if self.connect_to.is_some_and(|address| {
            address.contains(['/', '?', '#', '@'])
                || !address.bytes().all(|byte| byte.is_ascii_graphic())
                || !matches!(split_authority(address), Some((_, Some(_))))
        }) {
            return Err(Error::invalid("connect_to", "must be host:port"));
        }
        Ok(())
    }
}

impl std::fmt::Debug for DownloadRequest<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DownloadRequest").field("path", &self.path).finish_non_exhaustive()
    }
}

/// A URL goes out as it is, so what could not is refused. No message repeats any of it.
fn check_url(url: &str) -> Result<(), Error> {
    let wrong = |rule| Err(Error::invalid("url", rule));
    let Some((scheme, rest)) = url.split_once("://") else {
        return wrong("must start with https:// or http://");
    };
    if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
        return wrong("must start with https:// or http://");
    }
    if !url.bytes().all(|byte| byte.is_ascii_graphic()) {
        return wrong("must be printable ASCII without blanks; escape everything else");
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return wrong("must not contain user info");
    }
    if split_authority(authority).is_none() {
        return wrong("has no host, or a port that is not a number from 1 to 65535");
    }
    if rest.contains('#') {
        return wrong("must not contain a fragment; write # as %23");
    }
    Ok(())
}

/// Splits `host` or `host:port`; none if there is no host, or what follows it is no port.
fn split_authority(authority: &str) -> Option<(&str, Option<u16>)> {
    let colon = match authority.strip_prefix('[') {
        Some(rest) => 2 + rest.find(']')?,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    let (host, port) = authority.split_at(colon);
    if host.is_empty() || port.is_empty() {
        return (!host.is_empty()).then_some((host, None));
    }
    let digits = port.strip_prefix(':').filter(|port| port.bytes().all(|b| b.is_ascii_digit()))?;
    Some((host, Some(digits.parse().ok().filter(|port| *port > 0)?)))
}

/// Headers the download itself is in charge of.
const OWN_HEADERS: [&str; 4] =
    ["accept-encoding", "connection", "content-length", "transfer-encoding"];

fn check_header(name: &str, value: &str) -> Result<(), Error> {
    let wrong = |rule| Err(Error::invalid("headers", rule));
    if name.is_empty() || !name.bytes().all(crate::encoding::is_token_byte) {
        return wrong("a name is not an HTTP token");
    }
    if value.bytes().any(|b| b.is_ascii_control() && b != b'\t') {
        return wrong("a value has a control byte");
    }
    if OWN_HEADERS.iter().any(|own| name.eq_ignore_ascii_case(own)) {
        return wrong(
            "accept-encoding, connection, content-length and transfer-encoding are not the caller's",
        );
    }
    Ok(())
}
