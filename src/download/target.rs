//! The file a download makes, and the part file it grows in.
//!
//! Without resume the part file has a name no other download has, `TARGET.<16 hex digits>.part`.
//! With it, `TARGET.part`, locked while a download writes it, and its record `TARGET.part.resume`;
//! a second download of the same target then takes a name of its own, and resumes nothing. So it does
//! in a folder of everybody's where such a file is somebody else's.

#[cfg_attr(unix, path = "target/unix.rs")]
#[cfg_attr(windows, path = "target/windows.rs")]
mod os;

use self::os::{
    OWNER_ONLY, close_to_others, folder_of, has_other_names, is_foreign, is_still_at, mode_like,
    options, options_read, read_at, reserve, write_all_at,
};
use super::output::GoOn;
use super::resume::{MAX_BYTES, Record, Segment};
use crate::crc64::Crc64;
use crate::error::{Error, ErrorKind, Phase};
use crate::random;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// As much as a file system reserves in some ten milliseconds.
const RESERVE_AT_ONCE: u64 = 256 << 20;

/// Refuses, before a byte is sent, a target that could not be put in place at the end.
pub(super) fn check(path: &Path, overwrite: bool) -> Result<(), Error> {
    if path.file_name().is_none() {
        return Err(Error::invalid("path", "does not name a file"));
    }
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => Err(Error::invalid("path", "is a folder")),
        // A link is replaced; a pipe or a device had better not be.
        Ok(found) if !found.is_file() && !found.is_symlink() => {
            Err(Error::invalid("path", "is neither a file nor a link"))
        }
        Ok(_) if !overwrite => Err(exists()),
        _ => Ok(()),
    }
}

/// Data on its way to a target. Dropped before it is committed, it goes, unless it is kept.
pub(super) struct PartFile<'a> {
    file: File,
    path: PathBuf,
    target: &'a Path,
    /// Where the record of what is there goes; none when nothing is to be resumed.
    record: Option<PathBuf>,
    sync: bool,
    /// Whether the record tells of something to go on with.
    saved: AtomicBool,
    keep: bool,
    /// It has the target's name now.
    moved: bool,
}

