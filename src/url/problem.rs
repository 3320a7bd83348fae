//! What can be wrong with a URL, in words.

use std::fmt;

/// Whether a URL with a problem can work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// It may work; or it does, at a risk.
    Warning,
    /// The service refuses it.
    Error,
}

/// Something wrong with a URL: found by [`UrlInfo::problems`](super::UrlInfo::problems).
///
/// `Display` is one sentence or two for a person who wants to fix it. No text of the URL is in it:
/// parameters are named as OSS documents them, never as the URL writes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Problem {
    /// `&amp;` stands where `&` should: copied from HTML source.
    HtmlEscaped,
    /// `x-oss-signature-verion`, as OSS's error pages misspell it.
    MisspeltVersion,
    /// `x-oss-signature-version` is not `OSS4-HMAC-SHA256`.
    SignatureVersion,
    /// A parameter that a URL of this style needs is not there.
    MissingParameter(&'static str),
    /// A parameter of the signature is there more than once.
    RepeatedParameter(&'static str),
    /// The signature, this parameter, is not 64 lower-case hex digits.
    SignatureForm(&'static str),
    /// `x-oss-credential` is not `ID/YYYYMMDD/REGION/PRODUCT/aliyun_v4_request`.
    CredentialForm,
    /// The day in `x-oss-credential` is not that of `x-oss-date`.
    CredentialDay,
    /// The signing time, this parameter, is not of the form `YYYYMMDDThhmmssZ`, or no such time.
    DateForm(&'static str),
    /// The expiry, this parameter, is no number.
    ExpiresNotANumber(&'static str),
    /// `x-oss-expires` is not 1 to 604800.
    ExpiresOutOfRange,
    /// `x-oss-expires` is an instant, and should be a duration.
    ExpiresIsTimestamp,
    /// `x-oss-additional-headers` is not a list of header names in lower case, sorted, with `;`
    /// between them.
    AdditionalHeaders,
    /// The URL has expired.
    Expired {
        /// How long ago, in seconds.
        seconds: i64,
    },
    /// The URL was signed more than 15 minutes in the future.
    NotYetValid {
        /// How far in the future, in seconds.
        seconds: i64,
    },
    /// The host is one of OSS's internal endpoints.
    InternalEndpoint,
    /// Plain http.
    PlainHttp,
}

impl Problem {
    /// Whether the URL can work all the same.
    pub fn severity(self) -> Severity {
        match self {
            Problem::RepeatedParameter(_) | Problem::InternalEndpoint | Problem::PlainHttp => {
                Severity::Warning
            }
            _ => Severity::Error,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match *self {
            Problem::HtmlEscaped => {
                "The URL was copied from HTML source: write & for each \"&amp;\" in it."
            }
            Problem::MisspeltVersion => {
                "The parameter \"x-oss-signature-verion\" is misspelt, as in some of OSS's pages: \
                 sign again with \"x-oss-signature-version\"."
            }
            Problem::SignatureVersion => {
                "x-oss-signature-version is not OSS4-HMAC-SHA256: it was cut off when copied, or the \
                 URL must be signed again."
            }
            Problem::MissingParameter(name) => {
                return write!(f, "The parameter {name} is missing: was the URL cut off when copied?");
            }
            Problem::RepeatedParameter(name) => {
                return write!(
                    f,
                    "The parameter {name} is there more than once, and the service may read either: \
                     ask for a new URL."
                );
            }
            Problem::SignatureForm(name) => {
                return write!(
                    f,
                    "The signature, {name}, is not 64 lower-case hex digits: was it cut off or \
                     altered when copied?"
                );
            }
            Problem::CredentialForm => {
                "x-oss-credential is cut off or malformed: it must be \
                 ID/YYYYMMDD/REGION/PRODUCT/aliyun_v4_request."
            }
            Problem::CredentialDay => {
                "The day in x-oss-credential is not that of x-oss-date: sign again with one time for \
                 both, in UTC."
            }
            Problem::DateForm(name) => {
                return write!(
                    f,
                    "The signing time, {name}, is malformed: it must be UTC as YYYYMMDDThhmmssZ."
                );
            }
            Problem::ExpiresNotANumber(name) => {
                return write!(
                    f,
                    "The expiry, {name}, is not a whole number of seconds: was it altered when \
                     copied?"
                );
            }
            Problem::ExpiresOutOfRange => {
                "x-oss-expires is not 1 to 604800 seconds: V4 allows at most 7 days, also where V1 \
                 allowed longer."
            }
            Problem::ExpiresIsTimestamp => {
                "x-oss-expires looks like a Unix timestamp: it must be the validity in seconds, 1 to \
                 604800, counted from x-oss-date."
            }
            Problem::AdditionalHeaders => {
                "x-oss-additional-headers is malformed: it must be header names in lower case, \
                 sorted, with \";\" between them."
            }
            Problem::Expired { seconds } => {
                return write!(f, "The URL expired {} ago: ask for a new one.", Span(seconds));
            }
            Problem::NotYetValid { seconds } => {
                return write!(
                    f,
                    "The URL was signed {} in the future: the clock here, or that of the signer, is \
                     wrong.",
                    Span(seconds)
                );
            }
            Problem::InternalEndpoint => {
                "The host is an internal endpoint, which only machines inside Alibaba Cloud in its \
                 region can reach: elsewhere, have the URL signed for the public endpoint."
            }
            Problem::PlainHttp => {
                "The URL is plain http: whoever listens can read the object and use the URL."
            }
        })
    }
}

/// Seconds in the greatest unit that fits, rounded down.
struct Span(i64);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, name) = match self.0 {
            86_400.. => (86_400, "day"),
            3600.. => (3600, "hour"),
            60.. => (60, "minute"),
            _ => (1, "second"),
        };
        let count = self.0 / unit;
        write!(f, "{count} {name}{}", if count == 1 { "" } else { "s" })
    }
}
