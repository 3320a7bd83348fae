//! Options structs that grow without breaking the ABI.
//!
//! Each starts with its size as the caller compiled it. What a shorter, older one lacks is zero:
//! the default. What a longer, newer one has beyond ours must be zero: not used.

use super::code::{Failure, oss_code};
use std::mem::{MaybeUninit, align_of, size_of};
use std::ptr;

/// More than any version of a struct will have. A larger size is junk, and is not read.
const MAX_SIZE: usize = 4096;

/// A struct of the C ABI that starts with its own size.
///
/// # Safety
/// `repr(C)`, the first field a `usize`, and all bytes zero is a valid value.
pub(super) unsafe trait Options: Copy {}

/// A struct with every field zero.
pub(super) fn zeroed<T: Options>() -> T {
    // SAFETY: a valid value, by the contract of `Options`.
    unsafe { MaybeUninit::zeroed().assume_init() }
}

/// Copies the caller's struct into one of ours that is zeroed. In place: by value it would be moved
/// about, and it is large.
///
/// # Safety
/// `from` is NULL, or points to as many readable bytes as its first field says.
#[inline]
pub(super) unsafe fn read<T: Options>(from: *const T, into: &mut T) -> Result<(), Failure> {
    let refuse = |rule: &str| Failure::new(oss_code::OSS_E_UNSUPPORTED_ABI, "struct_size", rule);
    if from.is_null() {
        return Err(Failure::new(oss_code::OSS_E_NULL_ARGUMENT, "options", "is NULL"));
    }
    // SAFETY: not NULL, so at least the size is readable. C does not promise its alignment to us.
    let size = unsafe { from.cast::<usize>().read_unaligned() };
    if size < size_of::<usize>() || size % align_of::<T>() != 0 || size > MAX_SIZE {
        return Err(refuse("is not the size of the options; set them up with OSS_OPTIONS_INIT"));
    }
    let known = size.min(size_of::<T>());
    let into: *mut T = into;
    // SAFETY: `known` bytes are readable, by the contract of the size, and fit the struct, of which
    // they replace the first ones: what C wrote into its fields is valid for ours.
    unsafe { ptr::copy_nonoverlapping(from.cast::<u8>(), into.cast::<u8>(), known) };
    for offset in known..size {
        // SAFETY: `offset` lies within the size the caller stated.
        if unsafe { from.cast::<u8>().add(offset).read() } != 0 {
            return Err(refuse(
                "is that of a newer header, and a field unknown to this library is set",
            ));
        }
    }
    Ok(())
}
