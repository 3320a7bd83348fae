//! The body of an answer, and how it is sent.

use std::convert::Infallible;
use std::future::Future;
use std::ops::Range;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::Sleep;

use crate::object::Content;
use crate::record::Entry;
use crate::wire::{Cut, WireControl};

const MAX_CHUNK: usize = 512 * 1024;

/// A part of a content, and what goes wrong while it is sent.
#[derive(Debug)]
pub(crate) struct Payload {
    pub(crate) content: Content,
    /// What is still to send.
    pub(crate) range: Range<u64>,
    /// What Content-Length says; `None` sends chunks.
    pub(crate) declared: Option<u64>,
    /// Bytes sent after the range, part of the body.
    pub(crate) extra: u64,
    /// Bytes sent after the body.
    pub(crate) after_body: usize,
    /// Offset in the content whose byte is sent inverted.
    pub(crate) corrupt: Option<u64>,
    pub(crate) stop: Option<Stop>,
    /// Bytes of a piece and the pause before it.
    pub(crate) pace: Option<(usize, Duration)>,
}

/// A premature end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stop {
    /// Bytes to send before.
    pub(crate) after: u64,
    /// How the connection ends; `None` leaves it open.
    pub(crate) cut: Option<Cut>,
}

impl Payload {
    pub(crate) fn new(content: Content, range: Range<u64>) -> Self {
        Self {
            declared: Some(range.end - range.start),
            content,
            range,
            extra: 0,
            after_body: 0,
            corrupt: None,
            stop: None,
            pace: None,
        }
    }

    pub(crate) fn bytes(bytes: impl Into<Bytes>) -> Self {
        let content = Content::Stored(bytes.into());
        let len = content.len();
        Self::new(content, 0..len)
    }

    /// No body, under a Content-Length of `declared`: the answer to a HEAD.
    pub(crate) fn head(declared: u64) -> Self {
        Self { declared: Some(declared), ..Self::bytes(Bytes::new()) }
    }

    fn left(&self) -> u64 {
        self.range.end - self.range.start + self.extra
    }

    /// The next bytes, at most `max`, which is not zero.
    fn next(&mut self, max: usize) -> Bytes {
        if self.range.is_empty() {
            let chunk = vec![b'x'; self.extra.min(max as u64) as usize];
            self.extra -= chunk.len() as u64;
            return chunk.into();
        }
        let mut chunk = self.content.chunk(self.range.clone(), max);
        let start = self.range.start;
        self.range.start += chunk.len() as u64;
        if let Some(offset) =
            self.corrupt.filter(|offset| (start..self.range.start).contains(offset))
        {
            let mut bytes = chunk.to_vec();
            bytes[(offset - start) as usize] ^= 0xFF;
            chunk = bytes.into();
        }
        chunk
    }
}

/// A payload on its way.
pub(crate) struct Sending {
    payload: Payload,
    entry: Arc<Entry>,
    wire: Arc<WireControl>,
    pause: Option<Pin<Box<Sleep>>>,
}

/// What the HTTP server sends.
pub(crate) type AnswerBody = UnsyncBoxBody<Bytes, Infallible>;

impl Sending {
    pub(crate) fn new(payload: Payload, entry: Arc<Entry>, wire: Arc<WireControl>) -> Self {
        wire.send_at_end(payload.after_body);
        Self { payload, entry, wire, pause: None }
    }
}

impl Body for Sending {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let this = &mut *self;
        let mut max = MAX_CHUNK;
        if let Some(stop) = &mut this.payload.stop {
            if stop.after == 0 {
                if let Some(cut) = stop.cut {
                    this.wire.cut_when_flushed(cut);
                }
                return Poll::Pending;
            }
            max = max.min(usize::try_from(stop.after).unwrap_or(max));
        }
        if this.payload.left() == 0 {
            return Poll::Ready(None);
        }
        if let Some((bytes, pause)) = this.payload.pace {
            let sleep = this.pause.get_or_insert_with(|| Box::pin(tokio::time::sleep(pause)));
            ready!(sleep.as_mut().poll(cx));
            this.pause = None;
            max = max.min(bytes.max(1));
        }
        let chunk = this.payload.next(max);
        if let Some(stop) = &mut this.payload.stop {
            stop.after -= chunk.len() as u64;
        }
        this.entry.sent(chunk.len() as u64);
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }

    fn is_end_stream(&self) -> bool {
        self.payload.left() == 0 && self.payload.stop.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        // What Content-Length says, true or not: the server compares the two.
        self.payload.declared.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
