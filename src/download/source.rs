//! Where the object is fetched from: a presigned URL, which may be replaced while the download runs.

use crate::error::{Error, ErrorKind, Phase};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// A presigned URL, and the headers that its signature demands.
#[derive(Clone)]
pub struct Link {
    /// The URL, sent byte for byte.
    pub url: String,
    /// The headers to send with it.
    pub headers: Vec<(String, String)>,
}

/// The link in force, numbered: a worker that finds its link expired names the number, so that one
/// refresh serves all who ask for it.
pub(super) struct Source {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    link: Arc<Link>,
    generation: u64,
    /// No other link will come.
    closed: bool,
}

impl Source {
    pub(super) fn new(link: Link) -> Self {
        let state = State { link: Arc::new(link), generation: 0, closed: false };
        Self { state: Mutex::new(state), changed: Condvar::new() }
    }

    /// The link in force and its number.
    pub(super) fn current(&self) -> (u64, Arc<Link>) {
        let state = self.lock();
        (state.generation, Arc::clone(&state.link))
    }

    /// Puts a new link in force and wakes all who wait for one.
    pub(super) fn replace(&self, link: Link) {
        let mut state = self.lock();
        state.link = Arc::new(link);
        state.generation += 1;
        self.changed.notify_all();
    }

    /// Wakes all who wait: no new link will come.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    /// Waits until the link of that number is out of force.
    pub(super) fn wait_beyond(&self, generation: u64) -> Result<(), Error> {
        let waiting = |state: &mut State| state.generation == generation && !state.closed;
        let state = self.changed.wait_while(self.lock(), waiting);
        let state = state.unwrap_or_else(PoisonError::into_inner);
        if state.generation == generation {
            let message = "stopped while waiting for a fresh URL";
            return Err(Error::new(ErrorKind::Cancelled, Phase::Headers, message));
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Link").finish_non_exhaustive()
    }
}
