//! When to try again, and after how long: pure.
//!
//! Capped exponential back-off with full jitter, within a number of attempts and a time budget.
//! Progress made gives all attempts back.

use std::time::{Duration, UNIX_EPOCH};

/// The longest wait between two attempts that we choose ourselves.
const LONGEST: Duration = Duration::from_secs(20);
/// A server that wants a longer pause than this is not waited for, however large the budget.
const LONGEST_ASKED: Duration = Duration::from_secs(24 * 3600);
/// The wait before the first repetition is up to this long.
const FIRST: Duration = Duration::from_millis(200);

/// What a download may spend on failures.
#[derive(Debug, Clone, Copy)]
pub(super) struct Policy {
    /// Repetitions without progress in between.
    pub(super) retries: u32,
    /// Time without progress after which no repetition starts.
    pub(super) budget: Duration,
}

/// The failures of one piece since it last made progress.
#[derive(Debug, Default)]
pub(super) struct Failures {
    count: u32,
    /// How often the wait was doubled.
    doubled: u32,
    /// When the first of them was.
    since: Option<Duration>,
    /// How much of the whole download was done at the last of them that others had no part in.
    done: u64,
}

impl Failures {
    /// Progress was made.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// The whole download has so much done: progress, if that is something else than at the last
    /// failure. It gives the attempts back, but the waits go on to grow.
    pub(super) fn forget_if_moved(&mut self, done: u64) {
        if self.done != done {
            *self = Self { done, doubled: self.doubled, ..Self::default() };
        }
    }

    /// A failure at `now` (on any steady clock): how long to wait before the next attempt, or none
    /// to give up. `random` is 0 up to 1; `asked` is what Retry-After says.
    pub(super) fn next(
        &mut self,
        policy: &Policy,
        now: Duration,
        asked: Option<Duration>,
        random: f64,
    ) -> Option<Duration> {
        let since = *self.since.get_or_insert(now);
        if self.count >= policy.retries {
            return None;
        }
        let longest = FIRST.saturating_mul(1 << self.doubled.min(16)).min(LONGEST);
        self.count += 1;
        self.doubled += 1;
        if asked.is_some_and(|asked| asked > LONGEST_ASKED) {
            return None;
        }
        let wait = asked.unwrap_or_else(|| longest.mul_f64(random.clamp(0.0, 1.0)));
        (now.saturating_sub(since).saturating_add(wait) <= policy.budget).then_some(wait)
    }
}

/// Reads Retry-After: seconds, or a date, compared with the answer's own Date header or else with
/// `now`, in Unix seconds.
pub(crate) fn retry_after(value: &str, date: Option<&str>, now: i64) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More than fits is for ever.
        return Some(value.parse().map_or(Duration::MAX, Duration::from_secs));
    }
    let read = |text: &str| httpdate::parse_http_date(text.trim()).ok();
    let now = UNIX_EPOCH + Duration::from_secs(u64::try_from(now).unwrap_or_default());
    let wait = read(value)?.duration_since(date.and_then(read).unwrap_or(now));
    Some(wait.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: Policy = Policy { retries: 4, budget: Duration::from_secs(60) };

    fn seconds(seconds: f64) -> Option<Duration> {
        Some(Duration::from_secs_f64(seconds))
    }

    #[test]
    fn waits_double_up_to_the_cap_with_full_jitter() {
        let policy = Policy { retries: 100, budget: Duration::MAX };
        let mut failures = Failures::default();
        let waits: Vec<_> =
            (0..9).map(|_| failures.next(&policy, Duration::ZERO, None, 1.0)).collect();
        let expected = [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 20.0, 20.0].map(seconds);
        assert_eq!(waits, expected);
        assert_eq!(Failures::default().next(&policy, Duration::ZERO, None, 0.0), seconds(0.0));
        assert_eq!(Failures::default().next(&policy, Duration::ZERO, None, 0.5), seconds(0.1));
    }

    #[test]
    fn where_capacity_is_wanting_the_progress_of_others_gives_attempts_back() {
        let mut failures = Failures::default();
        let policy = Policy { retries: 1, ..POLICY };
        for (done, goes_on) in [(5, true), (6, true), (6, false), (7, true)] {
            failures.forget_if_moved(done);
            let wait = failures.next(&policy, Duration::ZERO, None, 0.0);
            assert_eq!(wait.is_some(), goes_on, "{done}");
        }
        failures.forget_if_moved(8);
        assert_eq!(failures.next(&policy, Duration::ZERO, None, 1.0), seconds(1.6));
        failures.forget();
        assert_eq!(failures.next(&policy, Duration::ZERO, None, 1.0), seconds(0.2));
    }

    #[test]
    fn attempts_are_counted_and_progress_gives_them_back() {
        let mut failures = Failures::default();
        for _ in 0..4 {
            assert!(failures.next(&POLICY, Duration::ZERO, None, 0.0).is_some());
        }
        assert_eq!(failures.next(&POLICY, Duration::ZERO, None, 0.0), None);
        failures.forget();
        assert!(failures.next(&POLICY, Duration::ZERO, None, 0.0).is_some());
        let none = Policy { retries: 0, ..POLICY };
        assert_eq!(Failures::default().next(&none, Duration::ZERO, None, 0.0), None);
    }

    #[test]
    fn the_budget_counts_from_the_first_failure() {
        let mut failures = Failures::default();
        let at = Duration::from_secs;
        assert!(failures.next(&POLICY, at(100), None, 0.0).is_some());
        assert!(failures.next(&POLICY, at(160), None, 0.0).is_some());
        assert_eq!(failures.next(&POLICY, at(161), None, 0.0), None);
        failures.forget();
        assert!(failures.next(&POLICY, at(200), None, 0.0).is_some());
    }

    #[test]
    fn retry_after_is_honoured_within_the_budget() {
        let next = |policy, asked| Failures::default().next(policy, Duration::ZERO, asked, 0.0);
        assert_eq!(next(&POLICY, seconds(7.0)), seconds(7.0));
        assert_eq!(next(&POLICY, seconds(61.0)), None);
        let patient = Policy { budget: Duration::from_secs(4000), ..POLICY };
        assert_eq!(next(&patient, seconds(3600.0)), seconds(3600.0));
        let for_ever = Policy { budget: Duration::MAX, ..POLICY };
        assert_eq!(next(&for_ever, Some(Duration::MAX)), None);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let date = Some("Tue, 24 Nov 2026 08:00:00 GMT");
        for (value, expected) in [
            ("5", seconds(5.0)),
            ("99999999999999999999", Some(Duration::MAX)),
            (" 0 ", seconds(0.0)),
            ("Tue, 24 Nov 2026 08:00:09 GMT", seconds(9.0)),
            ("Tue, 24 Nov 2026 07:00:00 GMT", seconds(0.0)),
            ("-1", None),
            ("", None),
            ("soon", None),
        ] {
            assert_eq!(retry_after(value, date, 0), expected, "{value}");
        }
        let at = "Sun, 09 Sep 2001 01:46:49 GMT";
        assert_eq!(retry_after(at, None, 1_000_000_000), seconds(9.0));
        assert_eq!(retry_after(at, Some("today"), 1_000_000_010), seconds(0.0));
    }
}
