//! Alibaba Cloud OSS: V4 presigned URLs for GetObject, and downloads by presigned URL.
//!
//! Downloads are the feature `download`, on by default; without it no network stack is built.

#![cfg_attr(not(feature = "download"), allow(dead_code, reason = "what only downloads use"))]

mod clock;
#[cfg(feature = "download")]
mod crc64;
#[cfg(feature = "download")]
mod download;
mod encoding;
mod error;
mod ffi;
// For cargo-fuzz, which sets this, and for the replay of its corpora.
#[cfg(all(feature = "download", any(fuzzing, test)))]
#[doc(hidden)]
pub mod fuzzing;
#[cfg(feature = "download")]
mod http;
mod presign;
#[cfg(feature = "download")]
mod random;
mod secret;
#[cfg(feature = "download")]
mod stop;
mod url;

#[cfg(feature = "download")]
pub use download::{
    DownloadRequest, Downloaded, Handler, Link, Progress, Target, Verified, download,
};
pub use error::{Error, ErrorKind, Phase, ServiceError};
pub use ffi::ABI_VERSION;
#[cfg(feature = "download")]
pub use http::Client;
pub use presign::{
    Addressing, Credentials, EndpointKind, PresignRequest, PresignedUrl, Scheme, presign_get,
};
pub use secret::Secret;
#[cfg(feature = "download")]
pub use stop::CancelToken;
pub use url::{Problem, Severity, UrlInfo, UrlStyle, inspect};
