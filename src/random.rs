//! Randomness for names and jitter; not for secrets.

use std::hash::{BuildHasher, Hasher, RandomState};

/// 64 bits that two processes, or two calls, do not share.
pub(crate) fn bits() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// 0 up to, but not, 1.
pub(crate) fn unit() -> f64 {
    (bits() >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_differ_and_lie_within() {
        let numbers: Vec<f64> = (0..100).map(|_| unit()).collect();
        assert!(numbers.iter().all(|number| (0.0..1.0).contains(number)));
        assert!(numbers.iter().any(|number| *number != numbers[0]));
        assert!(bits() != bits() || bits() != bits());
    }
}
