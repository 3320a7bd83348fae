//! Which parameters belong to which kind of signature.

use super::query::{Query, equals};

/// How a URL is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UrlStyle {
    /// OSS V4: `x-oss-signature-version=OSS4-HMAC-SHA256` and its company, complete or not.
    V4,
    /// OSS V1: `OSSAccessKeyId`, `Expires`, `Signature`.
    V1,
    /// S3's V4: `X-Amz-Signature` and its company, complete or not. OSS understands it too.
    AmzV4,
    /// Anything else, not signed at all included. It can be downloaded like any other; only, nothing
    /// is known of its expiry. OSS V2 (`OSS2`) is among these.
    Unknown,
}

pub(super) const VERSION: &str = "x-oss-signature-version";
/// As the EC pages of OSS misspell it.
pub(super) const MISSPELT_VERSION: &str = "x-oss-signature-verion";
pub(super) const V4_ALGORITHM: &str = "OSS4-HMAC-SHA256";
pub(super) const ADDITIONAL_HEADERS: &str = "x-oss-additional-headers";
pub(super) const AMZ_SIGNED_HEADERS: &str = "X-Amz-SignedHeaders";

/// The parameters of a signature, by what they are for.
pub(super) struct Names {
    pub(super) credential: &'static str,
    /// When it was signed; V1 does not say.
    pub(super) date: Option<&'static str>,
    pub(super) expires: &'static str,
    pub(super) signature: &'static str,
    /// What no URL of the style can lack.
    pub(super) required: &'static [&'static str],
    pub(super) optional: &'static [&'static str],
}

const V4: Names = Names {
    credential: "x-oss-credential",
    date: Some("x-oss-date"),
    expires: "x-oss-expires",
    signature: "x-oss-signature",
    required: &["x-oss-credential", "x-oss-date", "x-oss-expires", "x-oss-signature", VERSION],
    optional: &[ADDITIONAL_HEADERS, "x-oss-security-token"],
};

const V1: Names = Names {
    credential: "OSSAccessKeyId",
    date: None,
    expires: "Expires",
    signature: "Signature",
    required: &["OSSAccessKeyId", "Expires", "Signature"],
    optional: &["security-token"],
};

const AMZ: Names = Names {
    credential: "X-Amz-Credential",
    date: Some("X-Amz-Date"),
    expires: "X-Amz-Expires",
    signature: "X-Amz-Signature",
    required: &[
        "X-Amz-Algorithm",
        "X-Amz-Credential",
        "X-Amz-Date",
        "X-Amz-Expires",
        AMZ_SIGNED_HEADERS,
        "X-Amz-Signature",
    ],
    optional: &["X-Amz-Security-Token"],
};

impl UrlStyle {
    pub(super) fn of(query: Query<'_>) -> Self {
        // A cut URL has lost some of them, so any one tells the style.
        if query.has_any(V4.required) || query.has_any(&[MISSPELT_VERSION, ADDITIONAL_HEADERS]) {
            let v2 = query.get(VERSION).is_some_and(|version| equals(version, "OSS2"));
            return if v2 { UrlStyle::Unknown } else { UrlStyle::V4 };
        }
        // `Expires` and `Signature` alone are also those of S3's V2 and of several CDNs.
        if query.has(V1.credential) {
            UrlStyle::V1
        } else if query.has_any(AMZ.required) {
            UrlStyle::AmzV4
        } else {
            UrlStyle::Unknown
        }
    }

    pub(super) fn names(self) -> Option<&'static Names> {
        match self {
            UrlStyle::V4 => Some(&V4),
            UrlStyle::V1 => Some(&V1),
            UrlStyle::AmzV4 => Some(&AMZ),
            UrlStyle::Unknown => None,
        }
    }
}