impl<'a> PartFile<'a> {
    /// Opens the part file of a target; with `resume`, gives the record of what is in it.
    pub(super) fn open(
        target: &'a Path,
        resume: bool,
        sync: bool,
    ) -> Result<(Self, Option<Record>), Error> {
        if resume && let Some(part) = Self::open_shared(target, sync)? {
            let record = part.read_record();
            part.saved.store(record.is_some(), Relaxed);
            return Ok((part, record));
        }
        loop {
            let path = beside(target, &format!(".{:016x}.part", random::bits()));
            match options(mode_like(target)).create_new(true).open(&path) {
                Ok(file) => {
                    return Ok((Self::new(file, path, target, None, sync), None));
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(disk_error("the part file cannot be made", &error)),
            }
        }
    }

    fn new(
        file: File,
        path: PathBuf,
        target: &'a Path,
        record: Option<PathBuf>,
        sync: bool,
    ) -> Self {
        let saved = AtomicBool::new(false);
        Self { file, path, target, record, sync, saved, keep: false, moved: false }
    }

    /// The part file that later calls find again; none while another download writes it.
    fn open_shared(target: &'a Path, sync: bool) -> Result<Option<Self>, Error> {
        let path = beside(target, ".part");
        let record = beside(target, ".part.resume");
        // Whether there may be such a name is better known now than when there is data to keep.
        let longest = fs::symlink_metadata(beside(&record, ".new"));
        if let Some(error) = longest.err().filter(|e| e.kind() == io::ErrorKind::InvalidFilename) {
            return Err(disk_error("the resume record cannot be made", &error));
        }
        loop {
            if is_foreign(&path) || is_foreign(&record) {
                return Ok(None);
            }
            let file = options(mode_like(target)).create(true).truncate(false).open(&path);
            let file = file.map_err(|e| disk_error("the part file cannot be opened", &e))?;
            match file.try_lock() {
                Ok(()) => {}
                Err(fs::TryLockError::WouldBlock) => return Ok(None),
                Err(fs::TryLockError::Error(e)) => {
                    return Err(disk_error("the part file cannot be locked", &e));
                }
            }
            // Between open and lock its last owner may have moved it over the target.
            if !is_still_at(&file, &path) {
                continue;
            }
            if is_foreign(&path) {
                // Made just now, perhaps, where the file system gives all files to somebody else.
                if file.metadata().is_ok_and(|metadata| metadata.len() == 0) {
                    let _ = remove(&path);
                }
                return Ok(None);
            }
            // Killed between link and removal, that owner left a name of what is the target now.
            if has_other_names(&file) {
                remove(&path).map_err(|e| disk_error("the part file cannot be removed", &e))?;
                continue;
            }
            close_to_others(&file, target)
                .map_err(|e| disk_error("the part file cannot be protected", &e))?;
            return Ok(Some(Self::new(file, path, target, Some(record), sync)));
        }
    }

    fn read_record(&self) -> Option<Record> {
        let file = options_read().open(self.record.as_ref()?).ok()?;
        let mut text = String::new();
        file.take(MAX_BYTES).read_to_string(&mut text).ok()?;
        Record::from_text(&text)
    }

    /// Reserves space, where the file system can; a full disk is found out here.
    pub(super) fn reserve(&self, size: u64, go_on: GoOn<'_>) -> Result<(), Error> {
        let mut from = 0;
        while from < size {
            go_on()?;
            let length = RESERVE_AT_ONCE.min(size - from);
            match reserve(&self.file, from, length) {
                Ok(true) => from += length,
                Ok(false) => return Ok(()),
                Err(error) => return Err(disk_error("space cannot be reserved", &error)),
            }
        }
        Ok(())
    }

    /// Forgets what is in the part file.
    pub(super) fn restart(&self) -> Result<(), Error> {
        // Without a record it is new.
        let Some(record) = &self.record else { return Ok(()) };
        self.saved.store(false, Relaxed);
        remove(record).map_err(|e| disk_error("the record cannot be removed", &e))?;
        self.file.set_len(0).map_err(|e| disk_error("the part file cannot be emptied", &e))
    }

    /// Writes at an offset; any number of threads at once.
    pub(super) fn write_at(&self, offset: u64, bytes: &[u8]) -> Result<(), Error> {
        write_all_at(&self.file, offset, bytes)
            .map_err(|e| disk_error("the part file cannot be written", &e))
    }

    /// Writes down what is there: first the data, then the record of it.
    pub(super) fn save(&self, record: &Record) -> Result<(), Error> {
        let Some(path) = &self.record else { return Ok(()) };
        self.sync_data()?;
        let new = beside(path, ".new");
        let write = || -> io::Result<()> {
            remove(&new)?;
            let mut file = options(OWNER_ONLY).create_new(true).open(&new)?;
            file.write_all(record.to_text().as_bytes())?;
            if self.sync {
                file.sync_all()?;
            }
            fs::rename(&new, path)
        };
        write().map_err(|error| {
            // The record that was there before is as good as it was.
            let _ = remove(&new);
            disk_error("the resume record cannot be written", &error)
        })?;
        self.saved.store(true, Relaxed);
        Ok(())
    }

    /// Keeps the part file for a later call, if it can be gone on with.
    pub(super) fn keep(&mut self) {
        self.keep = self.saved.load(Relaxed);
    }

    /// Whether the file holds what the segment says.
    pub(super) fn holds(&self, segment: &Segment, go_on: GoOn<'_>) -> Result<bool, Error> {
        let (mut crc, mut length) = (Crc64::new(), 0);
        self.read(segment.start, segment.end, go_on, &mut |bytes| {
            crc.update(bytes);
            length += bytes.len() as u64;
        })?;
        Ok(length == segment.len() && crc.value() == segment.crc64)
    }

    /// Reads bytes back; fewer, if the file is shorter.
    pub(super) fn read(
        &self,
        start: u64,
        end: u64,
        go_on: GoOn<'_>,
        take: &mut dyn FnMut(&[u8]),
    ) -> Result<(), Error> {
        let mut buffer = vec![0; 256 * 1024];
        let mut at = start;
        while at < end {
            go_on()?;
            let most = buffer.len().min(usize::try_from(end - at).unwrap_or(usize::MAX));
            let read = read_at(&self.file, at, &mut buffer[..most])
                .map_err(|e| disk_error("the part file cannot be read", &e))?;
            if read == 0 {
                return Ok(());
            }
            take(&buffer[..read]);
            at += read as u64;
        }
        Ok(())
    }

    fn sync_data(&self) -> Result<(), Error> {
        match self.sync {
            true => self.file.sync_data().map_err(|e| disk_error("the data cannot be synced", &e)),
            false => Ok(()),
        }
    }

    /// Puts the file in place: data on the disk first, then the name, then the folder.
    pub(super) fn commit(&mut self, size: u64, overwrite: bool) -> Result<(), Error> {
        let fail = |what| move |error: io::Error| disk_error(what, &error);
        // Most often it has the size already, and to set it would cost a change of the file.
        if self.file.metadata().map_or(true, |metadata| metadata.len() != size) {
            self.file.set_len(size).map_err(fail("the part file cannot be cut to size"))?;
        }
        if self.sync {
            self.file.sync_all().map_err(fail("the data cannot be synced"))?;
        }
        // What may not be opened is found out before the target is there.
        let folder = if self.sync { folder_of(self.target) } else { Ok(None) };
        let folder = folder.map_err(fail("the folder cannot be opened to be synced"))?;
        // By that name somebody may have put another file.
        if !is_still_at(&self.file, &self.path) {
            let gone = io::Error::from(io::ErrorKind::NotFound);
            return Err(disk_error("the part file was removed or replaced", &gone));
        }
        if overwrite {
            fs::rename(&self.path, self.target)
        } else {
            // A rename would replace; a link does not. Dropping the part file removes its name.
            fs::hard_link(&self.path, self.target)
        }
        .map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists if !overwrite => exists(),
            _ => disk_error("the target cannot be put in place", &error),
        })?;
        self.moved = overwrite;
        if let Some(folder) = folder {
            folder.sync_all().map_err(fail("the folder cannot be synced"))?;
        }
        Ok(())
    }
}

impl Drop for PartFile<'_> {
    fn drop(&mut self) {
        if !self.keep {
            // After a rename the part file's name is gone, or that of another download by now; what
            // cannot be removed, there is nobody to tell of.
            let ours = is_still_at(&self.file, &self.path);
            if !self.moved && ours {
                let _ = fs::remove_file(&self.path);
            }
            // Ours as long as no other download has made a part file of that name.
            let ours = ours || (self.moved && fs::symlink_metadata(&self.path).is_err());
            if let Some(record) = self.record.as_ref().filter(|_| ours) {
                let _ = fs::remove_file(record);
            }
        }
        if self.record.is_some() {
            // A child process that another thread starts just now has the file open too, until it
            // runs its program: to close it would not be enough.
            let _ = self.file.unlock();
        }
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn exists() -> Error {
    Error::new(ErrorKind::Exists, Phase::Disk, "the target exists, and must not be overwritten")
}

fn disk_error(what: &str, error: &io::Error) -> Error {
    let kind = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => ErrorKind::NoSpace,
        _ => ErrorKind::Io,
    };
    Error::new(kind, Phase::Disk, format!("{what}: {error}")).with_os(error.raw_os_error())
}

#[cfg(test)]
#[path = "target/tests.rs"]
mod tests;
