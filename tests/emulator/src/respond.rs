//! Answers: objects, errors, and answers with a fault.

use std::io::Write;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};

use crate::body::{Payload, Stop};
use crate::clock::{http_date, parse_http_date};
use crate::error::OssError;
use crate::fault::Fault;
use crate::range;
use crate::server::Connection;
use crate::service::Accepted;
use crate::store::Version;
use crate::wire::{Cut, WireControl};

const OVERRIDES: [&str; 6] = [
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-type",
    "expires",
];

/// The OSS error code of an answer, for its record.
#[derive(Clone, Debug)]
pub(crate) struct ErrorCode(pub(crate) String);

/// Sets a header; a value that can be none is left out.
pub(crate) fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
        headers.insert(HeaderName::from_static(name), value);
    }
}

/// An error with its body, which a HEAD carries in a header.
pub(crate) fn error(
    error: &OssError,
    request_id: &str,
    host_id: &str,
    is_head: bool,
) -> Response<Payload> {
    let xml = error.to_xml(request_id, host_id);
    let mut answer = if is_head {
        let mut answer = Response::new(Payload::bytes(""));
        set(answer.headers_mut(), "x-oss-err", &BASE64_STANDARD.encode(xml));
        answer
    } else {
        Response::new(Payload::bytes(xml))
    };
    *answer.status_mut() = error.status_code();
    let headers = answer.headers_mut();
    set(headers, "content-type", "application/xml");
    if let Some(ec) = &error.ec {
        set(headers, "x-oss-ec", ec);
    }
    let size = error.fields.iter().find(|(name, _)| *name == "ActualObjectSize");
    if let Some((_, size)) = size {
        set(headers, "content-range", &format!("bytes */{size}"));
    }
    answer
}

/// GET or HEAD of an object, with the faults that are due.
pub(crate) async fn object(
    connection: &Connection,
    request: &Accepted<'_>,
) -> Result<Response<Payload>, OssError> {
    let state = &connection.state;
    let faults = if request.method == Method::GET {
        let range_start = request.header("range").and_then(range::start);
        state.faults.take(request.bucket, request.key, range_start)
    } else {
        Vec::new()
    };
    if faults.contains(&Fault::StallBeforeHeaders) {
        std::future::pending::<()>().await;
    }
    let mut answer = match faults.iter().find_map(replacement) {
        Some(answer) => answer,
        None => {
            let version_id = request.parameter("versionId");
            let version = state.store.get(request.bucket, request.key, version_id)?;
            let has = |wanted: &[Fault]| faults.iter().any(|fault| wanted.contains(fault));
            let ranges = Ranges {
                ignored: has(&[Fault::IgnoreRange, Fault::Gzip]),
                standard: has(&[Fault::StandardRange])
                    || request.header("x-oss-range-behavior") == Some("standard"),
            };
            stored(request, &version, ranges)?
        }
    };
    for fault in &faults {
        apply(fault, &mut answer, &connection.wire);
    }
    Ok(answer)
}

/// How the Range header is read.
#[derive(Clone, Copy)]
struct Ranges {
    ignored: bool,
    standard: bool,
}

