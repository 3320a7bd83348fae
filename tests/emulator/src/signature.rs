//! Verifies OSS4-HMAC-SHA256, in a URL and in an Authorization header.
//!
//! Written from the public description of the algorithm, with no code of the presigner it checks.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use ring::{digest, hmac};
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};

use crate::address::{Address, Parameter, parameter, parameters};
use crate::clock::iso_millis;
use crate::error::OssError;

const ALGORITHM: &str = "OSS4-HMAC-SHA256";
const TERMINATOR: &str = "aliyun_v4_request";
const MAX_SKEW: i64 = 15 * 60;
const MAX_EXPIRES: i64 = 7 * 24 * 60 * 60;

const ISO_DATE_TIME: &[BorrowedFormatItem<'_>] =
    format_description!("[year][month][day]T[hour][minute][second]Z");

const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const PATH: &AsciiSet = &QUERY.remove(b'/');

/// An access key the emulator knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// Access key id.
    pub id: String,
    /// Access key secret.
    pub secret: String,
    /// Security token, if the key is a temporary one (STS).
    pub security_token: Option<String>,
}

/// The parts of a request that a signature covers.
#[derive(Clone, Copy, Debug)]
pub struct SignedRequest<'a> {
    /// HTTP method.
    pub method: &'a str,
    /// What the request is addressed to.
    pub address: &'a Address,
    /// Query as sent, without the question mark.
    pub query: &'a str,
    /// Headers with lower-case names, in the order they came.
    pub headers: &'a [(String, Vec<u8>)],
}

/// What a valid signature may be made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// The known access keys.
    pub credentials: Vec<Credential>,
    /// Region of the buckets, in scopes of the product `oss`.
    pub region: String,
    /// Id of a cloud box, in scopes of the product `oss-cloudbox`.
    pub cloud_box_id: Option<String>,
}

/// Checks the signature of `request` at the time `now` (Unix seconds).
pub fn verify(
    request: &SignedRequest<'_>,
    authority: &Authority,
    now: i64,
) -> Result<(), OssError> {
    let parameters = parameters(request.query);
    let claim = match (is_in(&parameters), header(request, "authorization")) {
        (true, None) => Claim::from_query(&parameters)?,
        (false, Some(value)) => Claim::from_header(request, &value)?,
        (true, Some(_)) => {
            return Err(OssError::invalid_argument("The request is signed twice."));
        }
        (false, None) => {
            let message = "You have no right to access this object because of bucket acl.";
            return Err(OssError::access_denied(message).ec("0003-00000001"));
        }
    };
    claim.check(request, &parameters, authority, now)
}

fn is_in(parameters: &[Parameter]) -> bool {
    parameters.iter().any(|parameter| {
        [&b"x-oss-signature"[..], b"x-oss-signature-version"].contains(&parameter.name.as_slice())
    })
}

/// Whether a request claims to be signed, in V4.
pub fn is_signed(request: &SignedRequest<'_>) -> bool {
    is_in(&parameters(request.query)) || header(request, "authorization").is_some()
}

/// Where the signature is: this decides on some rules and error causes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Query,
    Header,
}

impl Place {
    fn ec(self, query: &'static str, header: &'static str) -> &'static str {
        match self {
            Self::Query => query,
            Self::Header => header,
        }
    }
}

/// What a request says about its signature.
struct Claim {
    place: Place,
    date: String,
    expires: Option<String>,
    credential: String,
    additional_headers: Option<String>,
    security_token: Option<String>,
    signature: String,
}

impl Claim {
    fn from_query(parameters: &[Parameter]) -> Result<Self, OssError> {
        let optional = |name: &str| {
            let count = parameters.iter().filter(|p| p.name == name.as_bytes()).count();
            match count {
                0 => Ok(None),
                1 => Ok(parameter(parameters, name).map(str::to_owned)),
                _ => Err(OssError::invalid_argument(format!("{name} is given {count} times."))),
            }
        };
        let required = |name: &str| {
            optional(name)?.ok_or_else(|| {
                let message = format!("Query-string authentication requires {name}.");
                OssError::access_denied(&message)
            })
        };
        if required("x-oss-signature-version")? != ALGORITHM {
            let message = "Invalid signature version.";
            return Err(OssError::invalid_argument(message).ec("0002-00000066"));
        }
        Ok(Self {
            place: Place::Query,
            date: required("x-oss-date")?,
            expires: Some(required("x-oss-expires")?),
            credential: required("x-oss-credential")?,
            additional_headers: optional("x-oss-additional-headers")?,
            security_token: optional("x-oss-security-token")?,
            signature: required("x-oss-signature")?,
        })
    }

