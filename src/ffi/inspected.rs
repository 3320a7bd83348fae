//! What an inspection result gives.

use super::downloaded::Fetched;
use super::result::{oss_result, read, read_text};
use super::text::Text;
use crate::url::{Problem, Severity, UrlInfo, UrlStyle};
use std::ffi::c_char;

/// How a URL is signed. Numbers are permanent; new ones may appear.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum oss_url_style {
    /// None of the others, not signed at all included; nothing is known of its expiry. Also the
    /// answer for a result that is not that of an inspection.
    OSS_URL_UNKNOWN = 0,
    /// OSS signature version 4.
    OSS_URL_V4 = 1,
    /// OSS signature version 1.
    OSS_URL_V1 = 2,
    /// S3's signature version 4, which OSS understands too.
    OSS_URL_AMZ_V4 = 3,
}

/// oss_result_url_flags: TLS is used.
pub const OSS_URL_HTTPS: u32 = 1;
/// oss_result_url_flags: the object may be fetched in parts; not if Range or If-Match is signed, or
/// the object is processed on its way.
pub const OSS_URL_MAY_SPLIT: u32 = 2;
/// oss_result_url_flags: Range is signed; exactly the signed range can be asked for.
pub const OSS_URL_SIGNS_RANGE: u32 = 4;
/// oss_result_url_flags: If-Match is signed; exactly the signed value can be sent.
pub const OSS_URL_SIGNS_IF_MATCH: u32 = 8;
/// oss_result_url_flags: Host is signed by name; at another host name the URL fails.
pub const OSS_URL_SIGNS_HOST: u32 = 16;
/// oss_result_url_flags: the object is processed on its way (x-oss-process).
pub const OSS_URL_PROCESSES: u32 = 32;

/// Something wrong with a URL. Numbers are permanent; new ones may appear.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum oss_problem {
    /// No problem of that number.
    OSS_PROBLEM_NONE = 0,
    /// "&amp;" stands where "&" should: copied from HTML source.
    OSS_PROBLEM_HTML_ESCAPED = 1,
    /// "x-oss-signature-verion", as OSS's error pages misspell it.
    OSS_PROBLEM_MISSPELT_VERSION = 2,
    /// x-oss-signature-version is not OSS4-HMAC-SHA256.
    OSS_PROBLEM_SIGNATURE_VERSION = 3,
    /// A parameter that a URL of this style needs is not there.
    OSS_PROBLEM_MISSING_PARAMETER = 4,
    /// A parameter of the signature is there more than once.
    OSS_PROBLEM_REPEATED_PARAMETER = 5,
    /// The signature is not 64 lower-case hex digits.
    OSS_PROBLEM_SIGNATURE_FORM = 6,
    /// x-oss-credential is not ID/YYYYMMDD/REGION/PRODUCT/aliyun_v4_request.
    OSS_PROBLEM_CREDENTIAL_FORM = 7,
    /// The day in x-oss-credential is not that of x-oss-date.
    OSS_PROBLEM_CREDENTIAL_DAY = 8,
    /// The signing time is not YYYYMMDDThhmmssZ, or no such time.
    OSS_PROBLEM_DATE_FORM = 9,
    /// The expiry is no number.
    OSS_PROBLEM_EXPIRES_NOT_A_NUMBER = 10,
    /// x-oss-expires is not 1 to 604800.
    OSS_PROBLEM_EXPIRES_OUT_OF_RANGE = 11,
    /// x-oss-expires is an instant, and should be a duration.
    OSS_PROBLEM_EXPIRES_IS_TIMESTAMP = 12,
    /// x-oss-additional-headers is not a sorted list of lower-case header names with ";" between
    /// them.
    OSS_PROBLEM_ADDITIONAL_HEADERS = 13,
    /// The URL has expired.
    OSS_PROBLEM_EXPIRED = 14,
    /// The URL was signed more than 15 minutes in the future.
    OSS_PROBLEM_NOT_YET_VALID = 15,
    /// The host is one of OSS's internal endpoints.
    OSS_PROBLEM_INTERNAL_ENDPOINT = 16,
    /// Plain http.
    OSS_PROBLEM_PLAIN_HTTP = 17,
}

pub(super) struct Inspected {
    style: oss_url_style,
    flags: u32,
    signed_at: i64,
    expires_at: i64,
    headers: Vec<Text>,
    version_id: Text,
    redacted: Text,
    problems: Vec<(oss_problem, Severity, Text)>,
}

impl Inspected {
    pub(super) fn new(info: &UrlInfo<'_>, now: i64) -> Self {
        let problem =
            |problem: Problem| (problem.into(), problem.severity(), Text::new(problem.to_string()));
        Self {
            style: info.style().into(),
            flags: flags(info),
            signed_at: info.signed_at().unwrap_or_default(),
            expires_at: info.expires_at().unwrap_or_default(),
            headers: info.demanded_headers().map(|name| Text::new(name.into_owned())).collect(),
            version_id: Text::new(info.version_id().unwrap_or_default().into_owned()),
            redacted: Text::new(info.redacted()),
            problems: info.problems(now).into_iter().map(problem).collect(),
        }
    }

    pub(super) fn expires_at(&self) -> i64 {
        self.expires_at
    }

    /// The names of the headers that the URL demands.
    pub(super) fn headers(&self) -> &[Text] {
        &self.headers
    }
}

