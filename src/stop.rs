//! Stopping a download from any thread: every blocking call it is in returns at once.

use std::fmt;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};
use wake::Wake;

/// One download's switch from running to stopped; there is no way back. Clones are the same switch.
///
/// It holds one descriptor, which becomes readable on [`stop`](Self::stop) and stays so: whoever
/// waits for a socket waits for it too. Windows has no such thing: see [`wait`](Self::wait).
#[derive(Clone)]
pub(crate) struct Stop(Arc<Inner>);

struct Inner {
    stopped: AtomicBool,
    wake: Wake,
}

/// What to wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Interest {
    /// Bytes to read, or the end of them.
    Read,
    /// Room to write, or a connection made.
    Write,
}

/// Why a wait ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Woken {
    /// The socket is ready, or has an error to tell.
    Ready,
    /// The time is over.
    TimedOut,
    /// Somebody said stop.
    Stopped,
}

impl Stop {
    /// A switch that is not thrown.
    ///
    /// # Errors
    /// No descriptor left.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self(Arc::new(Inner { stopped: AtomicBool::new(false), wake: Wake::new()? })))
    }

    /// Throws the switch. Never blocks.
    pub(crate) fn stop(&self) {
        self.0.stop();
    }

    /// Whether the switch was thrown.
    pub(crate) fn is_stopped(&self) -> bool {
        self.0.stopped.load(Ordering::Acquire)
    }

    /// Waits for that long, or until the switch is thrown; says whether it was.
    pub(crate) fn sleep(&self, time: Duration) -> bool {
        let until = Instant::now().checked_add(time);
        while !self.is_stopped() && until.is_none_or(|until| Instant::now() < until) {
            self.0.wake.sleep(until, &self.0.stopped);
        }
        self.is_stopped()
    }

    /// Waits until the socket is ready, the time is over (never, if there is none), or the switch is
    /// thrown.
    ///
    /// Not on Unix: returns [`Woken::Ready`] at once. The socket's own read and write then wait, 50
    /// ms at most, before the caller comes back here.
    pub(crate) fn wait(
        &self,
        socket: &impl wake::Socket,
        interest: Interest,
        until: Option<Instant>,
    ) -> io::Result<Woken> {
        loop {
            if self.is_stopped() {
                return Ok(Woken::Stopped);
            }
            if self.0.wake.poll(socket, interest, until)? {
                // Thrown while the socket became ready too: the switch is first.
                return Ok(if self.is_stopped() { Woken::Stopped } else { Woken::Ready });
            }
            if until.is_some_and(|until| Instant::now() >= until) {
                return Ok(Woken::TimedOut);
            }
        }
    }
}

impl Inner {
    fn stop(&self) {
        self.stopped.store(true, Ordering::Release);
        self.wake.wake();
    }
}

/// The wake-up descriptor: an eventfd, or a pipe where there is none.
#[cfg(unix)]
mod wake {
    use super::Interest;
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::io::Errno;
    use std::io;
    use std::os::fd::{AsFd, OwnedFd};
    use std::sync::atomic::AtomicBool;
    use std::time::{Duration, Instant};

    /// Some systems cannot wait for longer than 24 days; the callers' loops wait on.
    const LONGEST: Duration = Duration::from_secs(3600);

    /// What can be waited for.
    pub(crate) trait Socket: AsFd {}
    impl<T: AsFd> Socket for T {}

    #[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
    pub(super) struct Wake(OwnedFd);

    #[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
    impl Wake {
        pub(super) fn new() -> io::Result<Self> {
            use rustix::event::{EventfdFlags, eventfd};
            Ok(Self(eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?))
        }

        pub(super) fn wake(&self) {
            // Fails only when the counter is full: then the descriptor is readable already.
            let _ = rustix::io::write(&self.0, &1_u64.to_ne_bytes());
        }

        fn fd(&self) -> &OwnedFd {
            &self.0
        }
    }

    #[cfg(not(any(target_os = "linux", target_os = "android", target_os = "freebsd")))]
    pub(super) struct Wake {
        read: OwnedFd,
        write: OwnedFd,
    }

    #[cfg(not(any(target_os = "linux", target_os = "android", target_os = "freebsd")))]
    impl Wake {
        pub(super) fn new() -> io::Result<Self> {
            let (read, write) = std::io::pipe()?;
            let (read, write) = (OwnedFd::from(read), OwnedFd::from(write));
            rustix::io::ioctl_fionbio(&write, true)?;
            Ok(Self { read, write })
        }

        pub(super) fn wake(&self) {
            // Fails only when the pipe is full: then it is readable already.
            let _ = rustix::io::write(&self.write, &[1]);
        }

        fn fd(&self) -> &OwnedFd {
            &self.read
        }
    }

    impl Wake {
        pub(super) fn sleep(&self, until: Option<Instant>, _: &AtomicBool) {
            // Interrupted, or out of memory: the caller looks at the clock and comes back.
            let _ = poll(&mut [PollFd::new(self.fd(), PollFlags::IN)], Some(&left(until)));
        }

        /// Whether the socket is ready, or the switch thrown; else an hour or the time is over.
        pub(super) fn poll(
            &self,
            socket: &impl Socket,
            interest: Interest,
            until: Option<Instant>,
        ) -> io::Result<bool> {
            let events = match interest {
                Interest::Read => PollFlags::IN,
                Interest::Write => PollFlags::OUT,
            };
            let mut both = [PollFd::new(socket, events), PollFd::new(self.fd(), PollFlags::IN)];
            match poll(&mut both, Some(&left(until))) {
                Ok(ready) => Ok(ready > 0),
                Err(Errno::INTR) => Ok(false),
                Err(error) => Err(error.into()),
            }
        }
    }

