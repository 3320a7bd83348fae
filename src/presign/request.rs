//! What to presign: every input of the contract and the rules it must keep.

use super::canonical::{Header, Parameter, Value};
use super::credentials::Credentials;
use super::endpoint::{Address, Addressing, EndpointKind, Scheme};
use crate::encoding::is_token_byte;
use crate::error::Error;
use smallvec::SmallVec;

/// Validity when the caller gives none, in seconds.
const DEFAULT_VALIDITY: i64 = 900;
/// The longest validity V4 allows, in seconds: 7 days.
const MAX_VALIDITY: i64 = 604_800;
/// Traffic limits the service accepts, in bit/s.
const TRAFFIC_LIMIT: std::ops::RangeInclusive<i64> = 245_760..=838_860_800;
/// Query parameters that only the signer may set.
const SIGNER_PARAMETERS: [&str; 7] = [
    "x-oss-additional-headers",
    "x-oss-credential",
    "x-oss-date",
    "x-oss-expires",
    "x-oss-security-token",
    "x-oss-signature",
    "x-oss-signature-version",
];

/// Names and values.
type Pairs<'a> = Vec<(&'a str, &'a str)>;
/// The parameters of a URL, on the stack while they are few.
pub(super) type Parameters<'a> = SmallVec<[Parameter<'a>; 12]>;

/// A GetObject request to presign. Everything is borrowed; nothing is checked until
/// [`presign_get`](super::presign_get).
///
/// ```
/// use oss_presign::{Credentials, PresignRequest, presign_get};
///
/// let request = PresignRequest::new("cn-hangzhou", "examplebucket", "dir/object.txt")
///     .credentials(Credentials::new("id", "secret"))
///     .expires_in(600);
/// let presigned = presign_get(&request)?;
/// assert!(presigned.url.starts_with(
///     "https://examplebucket.oss-cn-hangzhou.aliyuncs.com/dir/object.txt?"
/// ));
/// # Ok::<(), oss_presign::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct PresignRequest<'a> {
    pub(crate) region: &'a str,
    pub(crate) bucket: &'a str,
    pub(crate) key: &'a str,
    pub(crate) credentials: Option<Credentials<'a>>,
    pub(crate) endpoint: Option<&'a str>,
    pub(crate) endpoint_kind: EndpointKind,
    pub(crate) scheme: Scheme,
    pub(crate) addressing: Addressing,
    pub(crate) expires_in: Option<i64>,
    pub(crate) expires_at: Option<i64>,
    pub(crate) signing_time: Option<i64>,
    pub(crate) version_id: Option<&'a str>,
    pub(crate) process: Option<&'a str>,
    pub(crate) response_cache_control: Option<&'a str>,
    pub(crate) response_content_disposition: Option<&'a str>,
    pub(crate) response_content_encoding: Option<&'a str>,
    pub(crate) response_content_language: Option<&'a str>,
    pub(crate) response_content_type: Option<&'a str>,
    pub(crate) response_expires: Option<&'a str>,
    pub(crate) range_behavior: Option<&'a str>,
    pub(crate) request_payer: Option<&'a str>,
    pub(crate) traffic_limit: Option<i64>,
    pub(crate) cloud_box_id: Option<&'a str>,
    pub(crate) query: Pairs<'a>,
    pub(crate) headers: Pairs<'a>,
}

impl<'a> PresignRequest<'a> {
    /// Starts a request.
    ///
    /// - `region`: `[a-z0-9-]+`, for instance `cn-hangzhou`; needed even with an explicit endpoint,
    ///   since it is part of what is signed.
    /// - `bucket`: 3 to 63 bytes of `a-z 0-9 -`, with no `-` at either end.
    /// - `key`: 1 to 1023 bytes, not starting with `/` or `\`. Signed as it is, never normalised.
    pub fn new(region: &'a str, bucket: &'a str, key: &'a str) -> Self {
        Self {
            region,
            bucket,
            key,
            credentials: None,
            endpoint: None,
            endpoint_kind: EndpointKind::default(),
            scheme: Scheme::default(),
            addressing: Addressing::default(),
            expires_in: None,
            expires_at: None,
            signing_time: None,
            version_id: None,
            process: None,
            response_cache_control: None,
            response_content_disposition: None,
            response_content_encoding: None,
            response_content_language: None,
            response_content_type: None,
            response_expires: None,
            range_behavior: None,
            request_payer: None,
            traffic_limit: None,
            cloud_box_id: None,
            query: Pairs::new(),
            headers: Pairs::new(),
        }
    }

