//! What a target needs of a Unix file system.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// The mode of a folder like `/tmp`.
const STICKY: u32 = 0o1000;
/// Permissions of what concerns nobody else.
pub(super) const OWNER_ONLY: u32 = 0o600;

/// For writing, with these permissions if it is made; no link is followed.
pub(super) fn options(mode: u32) -> OpenOptions {
    let mut options = options_read();
    options.write(true).mode(mode);
    options
}

/// The data of a target is open to nobody to whom the target it replaces is not.
pub(super) fn mode_like(target: &Path) -> u32 {
    match fs::symlink_metadata(target) {
        Ok(found) if found.is_file() => found.mode() & 0o777 | OWNER_ONLY,
        _ => 0o666,
    }
}

/// Takes from a part file that was there already what [`mode_like`] would not give.
pub(super) fn close_to_others(file: &File, target: &Path) -> io::Result<()> {
    let mut permissions = file.metadata()?.permissions();
    let closed = permissions.mode() & mode_like(target);
    if permissions.mode() & 0o777 == closed {
        return Ok(());
    }
    permissions.set_mode(closed);
    file.set_permissions(permissions)
}

pub(super) fn options_read() -> OpenOptions {
    let mut options = OpenOptions::new();
    // A pipe in its place is not waited for.
    options.read(true).custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK);
    options
}

pub(super) fn write_all_at(file: &File, offset: u64, bytes: &[u8]) -> io::Result<()> {
    file.write_all_at(bytes, offset)
}

pub(super) fn read_at(file: &File, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
    file.read_at(buffer, offset)
}

pub(super) fn is_still_at(file: &File, path: &Path) -> bool {
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(ours), Ok(there)) => ours.dev() == there.dev() && ours.ino() == there.ino(),
        _ => false,
    }
}

pub(super) fn has_other_names(file: &File) -> bool {
    file.metadata().is_ok_and(|metadata| metadata.nlink() > 1)
}

/// Whether a file is somebody else's, in a folder where everybody may make files and nobody may
/// replace those of others.
pub(super) fn is_foreign(path: &Path) -> bool {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let folder = fs::metadata(folder.unwrap_or(Path::new(".")));
    match (fs::symlink_metadata(path), folder) {
        (Ok(file), Ok(folder)) => {
            let user = rustix::process::geteuid().as_raw();
            file.uid() != user && folder.mode() & STICKY != 0
        }
        _ => false,
    }
}

/// What must be synced for a new name to last.
pub(super) fn folder_of(target: &Path) -> io::Result<Option<File>> {
    let folder = target.parent().filter(|parent| !parent.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new("."))).map(Some)
}

/// Reserves space; false where the file system cannot.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) fn reserve(file: &File, from: u64, length: u64) -> io::Result<bool> {
    use rustix::fs::{FallocateFlags, fallocate};
    use rustix::io::Errno;
    match fallocate(file, FallocateFlags::KEEP_SIZE, from, length) {
        // File systems that cannot.
        Err(Errno::OPNOTSUPP | Errno::NOSYS | Errno::INVAL) => Ok(false),
        outcome => outcome.map(|()| true).map_err(io::Error::from),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(super) fn reserve(_file: &File, _from: u64, _length: u64) -> io::Result<bool> {
    Ok(false)
}
