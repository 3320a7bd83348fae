//! The time the emulator believes in.

use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

const HTTP_DATE: &[BorrowedFormatItem<'_>] = format_description!(
    "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
);
const ISO_MILLIS: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].000Z");

/// Where the emulator takes its time from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock(Source);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    System { offset: i64 },
    Fixed { unix: i64 },
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self(Source::System { offset: 0 })
    }

    /// A clock that stands still at `unix_seconds`.
    pub fn fixed(unix_seconds: i64) -> Self {
        Self(Source::Fixed { unix: unix_seconds })
    }

    /// The time now, in Unix seconds.
    pub fn unix(self) -> i64 {
        match self.0 {
            Source::Fixed { unix } => unix,
            Source::System { offset } => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH);
                since.map_or(0, |since| since.as_secs() as i64) + offset
            }
        }
    }

    fn advanced(self, seconds: i64) -> Self {
        Self(match self.0 {
            Source::Fixed { unix } => Source::Fixed { unix: unix + seconds },
            Source::System { offset } => Source::System { offset: offset + seconds },
        })
    }
}

/// A clock that tests move while requests are served.
#[derive(Debug)]
pub(crate) struct SharedClock(Mutex<Clock>);

impl SharedClock {
    pub(crate) fn new(clock: Clock) -> Self {
        Self(Mutex::new(clock))
    }

    pub(crate) fn set(&self, clock: Clock) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = clock;
    }

    pub(crate) fn advance(&self, seconds: i64) {
        let mut clock = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *clock = clock.advanced(seconds);
    }

    pub(crate) fn unix(&self) -> i64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).unix()
    }
}

fn date_time(unix: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(unix).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// `Sat, 16 Dec 2023 16:20:57 GMT`
pub(crate) fn http_date(unix: i64) -> String {
    date_time(unix).format(HTTP_DATE).unwrap_or_default()
}

/// `2023-12-16T16:20:57.000Z`, as in OSS's error bodies.
pub(crate) fn iso_millis(unix: i64) -> String {
    date_time(unix).format(ISO_MILLIS).unwrap_or_default()
}

/// Reads [`http_date`]'s form.
pub(crate) fn parse_http_date(text: &str) -> Option<i64> {
    let date = time::PrimitiveDateTime::parse(text, HTTP_DATE).ok()?;
    Some(date.assume_utc().unix_timestamp())
}
