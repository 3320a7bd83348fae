//! An object's content and what OSS says about it.

use std::ops::Range;
use std::sync::OnceLock;

use bytes::Bytes;
use crc_fast::CrcAlgorithm::Crc64Xz;
use http::{HeaderName, HeaderValue};
use md5::{Digest, Md5};

/// Period of a sparse object's content. A prime, so that no two parts of a
/// download look alike whatever the part size.
const PERIOD: u64 = 1_048_573;

/// An object to put into a bucket.
#[derive(Clone, Debug)]
pub struct Object {
    pub(crate) content: Content,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
}

impl Object {
    /// An object of these bytes.
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        Self { content: Content::Stored(bytes.into()), headers: Vec::new() }
    }

    /// An object of `len` bytes that are stored nowhere: see [`sparse_bytes`].
    /// It looks like the result of a multipart upload: its ETag is no MD5.
    pub fn sparse(len: u64) -> Self {
        Self { content: Content::Sparse { len }, headers: Vec::new() }
    }

    /// Sets the Content-Type the object is served with.
    #[must_use]
    pub fn content_type(self, value: &str) -> Self {
        self.header("content-type", value)
    }

    /// Sets a header the object is served with, such as `x-oss-meta-color`,
    /// `cache-control` or `content-encoding`. A text that can be no header is left out.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let (Ok(name), Ok(value)) =
            (HeaderName::try_from(name), HeaderValue::from_bytes(value.as_bytes()))
        {
            self.headers.push((name, value));
        }
        self
    }
}

/// Where an object's bytes come from.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    Stored(Bytes),
    Sparse { len: u64 },
}

impl Content {
    pub(crate) fn len(&self) -> u64 {
        match self {
            Self::Stored(bytes) => bytes.len() as u64,
            Self::Sparse { len } => *len,
        }
    }

    /// The next bytes of `range`, without copying: as many as lie together, at most `max`.
    pub(crate) fn chunk(&self, range: Range<u64>, max: usize) -> Bytes {
        let wanted = (range.end - range.start).min(max as u64) as usize;
        match self {
            Self::Stored(bytes) => {
                let start = range.start as usize;
                bytes.slice(start..start + wanted)
            }
            Self::Sparse { .. } => {
                let block = sparse_block();
                let start = (range.start % PERIOD) as usize;
                block.slice(start..block.len().min(start + wanted))
            }
        }
    }

    /// CRC-64/XZ of the whole.
    pub(crate) fn crc64(&self) -> u64 {
        match self {
            Self::Stored(bytes) => crc_fast::checksum(Crc64Xz, bytes),
            Self::Sparse { len } => sparse_crc64(*len),
        }
    }

    /// MD5 of the whole; a sparse object has none.
    pub(crate) fn md5(&self) -> Option<[u8; 16]> {
        match self {
            Self::Stored(bytes) => Some(Md5::digest(bytes).into()),
            Self::Sparse { .. } => None,
        }
    }
}

/// Fills `buf` with what a sparse object holds from `offset` on.
pub fn sparse_bytes(offset: u64, buf: &mut [u8]) {
    let block = sparse_block();
    let mut start = (offset % PERIOD) as usize;
    let mut rest = buf;
    while !rest.is_empty() {
        let n = rest.len().min(block.len() - start);
        let (head, tail) = rest.split_at_mut(n);
        head.copy_from_slice(&block[start..start + n]);
        rest = tail;
        start = 0;
    }
}

/// One period: noise from a fixed seed, the same in every run.
fn sparse_block() -> &'static Bytes {
    static BLOCK: OnceLock<Bytes> = OnceLock::new();
    BLOCK.get_or_init(|| {
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        let noise = std::iter::repeat_with(move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()
        });
        noise.flatten().take(PERIOD as usize).collect()
    })
}

/// Doubles the block's checksum instead of reading the bytes.
fn sparse_crc64(len: u64) -> u64 {
    let block = sparse_block();
    let combine = |a, b, b_len| crc_fast::checksum_combine(Crc64Xz, a, b, b_len);
    let tail = &block[..(len % PERIOD) as usize];
    let (mut whole, mut power, mut power_len) = (0, crc_fast::checksum(Crc64Xz, block), PERIOD);
    let mut blocks = len / PERIOD;
    while blocks > 0 {
        if blocks & 1 == 1 {
            whole = combine(whole, power, power_len);
        }
        power = combine(power, power, power_len);
        power_len = power_len.wrapping_mul(2);
        blocks >>= 1;
    }
    combine(whole, crc_fast::checksum(Crc64Xz, tail), tail.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CRC: crc::Crc<u64> = crc::Crc::<u64>::new(&crc::CRC_64_XZ);

    #[test]
    fn sparse_checksum_is_that_of_the_bytes() {
        for len in [0, 1, 7, PERIOD - 1, PERIOD, PERIOD + 1, 3 * PERIOD, 5 * PERIOD + 12_345] {
            let mut bytes = vec![0; len as usize];
            sparse_bytes(0, &mut bytes);
            assert_eq!(Content::Sparse { len }.crc64(), CRC.checksum(&bytes), "{len} bytes");
        }
    }

    #[test]
    fn chunks_are_the_bytes_at_their_offset() {
        let content = Content::Sparse { len: 10 * PERIOD };
        for start in [0, 1, PERIOD - 3, PERIOD, 4 * PERIOD + 77] {
            let chunk = content.chunk(start..10 * PERIOD, 4096);
            let mut expected = vec![0; chunk.len()];
            sparse_bytes(start, &mut expected);
            assert!(!chunk.is_empty());
            assert_eq!(chunk, expected);
        }
    }

    #[test]
    fn stored_checksum_is_crc64_xz() {
        let content = Content::Stored(Bytes::from_static(b"123456789"));
        assert_eq!(content.crc64(), 0x995D_C9BB_DF19_39FA);
    }
}
