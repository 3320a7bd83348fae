//! Whether what is there is what it should be.

use super::Verified;
use super::answer::Object;
use super::output::{GoOn, Output};
use super::request::DownloadRequest;
use super::resume::Record;
use crate::error::{Error, ErrorKind, Phase};
use md5::Md5;
use sha2::{Digest, Sha256};
use std::sync::PoisonError;

/// Compares with what the service stated: the CRC-64, when all of the object is there, and the
/// length.
pub(super) fn stated(
    request: &DownloadRequest<'_>,
    object: &Object,
    record: &Record,
) -> Result<Verified, Error> {
    let whole = match object.size {
        Some(size) => record.wanted == (0..size),
        // Who asked for so many bytes has not seen the end.
        None => request.range.is_none_or(|range| range == (0, None)),
    };
    match (object.crc64.filter(|_| whole), record.complete()) {
        (_, None) => Err(wrong("a part of the object is missing")),
        (Some(stated), Some(crc64)) if stated != crc64 => Err(wrong(&format!(
            "the bytes received have CRC-64 {crc64}, the service states {stated}; a proxy or the \
             network altered them"
        ))),
        (Some(_), Some(_)) => Ok(Verified::Crc64),
        (None, Some(_)) if object.size.is_some() => Ok(Verified::Length),
        (None, Some(_)) => Ok(Verified::Nothing),
    }
}

/// Compares the size with what the caller expects.
pub(super) fn size(request: &DownloadRequest<'_>, size: u64) -> Result<(), Error> {
    match request.expected_size {
        Some(expected) if expected != size => {
            Err(wrong(&format!("there are {size} bytes, {expected} were expected")))
        }
        _ => Ok(()),
    }
}

/// Compares with all that the caller expects.
pub(super) fn expected(
    request: &DownloadRequest<'_>,
    output: &Output<'_>,
    go_on: GoOn<'_>,
    bytes: u64,
    crc64: u64,
) -> Result<(), Error> {
    size(request, bytes)?;
    if request.expected_crc64.is_some_and(|expected| expected != crc64) {
        return Err(wrong("the CRC-64 is not the expected one"));
    }
    let mut digests = Digests::wanted(request);
    match output {
        Output::Stream(seen) => {
            digests = seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
        }
        _ if digests.is_any() => {
            output.read(bytes, go_on, &mut |piece| digests.update(piece))?;
        }
        _ => {}
    }
    digests.check(request)
}

/// The digests that the caller expects something of.
#[derive(Clone)]
pub(super) struct Digests {
    sha256: Option<Sha256>,
    md5: Option<Md5>,
}

impl Digests {
    pub(super) fn wanted(request: &DownloadRequest<'_>) -> Self {
        Self {
            sha256: request.expected_sha256.map(|_| Sha256::new()),
            md5: request.expected_md5.map(|_| Md5::new()),
        }
    }

    fn is_any(&self) -> bool {
        self.sha256.is_some() || self.md5.is_some()
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        if let Some(sha256) = &mut self.sha256 {
            sha256.update(bytes);
        }
        if let Some(md5) = &mut self.md5 {
            md5.update(bytes);
        }
    }

    fn check(self, request: &DownloadRequest<'_>) -> Result<(), Error> {
        let sha256 = self.sha256.map(|digest| <[u8; 32]>::from(digest.finalize()));
        if sha256 != request.expected_sha256 {
            return Err(wrong("the SHA-256 is not the expected one"));
        }
        let md5 = self.md5.map(|digest| <[u8; 16]>::from(digest.finalize()));
        if md5 != request.expected_md5 {
            return Err(wrong("the MD5 is not the expected one"));
        }
        Ok(())
    }
}

fn wrong(message: &str) -> Error {
    Error::new(ErrorKind::Checksum, Phase::Verify, message)
}
