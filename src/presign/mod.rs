//! Presigning: a request becomes a URL that anybody can fetch until it expires.
//!
//! Pure but for two looks outside, each skipped when the caller gives the value: the clock, read
//! once, and the environment, for credentials. One function a step of OSS V4:
//! canonical request → string to sign → signing key → signature → URL.
//! Given the same request and time, the URL is the official Go SDK V2's, byte for byte.

mod canonical;
mod credentials;
mod endpoint;
mod request;
mod signature;

pub use credentials::Credentials;
pub use endpoint::{Addressing, EndpointKind, Scheme};
pub use request::PresignRequest;

use crate::clock::{Timestamp, unix_now};
use crate::error::Error;
use canonical::{Credential, Parameter, Value};
use request::Parameters;
use signature::Scope;
use std::borrow::Cow;
use std::fmt;

/// The only method presigned.
const METHOD: &str = "GET";

/// A presigned URL, and what its user must know.
///
/// The URL is a bearer token: whoever has it can read the object until it expires. `Debug` shows
/// none of it.
#[derive(Clone)]
#[non_exhaustive]
pub struct PresignedUrl {
    /// The HTTP method that was signed: `GET`.
    pub method: &'static str,
    /// The URL. Send it byte for byte.
    pub url: String,
    /// When it stops working, in Unix seconds.
    pub expires_at: i64,
    /// The headers that the downloader must send along: lower-case names, in order, with the values
    /// that were signed.
    pub signed_headers: Vec<(String, String)>,
    /// What was signed, for comparing when a signature is refused. It has no secret in it, but the
    /// security token, as the URL does.
    pub canonical_request: String,
    /// The text whose HMAC the signature is.
    pub string_to_sign: String,
}

impl fmt::Debug for PresignedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PresignedUrl")
            .field("method", &self.method)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// Presigns a GetObject request.
///
/// # Errors
/// [`InvalidArgument`](crate::ErrorKind::InvalidArgument), whose message names the field and the
/// rule it breaks. Nothing else can go wrong.
pub fn presign_get(request: &PresignRequest<'_>) -> Result<PresignedUrl, Error> {
    request.check_names()?;
    let address = request.address()?;
    let credentials = match &request.credentials {
        Some(given) => Cow::Borrowed(given),
        None => Cow::Owned(Credentials::from_env()?),
    };
    credentials.check()?;
    let now = request.signing_time.unwrap_or_else(unix_now);
    let time = Timestamp::from_unix("signing_time", now)?;
    let time = time.as_str();
    let (expires_at, seconds) = request.expiry(now)?;
    let headers = request.signed_headers()?;

    let (region, product) = match request.cloud_box_id {
        Some(id) => (id, "oss-cloudbox"),
        None => (request.region, "oss"),
    };
    let scope = Scope { day: &time[..8], region, product };
    let credential = Credential { access_key_id: &credentials.access_key_id, scope };
    let mut decimal = itoa::Buffer::new();
    let mut parameters = Parameters::new();
    request.push_parameters(&mut parameters)?;
    let mut sign = |name, value| parameters.push(Parameter::new(name, value));
    if canonical::additional(&headers).next().is_some() {
        sign("x-oss-additional-headers", Value::AdditionalHeaders(&headers));
    }
    sign("x-oss-credential", Value::Credential(&credential));
    sign("x-oss-date", Value::Plain(time));
    sign("x-oss-expires", Value::Plain(decimal.format(seconds)));
    if let Some(token) = &credentials.security_token {
        sign("x-oss-security-token", Value::Text(token.expose()));
    }
    sign("x-oss-signature-version", Value::Plain(signature::ALGORITHM));

    let canonical_request = canonical::canonical_request(
        METHOD,
        request.bucket,
        request.key,
        &mut parameters,
        &headers,
    );
    let string_to_sign =
        signature::string_to_sign(time, &credential.scope, &canonical_request.text);
    let key = signature::signing_key(credentials.access_key_secret.expose(), &credential.scope);
    let signature = signature::signature(&key, &string_to_sign);
    let url = canonical::url(
        &address,
        request.bucket,
        &canonical_request,
        &mut parameters,
        signature.as_str(),
    );
    drop(parameters);
    Ok(PresignedUrl {
        method: METHOD,
        url,
        expires_at,
        signed_headers: headers,
        canonical_request: canonical_request.text,
        string_to_sign,
    })
}

#[cfg(test)]
#[path = "reference_tests.rs"]
mod reference_tests;