/// The answer as it should be.
fn stored(
    request: &Accepted<'_>,
    version: &Version,
    ranges: Ranges,
) -> Result<Response<Payload>, OssError> {
    let size = version.content.len();
    let not_modified = check_conditions(request, version)?;
    let part = match request.header("range") {
        Some(range) if !ranges.ignored && !not_modified => {
            range::select(range, size, ranges.standard)?
        }
        _ => None,
    };

    let sent = part.clone().unwrap_or(0..size);
    let payload = match *request.method {
        _ if not_modified => Payload::bytes(""),
        Method::HEAD => Payload::head(sent.end - sent.start),
        _ => Payload::new(version.content.clone(), sent),
    };
    let mut answer = Response::new(payload);
    if not_modified {
        *answer.status_mut() = StatusCode::NOT_MODIFIED;
    } else if let Some(part) = &part {
        *answer.status_mut() = StatusCode::PARTIAL_CONTENT;
        let value = format!("bytes {}-{}/{size}", part.start, part.end - 1);
        set(answer.headers_mut(), "content-range", &value);
    }

    let headers = answer.headers_mut();
    set(headers, "content-type", "application/octet-stream");
    for (name, value) in &version.headers {
        headers.insert(name, value.clone());
    }
    set(headers, "accept-ranges", "bytes");
    set(headers, "etag", &version.etag);
    set(headers, "last-modified", &http_date(version.last_modified));
    set(headers, "x-oss-object-type", version.object_type());
    set(headers, "x-oss-storage-class", "Standard");
    set(headers, "x-oss-version-id", &version.id);
    // The result of processing is another object.
    if request.parameter("x-oss-process").is_none() {
        set(headers, "x-oss-hash-crc64ecma", &version.crc64.to_string());
        if let (Some(md5), None) = (version.md5, part) {
            set(headers, "content-md5", &BASE64_STANDARD.encode(md5));
        }
    }
    override_headers(request, headers)?;
    Ok(answer)
}

/// Whether the answer is 304; 412 is an error.
fn check_conditions(request: &Accepted<'_>, version: &Version) -> Result<bool, OssError> {
    let etag = version.etag.trim_matches('"');
    let lists = |list: &str| {
        let mut tags = list.split(',').map(|tag| tag.trim().trim_matches('"'));
        tags.any(|tag| tag == etag || tag == "*")
    };
    let date = |name| request.header(name).and_then(parse_http_date);
    if request.header("if-match").is_some_and(|list| !lists(list)) {
        return Err(OssError::precondition_failed("If-Match"));
    }
    if date("if-unmodified-since").is_some_and(|date| version.last_modified > date) {
        return Err(OssError::precondition_failed("If-Unmodified-Since"));
    }
    Ok(request.header("if-none-match").is_some_and(lists)
        || date("if-modified-since").is_some_and(|date| version.last_modified <= date))
}

fn override_headers(request: &Accepted<'_>, headers: &mut HeaderMap) -> Result<(), OssError> {
    for name in OVERRIDES {
        let parameter = format!("response-{name}");
        let Some(value) = request.parameter(&parameter) else { continue };
        let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| {
            OssError::invalid_argument("The value can be no header.")
                .field("ArgumentName", parameter)
        })?;
        headers.insert(HeaderName::from_static(name), value);
    }
    Ok(())
}

/// The answer of a fault that replaces the object.
fn replacement(fault: &Fault) -> Option<Response<Payload>> {
    let with_status = |status: u16, payload| {
        let mut answer = Response::new(payload);
        *answer.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
        answer
    };
    match fault {
        Fault::Status { status, code, message, ec, retry_after } => {
            let mut failure = OssError::new(*status, code, message.as_str());
            failure.ec.clone_from(ec);
            let mut answer = error(&failure, "0000000000000000000000FA", "emulator", false);
            if let Some(seconds) = retry_after {
                set(answer.headers_mut(), "retry-after", seconds);
            }
            set(answer.headers_mut(), "x-oss-request-id", "0000000000000000000000FA");
            answer.extensions_mut().insert(ErrorCode(code.clone()));
            Some(answer)
        }
        Fault::RawBody { status, body } => Some(with_status(*status, Payload::bytes(body.clone()))),
        Fault::Redirect { status, location } => {
            let mut answer = with_status(*status, Payload::bytes(""));
            set(answer.headers_mut(), "location", location);
            Some(answer)
        }
        _ => None,
    }
}

