//! Following a redirect, when the caller asked for it.
//!
//! Every request starts at the URL that was given: where it leads to may be a presigned URL of its
//! own, which is then never older than the request.

use super::fetch::Shared;
use super::request::check_link;
use super::source::Link;
use crate::error::{Error, ErrorKind, Phase};
use crate::http::{Answer, MAX_ERROR_BODY};
use crate::url::{Secrets, inspect};
use std::borrow::Cow;

/// As many as browsers and curl follow, or fewer.
const MAX_HOPS: usize = 10;

/// Where the next request goes.
pub(super) struct Hop<'a> {
    pub(super) link: Cow<'a, Link>,
    /// Those of the links on the way here.
    secrets: Secrets,
    /// On another host than the URL that was given.
    pub(super) away: bool,
    /// Whether Range and If-Match may be sent.
    pub(super) may_split: bool,
    count: usize,
}

impl<'a> Hop<'a> {
    /// The link that was given.
    pub(super) fn home(link: &'a Link) -> Self {
        let secrets = Secrets::default();
        // A request of its own that may not be split has neither Range nor If-Match to begin with.
        Self { link: Cow::Borrowed(link), secrets, away: false, may_split: true, count: 0 }
    }

    /// A text without the secrets that may have been sent here, or on the way here.
    pub(super) fn hide_in(&self, text: &str) -> String {
        let mut secrets = self.link.secrets();
        secrets.add(self.secrets.clone());
        secrets.hide_in(text)
    }

    /// Where the answer to this hop sends us on to. Headers stay behind when that is another host,
    /// whatever they are: they were signed, or given, for this one.
    pub(super) fn next(self, answer: &mut Answer, shared: &Shared<'_>) -> Result<Self, Error> {
        let next = self.follow(answer, shared);
        next.map_err(|error| error.of_answer(answer.service()))
    }

    fn follow(mut self, answer: &mut Answer, shared: &Shared<'_>) -> Result<Self, Error> {
        if self.count == MAX_HOPS {
            return Err(refused("to more than 10 places in turn"));
        }
        let from = inspect(&self.link.url)?;
        let Some(location) = answer.header("location") else {
            return Err(refused("nowhere: it has no Location that is text"));
        };
        let url = from.resolve(location).into_owned();
        let Ok(to) = inspect(&url) else {
            return Err(refused("to what is no http or https URL"));
        };
        if from.is_https() && !to.is_https() {
            return Err(refused("from https to http"));
        }
        let same_host = from.has_same_host(&to);
        let (away, may_split) = (self.away || !same_host, to.may_split());
        let headers = if same_host { self.link.headers.clone() } else { Vec::new() };
        self.secrets.add(self.link.secrets());
        // Read to its end, the body leaves the connection fit for the next request.
        answer.read_start(MAX_ERROR_BODY, shared.stop);
        let link = Link { url, headers };
        check_link(&link).map_err(|error| refused(format!("to a URL of no use: {error}")))?;
        Ok(Self { link: Cow::Owned(link), away, may_split, count: self.count + 1, ..self })
    }
}

/// Whether a status asks for the same GET elsewhere (RFC 9110, section 15.4).
pub(super) fn is_redirect(status: u16) -> bool {
    matches!(status, 301 | 302 | 303 | 307 | 308)
}

fn refused(where_to: impl std::fmt::Display) -> Error {
    let message = format!("a redirect leads {where_to}");
    Error::new(ErrorKind::Protocol, Phase::Headers, message)
}
