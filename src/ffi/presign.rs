//! Presigning.

use super::code::{Failure, oss_code};
use super::input::{flags, optional, oss_pair, pairs, required};
use super::presigned::Presigned;
use super::result::{Outcome, oss_result};
use super::{guard, options};
use crate::presign::{Addressing, Credentials, EndpointKind, PresignRequest, Scheme, presign_get};
use std::ffi::c_char;

/// How a URL names the bucket: oss_presign_options.addressing.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub enum oss_addressing {
    /// https://BUCKET.endpoint/key, the default. With an IP address as endpoint: path style.
    OSS_ADDRESSING_VIRTUAL_HOSTED = 0,
    /// https://endpoint/BUCKET/key
    OSS_ADDRESSING_PATH = 1,
    /// https://endpoint/key: endpoint is a custom domain (CNAME) bound to the bucket. With an IP
    /// address as endpoint: path style. Without an endpoint the URL names the region's host and no
    /// bucket, as the official SDKs have it, and works nowhere.
    OSS_ADDRESSING_CUSTOM_DOMAIN = 2,
}

/// Which of the region's endpoints to use: oss_presign_options.endpoint_kind.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub enum oss_endpoint_kind {
    /// oss-REGION.aliyuncs.com, the default.
    OSS_ENDPOINT_PUBLIC = 0,
    /// oss-REGION-internal.aliyuncs.com, reachable from Alibaba Cloud's own network in the region.
    OSS_ENDPOINT_INTERNAL = 1,
    /// REGION.oss.aliyuncs.com, IPv4 and IPv6.
    OSS_ENDPOINT_DUAL_STACK = 2,
    /// oss-accelerate.aliyuncs.com
    OSS_ENDPOINT_ACCELERATE = 3,
    /// oss-accelerate-overseas.aliyuncs.com
    OSS_ENDPOINT_ACCELERATE_OVERSEAS = 4,
}

/// oss_presign_options.flags: sign an http:// URL where the endpoint states no scheme.
pub const OSS_PRESIGN_HTTP: u32 = 1;

/// What to presign. Set it up with OSS_OPTIONS_INIT, then fill in region, bucket and key; every
/// other field may stay zero. All texts are NUL-terminated UTF-8, borrowed for the call; "optional"
/// texts may be NULL. A text field that is "" is sent empty unless stated otherwise.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct oss_presign_options {
    /// sizeof(oss_presign_options); OSS_OPTIONS_INIT sets it.
    pub struct_size: usize,
    /// Required, [a-z0-9-]+, for instance "cn-hangzhou"; also with an explicit endpoint, because it
    /// is part of what is signed.
    pub region: *const c_char,
    /// Required: 3 to 63 bytes of a-z 0-9 -, with no - at either end.
    pub bucket: *const c_char,
    /// Required: 1 to 1023 bytes, not starting with a slash or backslash. Signed as it is, never
    /// normalised.
    pub key: *const c_char,
    /// Optional: the host to use instead of the region's, "host", "host:port" or
    /// "http(s)://host[:port]". Not "".
    pub endpoint: *const c_char,
    /// Who signs. When id, secret and token are all NULL, they are read from the environment at
    /// each call: OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET, OSS_SESSION_TOKEN. A message about these
    /// names the variable.
    pub access_key_id: *const c_char,
    /// Required with access_key_id.
    pub access_key_secret: *const c_char,
    /// Optional: the security token of a temporary (STS) access key. "" means none.
    pub security_token: *const c_char,
    /// Optional: the version of the object.
    pub version_id: *const c_char,
    /// Optional: image or other processing, x-oss-process.
    pub process: *const c_char,
    /// Optional: Cache-Control of the answer.
    pub response_cache_control: *const c_char,
    /// Optional: Content-Disposition of the answer; "attachment" makes a browser download.
    pub response_content_disposition: *const c_char,
    /// Optional: Content-Encoding of the answer.
    pub response_content_encoding: *const c_char,
    /// Optional: Content-Language of the answer.
    pub response_content_language: *const c_char,
    /// Optional: Content-Type of the answer.
    pub response_content_type: *const c_char,
    /// Optional: Expires of the answer.
    pub response_expires: *const c_char,
    /// Optional, a signed header: x-oss-range-behavior, "standard". "" means none.
    pub range_behavior: *const c_char,
    /// Optional, a signed header: x-oss-request-payer, "requester". "" means none.
    pub request_payer: *const c_char,
    /// Optional: the cloud box the bucket lives in. Not "".
    pub cloud_box_id: *const c_char,
    /// Further query parameters; all are signed. NULL when query_len is 0.
    pub query: *const oss_pair,
    /// Number of query parameters, at most 1024.
    pub query_len: usize,
    /// Further headers: what is given is signed, and the downloader must send it too. Names are HTTP
    /// tokens, values have no control bytes but TAB. NULL when headers_len is 0.
    pub headers: *const oss_pair,
    /// Number of headers, at most 1024.
    pub headers_len: usize,
    /// Validity in seconds, 1 to 604800 (7 days). 0: 900 (15 minutes).
    pub expires_in: i64,
    /// When the URL expires, in Unix seconds, at most 7 days ahead. 0: not given (the start of 1970
    /// cannot be given). Wins over expires_in.
    pub expires_at: i64,
    /// When the URL is signed, in Unix seconds. 0: now, by the system clock (the start of 1970 cannot
    /// be given).
    pub signing_time: i64,
    /// x-oss-traffic-limit, a signed header, in bit/s: 245760 to 838860800. 0: none.
    pub traffic_limit: i64,
    /// One of oss_addressing.
    pub addressing: u32,
    /// One of oss_endpoint_kind. An endpoint that is given wins.
    pub endpoint_kind: u32,
    /// OSS_PRESIGN_* bits.
    pub flags: u32,
    /// Must be 0.
    pub reserved: u32,
}

