//! HTTP over ureq: the client, and what errors mean.

use super::connector::{During, Failed, InTime, SocketConnector};
use super::in_force::enter;
use super::tls::{self, TlsConnector};
use super::{Answer, ClientOptions, Get, Limits, Transport};
use crate::error::{Error, ErrorKind, Phase};
use crate::stop::Stop;
use crate::url::split_authority;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use ureq::http::uri::Scheme;
use ureq::http::{Uri, Version};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::time::Duration as Limit;
use ureq::unversioned::transport::{ConnectProxyConnector, Connector, NextTimeout};
use ureq::{Agent, Proxy, Timeout};

pub(super) type Headers = ureq::http::HeaderMap;
#[cfg(test)]
pub(super) use ureq::http::HeaderValue;

/// An answer's headers must fit in here, and what TLS hands over at a time does.
const INPUT_BUFFER: usize = 32 * 1024;
/// What all connections of a download together take from their sockets at once, if each can do with
/// an [`INPUT_BUFFER`]; and one of them, at most: plain text is cheaper in large pieces, TLS takes
/// 16 KiB at a time anyway.
const READ_BUDGET: usize = 1024 * 1024;
const READ_PLAIN: usize = 512 * 1024;
const READ_TLS: usize = 64 * 1024;
/// Requests are small.
const OUTPUT_BUFFER: usize = 16 * 1024;
/// As many as a download has workers, and more for a client that has several.
const IDLE_CONNECTIONS_PER_HOST: usize = 64;
const IDLE_CONNECTIONS: usize = 256;

/// Connections, TLS roots and proxy that downloads share; from any thread, by several at once.
///
/// Connections that are not in use are kept for the next download, until the client is dropped.
pub struct Client {
    agent: Agent,
    /// For hosts that `connect_to` was not meant for.
    away: Agent,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}

impl Client {
    /// Reads `ca_file`; touches nothing else.
    pub(crate) fn new(options: &ClientOptions<'_>) -> Result<Self, Error> {
        let tls = tls::config(options.ca_file)?;
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            // Never from the environment: the caller asked for nothing of it.
            .proxy(options.proxy.map(proxy).transpose()?)
            .accept_encoding("identity")
            .accept("")
            .user_agent(concat!("oss-presign/", env!("CARGO_PKG_VERSION")))
            .input_buffer_size(INPUT_BUFFER)
            .output_buffer_size(OUTPUT_BUFFER)
            // A buffer that is full of headers gets no more of them.
            .max_response_header_size(INPUT_BUFFER - 1)
            .max_idle_connections(IDLE_CONNECTIONS)
            .max_idle_connections_per_host(IDLE_CONNECTIONS_PER_HOST)
            .timeout_connect(options.connect_timeout.map(bounded))
            .timeout_per_read(options.idle_timeout.map(bounded))
            .timeout_per_write(options.idle_timeout.map(bounded))
            .build();
        let connector = || {
            let chain = ().chain(During(Phase::Connect, ConnectProxyConnector::default()));
            let chain = chain.chain(During(Phase::Connect, SocketConnector));
            // The handshake is done when it returns.
            InTime(chain.chain(During(Phase::Tls, TlsConnector(Arc::clone(&tls)))))
        };
        let resolver = ConnectTo::new(options.connect_to)?;
        if options.connect_to.is_some() && options.proxy.is_some() {
            // Connected to is the proxy, and that resolves the host.
            return Err(Error::invalid("proxy", "makes no use of connect_to; give one of them"));
        }
        let agent = Agent::with_parts(config.clone(), connector(), resolver);
        let away = match options.connect_to {
            Some(_) => Agent::with_parts(config, connector(), ConnectTo(None)),
            None => agent.clone(),
        };
        Ok(Self { agent, away })
    }
}

impl Transport for Client {
    fn get(&self, request: &Get<'_>, stop: &Stop) -> Result<Answer, Error> {
        let uri: Uri = request
            .url
            .parse()
            .map_err(|_| Error::invalid("url", "is not a URL that can be sent"))?;
        let most = if uri.scheme() == Some(&Scheme::HTTPS) { READ_TLS } else { READ_PLAIN };
        let share = READ_BUDGET / request.connections.max(1) as usize;
        let read_at_once = share.clamp(INPUT_BUFFER, most);
        let limits = Limits { deadline: request.deadline, read_at_once };
        let agent = if request.away { &self.away } else { &self.agent };
        let mut builder = agent.get(uri);
        for (name, value) in request.headers {
            builder = builder.header(name, value);
        }
        if let Some((first, end)) = request.range {
            let last = end.map(|end| end.saturating_sub(1).to_string()).unwrap_or_default();
            builder = builder.header("range", format!("bytes={first}-{last}"));
        }
        if let Some(etag) = request.if_match {
            builder = builder.header("if-match", etag);
        }
        let response = {
            let _in_force = enter(stop, limits);
            builder.call().map_err(|error| call_error(error, stop))?
        };
        let (head, body) = response.into_parts();
        Ok(Answer {
            status: head.status.as_u16(),
            length: Answer::length(&head.headers),
            is_old: head.version < Version::HTTP_11,
            limits,
            quiet_since: None,
            headers: head.headers,
            body: Box::new(body.into_reader()),
        })
    }
}

/// Added to the time it is now, more than this may overflow in ureq.
fn bounded(limit: Duration) -> Duration {
    limit.min(Duration::from_secs(100 * 365 * 24 * 3600))
}

