//! Reports of progress: coalesced, monotone, with a smoothed rate. Pure: the time is given.

use std::time::Duration;

/// How much a new measurement counts against the old rate, for one second.
const WEIGHT: f64 = 0.3;

/// How far a download is.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Progress {
    /// Bytes that are there, resumed ones included; never goes back.
    pub done: u64,
    /// Bytes that will be there, when that is known.
    pub total: Option<u64>,
    /// Bytes that were there before this call.
    pub resumed: u64,
    /// Bytes a second, smoothed; 0 until the first measurement.
    pub bytes_per_second: f64,
}

/// Decides when to report, and what.
pub(super) struct Meter {
    interval: Duration,
    resumed: u64,
    /// Time and bytes of the last report.
    last: (Duration, u64),
    rate: Option<f64>,
}

impl Meter {
    /// `now` is on any steady clock, here and below.
    pub(super) fn new(interval: Duration, resumed: u64, now: Duration) -> Self {
        Self { interval, resumed, last: (now, resumed), rate: None }
    }

    /// How long until the next report is due.
    pub(super) fn wait(&self, now: Duration) -> Duration {
        self.last.0.saturating_add(self.interval).saturating_sub(now)
    }

    /// The report on `done` bytes. Counts that go back, as after a repair, are held.
    pub(super) fn report(&mut self, now: Duration, done: u64, total: Option<u64>) -> Progress {
        let (then, before) = self.last;
        let done = done.max(before);
        let elapsed = now.saturating_sub(then).as_secs_f64();
        if elapsed > 0.0 {
            let measured = (done - before) as f64 / elapsed;
            let weight = 1.0 - (1.0 - WEIGHT).powf(elapsed);
            let rate = self.rate.map_or(measured, |old| old + (measured - old) * weight);
            self.rate = Some(rate);
        }
        self.last = (now, done);
        let bytes_per_second = self.rate.unwrap_or_default();
        Progress { done, total, resumed: self.resumed, bytes_per_second }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TENTH: Duration = Duration::from_millis(100);

    #[test]
    fn a_report_is_due_an_interval_after_the_last() {
        let mut meter = Meter::new(TENTH, 0, TENTH);
        assert_eq!(meter.wait(TENTH), TENTH);
        assert_eq!(meter.wait(TENTH * 3), Duration::ZERO);
        meter.report(TENTH * 3, 1, None);
        assert_eq!(meter.wait(TENTH * 3 + TENTH / 4), TENTH * 3 / 4);
    }

    #[test]
    fn counts_never_go_back() {
        let mut meter = Meter::new(TENTH, 5, Duration::ZERO);
        let done: Vec<u64> = [7, 6, 9, 0]
            .iter()
            .zip(1..)
            .map(|(done, i)| meter.report(TENTH * i, *done, Some(10)).done)
            .collect();
        assert_eq!(done, [7, 7, 9, 9]);
        assert_eq!(meter.report(TENTH * 9, 9, None).resumed, 5);
    }

    #[test]
    fn the_rate_leaves_out_what_was_resumed_and_follows_slowly() {
        let mut meter = Meter::new(TENTH, 1000, Duration::ZERO);
        let rate = |meter: &mut Meter, tenths: u32, done| {
            meter.report(TENTH * tenths, done, None).bytes_per_second.round()
        };
        assert_eq!(meter.report(Duration::ZERO, 1000, None).bytes_per_second, 0.0);
        assert_eq!(rate(&mut meter, 10, 1100), 100.0);
        assert_eq!(rate(&mut meter, 20, 1200), 100.0);
        assert_eq!(rate(&mut meter, 30, 1200), 70.0);
        // Ten reports in a second weigh as much as one.
        for i in 31..=40 {
            meter.report(TENTH * i, 1200, None);
        }
        assert_eq!(rate(&mut meter, 40, 1200), 49.0);
    }
}
