//! Fetching one piece: request, check the answer, read, write; again from the current byte when it
//! breaks. Runs on the caller's thread or on a worker's; nothing here knows which.

use super::answer::{
    Asked, Object, Start, changed, is_strong, past_the_end, refusal, size_in_416, too_long,
    too_short,
};
use super::limit::Limiter;
use super::plan::Piece;
use super::redirect::{Hop, is_redirect};
use super::retry::{Failures, Policy};
use super::source::{Link, Source, Validity};
use crate::clock::Timestamp;
use crate::error::{Error, ErrorKind, Phase};
use crate::http::{Answer, Get, Transport};
use crate::stop::Stop;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Data waits no longer than this for its buffer to fill: what a slow server sends is written, and
/// seen in the progress.
const FLUSH_AFTER: Duration = Duration::from_millis(100);
/// Refreshed URLs that are refused as expired, one after the other, before that is final.
const MAX_REFRESHES: u32 = 3;

/// What all who fetch parts of one object share.
pub(super) struct Shared<'a> {
    pub(super) transport: &'a dyn Transport,
    pub(super) stop: &'a Stop,
    /// Unix seconds.
    pub(super) clock: fn() -> i64,
    /// At least 0, less than 1.
    pub(super) random: fn() -> f64,
    pub(super) source: Source,
    pub(super) follow_redirects: bool,
    pub(super) policy: Policy,
    pub(super) limiter: Option<Mutex<Limiter>>,
    /// Start of the download: the zero of the steady clock that policy and limiter are given.
    pub(super) started: Instant,
    pub(super) deadline: Option<Instant>,
    /// As many pieces are fetched at once, at most.
    pub(super) connections: u32,
    /// Bytes written, resumed ones included.
    pub(super) done: AtomicU64,
    pub(super) max_bytes: u64,
    pub(super) retries: AtomicU32,
    pub(super) refreshes: AtomicU32,
}

