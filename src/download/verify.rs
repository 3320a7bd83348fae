//! Whether what is there is what it should be.

use super::Verified;
use super::answer::Object;
use super::output::Output;
use super::request::DownloadRequest;
use super::resume::Record;
use crate::error::{Error, ErrorKind, Phase};
use crate::stop::Stop;
use md5::Md5;
use sha2::{Digest, Sha256};

/// Compares with what the service stated: the CRC-64, when all of the object is there, and the
/// length.
pub(super) fn stated(object: &Object, record: &Record) -> Result<Verified, Error> {
    let whole =
        object.size.is_none_or(|size| record.wanted == (0..size)) && record.wanted.start == 0;
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
    stop: &Stop,
    bytes: u64,
    crc64: u64,
) -> Result<(), Error> {
    size(request, bytes)?;
    if request.expected_crc64.is_some_and(|expected| expected != crc64) {
        return Err(wrong("the CRC-64 is not the expected one"));
    }
    if let Some(expected) = request.expected_sha256
        && digest::<Sha256>(output, stop, bytes)?[..] != expected
    {
        return Err(wrong("the SHA-256 is not the expected one"));
    }
    if let Some(expected) = request.expected_md5
        && digest::<Md5>(output, stop, bytes)?[..] != expected
    {
        return Err(wrong("the MD5 is not the expected one"));
    }
    Ok(())
}

fn digest<D: Digest>(output: &Output<'_>, stop: &Stop, bytes: u64) -> Result<Vec<u8>, Error> {
    let mut digest = D::new();
    output.read(bytes, stop, &mut |piece| digest.update(piece))?;
    Ok(digest.finalize().to_vec())
}

fn wrong(message: &str) -> Error {
    Error::new(ErrorKind::Checksum, Phase::Verify, message)
}
