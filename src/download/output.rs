//! Where the bytes of a download are put while it runs: one room for the three targets.

use super::request::{DownloadRequest, Target};
use super::resume::{Record, Segment};
use super::target::{self, PartFile};
use super::verify::Digests;
use crate::error::{Error, ErrorKind, Phase};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Fails once the download must not go on: asked now and then by what takes its time.
pub(super) type GoOn<'a> = &'a dyn Fn() -> Result<(), Error>;

/// What is hashed between two such questions.
const READ_AT_ONCE: usize = 1 << 20;

pub(super) enum Output<'a> {
    File(PartFile<'a>),
    Memory {
        bytes: Mutex<Vec<u8>>,
        limit: u64,
    },
    /// The caller takes them; only their digests stay.
    Stream(Mutex<Digests>),
}

impl<'a> Output<'a> {
    /// Opens the target; gives the record of what is there already.
    pub(super) fn open(request: &DownloadRequest<'a>) -> Result<(Self, Option<Record>), Error> {
        match request.target {
            Target::File(path) => {
                let (part, record) = PartFile::open(path, request.resume, request.sync)?;
                Ok((Self::File(part), record))
            }
            Target::Memory(limit) => Ok((Self::Memory { bytes: Mutex::default(), limit }, None)),
            Target::Stream => Ok((Self::Stream(Mutex::new(Digests::wanted(request))), None)),
        }
    }

    /// Refuses, before a byte is sent, a target that could not be put in place at the end.
    pub(super) fn check(request: &DownloadRequest<'_>) -> Result<(), Error> {
        match request.target {
            Target::File(path) => target::check(path, request.overwrite),
            Target::Memory(_) | Target::Stream => Ok(()),
        }
    }

    /// Whether bytes may come in any order, and again.
    pub(super) fn is_seekable(&self) -> bool {
        !matches!(self, Self::Stream(_))
    }

    /// Makes room for that many bytes.
    pub(super) fn reserve(&self, size: u64, go_on: GoOn<'_>) -> Result<(), Error> {
        match self {
            Self::File(part) => part.reserve(size, go_on),
            Self::Memory { bytes, limit } => {
                check_limit(size, *limit)?;
                let size = usize::try_from(size).map_err(|_| too_large())?;
                let mut bytes = lock(bytes);
                bytes.try_reserve_exact(size).map_err(|_| too_large())?;
                Ok(())
            }
            Self::Stream(_) => Ok(()),
        }
    }

    /// Forgets what is there.
    pub(super) fn restart(&self) -> Result<(), Error> {
        match self {
            Self::File(part) => part.restart(),
            Self::Memory { bytes, .. } => {
                lock(bytes).clear();
                Ok(())
            }
            Self::Stream(_) => Ok(()),
        }
    }

    /// Writes at an offset of the target; any thread.
    pub(super) fn write_at(&self, offset: u64, new: &[u8]) -> Result<(), Error> {
        match self {
            Self::File(part) => part.write_at(offset, new),
            Self::Memory { bytes, limit } => {
                let end = offset.saturating_add(new.len() as u64);
                check_limit(end, *limit)?;
                let end = usize::try_from(end).map_err(|_| too_large())?;
                let mut bytes = lock(bytes);
                if bytes.len() < end {
                    let more = end - bytes.len();
                    bytes.try_reserve(more).map_err(|_| too_large())?;
                    bytes.resize(end, 0);
                }
                bytes[end - new.len()..end].copy_from_slice(new);
                Ok(())
            }
            Self::Stream(_) => Ok(()),
        }
    }

    /// Whether the target holds what the segment, at that offset of it, says.
    pub(super) fn holds(&self, segment: &Segment, go_on: GoOn<'_>) -> Result<bool, Error> {
        match self {
            Self::File(part) => part.holds(segment, go_on),
            Self::Memory { .. } | Self::Stream(_) => Ok(true),
        }
    }

    /// Reads back the first `size` bytes.
    pub(super) fn read(
        &self,
        size: u64,
        go_on: GoOn<'_>,
        take: &mut dyn FnMut(&[u8]),
    ) -> Result<(), Error> {
        match self {
            Self::File(part) => part.read(0, size, go_on, take),
            Self::Memory { bytes, .. } => {
                let bytes = lock(bytes);
                let size = usize::try_from(size).unwrap_or(usize::MAX).min(bytes.len());
                for piece in bytes[..size].chunks(READ_AT_ONCE) {
                    go_on()?;
                    take(piece);
                }
                Ok(())
            }
            Self::Stream(_) => Ok(()),
        }
    }

    /// Writes down what is there, for a later call.
    pub(super) fn save(&self, record: &Record) -> Result<(), Error> {
        match self {
            Self::File(part) => part.save(record),
            Self::Memory { .. } | Self::Stream(_) => Ok(()),
        }
    }

    /// Keeps what is there for a later call, where that was asked.
    pub(super) fn keep(&mut self) {
        if let Self::File(part) = self {
            part.keep();
        }
    }

    /// Puts the target in place; gives its bytes if it is memory.
    pub(super) fn commit(&mut self, size: u64, overwrite: bool) -> Result<Option<Vec<u8>>, Error> {
        match self {
            Self::File(part) => part.commit(size, overwrite).map(|()| None),
            Self::Memory { bytes, .. } => {
                let mut bytes = std::mem::take(&mut *lock(bytes));
                bytes.truncate(usize::try_from(size).unwrap_or(usize::MAX));
                Ok(Some(bytes))
            }
            Self::Stream(_) => Ok(None),
        }
    }
}

fn lock(bytes: &Mutex<Vec<u8>>) -> MutexGuard<'_, Vec<u8>> {
    bytes.lock().unwrap_or_else(PoisonError::into_inner)
}

fn check_limit(size: u64, limit: u64) -> Result<(), Error> {
    if size <= limit { Ok(()) } else { Err(too_large()) }
}

/// More than the caller, or the machine, has room for.
pub(super) fn too_large() -> Error {
    let message = "the object is larger than the maximum size allowed";
    Error::new(ErrorKind::TooLarge, Phase::Body, message)
}