impl Shared<'_> {
    pub(super) fn now(&self) -> Duration {
        self.started.elapsed()
    }

    /// An error once somebody said stop, or the time is over.
    pub(super) fn check(&self, phase: Phase) -> Result<(), Error> {
        if self.stop.is_stopped() {
            return Err(Error::new(ErrorKind::Cancelled, phase, "cancelled"));
        }
        match self.deadline {
            Some(at) if at <= Instant::now() => Err(over(phase)),
            _ => Ok(()),
        }
    }

    /// Asks for the bytes of the object from `range.0` to `range.1` (exclusive; none: to the end),
    /// or for all of it, without Range. Repeats what may be repeated.
    pub(super) fn open(
        &self,
        range: Option<Asked>,
        if_match: Option<&str>,
        failures: &mut Failures,
        refresh: &mut Refresh<'_>,
    ) -> Result<Answer, Error> {
        let mut refreshes = 0;
        loop {
            let (generation, link) = self.source.current();
            let outcome = match link.validity((self.clock)()) {
                Validity::Over(end) => Err(expired(end)),
                Validity::Ending if refreshes == 0 && !self.source.is_kept() => {
                    refresh(generation, None)?;
                    refreshes += 1;
                    continue;
                }
                _ => self.ask(&link, range, if_match),
            };
            let error = match outcome {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            if error.kind() == ErrorKind::UrlExpired && refreshes < MAX_REFRESHES {
                refresh(generation, Some(error))?;
                refreshes += 1;
            } else {
                self.back_off(error, failures)?;
            }
        }
    }

    /// Sends one request, and goes where it is sent on to.
    fn ask(
        &self,
        link: &Link,
        range: Option<Asked>,
        if_match: Option<&str>,
    ) -> Result<Answer, Error> {
        let mut hop = Hop::home(link);
        loop {
            let get = Get {
                url: &hop.link.url,
                headers: &hop.link.headers,
                range: range.filter(|_| hop.may_split),
                if_match: if_match.filter(|_| hop.may_split),
                away: hop.away,
                deadline: self.deadline,
                connections: self.connections,
            };
            let mut answer = self.transport.get(&get, self.stop)?;
            match answer.status {
                200 | 206 => return Ok(answer),
                // Of an empty object no range can be had.
                416 if size_in_416(&answer) == Some(0) => return Ok(answer),
                status if self.follow_redirects && is_redirect(status) => {
                    hop = hop.next(&mut answer, self)?;
                }
                _ => {
                    let now = (self.clock)();
                    return Err(refusal(&mut answer, |text| hop.hide_in(text), now, self.stop));
                }
            }
        }
    }

    /// Waits before the next attempt, or gives the error back if there is to be none.
    pub(super) fn back_off(&self, error: Error, failures: &mut Failures) -> Result<(), Error> {
        let late = self.deadline.is_some_and(|at| at <= Instant::now());
        if late || !error.is_retryable() {
            return Err(error);
        }
        let is_crowded = match error.kind() {
            ErrorKind::Throttled | ErrorKind::Connect | ErrorKind::Network => true,
            ErrorKind::Timeout => error.phase() == Phase::Connect,
            _ => false,
        };
        if is_crowded {
            // As long as others get on, the service gives what it wants to give: requests, or
            // connections.
            failures.forget_if_moved(self.done.load(Relaxed));
        }
        let random = (self.random)();
        match failures.next(&self.policy, self.now(), error.retry_after(), random) {
            None => Err(error),
            Some(wait) => {
                self.retries.fetch_add(1, Relaxed);
                self.sleep(wait, Phase::Headers)
            }
        }
    }

    /// Sleeps, but not past the stop or the deadline.
    fn sleep(&self, wait: Duration, phase: Phase) -> Result<(), Error> {
        let left = self.deadline.map(|at| at.saturating_duration_since(Instant::now()));
        let stopped = self.stop.sleep(left.map_or(wait, |left| left.min(wait)));
        if stopped {
            return Err(Error::new(ErrorKind::Cancelled, phase, "cancelled"));
        }
        match left {
            Some(left) if left <= wait => Err(over(phase)),
            _ => Ok(()),
        }
    }

    /// How long the rate limit demands to wait, now that `bytes` came.
    fn owed(&self, bytes: usize) -> Duration {
        self.limiter().map_or(Duration::ZERO, |mut limiter| limiter.take(self.now(), bytes as u64))
    }

    /// Keeps to the rate limit.
    fn pace(&self, owed: Duration) -> Result<(), Error> {
        if owed.is_zero() { Ok(()) } else { self.sleep(owed, Phase::Body) }
    }

    /// The most to read at a time: what is paid for is written soon.
    fn most_at_once(&self) -> usize {
        self.limiter().map_or(usize::MAX, |limiter| limiter.most_at_once())
    }

    fn limiter(&self) -> Option<MutexGuard<'_, Limiter>> {
        Some(self.limiter.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The time for the whole download is.
fn over(phase: Phase) -> Error {
    Error::new(ErrorKind::Timeout, phase, "the download took longer than its total timeout")
}

/// A link says of itself that its time is over: nothing is sent.
fn expired(end: i64) -> Error {
    let at = Timestamp::from_unix("expires_at", end);
    let at = at.map(|at| format!(" at {}", at.as_str())).unwrap_or_default();
    Error::new(ErrorKind::UrlExpired, Phase::Check, format!("the URL expired{at}"))
}

/// An answer that was opened already, and how many bytes of its body lie before the piece.
pub(super) type First = (Answer, u64);

/// Gets another link than that of this number. Where that one is still good, there is no error to
/// give back, and it may be kept.
pub(super) type Refresh<'a> = dyn FnMut(u64, Option<Error>) -> Result<(), Error> + 'a;

/// Takes bytes at an offset of the object; none when nothing came for a while.
pub(super) type Sink<'a> = dyn FnMut(u64, &[u8]) -> Result<(), Error> + 'a;

/// One piece being fetched.
pub(super) struct Fetch<'a> {
    shared: &'a Shared<'a>,
    object: &'a Object,
    piece: &'a Piece,
    buffer: &'a mut [u8],
}

impl<'a> Fetch<'a> {
    pub(super) fn new(
        shared: &'a Shared<'a>,
        object: &'a Object,
        piece: &'a Piece,
        buffer: &'a mut [u8],
    ) -> Self {
        Self { shared, object, piece, buffer }
    }

    /// Fetches the piece to its end. What the sink took before an error is there all the same.
    pub(super) fn run(
        mut self,
        mut first: Option<First>,
        sink: &mut Sink<'_>,
        refresh: &mut Refresh<'_>,
    ) -> Result<(), Error> {
        let mut failures = Failures::default();
        loop {
            let before = self.piece.rest().start;
            let outcome = match first.take() {
                Some((mut answer, skip)) => self.take(&mut answer, skip, sink),
                None => self.again(&mut failures, sink, refresh),
            };
            match outcome {
                Ok(()) => return Ok(()),
                Err(error) if !self.can_go_on() => return Err(error),
                Err(error) => {
                    if self.piece.rest().start > before {
                        failures.forget();
                    }
                    self.shared.back_off(error, &mut failures)?;
                }
            }
        }
    }

    /// Whether a further answer could be of use: what is written must be known to be of its object.
    fn can_go_on(&self) -> bool {
        let Object { ranges, etag, .. } = self.object;
        let nothing_written = self.piece.rest().start == self.piece.start();
        *ranges || nothing_written || etag.as_deref().is_some_and(is_strong)
    }

    /// Asks for the rest of the piece, and reads it.
    fn again(
        &mut self,
        failures: &mut Failures,
        sink: &mut Sink<'_>,
        refresh: &mut Refresh<'_>,
    ) -> Result<(), Error> {
        let rest = self.piece.rest();
        if rest.is_empty() {
            return Ok(());
        }
        let range = self.object.ranges.then_some((rest.start, Some(rest.end)));
        let if_match = self.object.pin();
        let opened = self.shared.open(range, if_match, failures, refresh);
        let mut answer = opened.map_err(|error| match (error.kind(), error.service()) {
            // What is asked for lies in the object as it was.
            (ErrorKind::Range, Some(service)) => changed().of_answer(service.clone()),
            _ => error,
        })?;
        let skip = match self.object.check_next(&answer, &rest)? {
            Start::At(_) => 0,
            Start::Whole => rest.start,
        };
        self.take(&mut answer, skip, sink)
    }

    /// Takes the body of an answer, but for the first `skip` bytes. An error of the body tells which
    /// request it was.
    fn take(&mut self, answer: &mut Answer, skip: u64, sink: &mut Sink<'_>) -> Result<(), Error> {
        let taken = self.skip(answer, skip, sink).and_then(|()| self.read(answer, sink));
        taken.map_err(|error| match error.phase() {
            Phase::Body => error.of_answer(answer.service()),
            _ => error,
        })
    }

    /// Reads past what is there already, where the server cannot leave it out.
    fn skip(
        &mut self,
        answer: &mut Answer,
        mut bytes: u64,
        sink: &mut Sink<'_>,
    ) -> Result<(), Error> {
        while bytes > 0 {
            let most = self.buffer.len().min(self.shared.most_at_once());
            let most = most.min(usize::try_from(bytes).unwrap_or(usize::MAX));
            let read = answer.read(&mut self.buffer[..most], FLUSH_AFTER, self.shared.stop)?;
            let read = match (read, answer.length) {
                (None, _) => 0,
                (Some(0), None) => return Err(past_the_end(None)),
                (Some(0), Some(_)) => return Err(too_short()),
                (Some(read), _) => read,
            };
            sink(self.piece.rest().start, &[])?;
            self.shared.pace(self.shared.owed(read))?;
            bytes -= read as u64;
        }
        Ok(())
    }

    /// Reads the body until the piece or the body ends; every byte read is written, whatever fails.
    fn read(&mut self, answer: &mut Answer, sink: &mut Sink<'_>) -> Result<(), Error> {
        let mut filled = 0;
        let mut flushed = Instant::now();
        loop {
            let left = self.piece.left();
            if filled as u64 >= left {
                self.flush(&mut filled, sink)?;
                return self.finish(answer);
            }
            let wanted = usize::try_from(left).unwrap_or(usize::MAX) - filled;
            let room = wanted.min(self.buffer.len() - filled).min(self.shared.most_at_once());
            let room = &mut self.buffer[filled..filled + room];
            let read = match answer.read(room, FLUSH_AFTER, self.shared.stop) {
                Ok(Some(0)) => {
                    self.flush(&mut filled, sink)?;
                    return self.end_of_body();
                }
                Ok(read) => read,
                Err(error) => {
                    self.flush(&mut filled, sink)?;
                    return Err(error);
                }
            };
            filled += read.unwrap_or(0);
            let owed = self.shared.owed(read.unwrap_or(0));
            let late = flushed.elapsed() + owed >= FLUSH_AFTER;
            if filled == self.buffer.len() || late || read.is_none() {
                self.flush(&mut filled, sink)?;
                flushed = Instant::now();
            }
            self.shared.pace(owed)?;
        }
    }

    /// Sees the body to its end, if that is the end of the piece too: only then can the connection
    /// be kept for the next request.
    fn finish(&mut self, answer: &mut Answer) -> Result<(), Error> {
        if self.object.body_end(answer) != Some(self.piece.rest().end) {
            return Ok(());
        }
        match answer.read(&mut self.buffer[..1], FLUSH_AFTER, self.shared.stop) {
            Ok(Some(1..)) => Err(too_long()),
            // What breaks now, or does not come, breaks nothing: all bytes are there.
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// A body of unknown length ends the piece; any other was too short.
    fn end_of_body(&self) -> Result<(), Error> {
        match self.object.size {
            None => Ok(()),
            Some(_) if self.piece.left() == 0 => Ok(()),
            Some(_) => Err(too_short()),
        }
    }

    fn flush(&mut self, filled: &mut usize, sink: &mut Sink<'_>) -> Result<(), Error> {
        let claimed = self.piece.claim(*filled as u64);
        let length = (claimed.end - claimed.start) as usize;
        *filled = 0;
        let bytes = &self.buffer[..length];
        let done = self.shared.done.fetch_add(length as u64, Relaxed) + length as u64;
        if done > self.shared.max_bytes {
            let message = "the object is larger than the maximum size allowed";
            return Err(Error::new(ErrorKind::TooLarge, Phase::Body, message));
        }
        sink(claimed.start, bytes)
    }
}

#[cfg(test)]
#[path = "fetch_tests.rs"]
mod fetch_tests;