    fn from_header(request: &SignedRequest<'_>, value: &str) -> Result<Self, OssError> {
        let malformed = || OssError::invalid_argument("Authorization header is invalid.");
        let (algorithm, rest) = value.split_once(' ').ok_or_else(malformed)?;
        if algorithm != ALGORITHM {
            return Err(malformed());
        }
        let (mut credential, mut additional_headers, mut signature) = (None, None, None);
        for pair in rest.split(',') {
            let (name, value) = pair.trim().split_once('=').ok_or_else(malformed)?;
            let slot = match name {
                "Credential" => &mut credential,
                "AdditionalHeaders" => &mut additional_headers,
                "Signature" => &mut signature,
                _ => return Err(malformed()),
            };
            if slot.replace(value.to_owned()).is_some() {
                return Err(malformed());
            }
        }
        Ok(Self {
            place: Place::Header,
            date: header(request, "x-oss-date").ok_or_else(|| {
                OssError::access_denied("OSS authentication requires a valid Date.")
            })?,
            expires: None,
            credential: credential.ok_or_else(malformed)?,
            additional_headers,
            security_token: header(request, "x-oss-security-token"),
            signature: signature.ok_or_else(malformed)?,
        })
    }

    fn check(
        &self,
        request: &SignedRequest<'_>,
        parameters: &[Parameter],
        authority: &Authority,
        now: i64,
    ) -> Result<(), OssError> {
        let scope = Scope::parse(&self.credential, self.place)?;
        let date = PrimitiveDateTime::parse(&self.date, ISO_DATE_TIME)
            .map_err(|_| OssError::access_denied("x-oss-date is invalid."))?;
        if self.date.get(..8) != Some(scope.date) {
            let ec = self.place.ec("0002-00000223", "0002-00000212");
            let message = "The signing date is not that of x-oss-date.";
            return Err(OssError::invalid_argument(message).ec(ec));
        }
        scope.check_region(authority, self.place)?;
        self.check_time(date.assume_utc(), now)?;
        let credential = self.known_credential(scope.access_key_id, authority)?;
        let additional = self.additional_headers(request)?;

        let canonical = canonical_request(request, parameters, &additional);
        let string_to_sign = format!(
            "{ALGORITHM}\n{}\n{}\n{}",
            self.date,
            scope.text,
            hex::encode(digest::digest(&digest::SHA256, &canonical)),
        );
        let expected = hex::encode(sign(&credential.secret, &scope, &string_to_sign));
        if expected == self.signature {
            return Ok(());
        }
        let message = "The request signature we calculated does not match the signature you \
                       provided. Check your key and signing method.";
        Err(OssError::new(403, "SignatureDoesNotMatch", message)
            .ec("0002-00000201")
            .field("OSSAccessKeyId", scope.access_key_id)
            .field("SignatureProvided", self.signature.as_str())
            .field("StringToSign", string_to_sign)
            .field("CanonicalRequest", String::from_utf8_lossy(&canonical)))
    }

    fn check_time(&self, date: OffsetDateTime, now: i64) -> Result<(), OssError> {
        let date = date.unix_timestamp();
        let Some(expires) = &self.expires else {
            return if (now - date).abs() <= MAX_SKEW {
                Ok(())
            } else {
                let message =
                    "The difference between the request time and the current time is too large.";
                Err(OssError::new(403, "RequestTimeTooSkewed", message)
                    .field("MaxAllowedSkewMilliseconds", (MAX_SKEW * 1000).to_string())
                    .field("RequestTime", iso_millis(date))
                    .field("ServerTime", iso_millis(now)))
            };
        };
        let digits = expires.bytes().all(|byte| byte.is_ascii_digit());
        let expires = match expires.parse() {
            Ok(seconds @ 1..=MAX_EXPIRES) if digits => seconds,
            _ => {
                let message = "x-oss-expires must be an integer from 1 to 604800.";
                return Err(OssError::invalid_argument(message).ec("0002-00000232"));
            }
        };
        let denied = |message, ec| {
            Err(OssError::access_denied(message)
                .ec(ec)
                .field("Expires", iso_millis(date + expires))
                .field("ServerTime", iso_millis(now)))
        };
        if date - now > MAX_SKEW {
            denied("Request is not valid yet.", "0002-00000235")
        } else if now > date + expires {
            denied("Request has expired.", "0002-00000236")
        } else {
            Ok(())
        }
    }

    fn known_credential<'a>(
        &self,
        access_key_id: &str,
        authority: &'a Authority,
    ) -> Result<&'a Credential, OssError> {
        let known = authority.credentials.iter().find(|known| known.id == access_key_id);
        let known = known.ok_or_else(|| {
            let message = "The OSS Access Key Id you provided does not exist in our records.";
            OssError::new(403, "InvalidAccessKeyId", message)
                .ec("0002-00000902")
                .field("OSSAccessKeyId", access_key_id)
        })?;
        if known.security_token == self.security_token {
            Ok(known)
        } else {
            let message = "The security token you provided is invalid.";
            Err(OssError::new(403, "InvalidSecurityToken", message))
        }
    }

    /// The names in the list, which has to be lower case, sorted, and of headers that are there.
    fn additional_headers(&self, request: &SignedRequest<'_>) -> Result<Vec<&str>, OssError> {
        let Some(list) = &self.additional_headers else { return Ok(Vec::new()) };
        let names: Vec<_> = list.split(';').collect();
        let refused = |message: &str| {
            let ec = self.place.ec("0002-00000077", "0002-00000211");
            Err(OssError::invalid_argument(message).ec(ec))
        };
        if !names.is_sorted() || names.iter().any(|name| *name != name.to_ascii_lowercase()) {
            return refused("Additional headers must be sorted names in lower case.");
        }
        match names.iter().find(|name| header(request, name).is_none()) {
            Some(name) => refused(&format!("The request has no additional header \"{name}\".")),
            None => Ok(names),
        }
    }
}

