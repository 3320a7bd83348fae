//! The file a download makes, and the part file it grows in.

use crate::error::{Error, ErrorKind, Phase};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Refuses, before a byte is sent, a target that could not be put in place at the end.
pub(super) fn check(path: &Path, overwrite: bool) -> Result<(), Error> {
    if path.file_name().is_none() {
        return Err(Error::invalid("path", "does not name a file"));
    }
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => Err(Error::invalid("path", "is a folder")),
        Ok(_) if !overwrite => Err(exists()),
        _ => Ok(()),
    }
}

/// Data on its way to a target; removed when dropped before it is committed.
pub(super) struct PartFile<'a> {
    file: File,
    path: PathBuf,
    target: &'a Path,
}

impl<'a> PartFile<'a> {
    /// Makes `TARGET.<16 hex digits>.part`, a name no other download has.
    pub(super) fn create(target: &'a Path) -> Result<Self, Error> {
        loop {
            let mut path = target.as_os_str().to_owned();
            path.push(format!(".{:016x}.part", random()));
            let path = PathBuf::from(path);
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => return Ok(Self { file, path, target }),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(disk_error("the part file cannot be made", &error)),
            }
        }
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.file.write_all(bytes).map_err(|e| disk_error("the part file cannot be written", &e))
    }

    /// Puts the file in place: data on the disk first, then the name, then the folder.
    pub(super) fn commit(self, overwrite: bool, sync: bool) -> Result<(), Error> {
        if sync {
            self.file.sync_all().map_err(|e| disk_error("the part file cannot be synced", &e))?;
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
        if sync {
            sync_folder(self.target).map_err(|e| disk_error("the folder cannot be synced", &e))?;
        }
        Ok(())
    }
}

impl Drop for PartFile<'_> {
    fn drop(&mut self) {
        // After a rename there is nothing to remove; if it fails, there is nobody to tell.
        let _ = fs::remove_file(&self.path);
    }
}

/// Makes the new name last. Windows has no such call and needs none.
fn sync_folder(target: &Path) -> io::Result<()> {
    if cfg!(windows) {
        return Ok(());
    }
    let folder = target.parent().filter(|parent| !parent.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// 64 bits that two processes, or two calls, do not share.
fn random() -> u64 {
    use std::hash::{BuildHasher, Hasher, RandomState};
    RandomState::new().build_hasher().finish()
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