fn proxy(url: &str) -> Result<Proxy, Error> {
    let rule = "must be http://host:port or http://user:password@host:port";
    match Proxy::new(url) {
        Ok(proxy) if url.starts_with("http://") => Ok(proxy),
        _ => Err(Error::invalid("proxy", rule)),
    }
}

/// Resolves the URL's host, or what the caller wants connected to in its place.
struct ConnectTo(Option<Uri>);

impl ConnectTo {
    fn new(address: Option<&str>) -> Result<Self, Error> {
        let Some(address) = address else { return Ok(Self(None)) };
        let proper = !address.contains(['/', '?', '#', '@'])
            && address.bytes().all(|byte| byte.is_ascii_graphic())
            && matches!(split_authority(address), Some((_, Some(_))));
        match format!("http://{address}/").parse() {
            Ok(uri) if proper => Ok(Self(Some(uri))),
            _ => Err(Error::invalid("connect_to", "must be host:port")),
        }
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
        // With a limit it would resolve on a thread that may outlive the call.
        let without = NextTimeout { after: Limit::NotHappening, ..timeout };
        DefaultResolver::default().resolve(uri, config, without).map_err(|error| match error {
            // What the system's resolver says has no kind of its own.
            ureq::Error::Io(_) => ureq::Error::HostNotFound,
            other => other,
        })
    }
}

/// Errors before the answer's headers are complete. None of ureq's own texts is passed on where it
/// could hold a part of the URL.
fn call_error(error: ureq::Error, stop: &Stop) -> Error {
    let (phase, error) = match error {
        ureq::Error::Other(other) => match other.downcast::<Failed>() {
            Ok(failed) => (failed.phase, failed.error),
            Err(other) => (Phase::Headers, ureq::Error::Other(other)),
        },
        error => (Phase::Headers, error),
    };
    if stop.is_stopped() {
        return cancelled(phase);
    }
    let new = |kind, phase, message: &str| Error::new(kind, phase, message);
    match error {
        ureq::Error::Timeout(limit) => timeout_error(limit, phase),
        ureq::Error::HostNotFound => {
            new(ErrorKind::Resolve, Phase::Resolve, "the host name could not be resolved")
        }
        ureq::Error::ConnectionFailed => {
            new(ErrorKind::Connect, Phase::Connect, "no connection to the server")
        }
        ureq::Error::ConnectProxyFailed(_) => {
            new(ErrorKind::Connect, Phase::Connect, "the proxy makes no connection to the server")
        }
        ureq::Error::Io(error) => io_error(&error, phase),
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => {
            Error::invalid("url", "or a header is not one that can be sent")
        }
        ureq::Error::LargeResponseHeader(..) => {
            new(ErrorKind::Protocol, Phase::Headers, "the answer's headers are longer than 32 KiB")
        }
        _ => {
            let message = "the answer is not HTTP, or has more than 128 headers";
            new(ErrorKind::Protocol, Phase::Headers, message)
        }
    }
}

fn io_error(error: &io::Error, phase: Phase) -> Error {
    let (kind, message) = match (phase, error.kind()) {
        (_, io::ErrorKind::InvalidData) => return tls_error(error),
        (Phase::Connect, io::ErrorKind::TimedOut) => {
            (ErrorKind::Timeout, "connecting took too long")
        }
        (Phase::Connect, _) => (ErrorKind::Connect, "no connection to the server"),
        (Phase::Tls, _) => (ErrorKind::Network, "the connection broke in the TLS handshake"),
        _ => (ErrorKind::Network, "the connection broke"),
    };
    Error::new(kind, phase, format!("{message}: {error}")).with_os(os_error(error))
}

/// The system's number, of the error or of what it stands for.
fn os_error(error: &io::Error) -> Option<i32> {
    let within = || error.get_ref()?.downcast_ref::<io::Error>()?.raw_os_error();
    error.raw_os_error().or_else(within)
}

fn tls_error(error: &dyn fmt::Display) -> Error {
    Error::new(ErrorKind::Tls, Phase::Tls, format!("TLS failed: {error}"))
}

fn timeout_error(limit: Timeout, phase: Phase) -> Error {
    let message = match limit {
        Timeout::Connect => "connecting took too long",
        Timeout::Global => "the download took longer than its total timeout",
        _ => "the server sent nothing for longer than the idle timeout",
    };
    Error::new(ErrorKind::Timeout, phase, message)
}

/// Errors while the body is read.
pub(super) fn body_error(error: io::Error, stop: &Stop) -> Error {
    if stop.is_stopped() {
        return cancelled(Phase::Body);
    }
    match ureq::Error::from(error) {
        ureq::Error::Timeout(limit) => timeout_error(limit, Phase::Body),
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::InvalidData => {
            Error::new(ErrorKind::Tls, Phase::Body, format!("TLS failed in the body: {error}"))
        }
        ureq::Error::Io(error) => {
            let message = format!("the connection broke before the body was complete: {error}");
            Error::new(ErrorKind::Network, Phase::Body, message).with_os(os_error(&error))
        }
        _ => Error::new(ErrorKind::Protocol, Phase::Body, "the body is not HTTP"),
    }
}

fn cancelled(phase: Phase) -> Error {
    Error::new(ErrorKind::Cancelled, phase, "cancelled")
}