/// `<id>/<date>/<region>/<product>/aliyun_v4_request`
struct Scope<'a> {
    access_key_id: &'a str,
    /// All but the id.
    text: &'a str,
    date: &'a str,
    region: &'a str,
    product: &'a str,
}

impl<'a> Scope<'a> {
    fn parse(credential: &'a str, place: Place) -> Result<Self, OssError> {
        let invalid = || {
            let ec = place.ec("0002-00000224", "0002-00000213");
            OssError::invalid_argument("The credential is invalid.").ec(ec)
        };
        let (access_key_id, text) = credential.split_once('/').ok_or_else(invalid)?;
        let parts: Vec<_> = text.split('/').collect();
        let [date, region, product, TERMINATOR] = parts[..] else { return Err(invalid()) };
        if access_key_id.is_empty() || !["oss", "oss-cloudbox"].contains(&product) {
            return Err(invalid());
        }
        Ok(Self { access_key_id, text, date, region, product })
    }

    fn check_region(&self, authority: &Authority, place: Place) -> Result<(), OssError> {
        let expected = match self.product {
            "oss" => Some(&authority.region),
            _ => authority.cloud_box_id.as_ref(),
        };
        if expected.is_some_and(|expected| expected == self.region) {
            return Ok(());
        }
        let ec = place.ec("0002-00000226", "0002-00000228");
        Err(OssError::invalid_argument("Invalid signing region.").ec(ec))
    }
}

fn sign(secret: &str, scope: &Scope<'_>, string_to_sign: &str) -> hmac::Tag {
    let first = format!("aliyun_v4{secret}").into_bytes();
    let parts = [scope.date, scope.region, scope.product, TERMINATOR];
    let key = parts.iter().fold(first, |key, part| hmac_sha256(&key, part).as_ref().to_vec());
    hmac_sha256(&key, string_to_sign)
}

fn hmac_sha256(key: &[u8], message: &str) -> hmac::Tag {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), message.as_bytes())
}

fn canonical_request(
    request: &SignedRequest<'_>,
    parameters: &[Parameter],
    additional: &[&str],
) -> Vec<u8> {
    let Address { bucket, key } = request.address;
    let uri = if bucket.is_empty() {
        "/".to_owned()
    } else {
        format!("/{bucket}/{}", percent_encode(key, PATH))
    };
    let payload = header(request, "x-oss-content-sha256");

    let mut canonical =
        format!("{}\n{uri}\n{}\n", request.method, canonical_query(parameters)).into_bytes();
    for (name, value) in signed_headers(request, additional) {
        canonical.extend_from_slice(name.as_bytes());
        canonical.push(b':');
        canonical.extend_from_slice(&value);
        canonical.push(b'\n');
    }
    let payload = payload.as_deref().unwrap_or("UNSIGNED-PAYLOAD");
    canonical.extend_from_slice(format!("\n{}\n{payload}", additional.join(";")).as_bytes());
    canonical
}

fn canonical_query(parameters: &[Parameter]) -> String {
    let signed = parameters.iter().filter(|parameter| parameter.name != b"x-oss-signature");
    let escape = |text| percent_encode(text, QUERY).to_string();
    let mut pairs: Vec<_> =
        signed.map(|parameter| (escape(&parameter.name), escape(&parameter.value))).collect();
    pairs.sort();
    let written = pairs
        .into_iter()
        .map(|(name, value)| if value.is_empty() { name } else { format!("{name}={value}") });
    written.collect::<Vec<_>>().join("&")
}

/// Name and value of each signed header, sorted, values of one name joined.
fn signed_headers(request: &SignedRequest<'_>, additional: &[&str]) -> Vec<(String, Vec<u8>)> {
    let mut names: Vec<&str> = request.headers.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names.retain(|name| {
        name.starts_with("x-oss-")
            || ["content-type", "content-md5"].contains(name)
            || additional.contains(name)
    });
    let value = |name: &str| {
        let values = request.headers.iter().filter(|(other, _)| other == name);
        let trimmed: Vec<_> = values.map(|(_, value)| trim(value)).collect();
        trimmed.join(&b","[..])
    };
    names.into_iter().map(|name| (name.to_owned(), value(name))).collect()
}

fn trim(value: &[u8]) -> &[u8] {
    std::str::from_utf8(value).map_or(value.trim_ascii(), |text| text.trim().as_bytes())
}

/// A header's first value as text.
fn header(request: &SignedRequest<'_>, name: &str) -> Option<String> {
    let (_, value) = request.headers.iter().find(|(other, _)| other == name)?;
    Some(String::from_utf8_lossy(trim(value)).into_owned())
}
