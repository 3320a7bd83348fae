//! Sockets whose every wait ends at once when the download is stopped, and connectors whose failures
//! tell how far they got.
//!
//! A pooled connection outlives its download, so a socket cannot own the [`Stop`] and the deadline it
//! obeys: it obeys those in force on the thread that uses it, which [`enter`] puts there. A reader that
//! has better to do than to wait for long also has its [`Patience`] in force.

use super::Limits;
use crate::error::Phase;
use crate::stop::{Interest, Stop, Woken};
use std::cell::RefCell;
use std::fmt;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport,
};
use ureq::{Error, Timeout};

thread_local! {
    static IN_FORCE: RefCell<Option<InForce>> = const { RefCell::new(None) };
}

/// What ends the waits of this thread.
#[derive(Clone)]
struct InForce {
    stop: Stop,
    limits: Limits,
    patience: Option<Patience>,
}

/// How long to wait for something to read before [`io::ErrorKind::WouldBlock`] says that there is
/// nothing yet, and since when there is nothing: the idle timeout counts from there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    pub(super) wait: Duration,
    pub(super) since: Instant,
}

/// Puts a stop and limits in force on this thread until the guard is dropped.
pub(super) fn enter(stop: &Stop, limits: Limits) -> Entered {
    enter_with(stop, limits, None)
}

/// Puts patience in force as well.
pub(super) fn enter_with(stop: &Stop, limits: Limits, patience: Option<Patience>) -> Entered {
    IN_FORCE.set(Some(InForce { stop: stop.clone(), limits, patience }));
    Entered
}

/// See [`enter`].
#[must_use = "dropping it ends what it stands for"]
pub(super) struct Entered;

impl Entered {
    /// Since when the socket has given nothing, as far as somebody with patience waited for it.
    pub(super) fn quiet_since(&self) -> Option<Instant> {
        IN_FORCE.with_borrow(|found| found.as_ref()?.patience.map(|patience| patience.since))
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        IN_FORCE.set(None);
    }
}

impl InForce {
    /// What is in force now; fails if it says that all is over. Who never has to wait, since there
    /// is always something to read, learns it here.
    fn get() -> Result<Self, Error> {
        let found = IN_FORCE.with_borrow(Clone::clone);
        let found = found.ok_or_else(|| io::Error::other("no download is under way"))?;
        if found.stop.is_stopped() {
            return Err(stopped());
        }
        match found.limits.deadline {
            Some(at) if at <= Instant::now() => Err(Error::Timeout(Timeout::Global)),
            _ => Ok(found),
        }
    }

    /// Something came, be it of a TLS record or of a chunk's size.
    fn came() {
        IN_FORCE.with_borrow_mut(|found| {
            if let Some(patience) = found.as_mut().and_then(|found| found.patience.as_mut()) {
                patience.since = Instant::now();
            }
        });
    }

    /// Waits for a socket.
    fn wait(
        &self,
        stream: &TcpStream,
        interest: Interest,
        limit: NextTimeout,
    ) -> Result<(), Error> {
        let now = Instant::now();
        let patience = self.patience.filter(|_| interest == Interest::Read);
        let since = patience.map_or(now, |patience| patience.since);
        let limited = !limit.after.is_not_happening();
        let until = limited.then(|| since.checked_add(*limit.after)).flatten();
        let (until, reason) = match (until, self.limits.deadline) {
            (Some(until), Some(deadline)) if until <= deadline => (Some(until), limit.reason),
            (_, Some(deadline)) => (Some(deadline), Timeout::Global),
            (until, None) => (until, limit.reason),
        };
        let pause = patience.and_then(|patience| now.checked_add(patience.wait));
        let pause = pause.filter(|pause| until.is_none_or(|until| *pause < until));
        match self.stop.wait(stream, interest, pause.or(until))? {
            Woken::Ready => Ok(()),
            Woken::TimedOut if pause.is_some() => {
                Err(io::Error::from(io::ErrorKind::WouldBlock).into())
            }
            Woken::TimedOut => Err(Error::Timeout(reason)),
            Woken::Stopped => Err(stopped()),
        }
    }
}

