//! HTTP over ureq: the only file that names it.

use super::{Answer, Get};
use crate::error::{Error, ErrorKind, Phase};
use std::fmt;
use std::io;
use std::path::Path;
use ureq::http::Uri;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Timeout};

pub(super) type Headers = ureq::http::HeaderMap;
pub(super) type Body = ureq::BodyReader<'static>;

/// TLS hands over at most 16 KiB at a time; plain text comes in as much as fits here.
const INPUT_BUFFER: usize = 128 * 1024;

/// Sends the request and waits for the headers of the answer, whatever its status.
pub(crate) fn get(request: &Get<'_>) -> Result<Answer, Error> {
    let uri: Uri =
        request.url.parse().map_err(|_| Error::invalid("url", "is not a URL that can be sent"))?;
    let response = headers(request, agent(request)?.get(uri)).call().map_err(call_error)?;
    let (head, body) = response.into_parts();
    Ok(Answer {
        status: head.status.as_u16(),
        length: head.headers.get("content-length").and_then(|v| v.to_str().ok()?.parse().ok()),
        headers: head.headers,
        body: body.into_reader(),
    })
}

fn headers<B>(request: &Get<'_>, mut builder: ureq::RequestBuilder<B>) -> ureq::RequestBuilder<B> {
    for (name, value) in request.headers {
        builder = builder.header(*name, *value);
    }
    builder
}

fn agent(request: &Get<'_>) -> Result<Agent, Error> {
    let mut tls = TlsConfig::builder();
    if let Some(file) = request.ca_file {
        tls = tls.root_certs(roots(file)?);
    }
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        // Not from the environment: the caller asked for nothing of it.
        .proxy(None)
        .accept_encoding("identity")
        .user_agent(concat!("oss-presign/", env!("CARGO_PKG_VERSION")))
        .input_buffer_size(INPUT_BUFFER)
        .timeout_global(request.total_timeout)
        .timeout_resolve(request.connect_timeout)
        .timeout_connect(request.connect_timeout)
        .timeout_per_read(request.idle_timeout)
        .timeout_per_write(request.idle_timeout)
        .tls_config(tls.build())
        .build();
    let resolver = ConnectTo::new(request.connect_to)?;
    Ok(Agent::with_parts(config, DefaultConnector::default(), resolver))
}

fn roots(file: &Path) -> Result<RootCerts, Error> {
    let pem = std::fs::read(file).map_err(|error| {
        let message = format!("ca_file: cannot be read: {}", error.kind());
        Error::new(ErrorKind::Io, Phase::Check, message).with_os(error.raw_os_error())
    })?;
    let certificates: Result<Vec<Certificate<'static>>, _> = parse_pem(&pem)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(Ok(certificate)),
            Ok(_) => None,
            Err(error) => Some(Err(error)),
        })
        .collect();
    match certificates {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates.into()),
        _ => Err(Error::invalid("ca_file", "holds no PEM certificate")),
    }
}

/// Resolves the URL's host, or what the caller wants connected to in its place.
struct ConnectTo(Option<Uri>);

impl ConnectTo {
    fn new(address: Option<&str>) -> Result<Self, Error> {
        let uri = address.map(|address| format!("http://{address}/").parse()).transpose();
        uri.map(Self).map_err(|_| Error::invalid("connect_to", "must be host:port"))
    }
}

impl fmt::Debug for ConnectTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConnectTo").finish_non_exhaustive()
    }
}

impl Resolver for ConnectTo {
    fn resolve(
        &self,
        uri: &Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let uri = self.0.as_ref().unwrap_or(uri);
        DefaultResolver::default().resolve(uri, config, timeout).map_err(|error| match error {
            // What the system's resolver says has no kind of its own.
            ureq::Error::Io(_) => ureq::Error::HostNotFound,
            other => other,
        })
    }
}

/// Errors before the answer's headers are complete. None of ureq's own texts is passed on where it
/// could hold a part of the URL.
fn call_error(error: ureq::Error) -> Error {
    let new = |kind, phase, message: &str| Error::new(kind, phase, message);
    match error {
        ureq::Error::Timeout(limit) => timeout_error(limit, Phase::Headers),
        ureq::Error::HostNotFound => {
            new(ErrorKind::Resolve, Phase::Resolve, "the host name could not be resolved")
        }
        ureq::Error::ConnectionFailed => {
            new(ErrorKind::Connect, Phase::Connect, "no connection to the server")
        }
        ureq::Error::Io(error) => io_error(&error),
        ureq::Error::Rustls(error) => tls_error(&error),
        ureq::Error::Tls(message) => tls_error(&message),
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => {
            Error::invalid("url", "or a header is not one that can be sent")
        }
        _ => new(ErrorKind::Protocol, Phase::Headers, "the answer is not HTTP"),
    }
}

fn io_error(error: &io::Error) -> Error {
    use io::ErrorKind as Io;
    let (kind, phase, message) = match error.kind() {
        Io::InvalidData => return tls_error(error),
        Io::ConnectionRefused
        | Io::HostUnreachable
        | Io::NetworkUnreachable
        | Io::AddrNotAvailable
        | Io::NetworkDown => (ErrorKind::Connect, Phase::Connect, "no connection to the server"),
        Io::TimedOut => (ErrorKind::Timeout, Phase::Connect, "connecting took too long"),
        _ => (ErrorKind::Network, Phase::Headers, "the connection broke"),
    };
    Error::new(kind, phase, format!("{message}: {error}")).with_os(error.raw_os_error())
}

fn tls_error(error: &dyn fmt::Display) -> Error {
    Error::new(ErrorKind::Tls, Phase::Tls, format!("TLS failed: {error}"))
}

fn timeout_error(limit: Timeout, phase: Phase) -> Error {
    let (phase, message) = match limit {
        Timeout::Resolve => (Phase::Resolve, "resolving the host name took too long"),
        Timeout::Connect => (Phase::Connect, "connecting took too long"),
        Timeout::Global => (phase, "the download took longer than its total timeout"),
        _ => (phase, "the server sent nothing for longer than the idle timeout"),
    };
    Error::new(ErrorKind::Timeout, phase, message)
}

/// Errors while the body is read.
pub(super) fn body_error(error: io::Error) -> Error {
    match ureq::Error::from(error) {
        ureq::Error::Timeout(limit) => timeout_error(limit, Phase::Body),
        ureq::Error::Io(error) => {
            let message = format!("the connection broke before the body was complete: {error}");
            Error::new(ErrorKind::Network, Phase::Body, message).with_os(error.raw_os_error())
        }
        _ => Error::new(ErrorKind::Protocol, Phase::Body, "the body is not HTTP"),
    }
}