    fn left(until: Option<Instant>) -> Timespec {
        let left = until.map_or(LONGEST, |at| at.saturating_duration_since(Instant::now()));
        // An hour fits.
        Timespec::try_from(left.min(LONGEST)).unwrap_or_default()
    }
}

/// Without descriptors to wait for: a condition for sleepers, and slices for sockets.
#[cfg(not(unix))]
mod wake {
    use super::Interest;
    use std::io;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::{Condvar, Mutex, PoisonError};
    use std::time::{Duration, Instant};

    /// What can be waited for.
    pub(crate) trait Socket {}
    impl<T> Socket for T {}

    pub(super) struct Wake(Mutex<()>, Condvar);

    impl Wake {
        pub(super) fn new() -> io::Result<Self> {
            Ok(Self(Mutex::new(()), Condvar::new()))
        }

        pub(super) fn wake(&self) {
            // Locked, so that no sleeper is between its look at the switch and its sleep.
            let _locked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            self.1.notify_all();
        }

        pub(super) fn sleep(&self, until: Option<Instant>, stopped: &AtomicBool) {
            let locked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if !stopped.load(Ordering::Acquire) {
                let hour = Duration::from_secs(3600);
                let left = until.map_or(hour, |at| at.saturating_duration_since(Instant::now()));
                let _ = self.1.wait_timeout(locked, left.min(hour));
            }
        }

        pub(super) fn poll(
            &self,
            _: &impl Socket,
            _: Interest,
            until: Option<Instant>,
        ) -> io::Result<bool> {
            Ok(until.is_none_or(|until| Instant::now() < until))
        }
    }
}

/// Cancels downloads, from any thread. Clones are the same token.
///
/// One token may be given to several downloads, at once and one after the other. A cancelled token
/// stays cancelled: a download that gets one fails at once with
/// [`ErrorKind::Cancelled`](crate::ErrorKind::Cancelled).
#[derive(Clone, Default)]
pub struct CancelToken(Arc<Token>);

#[derive(Default)]
struct Token {
    cancelled: AtomicBool,
    /// The downloads under way.
    stops: Mutex<Vec<Weak<Inner>>>,
}

impl CancelToken {
    /// A token that is not cancelled.
    pub fn new() -> Self {
        Self::default()
    }

    /// Cancels every download that has this token, now and later. Does not wait for them; does
    /// nothing the second time.
    ///
    /// Any thread may call it, and a progress callback, but no signal handler: it takes a lock. A
    /// handler should set a flag for a thread or for the progress callback to see.
    pub fn cancel(&self) {
        self.0.cancelled.store(true, Ordering::SeqCst);
        for stop in self.stops().iter().filter_map(Weak::upgrade) {
            stop.stop();
        }
    }

    /// Whether it was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.0.cancelled.load(Ordering::SeqCst)
    }

    /// Makes the token throw this switch, until the attachment is dropped.
    pub(crate) fn attach(&self, stop: &Stop) -> Attachment {
        self.stops().push(Arc::downgrade(&stop.0));
        // Only now: a token cancelled in between has either seen the switch, or is seen here.
        if self.is_cancelled() {
            stop.stop();
        }
        Attachment { token: self.clone(), stop: Arc::downgrade(&stop.0) }
    }

    fn stops(&self) -> std::sync::MutexGuard<'_, Vec<Weak<Inner>>> {
        self.0.stops.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for CancelToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CancelToken").field("cancelled", &self.is_cancelled()).finish()
    }
}

/// Keeps a switch on a token.
#[must_use = "dropping it detaches the switch"]
pub(crate) struct Attachment {
    token: CancelToken,
    stop: Weak<Inner>,
}

impl Drop for Attachment {
    fn drop(&mut self) {
        let mut stops = self.token.stops();
        if let Some(at) = stops.iter().position(|stop| stop.ptr_eq(&self.stop)) {
            stops.swap_remove(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    #[test]
    fn a_switch_ends_every_sleep() {
        let stop = Stop::new().unwrap();
        assert!(!stop.sleep(Duration::from_millis(5)));
        let started = Instant::now();
        thread::scope(|scope| {
            let sleepers: Vec<_> =
                (0..8).map(|_| scope.spawn(|| stop.sleep(Duration::MAX))).collect();
            stop.stop();
            assert!(sleepers.into_iter().all(|sleeper| sleeper.join().unwrap()));
        });
        stop.stop();
        assert!(stop.is_stopped() && stop.sleep(Duration::from_secs(60)));
        assert!(started.elapsed() < Duration::from_secs(30));
    }

    #[test]
    fn a_token_throws_the_switches_attached_to_it() {
        let token = CancelToken::new();
        let [first, second, gone, other] = [(); 4].map(|()| Stop::new().unwrap());
        let _first = token.attach(&first);
        let _second = token.clone().attach(&second);
        drop(token.attach(&gone));
        let _other = CancelToken::default().attach(&other);
        assert!(!token.is_cancelled() && !first.is_stopped());
        assert_eq!(format!("{token:?}"), "CancelToken { cancelled: false }");
        token.cancel();
        token.cancel();
        assert!(token.is_cancelled() && first.is_stopped() && second.is_stopped());
        assert!(!gone.is_stopped() && !other.is_stopped());

        let late = Stop::new().unwrap();
        let attachment = token.attach(&late);
        assert!(late.is_stopped());
        drop((attachment, _first, _second));
        assert!(token.stops().is_empty());
    }

    #[test]
    fn no_cancel_falls_between_looking_and_attaching() {
        for _ in 0..1000 {
            let (token, stop) = (CancelToken::new(), Stop::new().unwrap());
            let _attachment = thread::scope(|scope| {
                scope.spawn(|| token.cancel());
                token.attach(&stop)
            });
            assert!(stop.is_stopped());
        }
    }
}
