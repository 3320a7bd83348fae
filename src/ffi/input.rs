//! Text and lists that come in: borrowed from the caller until the call returns.

use super::code::{Failure, oss_code};
use std::ffi::{CStr, c_char};
use std::slice;

/// Longest list taken. A larger count is junk, and is not read.
const MAX_PAIRS: usize = 1024;

/// A name and a value, both NUL-terminated UTF-8, neither NULL.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct oss_pair {
    /// The name.
    pub name: *const c_char,
    /// The value; may be "".
    pub value: *const c_char,
}

/// An optional text: NULL is none.
///
/// # Safety
/// `text` is NULL, or NUL-terminated and unchanged for `'a`.
#[inline]
pub(super) unsafe fn optional<'a>(
    field: &str,
    text: *const c_char,
) -> Result<Option<&'a str>, Failure> {
    if text.is_null() {
        return Ok(None);
    }
    // SAFETY: not NULL; the rest is the caller's promise.
    let text = unsafe { CStr::from_ptr(text) };
    match text.to_str() {
        Ok(text) => Ok(Some(text)),
        Err(_) => Err(Failure::new(oss_code::OSS_E_INVALID_UTF8, field, "is not UTF-8")),
    }
}

/// A required text.
///
/// # Safety
/// As [`optional`].
#[inline]
pub(super) unsafe fn required<'a>(field: &str, text: *const c_char) -> Result<&'a str, Failure> {
    // SAFETY: the caller's promise.
    unsafe { optional(field, text) }?
        .ok_or_else(|| Failure::new(oss_code::OSS_E_NULL_ARGUMENT, field, "is NULL"))
}

/// A list of pairs.
///
/// # Safety
/// `pairs` is NULL, or points to `len` pairs whose texts are as [`optional`] wants them.
pub(super) unsafe fn pairs<'a>(
    field: &'static str,
    pairs: *const oss_pair,
    len: usize,
) -> Result<Vec<(&'a str, &'a str)>, Failure> {
    let pairs = match len {
        0 => &[],
        _ if pairs.is_null() => {
            return Err(Failure::new(oss_code::OSS_E_NULL_ARGUMENT, field, "is NULL"));
        }
        // SAFETY: not NULL, and `len` pairs by the caller's promise; alignment is C's own.
        1..=MAX_PAIRS if pairs.is_aligned() => unsafe { slice::from_raw_parts(pairs, len) },
        _ => {
            let rule = format_args!("must be an array of at most {MAX_PAIRS} pairs");
            return Err(Failure::new(oss_code::OSS_E_INVALID_ARGUMENT, field, rule));
        }
    };
    let pair = |(index, pair): (usize, &oss_pair)| {
        if pair.name.is_null() || pair.value.is_null() {
            let rule = format_args!("pair {index} has a NULL name or value");
            return Err(Failure::new(oss_code::OSS_E_NULL_ARGUMENT, field, rule));
        }
        // SAFETY: the texts of a pair keep the same promise.
        unsafe { Ok((required(field, pair.name)?, required(field, pair.value)?)) }
    };
    pairs.iter().enumerate().map(pair).collect()
}

/// Checks that no bit is set but those of `known`.
pub(super) fn flags(flags: u32, known: u32) -> Result<u32, Failure> {
    match flags & !known {
        0 => Ok(flags),
        unknown => Err(Failure::new(
            oss_code::OSS_E_INVALID_ARGUMENT,
            "flags",
            format_args!("has unknown bits: {unknown:#x}"),
        )),
    }
}
