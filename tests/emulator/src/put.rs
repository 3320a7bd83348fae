//! PUT and DELETE of an object.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use md5::{Digest, Md5};

use crate::body::Payload;
use crate::error::OssError;
use crate::object::Object;
use crate::respond::set;
use crate::service::Accepted;
use crate::state::State;

/// Headers of a PUT that the object keeps, besides `x-oss-meta-*`.
const KEPT: [HeaderName; 6] = [
    header::CACHE_CONTROL,
    header::CONTENT_DISPOSITION,
    header::CONTENT_ENCODING,
    header::CONTENT_LANGUAGE,
    header::CONTENT_TYPE,
    header::EXPIRES,
];

pub(crate) async fn put(
    state: &State,
    request: &Accepted<'_>,
    body: Incoming,
) -> Result<Response<Payload>, OssError> {
    let body = body.collect().await.map_err(|_| {
        OssError::new(400, "IncompleteBody", "The body is shorter than the request says.")
    })?;
    let bytes = body.to_bytes();
    if let Some(md5) = request.header("content-md5")
        && md5 != BASE64_STANDARD.encode(Md5::digest(&bytes))
    {
        let message = "The Content-MD5 you specified was invalid.";
        return Err(OssError::new(400, "InvalidDigest", message).field("Content-MD5", md5));
    }
    let kept = request
        .headers
        .iter()
        .filter(|(name, _)| KEPT.contains(name) || name.as_str().starts_with("x-oss-meta-"));
    let mut object = Object::new(bytes);
    object.headers = kept.map(|(name, value)| (name.clone(), value.clone())).collect();

    let version = state.store.put(request.bucket, request.key, object, state.clock.unix());
    let mut answer = Response::new(Payload::bytes(""));
    let headers = answer.headers_mut();
    set(headers, "etag", &version.etag);
    set(headers, "x-oss-hash-crc64ecma", &version.crc64.to_string());
    set(headers, "x-oss-version-id", &version.id);
    if let Some(md5) = version.md5 {
        set(headers, "content-md5", &BASE64_STANDARD.encode(md5));
    }
    Ok(answer)
}

pub(crate) fn delete(state: &State, request: &Accepted<'_>) -> Response<Payload> {
    let version_id = request.parameter("versionId");
    state.store.delete(request.bucket, request.key, version_id);
    let mut answer = Response::new(Payload::bytes(""));
    *answer.status_mut() = StatusCode::NO_CONTENT;
    if version_id.is_none() {
        let marker = HeaderValue::from_static("true");
        answer.headers_mut().insert("x-oss-delete-marker", marker);
    }
    answer
}
