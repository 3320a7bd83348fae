//! Text that goes out: UTF-8 that ends with a NUL.

use std::ffi::c_char;

/// A text with its NUL. An empty one costs no allocation.
pub(super) struct Text(String);

impl Text {
    /// Takes over the text and ends it. Should it hold a NUL, C sees it end there.
    pub(super) fn new(mut text: String) -> Self {
        if !text.is_empty() {
            text.push('\0');
        }
        Self(text)
    }

    /// Valid as long as `self`.
    pub(super) fn as_ptr(&self) -> *const c_char {
        if self.0.is_empty() { c"".as_ptr() } else { self.0.as_ptr().cast() }
    }
}
