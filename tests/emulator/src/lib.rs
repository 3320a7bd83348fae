//! An OSS on loopback: for tests, for a quickstart, for app teams without a network.
//!
//! It verifies every V4 signature, in a URL or in an Authorization header, with an implementation
//! of its own and a clock that tests set; stores objects with versions; answers ranges,
//! conditions, `response-*` overrides and errors as OSS does; and does wrong what a [`Fault`]
//! tells it to. It shares no code with the presigner and downloader it checks.
//!
//! ```
//! # fn main() -> std::io::Result<()> {
//! use oss_emulator::{Clock, Emulator, Fault, Object};
//!
//! let oss = Emulator::builder()
//!     .credential("id", "secret")
//!     .clock(Clock::fixed(1_702_743_657))
//!     .start()?;
//! oss.put("examplebucket", "dir/object.txt", Object::new("hello").content_type("text/plain"));
//! oss.fault("examplebucket", "dir/object.txt", Fault::CutAfter(3));
//!
//! // http://examplebucket.localhost:PORT/dir/object.txt?x-oss-signature=...
//! let port = oss.http_addr().port();
//! # let _ = port;
//! assert!(oss.requests().is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! # Addresses
//!
//! | Host | bucket and key |
//! |---|---|
//! | `BUCKET.oss-REGION.aliyuncs.com` and OSS's other endpoints, `BUCKET.localhost` | virtual-hosted |
//! | an IP literal, `localhost`, an OSS endpoint itself | path style, `/BUCKET/KEY` |
//! | a domain of [`Emulator::bind_domain`] | custom domain, `/KEY` |
//!
//! The port of the Host does not count. A target in absolute form and CONNECT are served too, so
//! the emulator can stand in for OSS behind a client's proxy setting: CONNECT to port 443, or to
//! the port of [`Emulator::https_addr`], reaches its own https listener, any other its http
//! listener.
//!
//! # Control surface
//!
//! Tests in other languages speak to `http://127.0.0.1:PORT/-/emulator/`:
//!
//! | request | does |
//! |---|---|
//! | `POST time` with `{"unix": N}`, `{"advance": N}` or `{"system": true}` (`false`: stop it) | sets the clock |
//! | `POST faults` with `{"bucket", "key", "faults": [...], "times", "always", "after", "range_start"}` | queues faults |
//! | `DELETE faults` with `{"bucket", "key"}` | drops an object's faults |
//! | `GET requests` | lists the [`RequestRecord`]s |
//! | `DELETE requests` | forgets them |

mod address;
mod body;
mod clock;
mod control;
mod error;
mod fault;
mod object;
mod put;
mod range;
mod record;
mod respond;
mod server;
mod service;
pub mod signature;
mod state;
mod store;
mod tls;
mod wire;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::runtime::Runtime;

pub use address::{Address, Hosts};
pub use clock::Clock;
pub use error::OssError;
pub use fault::{Fault, FaultRule};
pub use object::{Object, sparse_bytes};
pub use record::RequestRecord;

use clock::SharedClock;
use signature::Credential;
use state::{SlowConnections, State};

/// A running emulator. Dropping it closes all sockets and joins all threads.
#[derive(Debug)]
pub struct Emulator {
    state: Arc<State>,
    ca_pem: String,
    /// Nobody accepts here; the kernel completes the connections.
    stalled: TcpListener,
    _runtime: Runtime,
}

impl Emulator {
    /// An emulator of region `cn-hangzhou` on free ports, with the system's clock and no
    /// credentials.
    pub fn builder() -> Builder {
        Builder {
            credentials: Vec::new(),
            region: "cn-hangzhou".to_owned(),
            cloud_box_id: None,
            endpoints: Vec::new(),
            clock: Clock::system(),
            http: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            https: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        }
    }

    /// Where http is served.
    pub fn http_addr(&self) -> SocketAddr {
        self.state.http_addr
    }

    /// Where https is served, with a certificate for whatever name the client asks for.
    pub fn https_addr(&self) -> SocketAddr {
        self.state.https_addr
    }

    /// An address that accepts connections and then says nothing, neither HTTP nor TLS.
    pub fn stalled_addr(&self) -> io::Result<SocketAddr> {
        self.stalled.local_addr()
    }

    /// The certificate (PEM) of the authority behind the https certificates.
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// Creates a bucket, if it is not there.
    pub fn create_bucket(&self, bucket: &str) {
        self.state.store.create_bucket(bucket);
    }

    /// Lets anybody read a bucket (ACL public-read), creating it if need be: a GET that has no V4
    /// signature is served, whatever else is in its query.
    pub fn publish(&self, bucket: &str) {
        self.state.store.publish(bucket);
    }

    /// Makes `domain` a custom domain (CNAME) of `bucket`.
    pub fn bind_domain(&self, domain: &str, bucket: &str) {
        self.state.hosts.bind_domain(domain, bucket);
    }

    /// Puts an object, creating the bucket if need be, and returns the version id.
    pub fn put(&self, bucket: &str, key: &str, object: Object) -> String {
        self.state.store.put(bucket, key, object, self.state.clock.unix()).id.clone()
    }

    /// Deletes an object; its versions stay.
    pub fn delete(&self, bucket: &str, key: &str) {
        self.state.store.delete(bucket, key, None);
    }