fn flags(info: &UrlInfo<'_>) -> u32 {
    [
        (info.is_https(), OSS_URL_HTTPS),
        (info.may_split(), OSS_URL_MAY_SPLIT),
        (info.signs_range(), OSS_URL_SIGNS_RANGE),
        (info.signs_if_match(), OSS_URL_SIGNS_IF_MATCH),
        (info.signs_host(), OSS_URL_SIGNS_HOST),
        (info.has_process(), OSS_URL_PROCESSES),
    ]
    .into_iter()
    .fold(0, |flags, (is_so, flag)| if is_so { flags | flag } else { flags })
}

impl From<UrlStyle> for oss_url_style {
    fn from(style: UrlStyle) -> Self {
        match style {
            UrlStyle::V4 => Self::OSS_URL_V4,
            UrlStyle::V1 => Self::OSS_URL_V1,
            UrlStyle::AmzV4 => Self::OSS_URL_AMZ_V4,
            UrlStyle::Unknown => Self::OSS_URL_UNKNOWN,
        }
    }
}

impl From<Problem> for oss_problem {
    fn from(problem: Problem) -> Self {
        match problem {
            Problem::HtmlEscaped => Self::OSS_PROBLEM_HTML_ESCAPED,
            Problem::MisspeltVersion => Self::OSS_PROBLEM_MISSPELT_VERSION,
            Problem::SignatureVersion => Self::OSS_PROBLEM_SIGNATURE_VERSION,
            Problem::MissingParameter(_) => Self::OSS_PROBLEM_MISSING_PARAMETER,
            Problem::RepeatedParameter(_) => Self::OSS_PROBLEM_REPEATED_PARAMETER,
            Problem::SignatureForm(_) => Self::OSS_PROBLEM_SIGNATURE_FORM,
            Problem::CredentialForm => Self::OSS_PROBLEM_CREDENTIAL_FORM,
            Problem::CredentialDay => Self::OSS_PROBLEM_CREDENTIAL_DAY,
            Problem::DateForm(_) => Self::OSS_PROBLEM_DATE_FORM,
            Problem::ExpiresNotANumber(_) => Self::OSS_PROBLEM_EXPIRES_NOT_A_NUMBER,
            Problem::ExpiresOutOfRange => Self::OSS_PROBLEM_EXPIRES_OUT_OF_RANGE,
            Problem::ExpiresIsTimestamp => Self::OSS_PROBLEM_EXPIRES_IS_TIMESTAMP,
            Problem::AdditionalHeaders => Self::OSS_PROBLEM_ADDITIONAL_HEADERS,
            Problem::Expired { .. } => Self::OSS_PROBLEM_EXPIRED,
            Problem::NotYetValid { .. } => Self::OSS_PROBLEM_NOT_YET_VALID,
            Problem::InternalEndpoint => Self::OSS_PROBLEM_INTERNAL_ENDPOINT,
            Problem::PlainHttp => Self::OSS_PROBLEM_PLAIN_HTTP,
        }
    }
}

/// Inspection: how the URL is signed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_url_style(result: *const oss_result) -> oss_url_style {
    // SAFETY: this function's contract.
    unsafe {
        read(result, oss_url_style::OSS_URL_UNKNOWN, |result| Some(result.inspected()?.style))
    }
}

/// Inspection: OSS_URL_* bits; 0 otherwise. Bits may be added.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_url_flags(result: *const oss_result) -> u32 {
    // SAFETY: this function's contract.
    unsafe { read(result, 0, |result| Some(result.inspected()?.flags)) }
}

/// Inspection: when the URL was signed, in Unix seconds; 0 when it does not say, and otherwise.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_signed_at(result: *const oss_result) -> i64 {
    // SAFETY: this function's contract.
    unsafe { read(result, 0, |result| Some(result.inspected()?.signed_at)) }
}

/// Inspection: the version of the object that the URL asks for. Download: the version that came, where
/// the bucket keeps versions. "" when there is none. Never NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_version_id(result: *const oss_result) -> *const c_char {
    // SAFETY: this function's contract.
    unsafe {
        read_text(result, |result| {
            let inspected = result.inspected().map(|inspected| &inspected.version_id);
            inspected.or(result.fetched().map(Fetched::version_id))
        })
    }
}

/// Inspection: the URL without its secrets, for logs; "" otherwise. Never NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_redacted_url(result: *const oss_result) -> *const c_char {
    // SAFETY: this function's contract.
    unsafe { read_text(result, |result| Some(&result.inspected()?.redacted)) }
}

/// Inspection: how many things are wrong with the URL; causes come before what they cause. None does
/// not mean that it works: only the service knows the secret.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_problem_count(result: *const oss_result) -> usize {
    // SAFETY: this function's contract.
    unsafe { read(result, 0, |result| Some(result.inspected()?.problems.len())) }
}

/// Inspection: problem number index; OSS_PROBLEM_NONE past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_problem(
    result: *const oss_result,
    index: usize,
) -> oss_problem {
    // SAFETY: this function's contract.
    unsafe {
        read(result, oss_problem::OSS_PROBLEM_NONE, |result| {
            Some(result.inspected()?.problems.get(index)?.0)
        })
    }
}

/// Inspection: whether the service will refuse the URL for problem number index; false for a warning,
/// and past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_problem_is_error(
    result: *const oss_result,
    index: usize,
) -> bool {
    // SAFETY: this function's contract.
    unsafe {
        read(result, false, |result| {
            Some(result.inspected()?.problems.get(index)?.1 == Severity::Error)
        })
    }
}

/// Inspection: problem number index, a sentence or two for a person who wants to fix it; "" past the
/// end. Never NULL. No text of the URL is in it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_result_problem_message(
    result: *const oss_result,
    index: usize,
) -> *const c_char {
    // SAFETY: this function's contract.
    unsafe { read_text(result, |result| Some(&result.inspected()?.problems.get(index)?.2)) }
}