fn apply(fault: &Fault, answer: &mut Response<Payload>, wire: &WireControl) {
    let partial = answer.status() == StatusCode::PARTIAL_CONTENT;
    let stop = |after, cut| Some(Stop { after, cut });
    match fault {
        Fault::WrongContentRange(value) if partial => {
            set(answer.headers_mut(), "content-range", value);
        }
        Fault::NoContentRange => remove(answer, "content-range"),
        Fault::CutAfter(bytes) => answer.body_mut().stop = stop(*bytes, Some(Cut::Close)),
        Fault::ResetAfter(bytes) => answer.body_mut().stop = stop(*bytes, Some(Cut::Reset)),
        Fault::Stall { after } => answer.body_mut().stop = stop(*after, None),
        Fault::Trickle { bytes, every_ms } => {
            answer.body_mut().pace = Some((*bytes, Duration::from_millis(*every_ms)));
        }
        Fault::SpeedLimit { bytes_per_second } => wire.limit_speed(*bytes_per_second),
        Fault::ChangedETag => {
            set(answer.headers_mut(), "etag", "\"00000000000000000000000000000000\"");
        }
        Fault::NoETag => remove(answer, "etag"),
        Fault::WeakETag => {
            let weak = answer.headers().get("etag").map(|etag| [b"W/", etag.as_bytes()].concat());
            if let Some(Ok(weak)) = weak.map(|weak| HeaderValue::from_bytes(&weak)) {
                answer.headers_mut().insert("etag", weak);
            }
        }
        Fault::NoCrc64 => remove(answer, "x-oss-hash-crc64ecma"),
        Fault::WrongCrc64 => {
            let crc = answer.headers().get("x-oss-hash-crc64ecma");
            let crc = crc.and_then(|crc| crc.to_str().ok()?.parse::<u64>().ok()).unwrap_or(0);
            set(answer.headers_mut(), "x-oss-hash-crc64ecma", &(crc ^ 1).to_string());
        }
        Fault::CorruptByte(offset) => answer.body_mut().corrupt = Some(*offset),
        Fault::NoContentLength => answer.body_mut().declared = None,
        Fault::ExtraBytes(bytes) => {
            let payload = answer.body_mut();
            payload.extra = *bytes;
            payload.declared = payload.declared.map(|declared| declared + bytes);
        }
        Fault::BytesAfterBody(bytes) => {
            answer.body_mut().after_body = *bytes;
            set(answer.headers_mut(), "connection", "close");
        }
        Fault::ShortContentLength(bytes) => {
            let payload = answer.body_mut();
            let bytes = (*bytes).min(payload.range.end - payload.range.start);
            payload.range.end -= bytes;
            payload.declared = payload.declared.map(|declared| declared - bytes);
        }
        Fault::LongContentLength(bytes) => {
            let payload = answer.body_mut();
            let len = payload.range.end - payload.range.start;
            payload.declared = Some(len + bytes);
            payload.stop = stop(len, Some(Cut::Close));
        }
        Fault::Gzip => compress(answer),
        Fault::Date(text) => set(answer.headers_mut(), "date", text),
        // Applied before there was an answer.
        Fault::IgnoreRange
        | Fault::StandardRange
        | Fault::StallBeforeHeaders
        | Fault::Status { .. }
        | Fault::RawBody { .. }
        | Fault::Redirect { .. }
        | Fault::WrongContentRange(_) => {}
    }
}

fn remove(answer: &mut Response<Payload>, name: &'static str) {
    answer.headers_mut().remove(name);
}

/// In memory: meant for small objects.
fn compress(answer: &mut Response<Payload>) {
    let payload = answer.body();
    let mut rest = payload.range.clone();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    while !rest.is_empty() {
        let chunk = payload.content.chunk(rest.clone(), usize::MAX);
        rest.start += chunk.len() as u64;
        if encoder.write_all(&chunk).is_err() {
            return;
        }
    }
    let Ok(compressed) = encoder.finish() else { return };
    let mut payload = Payload::bytes(compressed);
    payload.declared = None;
    *answer.body_mut() = payload;
    set(answer.headers_mut(), "content-encoding", "gzip");
    for name in ["etag", "x-oss-hash-crc64ecma", "content-md5", "accept-ranges"] {
        remove(answer, name);
    }
}
