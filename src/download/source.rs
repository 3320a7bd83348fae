//! Where the object is fetched from: a presigned URL, which may be replaced while the download runs.

use crate::error::{Error, ErrorKind, Phase};
use crate::url::{Secrets, inspect};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// A link is replaced this many seconds before its end, or less.
const LONGEST_END: i64 = 10;

/// A presigned URL, and the headers that its signature demands.
#[derive(Clone)]
pub struct Link {
    /// The URL, sent byte for byte.
    pub url: String,
    /// The headers to send with it.
    pub headers: Vec<(String, String)>,
}

/// How long a link is still good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Validity {
    /// Long enough, or nobody knows.
    Good,
    /// Its last tenth, 10 s at most: what is asked for now may come too late.
    Ending,
    /// It worked up to that second.
    Over(i64),
}

impl Link {
    /// The value of a header to send, its name in lower case.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// What of the link may be a secret.
    pub(super) fn secrets(&self) -> Secrets {
        let mut secrets = inspect(&self.url).map(|info| info.secrets()).unwrap_or_default();
        self.headers.iter().for_each(|(name, value)| secrets.add_header(name, value));
        secrets
    }

    /// What the URL says of itself at `now`, in Unix seconds.
    pub(super) fn validity(&self, now: i64) -> Validity {
        let Ok(info) = inspect(&self.url) else { return Validity::Good };
        let Some(end) = info.expires_at() else { return Validity::Good };
        let life = info.signed_at().map_or(0, |start| end.saturating_sub(start));
        match end.saturating_sub(now) {
            ..0 => Validity::Over(end),
            left if left <= (life / 10).min(LONGEST_END) => Validity::Ending,
            _ => Validity::Good,
        }
    }
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
    /// The caller has no other link as long as this one is good.
    kept: bool,
    /// No other link will come.
    closed: bool,
}

impl Source {
    pub(super) fn new(link: Link) -> Self {
        let state = State { link: Arc::new(link), generation: 0, kept: false, closed: false };
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
        state.kept = false;
        self.changed.notify_all();
    }

    /// Says that there is no other link, and wakes all who wait for one without need.
    pub(super) fn keep(&self) {
        self.lock().kept = true;
        self.changed.notify_all();
    }

    /// Whether there is no other link as long as this one is good.
    pub(super) fn is_kept(&self) -> bool {
        self.lock().kept
    }

    /// Wakes all who wait: no new link will come.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    /// Waits until the link of that number is out of force, or kept where that will do.
    pub(super) fn wait_beyond(&self, generation: u64, or_kept: bool) -> Result<(), Error> {
        let settled = |state: &State| state.generation != generation || (or_kept && state.kept);
        let waiting = |state: &mut State| !settled(state) && !state.closed;
        let state = self.changed.wait_while(self.lock(), waiting);
        let state = state.unwrap_or_else(PoisonError::into_inner);
        if !settled(&state) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_ending_in_its_last_tenth_but_no_more_than_ten_seconds() {
        let base = 1_702_743_657;
        for (life, ending) in [(900, 890), (60, 54), (10, 9), (9, 9), (1, 1)] {
            let url = format!(
                "http://h/k?x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-date=20231216T162057Z\
                 &x-oss-expires={life}"
            );
            let link = Link { url, headers: Vec::new() };
            assert_eq!(link.validity(base), Validity::Good, "{life}");
            for at in 0..=life + 1 {
                let expected = match at {
                    at if at > life => Validity::Over(base + life),
                    at if at >= ending => Validity::Ending,
                    _ => Validity::Good,
                };
                assert_eq!(link.validity(base + at), expected, "{at} of {life}");
            }
        }
        let v1 = Link {
            url: "http://h/k?OSSAccessKeyId=i&Signature=s&Expires=1000".into(),
            headers: vec![],
        };
        let (ending, over) = (Validity::Ending, Validity::Over(1000));
        assert_eq!([999, 1000, 1001].map(|at| v1.validity(at)), [Validity::Good, ending, over]);
        let unsigned = Link { url: "http://h/k".to_owned(), headers: Vec::new() };
        assert_eq!(unsigned.validity(i64::MAX), Validity::Good);
    }
}
