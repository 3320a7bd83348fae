//! CRC-64/XZ, the checksum OSS states in `x-oss-hash-crc64ecma`.

use crc_fast::{CrcAlgorithm, Digest, checksum, checksum_combine};

/// A running CRC-64.
pub(crate) struct Crc64(Digest);

impl Crc64 {
    /// The CRC-64 of bytes that are all there.
    pub(crate) fn of(bytes: &[u8]) -> u64 {
        checksum(CrcAlgorithm::Crc64Xz, bytes)
    }

    /// The CRC-64 of two stretches one after the other, the second `second_length` bytes long.
    pub(crate) fn combine(first: u64, second: u64, second_length: u64) -> u64 {
        checksum_combine(CrcAlgorithm::Crc64Xz, first, second, second_length)
    }

    pub(crate) fn new() -> Self {
        Self(Digest::new(CrcAlgorithm::Crc64Xz))
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(crate) fn value(&self) -> u64 {
        self.0.finalize()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The check value of CRC-64/XZ, in one piece and in two.
    #[test]
    fn check_value() {
        for split in 0..=9 {
            let (head, tail) = b"123456789".split_at(split);
            let mut crc = Crc64::new();
            crc.update(head);
            crc.update(tail);
            assert_eq!(crc.value(), 0x995d_c9bb_df19_39fa);
            let (first, second) = (Crc64::of(head), Crc64::of(tail));
            assert_eq!(Crc64::combine(first, second, tail.len() as u64), crc.value());
        }
        assert_eq!(Crc64::new().value(), 0);
    }
}