    /// Queues a fault for an object. A request uses the first rule in the queue that is for it.
    pub fn fault(&self, bucket: &str, key: &str, rule: impl Into<FaultRule>) {
        self.state.faults.add(bucket, key, rule.into());
    }

    /// Drops what is left of an object's faults.
    pub fn clear_faults(&self, bucket: &str, key: &str) {
        self.state.faults.clear(bucket, key);
    }

    /// Limits the speed of every `nth` new connection; `nth` 1 is all, 0 is none.
    pub fn slow_connections(&self, nth: u64, bytes_per_second: u64) {
        let slow = (nth > 0).then_some(SlowConnections { nth, bytes_per_second });
        *self.state.slow.lock().unwrap_or_else(PoisonError::into_inner) = slow;
    }

    /// Stops the clock at `unix_seconds`.
    pub fn set_time(&self, unix_seconds: i64) {
        self.state.clock.set(Clock::fixed(unix_seconds));
    }

    /// Moves the clock, forward or back. It runs on if it ran.
    pub fn advance(&self, seconds: i64) {
        self.state.clock.advance(seconds);
    }

    /// Goes back to the system's clock.
    pub fn use_system_time(&self) {
        self.state.clock.set(Clock::system());
    }

    /// The emulator's time, in Unix seconds.
    pub fn unix_time(&self) -> i64 {
        self.state.clock.unix()
    }

    /// All requests so far, in the order they came.
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.state.records.all()
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        self.state.records.clear();
    }

    /// How many connections there were, whatever became of them.
    pub fn accepted_connections(&self) -> u64 {
        self.state.connections.accepted()
    }

    /// How many connections are open now.
    pub fn open_connections(&self) -> usize {
        self.state.connections.open()
    }
}

/// Settings of an emulator to start.
#[derive(Clone, Debug)]
pub struct Builder {
    credentials: Vec<Credential>,
    region: String,
    cloud_box_id: Option<String>,
    endpoints: Vec<String>,
    clock: Clock,
    http: SocketAddr,
    https: SocketAddr,
}

impl Builder {
    /// Adds an access key.
    #[must_use]
    pub fn credential(mut self, id: &str, secret: &str) -> Self {
        self.credentials.push(Credential {
            id: id.to_owned(),
            secret: secret.to_owned(),
            security_token: None,
        });
        self
    }

    /// Adds a temporary access key (STS).
    #[must_use]
    pub fn sts_credential(mut self, id: &str, secret: &str, security_token: &str) -> Self {
        self.credentials.push(Credential {
            id: id.to_owned(),
            secret: secret.to_owned(),
            security_token: Some(security_token.to_owned()),
        });
        self
    }

    /// Sets the region that signatures must be made for.
    #[must_use]
    pub fn region(mut self, region: &str) -> Self {
        region.clone_into(&mut self.region);
        self
    }

    /// Accepts signatures for this cloud box too.
    #[must_use]
    pub fn cloud_box_id(mut self, id: &str) -> Self {
        self.cloud_box_id = Some(id.to_owned());
        self
    }

    /// Adds an endpoint: path style at that host, virtual-hosted below it.
    #[must_use]
    pub fn endpoint(mut self, host: &str) -> Self {
        self.endpoints.push(host.to_owned());
        self
    }

    /// Sets the clock.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Serves http at this address, which must be a loopback one.
    #[must_use]
    pub fn http_addr(mut self, addr: SocketAddr) -> Self {
        self.http = addr;
        self
    }

    /// Serves https at this address, which must be a loopback one.
    #[must_use]
    pub fn https_addr(mut self, addr: SocketAddr) -> Self {
        self.https = addr;
        self
    }

    /// Starts the emulator; it serves until it is dropped.
    pub fn start(self) -> io::Result<Emulator> {
        let http = listen(self.http)?;
        let https = listen(self.https)?;
        let ca = tls::Authority::new()?;
        let state = Arc::new(State {
            authority: signature::Authority {
                credentials: self.credentials,
                region: self.region,
                cloud_box_id: self.cloud_box_id,
            },
            hosts: Hosts::new(self.endpoints),
            clock: SharedClock::new(self.clock),
            store: store::Store::default(),
            faults: fault::FaultScript::default(),
            records: record::Records::default(),
            connections: server::Connections::default(),
            http_addr: http.local_addr()?,
            https_addr: https.local_addr()?,
            slow: Mutex::default(),
            request_ids: AtomicU64::default(),
        });
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("oss-emulator")
            .enable_all()
            .build()?;
        {
            let _runtime = runtime.enter();
            let http = tokio::net::TcpListener::from_std(http)?;
            let https = tokio::net::TcpListener::from_std(https)?;
            runtime.spawn(server::accept(http, None, Arc::clone(&state)));
            runtime.spawn(server::accept(https, Some(ca.acceptor()?), Arc::clone(&state)));
        }
        let stalled = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        Ok(Emulator { state, ca_pem: ca.pem(), stalled, _runtime: runtime })
    }
}

fn listen(addr: SocketAddr) -> io::Result<TcpListener> {
    if !addr.ip().is_loopback() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a loopback address"));
    }
    let listener = TcpListener::bind(addr)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}