// SAFETY: repr(C), starts with a usize; pointers, integers and counts may all be zero.
unsafe impl options::Options for oss_presign_options {}

/// Presigns a GetObject request: OSS signature version 4.
///
/// On success the result has method, URL, expiration and signed headers, and for comparing the
/// canonical request and the string to sign. On failure: OSS_E_NULL_ARGUMENT,
/// OSS_E_INVALID_ARGUMENT, OSS_E_INVALID_UTF8 or OSS_E_UNSUPPORTED_ABI, with a message that names
/// the field and the rule. No network, no file. Never NULL; free it with oss_result_free. Any
/// thread.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_presign_get(options: *const oss_presign_options) -> *mut oss_result {
    guard::operation(|| {
        let from = options;
        let mut options = options::zeroed();
        // SAFETY: this function's own contract.
        unsafe { options::read(from, &mut options) }?;
        // SAFETY: as above; the borrowed texts live until this call returns.
        let request = unsafe { request(&options) }?;
        Ok(Outcome::Presigned(Presigned::new(presign_get(&request)?)))
    })
}

/// # Safety
/// As [`oss_presign_get`]; the request borrows what the options point to.
unsafe fn request<'a>(from: &oss_presign_options) -> Result<PresignRequest<'a>, Failure> {
    // SAFETY: the caller's promise, field by field.
    unsafe {
        let region = required("region", from.region)?;
        let bucket = required("bucket", from.bucket)?;
        let key = required("key", from.key)?;
        let mut request = PresignRequest::new(region, bucket, key);
        request.credentials = credentials(from)?;
        request.endpoint = optional("endpoint", from.endpoint)?;
        request.version_id = optional("version_id", from.version_id)?;
        request.process = optional("process", from.process)?;
        request.response_cache_control =
            optional("response_cache_control", from.response_cache_control)?;
        request.response_content_disposition =
            optional("response_content_disposition", from.response_content_disposition)?;
        request.response_content_encoding =
            optional("response_content_encoding", from.response_content_encoding)?;
        request.response_content_language =
            optional("response_content_language", from.response_content_language)?;
        request.response_content_type =
            optional("response_content_type", from.response_content_type)?;
        request.response_expires = optional("response_expires", from.response_expires)?;
        request.range_behavior = optional("range_behavior", from.range_behavior)?;
        request.request_payer = optional("request_payer", from.request_payer)?;
        request.cloud_box_id = optional("cloud_box_id", from.cloud_box_id)?;
        request.query = pairs("query", from.query, from.query_len)?;
        request.headers = pairs("headers", from.headers, from.headers_len)?;
        request.expires_in = non_zero(from.expires_in);
        request.expires_at = non_zero(from.expires_at);
        request.signing_time = non_zero(from.signing_time);
        request.traffic_limit = non_zero(from.traffic_limit);
        request.addressing = addressing(from.addressing)?;
        request.endpoint_kind = endpoint_kind(from.endpoint_kind)?;
        if flags(from.flags, OSS_PRESIGN_HTTP)? & OSS_PRESIGN_HTTP != 0 {
            request.scheme = Scheme::Http;
        }
        if from.reserved != 0 {
            return Err(invalid("reserved", "must be 0"));
        }
        Ok(request)
    }
}

/// # Safety
/// As [`request`].
unsafe fn credentials<'a>(from: &oss_presign_options) -> Result<Option<Credentials<'a>>, Failure> {
    if from.access_key_id.is_null()
        && from.access_key_secret.is_null()
        && from.security_token.is_null()
    {
        return Ok(None);
    }
    // SAFETY: the caller's promise.
    unsafe {
        let id = required("access_key_id", from.access_key_id)?;
        let secret = required("access_key_secret", from.access_key_secret)?;
        let token = optional("security_token", from.security_token)?;
        Ok(Some(Credentials::new(id, secret).security_token(token.unwrap_or_default())))
    }
}

/// Zero is "not given".
fn non_zero(number: i64) -> Option<i64> {
    (number != 0).then_some(number)
}

fn addressing(number: u32) -> Result<Addressing, Failure> {
    match number {
        n if n == oss_addressing::OSS_ADDRESSING_VIRTUAL_HOSTED as u32 => {
            Ok(Addressing::VirtualHosted)
        }
        n if n == oss_addressing::OSS_ADDRESSING_PATH as u32 => Ok(Addressing::Path),
        n if n == oss_addressing::OSS_ADDRESSING_CUSTOM_DOMAIN as u32 => {
            Ok(Addressing::CustomDomain)
        }
        _ => Err(invalid("addressing", "is none of oss_addressing")),
    }
}

fn endpoint_kind(number: u32) -> Result<EndpointKind, Failure> {
    use oss_endpoint_kind::*;
    match number {
        n if n == OSS_ENDPOINT_PUBLIC as u32 => Ok(EndpointKind::Public),
        n if n == OSS_ENDPOINT_INTERNAL as u32 => Ok(EndpointKind::Internal),
        n if n == OSS_ENDPOINT_DUAL_STACK as u32 => Ok(EndpointKind::DualStack),
        n if n == OSS_ENDPOINT_ACCELERATE as u32 => Ok(EndpointKind::Accelerate),
        n if n == OSS_ENDPOINT_ACCELERATE_OVERSEAS as u32 => Ok(EndpointKind::AccelerateOverseas),
        _ => Err(invalid("endpoint_kind", "is none of oss_endpoint_kind")),
    }
}

fn invalid(field: &str, rule: &str) -> Failure {
    Failure::new(oss_code::OSS_E_INVALID_ARGUMENT, field, rule)
}
