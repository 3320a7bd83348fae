//! Alibaba Cloud OSS: V4 presigned URLs for GetObject, and downloads by presigned URL.

mod clock;
mod crc64;
mod download;
mod encoding;
mod error;
mod ffi;
// For cargo-fuzz, which sets this, and for the replay of its corpora.
#[cfg(any(fuzzing, test))]
#[doc(hidden)]
pub mod fuzzing;
mod http;
mod presign;
mod random;
mod secret;
mod stop;
mod url;

pub use download::{
    DownloadRequest, Downloaded, Handler, Link, Progress, Target, Verified, download,
};
pub use error::{Error, ErrorKind, Phase, ServiceError};
pub use ffi::ABI_VERSION;
pub use http::Client;
pub use presign::{
    Addressing, Credentials, EndpointKind, PresignRequest, PresignedUrl, Scheme, presign_get,
};
pub use secret::Secret;
pub use stop::CancelToken;
pub use url::{Problem, Severity, UrlInfo, UrlStyle, inspect};
