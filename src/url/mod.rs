//! What a presigned URL says of itself, whoever made it.
//!
//! Pure: no network, no clock, and nothing is rewritten, for a URL is sent byte for byte. Every rule
//! about form is OSS's ("V4 signatures in presigned URLs", and the EC pages 0002-00000076, -77 and
//! -201 to -236) or the download contract's ("Before a byte is sent", "Ranges and parts").
//!
//! ```text
//! authority.rs   host and port
//! query.rs       parameters, found by their decoded names
//! style.rs       which parameters belong to which kind of signature
//! value.rs       numbers, dates and the like
//! inspect.rs     UrlInfo: what the URL says
//! location.rs    where a redirect leads
//! problems.rs    what is wrong with it: the search
//! problem.rs     the same, in words
//! secrets.rs     taking what may be a secret out of a text
//! ```

mod authority;
mod inspect;
mod location;
mod problem;
mod problems;
mod query;
mod secrets;
mod style;
mod value;

#[cfg(feature = "download")]
pub(crate) use authority::split_authority;
pub use inspect::{UrlInfo, inspect};
pub use problem::{Problem, Severity};
#[cfg(feature = "download")]
pub(crate) use secrets::Secrets;
pub use style::UrlStyle;
