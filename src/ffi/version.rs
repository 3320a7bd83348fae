//! Which library this is.

use std::ffi::c_char;

/// Grows by one when a program compiled against an older header could break; also the SONAME's
/// suffix.
pub const ABI_VERSION: u32 = include!("../abi_version.rs");

/// The version of the library, "major.minor.patch". Static text. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn oss_presign_version() -> *const c_char {
    const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    VERSION.as_ptr().cast()
}

/// The ABI version of the library: compare with OSS_PRESIGN_ABI_VERSION of the header a program was
/// compiled with. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn oss_presign_abi_version() -> u32 {
    ABI_VERSION
}
