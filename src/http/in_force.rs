//! What ends the waits of a thread: a stop, deadlines, and patience.
//!
//! A pooled connection outlives its download, so a socket cannot own the [`Stop`] and the deadline it
//! obeys: it obeys those in force on the thread that uses it, which [`enter`] puts there. A reader that
//! has better to do than to wait for long also has its [`Patience`] in force.

use super::Limits;
use crate::stop::{Interest, Stop, Woken};
use std::cell::RefCell;
use std::io;
use std::net::TcpStream;
use std::time::{Duration, Instant};
use ureq::unversioned::transport::NextTimeout;
use ureq::{Error, Timeout};

thread_local! {
    static IN_FORCE: RefCell<Option<InForce>> = const { RefCell::new(None) };
}

/// What ends the waits of this thread.
#[derive(Clone)]
pub(super) struct InForce {
    stop: Stop,
    pub(super) limits: Limits,
    patience: Option<Patience>,
    /// When a connection that is being made must be there.
    pub(super) connecting: Option<Instant>,
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

/// Fails if what is in force says that all is over: for who goes on without a wait.
pub(super) fn check_in_force() -> Result<(), Error> {
    InForce::get().map(drop)
}

/// How many bytes to take from a socket at once, as far as somebody says.
pub(super) fn read_at_once() -> usize {
    IN_FORCE.with_borrow(|found| found.as_ref().map_or(0, |found| found.limits.read_at_once))
}

/// Puts patience in force as well.
pub(super) fn enter_with(stop: &Stop, limits: Limits, patience: Option<Patience>) -> Entered {
    IN_FORCE.set(Some(InForce { stop: stop.clone(), limits, patience, connecting: None }));
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
    pub(super) fn get() -> Result<Self, Error> {
        let found = IN_FORCE.with_borrow(Clone::clone);
        let found = found.ok_or_else(|| io::Error::other("no download is under way"))?;
        if found.stop.is_stopped() {
            return Err(stopped());
        }
        match found.end() {
            Some((at, reason)) if at <= Instant::now() => Err(Error::Timeout(reason)),
            _ => Ok(found),
        }
    }

    /// When all waits end, and why.
    fn end(&self) -> Option<(Instant, Timeout)> {
        let total = self.limits.deadline.map(|at| (at, Timeout::Global));
        let connecting = self.connecting.map(|at| (at, Timeout::Connect));
        total.into_iter().chain(connecting).min_by_key(|(at, _)| *at)
    }

    /// Sets the end of connecting, and gives what it was.
    pub(super) fn set_connecting(until: Option<Instant>) -> Option<Instant> {
        IN_FORCE.with_borrow_mut(|found| {
            let found = found.as_mut()?;
            std::mem::replace(&mut found.connecting, until)
        })
    }

    /// Something came, be it of a TLS record or of a chunk's size.
    pub(super) fn came() {
        IN_FORCE.with_borrow_mut(|found| {
            if let Some(patience) = found.as_mut().and_then(|found| found.patience.as_mut()) {
                patience.since = Instant::now();
            }
        });
    }

    /// Waits for a socket.
    pub(super) fn wait(
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
        let until = until.map(|until| (until, limit.reason));
        let first = until.into_iter().chain(self.end()).min_by_key(|(at, _)| *at);
        let (until, reason) = (first.map(|(at, _)| at), first.map_or(limit.reason, |(_, why)| why));
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