    /// Who signs. Without it: [`Credentials::from_env`], read when the URL is made.
    pub fn credentials(mut self, credentials: Credentials<'a>) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// The host to use instead of the region's: `host`, `host:port` or `http(s)://host[:port]`.
    pub fn endpoint(mut self, endpoint: &'a str) -> Self {
        self.endpoint = Some(endpoint);
        self
    }

    /// Which of the region's endpoints to use. An explicit [`endpoint`](Self::endpoint) wins.
    pub fn endpoint_kind(mut self, kind: EndpointKind) -> Self {
        self.endpoint_kind = kind;
        self
    }

    /// The scheme where the endpoint states none. Default: https.
    pub fn scheme(mut self, scheme: Scheme) -> Self {
        self.scheme = scheme;
        self
    }

    /// How the URL names the bucket. Default: virtual-hosted.
    pub fn addressing(mut self, addressing: Addressing) -> Self {
        self.addressing = addressing;
        self
    }

    /// Validity in seconds from now, 1 to 604800 (7 days). Default: 900.
    pub fn expires_in(mut self, seconds: i64) -> Self {
        self.expires_in = Some(seconds);
        self
    }

    /// The instant the URL expires, in Unix seconds, 1 to 604800 seconds from now. Wins over
    /// [`expires_in`](Self::expires_in).
    pub fn expires_at(mut self, unix: i64) -> Self {
        self.expires_at = Some(unix);
        self
    }

    /// The instant to sign at, in Unix seconds, instead of the system clock's: for a device whose
    /// clock is wrong, for URLs that stay the same for a while, for tests.
    pub fn signing_time(mut self, unix: i64) -> Self {
        self.signing_time = Some(unix);
        self
    }

    /// The version of the object (`versionId`).
    pub fn version_id(mut self, id: &'a str) -> Self {
        self.version_id = Some(id);
        self
    }

    /// Image or other processing (`x-oss-process`).
    pub fn process(mut self, process: &'a str) -> Self {
        self.process = Some(process);
        self
    }

    /// The `Cache-Control` of the answer.
    pub fn response_cache_control(mut self, value: &'a str) -> Self {
        self.response_cache_control = Some(value);
        self
    }

    /// The `Content-Disposition` of the answer: `attachment` makes a browser download.
    pub fn response_content_disposition(mut self, value: &'a str) -> Self {
        self.response_content_disposition = Some(value);
        self
    }

    /// The `Content-Encoding` of the answer.
    pub fn response_content_encoding(mut self, value: &'a str) -> Self {
        self.response_content_encoding = Some(value);
        self
    }

    /// The `Content-Language` of the answer.
    pub fn response_content_language(mut self, value: &'a str) -> Self {
        self.response_content_language = Some(value);
        self
    }

    /// The `Content-Type` of the answer.
    pub fn response_content_type(mut self, value: &'a str) -> Self {
        self.response_content_type = Some(value);
        self
    }

    /// The `Expires` of the answer.
    pub fn response_expires(mut self, value: &'a str) -> Self {
        self.response_expires = Some(value);
        self
    }

    /// `x-oss-range-behavior`, a signed header: `standard` makes ranges past the end an error.
    /// Empty means not given.
    pub fn range_behavior(mut self, value: &'a str) -> Self {
        self.range_behavior = Some(value);
        self
    }

    /// `x-oss-request-payer`, a signed header: `requester`. Empty means not given.
    pub fn request_payer(mut self, value: &'a str) -> Self {
        self.request_payer = Some(value);
        self
    }

    /// `x-oss-traffic-limit`, a signed header, in bit/s: 245760 to 838860800.
    pub fn traffic_limit(mut self, bits_per_second: i64) -> Self {
        self.traffic_limit = Some(bits_per_second);
        self
    }

    /// The cloud box the bucket lives in; takes the region's place in what is signed.
    pub fn cloud_box_id(mut self, id: &'a str) -> Self {
        self.cloud_box_id = Some(id);
        self
    }

    /// A further query parameter, signed as all are. Not one of the signature's own, and none
    /// twice.
    pub fn query(mut self, name: &'a str, value: &'a str) -> Self {
        self.query.push((name, value));
        self
    }

    /// A further header. What is given is signed, and the downloader must send it too. The name must
    /// be an HTTP token other than `x-oss-date`, the value free of control bytes but TAB, none given
    /// twice. Blanks around a value are not signed.
    pub fn header(mut self, name: &'a str, value: &'a str) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(super) fn check_names(&self) -> Result<(), Error> {
        check_region("region", self.region)?;
        if let Some(id) = self.cloud_box_id {
            check_region("cloud_box_id", id)?;
        }
        check_bucket(self.bucket)?;
        check_key(self.key)
    }

    pub(super) fn address(&self) -> Result<Address<'a>, Error> {
        match self.endpoint {
            Some(endpoint) => Address::given(endpoint, self.scheme, self.addressing),
            None => {
                let kind = self.endpoint_kind;
                Ok(Address::well_known(self.region, kind, self.scheme, self.addressing))
            }
        }
    }

