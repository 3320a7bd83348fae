//! Listeners and connections.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::service;
use crate::state::State;
use crate::wire::{Stream, Wire, WireControl};

/// Counts connections.
#[derive(Debug, Default)]
pub(crate) struct Connections {
    accepted: AtomicU64,
    open: AtomicUsize,
}

impl Connections {
    /// How many there were.
    pub(crate) fn accepted(&self) -> u64 {
        self.accepted.load(Ordering::Acquire)
    }

    /// How many are open now.
    pub(crate) fn open(&self) -> usize {
        self.open.load(Ordering::Acquire)
    }
}

/// One connection, as its requests see it.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) state: Arc<State>,
    pub(crate) number: u64,
    pub(crate) peer: SocketAddr,
    pub(crate) tls: bool,
    pub(crate) wire: Arc<WireControl>,
}

impl Connection {
    fn open(state: Arc<State>, peer: SocketAddr, tls: bool) -> Arc<Self> {
        let number = state.connections.accepted.fetch_add(1, Ordering::AcqRel) + 1;
        state.connections.open.fetch_add(1, Ordering::AcqRel);
        let wire = Arc::new(WireControl::default());
        if let Some(bytes_per_second) = state.speed_of_connection(number) {
            wire.limit_speed(bytes_per_second);
        }
        Arc::new(Self { state, number, peer, tls, wire })
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.state.connections.open.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Accepts connections until the runtime stops.
pub(crate) async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, state: Arc<State>) {
    loop {
        let Ok((stream, peer)) = listener.accept().await else { continue };
        tokio::spawn(serve(stream, peer, tls.clone(), Arc::clone(&state)));
    }
}

async fn serve(tcp: TcpStream, peer: SocketAddr, tls: Option<TlsAcceptor>, state: Arc<State>) {
    let connection = Connection::open(state, peer, tls.is_some());
    // Without it a small last piece waits for the client's acknowledgement.
    let _ = tcp.set_nodelay(true);
    let stream = match tls {
        None => Stream::Plain(tcp),
        Some(tls) => match tls.accept(tcp).await {
            Ok(stream) => Stream::Tls(Box::new(stream)),
            Err(_) => return,
        },
    };
    let wire = Wire::new(stream, Arc::clone(&connection.wire));
    let service = service_fn(|request| {
        let connection = Arc::clone(&connection);
        async move { Ok::<_, Infallible>(service::serve(connection, request).await) }
    });
    // A connection that fails concerns the client, which sees it too.
    let _ = http1::Builder::new()
        .auto_date_header(false)
        .serve_connection(TokioIo::new(wire), service)
        .with_upgrades()
        .await;
}
