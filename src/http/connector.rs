//! Sockets whose every wait ends at once when the download is stopped, and connectors whose failures
//! tell how far they got.

use super::in_force::InForce;
use crate::error::Phase;
use crate::stop::Interest;
use std::fmt;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};
use ureq::Error;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport,
};

/// A connection that broke. ureq takes other kinds for the end of a body of unknown length.
pub(super) fn broken(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::BrokenPipe, error)
}

/// The share of one address among many: time for a slow network, and for one packet that is lost.
const SHORTEST_SHARE: Duration = Duration::from_secs(2);

/// The time for the next of `left` addresses, of what there is for all of them.
fn share(rest: Duration, left: u32) -> Duration {
    (rest / left).max(rest.min(SHORTEST_SHARE))
}

/// A failure to connect, and how far it got.
#[derive(Debug)]
pub(super) struct Failed {
    pub(super) phase: Phase,
    pub(super) error: Error,
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl std::error::Error for Failed {}

/// A connector whose failures are of a phase, unless they tell of another already.
#[derive(Debug)]
pub(super) struct During<C>(pub(super) Phase, pub(super) C);

impl<In: Transport, C: Connector<In>> Connector<In> for During<C> {
    type Out = C::Out;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        self.1.connect(details, chained).map_err(|error| match error {
            Error::Other(_) => error,
            error => Error::Other(Box::new(Failed { phase: self.0, error })),
        })
    }
}

/// A connector that must be done in the time to connect, with all addresses, tunnel and handshake.
#[derive(Debug)]
pub(super) struct InTime<C>(pub(super) C);

impl<C: Connector<()>> Connector<()> for InTime<C> {
    type Out = C::Out;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<()>,
    ) -> Result<Option<Self::Out>, Error> {
        let time = Some(details.timeout.after).filter(|after| !after.is_not_happening());
        let until = time.and_then(|time| Instant::now().checked_add(*time));
        // To connect to a proxy is a part of connecting through it.
        let outer = InForce::set_connecting(until);
        InForce::set_connecting(outer.or(until));
        let out = self.0.connect(details, chained);
        InForce::set_connecting(outer);
        out
    }
}

/// Connects to the first address that takes the connection; each has its share of the time.
#[derive(Debug)]
pub(super) struct SocketConnector;

impl<In: Transport> Connector<In> for SocketConnector {
    type Out = Either<In, Socket>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        if let Some(tunnel) = chained {
            return Ok(Some(Either::A(tunnel)));
        }
        let mut failure = Error::HostNotFound;
        for (address, left) in details.addrs.iter().zip((1..=details.addrs.len() as u32).rev()) {
            let mut limit = details.timeout;
            if let Some(until) = InForce::get()?.connecting {
                limit.after = share(until.saturating_duration_since(Instant::now()), left).into();
            }
            match connect(*address, limit) {
                Ok(stream) => {
                    stream.set_nodelay(true)?;
                    let config = details.config;
                    let (input, output) = (config.input_buffer_size(), config.output_buffer_size());
                    return Ok(Some(Either::B(Socket::new(stream, input, output))));
                }
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }
}

#[cfg(unix)]
fn connect(address: SocketAddr, limit: NextTimeout) -> Result<TcpStream, Error> {
    use rustix::io::Errno;
    use rustix::net::{AddressFamily, sockopt};
    let family = match address {
        SocketAddr::V4(_) => AddressFamily::INET,
        SocketAddr::V6(_) => AddressFamily::INET6,
    };
    let stream = TcpStream::from(socket(family).map_err(io::Error::from)?);
    stream.set_nonblocking(true)?;
    match rustix::net::connect(&stream, &address) {
        Ok(()) => return Ok(stream),
        Err(Errno::INPROGRESS | Errno::INTR) => {}
        Err(errno) => return Err(io::Error::from(errno).into()),
    }
    InForce::get()?.wait(&stream, Interest::Write, limit)?;
    match sockopt::socket_error(&stream).map_err(io::Error::from)? {
        Ok(()) => Ok(stream),
        Err(errno) => Err(io::Error::from(errno).into()),
    }
}

/// A socket that programs started meanwhile do not inherit.
#[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
fn socket(family: rustix::net::AddressFamily) -> rustix::io::Result<std::os::fd::OwnedFd> {
    use rustix::net::{SocketFlags, SocketType, ipproto, socket_with};
    socket_with(family, SocketType::STREAM, SocketFlags::CLOEXEC, Some(ipproto::TCP))
}

/// Here one that is started between the two calls does.
#[cfg(all(unix, not(any(target_os = "linux", target_os = "android", target_os = "freebsd"))))]
fn socket(family: rustix::net::AddressFamily) -> rustix::io::Result<std::os::fd::OwnedFd> {
    use rustix::net::{SocketType, ipproto, socket};
    let socket = socket(family, SocketType::STREAM, Some(ipproto::TCP))?;
    rustix::io::fcntl_setfd(&socket, rustix::io::FdFlags::CLOEXEC)?;
    Ok(socket)
}

/// There is no way to wait for a connection and for the stop at once: in slices.
#[cfg(not(unix))]
fn connect(address: SocketAddr, limit: NextTimeout) -> Result<TcpStream, Error> {
    let stream = match limit.not_zero() {
        Some(limit) => TcpStream::connect_timeout(&address, *limit)?,
        None => TcpStream::connect(address)?,
    };
    let slice = Some(std::time::Duration::from_millis(50));
    stream.set_read_timeout(slice)?;
    stream.set_write_timeout(slice)?;
    Ok(stream)
}

/// A connected socket.
pub(super) struct Socket {
    stream: TcpStream,
    buffers: LazyBuffers,
    input_size: usize,
    output_size: usize,
    /// Whether there was as much to read as there was room.
    filled: bool,
}

impl Socket {
    pub(super) fn new(stream: TcpStream, input_size: usize, output_size: usize) -> Self {
        let buffers = LazyBuffers::new(input_size, output_size);
        Self { stream, buffers, input_size, output_size, filled: false }
    }

