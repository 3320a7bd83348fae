//! The rate limit of a whole download: pure, the time is given.

use std::time::Duration;

/// How far ahead of its rate a download may get: a write of the buffer's size must fit.
const BURST: Duration = Duration::from_millis(100);

/// A bucket that bytes are taken from, at most so many a second.
pub(super) struct Limiter {
    bytes_per_second: f64,
    /// As many take at a time.
    takers: f64,
    /// When the bytes taken so far are paid for.
    paid: Duration,
}

impl Limiter {
    /// `bytes_per_second` and `takers` at least 1.
    pub(super) fn new(bytes_per_second: u64, takers: u32) -> Self {
        let bytes_per_second = bytes_per_second.max(1) as f64;
        Self { bytes_per_second, takers: f64::from(takers.max(1)), paid: Duration::ZERO }
    }

    /// Takes `bytes` at `now` (on any steady clock); how long to wait before going on.
    pub(super) fn take(&mut self, now: Duration, bytes: u64) -> Duration {
        let earliest = now.saturating_sub(BURST);
        let cost = Duration::from_secs_f64(bytes as f64 / self.bytes_per_second);
        self.paid = self.paid.max(earliest) + cost;
        self.paid.saturating_sub(now)
    }

    /// The most bytes for one to take at a time, if none shall wait longer than for a burst.
    pub(super) fn most_at_once(&self) -> usize {
        let most = self.bytes_per_second * BURST.as_secs_f64() / self.takers;
        (most as usize).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_holds_over_time_whatever_the_size_of_a_take() {
        for size in [1, 100, 1000, 10_000] {
            let mut limiter = Limiter::new(1000, 1);
            let mut now = Duration::from_secs(50);
            let start = now;
            for _ in 0..(100_000 / size) {
                now += limiter.take(now, size);
            }
            let taken = (now - start).as_secs_f64();
            assert!((99.8..=100.0).contains(&taken), "{size}: {taken}");
        }
    }

    #[test]
    fn all_takers_together_get_no_further_ahead_than_one() {
        for takers in [1, 4, 64] {
            let mut limiter = Limiter::new(1_000_000, takers);
            let most = limiter.most_at_once() as u64;
            let waits = (0..takers).map(|_| limiter.take(Duration::from_secs(1), most));
            assert!(waits.max().unwrap() <= BURST);
        }
    }

    #[test]
    fn a_pause_saves_up_no_more_than_the_burst() {
        let mut limiter = Limiter::new(1000, 1);
        limiter.take(Duration::from_secs(1), 1000);
        let later = Duration::from_secs(100);
        assert_eq!(limiter.take(later, 100), Duration::ZERO);
        assert_eq!(limiter.take(later, 100), Duration::from_millis(100));
    }
}
