//! Which bytes are fetched by whom: pure, no clock, no I/O.
//!
//! Missing ranges are handed out as pieces of the part size while there are any; then the piece with
//! the most left is split, so that no worker idles while a slow one finishes.

use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A tail shorter than this is not worth a request of its own.
pub(super) const MIN_SPLIT: u64 = 128 * 1024;

/// The ranges still to be handed out, and the pieces that are out.
pub(super) struct Plan {
    /// Sorted, disjoint, none empty; handed out from the front.
    missing: std::collections::VecDeque<Range<u64>>,
    part_size: u64,
    out: Vec<Arc<Piece>>,
}

impl Plan {
    /// A plan for what `whole` lacks when `done` (sorted, disjoint) is there.
    pub(super) fn new(whole: Range<u64>, done: &[Range<u64>], part_size: u64) -> Self {
        let mut missing = std::collections::VecDeque::new();
        let mut at = whole.start;
        for range in done.iter().chain([&(whole.end..whole.end)]) {
            if at < range.start.min(whole.end) {
                missing.push_back(at..range.start.min(whole.end));
            }
            at = at.max(range.end);
        }
        Self { missing, part_size: part_size.max(1), out: Vec::new() }
    }

    /// Number of pieces of the part size that are still missing.
    pub(super) fn pieces(&self) -> u64 {
        self.missing.iter().map(|range| (range.end - range.start).div_ceil(self.part_size)).sum()
    }

    /// The next piece for a worker with nothing to do; none when the rest is in good hands.
    pub(super) fn next(&mut self) -> Option<Arc<Piece>> {
        self.out.retain(|piece| piece.left() > 0);
        let range = self.take_missing().or_else(|| self.split())?;
        let piece = Arc::new(Piece::new(range));
        self.out.push(Arc::clone(&piece));
        Some(piece)
    }

    fn take_missing(&mut self) -> Option<Range<u64>> {
        let range = self.missing.front_mut()?;
        let end = range.end.min(range.start.saturating_add(self.part_size));
        let taken = range.start..end;
        range.start = end;
        if range.is_empty() {
            self.missing.pop_front();
        }
        Some(taken)
    }

    fn split(&self) -> Option<Range<u64>> {
        self.out.iter().max_by_key(|piece| piece.left())?.split()
    }
}

/// A range that one worker fetches, from the front. Its end may come nearer while it does.
pub(super) struct Piece {
    start: u64,
    rest: Mutex<Range<u64>>,
}

impl Piece {
    pub(super) fn new(range: Range<u64>) -> Self {
        Self { start: range.start, rest: Mutex::new(range) }
    }

    pub(super) fn start(&self) -> u64 {
        self.start
    }

    /// What is not claimed yet.
    pub(super) fn rest(&self) -> Range<u64> {
        self.lock().clone()
    }

    pub(super) fn left(&self) -> u64 {
        let rest = self.lock();
        rest.end - rest.start
    }

    /// Claims the next `length` bytes, or as many as still belong to the piece; says where they go.
    pub(super) fn claim(&self, length: u64) -> Range<u64> {
        let mut rest = self.lock();
        let end = rest.end.min(rest.start.saturating_add(length));
        let claimed = rest.start..end;
        rest.start = end;
        claimed
    }

    /// Gives away the second half of what is left.
    fn split(&self) -> Option<Range<u64>> {
        let mut rest = self.lock();
        let left = rest.end - rest.start;
        if left < 2 * MIN_SPLIT {
            return None;
        }
        let middle = rest.start + left / 2;
        let given = middle..rest.end;
        rest.end = middle;
        Some(given)
    }

    fn lock(&self) -> MutexGuard<'_, Range<u64>> {
        self.rest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
#[allow(clippy::single_range_in_vec_init, reason = "one range is one range here")]
mod tests {
    use super::*;

    fn hand_out(plan: &mut Plan) -> Vec<Range<u64>> {
        std::iter::from_fn(|| {
            let piece = plan.next()?;
            let range = piece.rest();
            piece.claim(u64::MAX);
            Some(range)
        })
        .collect()
    }

    #[test]
    fn what_is_missing_is_handed_out_in_order() {
        for (whole, done, expected) in [
            (0..10, vec![], vec![0..4, 4..8, 8..10]),
            (0..0, vec![], vec![]),
            (5..7, vec![], vec![5..7]),
            (0..10, vec![0..10], vec![]),
            (0..10, vec![2..3, 3..6], vec![0..2, 6..10]),
            (0..10, vec![0..5], vec![5..9, 9..10]),
            (4..10, vec![0..5, 9..12], vec![5..9]),
        ] {
            let mut plan = Plan::new(whole, &done, 4);
            assert_eq!(plan.pieces(), expected.len() as u64);
            assert_eq!(hand_out(&mut plan), expected);
        }
    }

    #[test]
    fn an_idle_worker_gets_half_of_the_longest_tail() {
        let size = 8 * MIN_SPLIT;
        let mut plan = Plan::new(0..2 * size, &[], size);
        let (first, second) = (plan.next().unwrap(), plan.next().unwrap());
        first.claim(size / 2);
        let stolen = plan.next().unwrap();
        assert_eq!(second.rest(), size..size + size / 2);
        assert_eq!(stolen.rest(), size + size / 2..2 * size);
        // The worker that was robbed claims no byte of what is gone.
        assert_eq!(second.claim(u64::MAX), size..size + size / 2);
        assert_eq!(second.claim(1), size + size / 2..size + size / 2);
    }

    #[test]
    fn short_tails_stay_whole() {
        let mut plan = Plan::new(0..2 * MIN_SPLIT, &[], u64::MAX);
        let piece = plan.next().unwrap();
        piece.claim(1);
        assert!(plan.next().is_none());
        assert_eq!(piece.left(), 2 * MIN_SPLIT - 1);
    }

    /// Whatever the order of claims and splits, every byte is claimed exactly once.
    #[test]
    fn every_byte_is_claimed_once() {
        let mut seed = 1_u64;
        let mut random = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) % below
        };
        for _ in 0..200 {
            let (start, size) = (random(1000), random(40) * MIN_SPLIT + random(1000));
            let mut plan = Plan::new(start..start + size, &[], 5000 + random(10) * MIN_SPLIT);
            let mut workers: Vec<Option<Arc<Piece>>> = vec![None; 1 + random(8) as usize];
            let mut claimed = Vec::new();
            loop {
                let worker = random(workers.len() as u64) as usize;
                if workers[worker].as_ref().is_none_or(|piece| piece.left() == 0) {
                    workers[worker] = plan.next();
                }
                match &workers[worker] {
                    Some(piece) => claimed.push(piece.claim(1 + random(3 * MIN_SPLIT))),
                    None if workers.iter().flatten().all(|piece| piece.left() == 0) => break,
                    None => {}
                }
            }
            claimed.sort_by_key(|range| range.start);
            let mut at = start;
            for range in claimed {
                assert_eq!(range.start, at);
                at = range.end;
            }
            assert_eq!(at, start + size);
        }
    }
}