fn stopped() -> Error {
    io::Error::other("stopped").into()
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

/// Connects to the first address that takes the connection.
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
        for address in &details.addrs {
            match connect(*address, details.timeout) {
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
    use rustix::net::{AddressFamily, SocketType, ipproto, socket, sockopt};
    let family = match address {
        SocketAddr::V4(_) => AddressFamily::INET,
        SocketAddr::V6(_) => AddressFamily::INET6,
    };
    let socket = socket(family, SocketType::STREAM, Some(ipproto::TCP)).map_err(io::Error::from)?;
    let stream = TcpStream::from(socket);
    rustix::io::fcntl_setfd(&stream, rustix::io::FdFlags::CLOEXEC).map_err(io::Error::from)?;
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
    fn new(stream: TcpStream, input_size: usize, output_size: usize) -> Self {
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
        let in_force = InForce::get()?;
        let mut output = &self.buffers.output()[..amount];
        while !output.is_empty() {
            match self.stream.write(output) {
                Ok(0) => return Err(io::Error::from(io::ErrorKind::WriteZero).into()),
                Ok(written) => output = &output[written..],
                Err(error) if is_not_ready(&error) => {
                    in_force.wait(&self.stream, Interest::Write, timeout.for_write())?;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let in_force = InForce::get()?;
        self.fit_input(in_force.limits.read_at_once);
        loop {
            let room = self.buffers.input_append_buf();
            match self.stream.read(room) {
                Ok(read) => {
                    InForce::came();
                    self.filled = read == room.len();
                    self.buffers.input_appended(read);
                    return Ok(read > 0);
                }
                Err(error) if is_not_ready(&error) => {
                    in_force.wait(&self.stream, Interest::Read, timeout.for_read())?;
                }
                Err(error) => return Err(error.into()),
            }
        }
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
mod tests {
    use super::*;
    use std::net::TcpListener;
    use std::time::Duration;

    /// A connection to a server that has sent something already, and the server's end.
    fn ready() -> (Socket, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let mut server = listener.accept().unwrap().0;
        server.write_all(b"ready").unwrap();
        stream.peek(&mut [0]).unwrap();
        stream.set_nonblocking(true).unwrap();
        (Socket::new(stream, 100, 100), server)
    }

    /// Reads from it, under what is in force.
    fn read(stop: &Stop, deadline: Option<Instant>) -> Result<bool, Error> {
        let (mut socket, _server) = ready();
        let _in_force = enter(stop, Limits { deadline, read_at_once: 100 });
        socket.await_input(NextTimeout::default())
    }

    /// The idle timeout counts from the last byte, whatever it is of.
    #[test]
    fn whatever_comes_ends_the_quiet() {
        let (stop, long_ago) = (Stop::new().unwrap(), Instant::now());
        let (mut socket, _server) = ready();
        let patience = Patience { wait: Duration::ZERO, since: long_ago };
        let limits = Limits { deadline: None, read_at_once: 100 };
        let in_force = enter_with(&stop, limits, Some(patience));
        assert_eq!(in_force.quiet_since(), Some(long_ago));
        assert!(socket.await_input(NextTimeout::default()).unwrap());
        let since = in_force.quiet_since().unwrap();
        assert!(since > long_ago);
        let error = socket.await_input(NextTimeout::default()).unwrap_err();
        assert!(matches!(error, Error::Io(error) if error.kind() == io::ErrorKind::WouldBlock));
        assert_eq!(in_force.quiet_since(), Some(since));
    }

    /// A reader may take more at once than another, which gets no more memory than it should.
    #[test]
    fn as_much_is_read_at_once_as_the_reader_may_and_the_socket_has() {
        let stop = Stop::new().unwrap();
        let (mut socket, mut server) = ready();
        let in_force = enter(&stop, Limits { deadline: None, read_at_once: 100 });
        socket.await_input(NextTimeout::default()).unwrap();
        socket.buffers.input_consume("ready".len());
        drop(in_force);
        let mut read = |read_at_once, bytes| {
            let mut all = vec![0; bytes];
            server.write_all(&all).unwrap();
            while socket.stream.peek(&mut all).unwrap_or(0) < bytes {
                std::thread::yield_now();
            }
            let _in_force = enter(&stop, Limits { deadline: None, read_at_once });
            let mut sizes = Vec::new();
            while sizes.iter().sum::<usize>() < bytes {
                assert!(socket.await_input(NextTimeout::default()).unwrap());
                sizes.push(socket.buffers.input().len());
                socket.buffers.input_consume(sizes[sizes.len() - 1]);
            }
            sizes
        };
        assert_eq!(read(1000, 1200), [100, 1000, 100]);
        assert_eq!(read(200, 300), [200, 100]);
        assert_eq!(read(1000, 1300), [200, 1000, 100]);
    }

    #[test]
    fn a_stop_and_a_deadline_count_where_there_is_no_wait() {
        let (stop, now) = (Stop::new().unwrap(), Instant::now());
        assert!(read(&stop, None).unwrap());
        assert!(read(&stop, Some(now + Duration::from_secs(60))).unwrap());
        assert!(matches!(read(&stop, Some(now)), Err(Error::Timeout(Timeout::Global))));
        stop.stop();
        assert!(matches!(read(&stop, None), Err(Error::Io(_))));
    }
}
