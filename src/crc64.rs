//! CRC-64/XZ, the checksum OSS states in `x-oss-hash-crc64ecma`.

use crc64fast::Digest;

/// A running CRC-64.
pub(crate) struct Crc64(Digest);

impl Crc64 {
    /// The CRC-64 of bytes that are all there.
    pub(crate) fn of(bytes: &[u8]) -> u64 {
        let mut crc = Self::new();
        crc.update(bytes);
        crc.value()
    }

    /// The CRC-64 of two stretches one after the other, the second `second_length` bytes long.
    pub(crate) fn combine(first: u64, second: u64, second_length: u64) -> u64 {
        // x^(8 * second_length) by squaring, bits of `second_length` from the lowest.
        let (mut shifted, mut power, mut length) = (first, X8, second_length);
        while length > 0 {
            if length & 1 == 1 {
                shifted = multiply(shifted, power);
            }
            power = multiply(power, power);
            length >>= 1;
        }
        shifted ^ second
    }

    pub(crate) fn new() -> Self {
        Self(Digest::new())
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0.write(bytes);
    }

    pub(crate) fn value(&self) -> u64 {
        self.0.sum64()
    }
}

/// The polynomial, and x^8; the highest bit is the coefficient of x^0.
const POLYNOMIAL: u64 = 0xc96c_5795_d787_0f42;
const X8: u64 = 1 << 55;

/// The product of two polynomials over GF(2), modulo [`POLYNOMIAL`].
fn multiply(a: u64, mut b: u64) -> u64 {
    let mut product = 0;
    for bit in (0..64).rev() {
        if a >> bit & 1 == 1 {
            product ^= b;
        }
        b = b >> 1 ^ if b & 1 == 1 { POLYNOMIAL } else { 0 };
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;
    use crc_fast::{CrcAlgorithm::Crc64Xz, checksum, checksum_combine};

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

    /// Every length up to those that are done in blocks, and combining over any distance, as another
    /// library has them.
    #[test]
    fn values_are_those_of_another_library() {
        let bytes: Vec<u8> =
            (0..2000_u32).map(|i| (i.wrapping_mul(0x9e37_79b9) >> 24) as u8).collect();
        for length in 0..bytes.len() {
            assert_eq!(
                Crc64::of(&bytes[..length]),
                checksum(Crc64Xz, &bytes[..length]),
                "{length}"
            );
        }
        let (first, second) = (Crc64::of(&bytes[..7]), Crc64::of(&bytes[7..]));
        for bit in 0..64 {
            for length in [(1 << bit) - 1, 1 << bit, (1 << bit) | 1] {
                let other = checksum_combine(Crc64Xz, first, second, length);
                assert_eq!(Crc64::combine(first, second, length), other, "{length}");
            }
        }
    }
}