    /// Makes room for as much as may be read at once, where there is as much to read.
    fn fit_input(&mut self, read_at_once: usize) {
        let fit = if self.filled { read_at_once } else { read_at_once.min(self.input_size) };
        if fit != self.input_size && self.buffers.input().is_empty() {
            self.buffers = LazyBuffers::new(fit, self.output_size);
            self.input_size = fit;
        }
    }
}

/// A transport that its user brings the buffers for.
pub(super) trait Wire {
    /// Waits for something to read; 0 at the end.
    fn receive(&mut self, room: &mut [u8], limit: NextTimeout) -> Result<usize, Error>;
    /// Sends all of it.
    fn send(&mut self, bytes: &[u8], limit: NextTimeout) -> Result<(), Error>;
}

impl Wire for TcpStream {
    fn receive(&mut self, room: &mut [u8], limit: NextTimeout) -> Result<usize, Error> {
        let in_force = InForce::get()?;
        loop {
            match self.read(room) {
                Ok(read) => {
                    InForce::came();
                    return Ok(read);
                }
                Err(error) if is_not_ready(&error) => {
                    in_force.wait(self, Interest::Read, limit.for_read())?;
                }
                Err(error) => return Err(broken(error).into()),
            }
        }
    }

    fn send(&mut self, mut bytes: &[u8], limit: NextTimeout) -> Result<(), Error> {
        let in_force = InForce::get()?;
        while !bytes.is_empty() {
            match self.write(bytes) {
                Ok(0) => return Err(io::Error::from(io::ErrorKind::WriteZero).into()),
                Ok(written) => bytes = &bytes[written..],
                Err(error) if is_not_ready(&error) => {
                    in_force.wait(self, Interest::Write, limit.for_write())?;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

/// A socket, or the tunnel that a proxy has made.
impl<Tunnel: Transport> Wire for Either<Tunnel, Socket> {
    fn receive(&mut self, room: &mut [u8], limit: NextTimeout) -> Result<usize, Error> {
        match self {
            Self::A(tunnel) => {
                if tunnel.buffers().input().is_empty() {
                    tunnel.await_input(limit)?;
                }
                let input = tunnel.buffers().input();
                let read = input.len().min(room.len());
                room[..read].copy_from_slice(&input[..read]);
                tunnel.buffers().input_consume(read);
                Ok(read)
            }
            Self::B(socket) => Wire::receive(&mut socket.stream, room, limit),
        }
    }

    fn send(&mut self, bytes: &[u8], limit: NextTimeout) -> Result<(), Error> {
        match self {
            Self::A(tunnel) => {
                let most = tunnel.buffers().output().len();
                for part in bytes.chunks(most) {
                    tunnel.buffers().output()[..part.len()].copy_from_slice(part);
                    tunnel.transmit_output(part.len(), limit)?;
                }
                Ok(())
            }
            Self::B(socket) => Wire::send(&mut socket.stream, bytes, limit),
        }
    }
}

/// Whether the socket was not ready: on Unix at once, elsewhere after a slice of time.
fn is_not_ready(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted
    )
}

impl Transport for Socket {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        Wire::send(&mut self.stream, &self.buffers.output()[..amount], timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.fit_input(InForce::get()?.limits.read_at_once);
        let room = self.buffers.input_append_buf();
        let read = Wire::receive(&mut self.stream, room, timeout)?;
        self.filled = read == room.len();
        self.buffers.input_appended(read);
        Ok(read > 0)
    }

    /// Between two requests there is nothing to read: bytes, an end or an error mean that the
    /// connection is of no use.
    fn is_open(&mut self) -> bool {
        match self.stream.peek(&mut [0]) {
            Err(error) => error.kind() == io::ErrorKind::WouldBlock,
            Ok(_) => false,
        }
    }
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket").finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "connector_tests.rs"]
mod connector_tests;
