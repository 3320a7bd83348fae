//! One connection's bytes: plain or TLS, and the faults below HTTP.

use std::future::Future;
use std::io::{Error, ErrorKind, IoSlice, Result};
use std::pin::Pin;
use std::sync::atomic::{AtomicU8, AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Sleep;
use tokio_rustls::server::TlsStream;

/// Plain or encrypted.
pub(crate) enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Stream {
    fn tcp(&self) -> &TcpStream {
        match self {
            Self::Plain(stream) => stream,
            Self::Tls(stream) => stream.get_ref().0,
        }
    }

    fn write(self: Pin<&mut Self>) -> Pin<&mut dyn Write> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream),
            Self::Tls(stream) => Pin::new(stream.as_mut()),
        }
    }
}

/// [`AsyncWrite`] as a trait object.
trait Write: AsyncWrite + Unpin {}
impl<T: AsyncWrite + Unpin> Write for T {}

/// How to end a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    Close = 1,
    Reset = 2,
}

/// What an answer may demand of its connection.
#[derive(Debug, Default)]
pub(crate) struct WireControl {
    cut: AtomicU8,
    bytes_per_second: AtomicU64,
    bytes_at_end: AtomicUsize,
}

impl WireControl {
    /// Ends the connection as soon as all that was written so far has left.
    pub(crate) fn cut_when_flushed(&self, cut: Cut) {
        self.cut.store(cut as u8, Ordering::Release);
    }

    /// Limits the speed; of several limits the lowest counts.
    pub(crate) fn limit_speed(&self, bytes_per_second: u64) {
        let lower = |now| (now == 0 || bytes_per_second < now).then_some(bytes_per_second);
        // It fails when the limit is lower already.
        let _ = self.bytes_per_second.fetch_update(Ordering::AcqRel, Ordering::Acquire, lower);
    }

    /// Sends that many bytes after the last answer, before the connection closes.
    pub(crate) fn send_at_end(&self, bytes: usize) {
        self.bytes_at_end.store(bytes, Ordering::Release);
    }
}

/// A connection, for the HTTP server to read and write.
pub(crate) struct Wire {
    stream: Stream,
    control: std::sync::Arc<WireControl>,
    pause: Option<Pin<Box<Sleep>>>,
}

impl Wire {
    pub(crate) fn new(stream: Stream, control: std::sync::Arc<WireControl>) -> Self {
        Self { stream, control, pause: None }
    }

    fn stream(self: Pin<&mut Self>) -> Pin<&mut dyn Write> {
        Pin::new(&mut self.get_mut().stream).write()
    }

    /// The speed limit, once the pause after the last write is over.
    fn poll_limit(&mut self, cx: &mut Context<'_>) -> Poll<Option<u64>> {
        if let Some(pause) = &mut self.pause {
            ready!(pause.as_mut().poll(cx));
            self.pause = None;
        }
        let limit = self.control.bytes_per_second.load(Ordering::Acquire);
        Poll::Ready((limit > 0).then_some(limit))
    }

    fn poll_write_slowly(
        &mut self,
        cx: &mut Context<'_>,
        buf: &[u8],
        limit: u64,
    ) -> Poll<Result<usize>> {
        // Fifty pieces a second.
        let piece = (limit / 50).clamp(1, 64 * 1024) as usize;
        let buf = &buf[..buf.len().min(piece)];
        let written = ready!(Pin::new(&mut self.stream).write().poll_write(cx, buf))?;
        let pause = Duration::from_secs_f64(written as f64 / limit as f64);
        self.pause = Some(Box::pin(tokio::time::sleep(pause)));
        Poll::Ready(Ok(written))
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        match &mut self.get_mut().stream {
            Stream::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            Stream::Tls(stream) => Pin::new(stream.as_mut()).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<Result<usize>> {
        match ready!(self.poll_limit(cx)) {
            Some(limit) => self.poll_write_slowly(cx, buf, limit),
            None => self.stream().poll_write(cx, buf),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        match ready!(self.poll_limit(cx)) {
            Some(limit) => {
                let first = bufs.iter().find(|buf| !buf.is_empty()).map_or(&[][..], |buf| buf);
                self.poll_write_slowly(cx, first, limit)
            }
            None => self.stream().poll_write_vectored(cx, bufs),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match &self.stream {
            Stream::Plain(stream) => stream.is_write_vectored(),
            Stream::Tls(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        ready!(self.as_mut().stream().poll_flush(cx))?;
        let cut = self.control.cut.load(Ordering::Acquire);
        if cut == 0 {
            return Poll::Ready(Ok(()));
        }
        if cut == Cut::Reset as u8 {
            self.stream.tcp().set_zero_linger()?;
        }
        // The server drops a connection that fails, and with it the socket.
        Poll::Ready(Err(Error::from(ErrorKind::ConnectionAborted)))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let mut left = self.control.bytes_at_end.load(Ordering::Acquire);
        while left > 0 {
            let junk = [b'x'; 4096];
            let piece = &junk[..left.min(junk.len())];
            left -= ready!(self.as_mut().stream().poll_write(cx, piece))?;
            self.control.bytes_at_end.store(left, Ordering::Release);
        }
        self.stream().poll_shutdown(cx)
    }
}
