//! What a target needs of Windows.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::windows::fs::FileExt;
use std::path::Path;

/// A new file has the permissions of its folder.
pub(super) const OWNER_ONLY: u32 = 0;

pub(super) fn mode_like(_target: &Path) -> u32 {
    0
}

pub(super) fn close_to_others(_file: &File, _target: &Path) -> io::Result<()> {
    Ok(())
}

pub(super) fn options(_mode: u32) -> OpenOptions {
    let mut options = options_read();
    options.write(true);
    options
}

pub(super) fn options_read() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true);
    options
}

pub(super) fn write_all_at(file: &File, mut offset: u64, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        let written = file.seek_write(bytes, offset)?;
        if written == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        offset += written as u64;
        bytes = &bytes[written..];
    }
    Ok(())
}

pub(super) fn read_at(file: &File, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
    file.seek_read(buffer, offset)
}

/// An open file cannot be moved away here.
pub(super) fn is_still_at(_file: &File, _path: &Path) -> bool {
    true
}

/// The standard library cannot tell.
pub(super) fn has_other_names(_file: &File) -> bool {
    false
}

/// There is no such folder here.
pub(super) fn is_foreign(_path: &Path) -> bool {
    false
}

/// There is no such call, and none is needed.
pub(super) fn folder_of(_target: &Path) -> io::Result<Option<File>> {
    Ok(None)
}

pub(super) fn reserve(_file: &File, _from: u64, _length: u64) -> io::Result<bool> {
    Ok(false)
}