    /// The expiration and the seconds until then, both from one reading of the clock.
    pub(super) fn expiry(&self, now: i64) -> Result<(i64, i64), Error> {
        let (field, at) = match (self.expires_at, self.expires_in) {
            (Some(at), _) => ("expires_at", Some(at)),
            (None, seconds) => ("expires_in", now.checked_add(seconds.unwrap_or(DEFAULT_VALIDITY))),
        };
        let seconds = at.and_then(|at| at.checked_sub(now));
        match (at, seconds) {
            (Some(at), Some(seconds @ 1..=MAX_VALIDITY)) => Ok((at, seconds)),
            (_, Some(seconds @ ..=0)) => Err(Error::invalid(
                field,
                format_args!("the URL would be valid for {seconds} s; at least 1 s is needed"),
            )),
            (_, Some(seconds)) => Err(Error::invalid(
                field,
                format_args!(
                    "the URL would be valid for {seconds} s; V4 allows at most {MAX_VALIDITY} s \
                     (7 days)"
                ),
            )),
            (_, None) => Err(Error::invalid(field, "is out of range")),
        }
    }

    /// Adds the query parameters the caller set, unsorted.
    pub(super) fn push_parameters<'b>(&self, all: &mut Parameters<'b>) -> Result<(), Error>
    where
        'a: 'b,
    {
        let typed = [
            ("response-cache-control", self.response_cache_control),
            ("response-content-disposition", self.response_content_disposition),
            ("response-content-encoding", self.response_content_encoding),
            ("response-content-language", self.response_content_language),
            ("response-content-type", self.response_content_type),
            ("response-expires", self.response_expires),
            ("versionId", self.version_id),
            ("x-oss-process", self.process),
        ];
        for (name, value) in typed {
            if let Some(value) = value {
                all.push(Parameter::new(name, Value::Text(value)));
            }
        }
        for &(name, value) in &self.query {
            if name.is_empty() {
                return Err(Error::invalid("query", "a parameter name must not be empty"));
            }
            if SIGNER_PARAMETERS.contains(&name) {
                return Err(Error::invalid("query", quoted(name, "belongs to the signature")));
            }
            if all.iter().any(|other| other.name() == name) || self.is_typed_header(name) {
                return Err(Error::invalid("query", quoted(name, "is given twice")));
            }
            all.push(Parameter::new(name, Value::Text(value)));
        }
        Ok(())
    }

    /// Whether a parameter would say again, and maybe otherwise, what a typed field says in a header.
    fn is_typed_header(&self, name: &str) -> bool {
        let given = |text: Option<&str>| text.is_some_and(|text| !text.is_empty());
        match name {
            "x-oss-traffic-limit" => self.traffic_limit.is_some(),
            "x-oss-range-behavior" => given(self.range_behavior),
            "x-oss-request-payer" => given(self.request_payer),
            _ => false,
        }
    }

    /// The headers that are signed, as they are signed, sorted by name.
    pub(super) fn signed_headers(&self) -> Result<Vec<Header>, Error> {
        let mut all = Vec::new();
        if let Some(limit) = self.traffic_limit {
            if !TRAFFIC_LIMIT.contains(&limit) {
                let rule = "must be 245760 to 838860800 bit/s";
                return Err(Error::invalid("traffic_limit", rule));
            }
            insert(&mut all, ("x-oss-traffic-limit".to_owned(), limit.to_string()));
        }
        for (field, name, value) in [
            ("range_behavior", "x-oss-range-behavior", self.range_behavior),
            ("request_payer", "x-oss-request-payer", self.request_payer),
        ] {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                check_header_value(value).map_err(|rule| Error::invalid(field, rule))?;
                insert(&mut all, (name.to_owned(), value.trim().to_owned()));
            }
        }
        for (name, value) in &self.headers {
            if name.is_empty() || !name.bytes().all(is_token_byte) {
                return Err(Error::invalid("headers", quoted(name, "is not an HTTP token")));
            }
            check_header_value(value)
                .map_err(|rule| Error::invalid("headers", quoted(name, rule)))?;
            insert(&mut all, (name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        if let Some(pair) = all.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(Error::invalid("headers", quoted(&pair[0].0, "is given twice")));
        }
        if all.iter().any(|(name, _)| name == "x-oss-date") {
            return Err(Error::invalid("headers", "\"x-oss-date\" belongs to the signature"));
        }
        Ok(all)
    }
}

