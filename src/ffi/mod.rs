//! The C ABI, and all unsafe code of the crate.
//!
//! Each function parses its arguments, calls one function of the core and wraps the result; no
//! decision is made here. `include/oss_presign.h` is generated from this module: its comments are
//! the C user's manual. CONTRIBUTING.md states the conventions.

#![allow(unsafe_code, reason = "the C ABI; each block says why it is sound")]
#![allow(
    rustdoc::bare_urls,
    rustdoc::broken_intra_doc_links,
    reason = "the comments are C's, made for the header"
)]
#![allow(non_camel_case_types, reason = "C names, so that header and source read the same")]

#[cfg(feature = "download")]
mod cancel;
#[cfg(feature = "download")]
mod client;
mod code;
#[cfg(feature = "download")]
mod download;
mod downloaded;
mod guard;
mod input;
#[cfg(feature = "download")]
mod inspect;
mod inspected;
mod options;
mod presign;
mod presigned;
mod result;
mod text;
mod version;

pub use version::ABI_VERSION;
