//! CRC-64/XZ, the checksum OSS states in `x-oss-hash-crc64ecma`.

use crc_fast::{CrcAlgorithm, Digest};

/// A running CRC-64.
pub(crate) struct Crc64(Digest);

impl Crc64 {
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
        }
        assert_eq!(Crc64::new().value(), 0);
    }
}