/// Keeps the list sorted. There are few headers, and a sort is kilobytes of code.
fn insert(all: &mut Vec<Header>, header: Header) {
    let at = all.partition_point(|other| *other < header);
    all.insert(at, header);
}

fn check_region(field: &'static str, region: &str) -> Result<(), Error> {
    let legal = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if region.is_empty() || !region.bytes().all(legal) {
        return Err(Error::invalid(field, "must be one or more of a-z, 0-9 and `-`"));
    }
    Ok(())
}

fn check_bucket(bucket: &str) -> Result<(), Error> {
    let legal = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if !(3..=63).contains(&bucket.len())
        || !bucket.bytes().all(legal)
        || bucket.starts_with('-')
        || bucket.ends_with('-')
    {
        let rule = "must be 3 to 63 bytes of a-z, 0-9 and `-`, with no `-` at either end";
        return Err(Error::invalid("bucket", rule));
    }
    Ok(())
}

fn check_key(key: &str) -> Result<(), Error> {
    if !(1..=1023).contains(&key.len()) {
        let length = key.len();
        return Err(Error::invalid("key", format_args!("must be 1 to 1023 bytes, not {length}")));
    }
    if key.starts_with(['/', '\\']) {
        return Err(Error::invalid(
            "key",
            "must not start with `/` or `\\` (the service refuses it)",
        ));
    }
    Ok(())
}

fn check_header_value(value: &str) -> Result<(), &'static str> {
    match value.bytes().any(|b| b.is_ascii_control() && b != b'\t') {
        true => Err("the value has a control byte"),
        false => Ok(()),
    }
}

/// A caller's name, made safe to print, and the rule it breaks.
fn quoted(name: &str, rule: &str) -> String {
    let shown: String = name.chars().take(64).collect();
    format!("{shown:?} {rule}")
}

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
