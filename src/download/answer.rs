//! What an answer says: of which object, of which bytes, and what its refusal means.

use super::redirect::is_redirect;
use super::retry::retry_after;
use crate::error::{Error, ErrorKind, Phase};
use crate::http::{self, Answer, ContentRange, content_range};
use crate::stop::Stop;
use std::ops::Range;

/// The object being fetched, as its first answer describes it. Every later answer is held against
/// it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Object {
    pub(super) etag: Option<String>,
    /// Size of the whole, when it is known.
    pub(super) size: Option<u64>,
    /// CRC-64 of the whole, when it is stated.
    pub(super) crc64: Option<u64>,
    /// Whether the server gives ranges of it.
    pub(super) ranges: bool,
    /// The Content-Range of what comes, if it is a part that can be had as it is only.
    pub(super) part: Option<String>,
}

/// Where a body starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// At this byte, as asked.
    At(u64),
    /// At the start of the object, whatever was asked.
    Whole,
}

/// A range as it is asked for: first byte and byte behind the last, none for the end.
pub(super) type Asked = (u64, Option<u64>);

impl Object {
    /// Reads the first answer to a request for `asked` (none: for the whole, or for the range that
    /// was signed).
    pub(super) fn first(
        answer: &Answer,
        asked: Option<Asked>,
        signed_range: Option<&str>,
    ) -> Result<(Self, Start), Error> {
        let found = Self::read_first(answer, asked, signed_range);
        found.map_err(|error| error.of_answer(answer.service()))
    }

    fn read_first(
        answer: &Answer,
        asked: Option<Asked>,
        signed_range: Option<&str>,
    ) -> Result<(Self, Start), Error> {
        check_form(answer)?;
        let object = |size, ranges| -> Result<Self, Error> {
            Ok(Self {
                etag: answer.header("etag").map(str::to_owned),
                size,
                crc64: stated_crc64(answer)?,
                ranges,
                part: part(answer).filter(|_| !ranges).map(str::to_owned),
            })
        };
        match (answer.status, asked) {
            (200, _) => Ok((object(answer.length, gives_ranges(answer, asked))?, Start::Whole)),
            (206, Some(asked)) => {
                let found = partial(answer, asked)?;
                Ok((object(found.total, found.total.is_some())?, Start::At(asked.0)))
            }
            (206, None) => {
                let Some(signed) = signed_range else {
                    return Err(protocol("a part, and nobody asked for one"));
                };
                // What comes is all there is to fetch.
                let size = Some(signed_part(answer, signed)?);
                Ok((Self { crc64: None, ..object(size, false)? }, Start::Whole))
            }
            _ => Err(past_the_end(size_in_416(answer))),
        }
    }

    /// The ETag to pin later requests to: only a strong one can be.
    pub(super) fn pin(&self) -> Option<&str> {
        self.etag.as_deref().filter(|etag| self.ranges && is_strong(etag))
    }

    /// Where the body of a good answer ends in the object, if it says so.
    pub(super) fn body_end(&self, answer: &Answer) -> Option<u64> {
        match answer.status {
            206 if self.ranges => {
                let (_, end) = content_range::parse(answer.header("content-range")?)?.range?;
                Some(end)
            }
            _ => answer.length,
        }
    }

    /// Holds a later answer, to a request for `rest`, against the object.
    pub(super) fn check_next(&self, answer: &Answer, rest: &Range<u64>) -> Result<Start, Error> {
        self.compare(answer, rest).map_err(|error| error.of_answer(answer.service()))
    }

    fn compare(&self, answer: &Answer, rest: &Range<u64>) -> Result<Start, Error> {
        check_form(answer)?;
        if let (Some(before), Some(now)) = (self.crc64, stated_crc64(answer)?)
            && before != now
        {
            return Err(changed());
        }
        let same_etag = self.etag.as_deref() == answer.header("etag");
        match answer.status {
            206 if self.ranges => {
                let found = partial(answer, (rest.start, Some(rest.end)))?;
                if !same_etag || found.total != self.size {
                    return Err(changed());
                }
                Ok(Start::At(rest.start))
            }
            200 if self.ranges && same_etag => Err(protocol("the server stopped giving ranges")),
            200 | 206 if !self.ranges => {
                // Before a byte is written, there is nothing to mix it with.
                let first = rest.start == 0;
                let strong = self.etag.as_deref().is_some_and(is_strong);
                let same_part = self.part.as_deref() == part(answer);
                match same_etag && same_part && (strong || first) && answer.length == self.size {
                    true => Ok(Start::Whole),
                    false => Err(changed()),
                }
            }
            // A 416 too: what is asked for lies in the object as it was.
            _ => Err(changed()),
        }
    }
}

/// The Content-Range of a 206.
fn part(answer: &Answer) -> Option<&str> {
    answer.header("content-range").filter(|_| answer.status == 206)
}

/// The size of the part that a Range of the caller's own asks for, which was signed.
fn signed_part(answer: &Answer, signed: &str) -> Result<u64, Error> {
    let (_, (start, end)) = ranged(answer)?;
    if let Some(asked) = asked_by(signed) {
        partial(answer, asked)?;
    }
    Ok(end - start)
}

/// What a Range of the simple kind asks for: `bytes=0-9`, `bytes=5-`.
fn asked_by(range: &str) -> Option<Asked> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    match last {
        "" => Some((first.parse().ok()?, None)),
        last => Some((first.parse().ok()?, Some(last.parse::<u64>().ok()?.checked_add(1)?))),
    }
}

/// Whether a server that answered with the whole gives ranges all the same: OSS does so for a range
/// that ends behind the object.
fn gives_ranges(answer: &Answer, asked: Option<Asked>) -> bool {
    let ends_behind =
        matches!((asked, answer.length), (Some((0, Some(end))), Some(size)) if size < end);
    ends_behind && answer.header("accept-ranges") == Some("bytes")
}

/// Whether an ETag is strong (RFC 9110, section 8.8.3), and so fit for If-Match.
pub(super) fn is_strong(etag: &str) -> bool {
    etag.len() > 2 && etag.starts_with('"') && etag.ends_with('"')
}

/// The Content-Range of a 206, and the range in it.
fn ranged(answer: &Answer) -> Result<(ContentRange, (u64, u64)), Error> {
    let found = answer.header("content-range").and_then(content_range::parse);
    found
        .and_then(|found| Some((found, found.range?)))
        .ok_or_else(|| protocol("a 206 without a proper Content-Range"))
}

/// Checks the Content-Range and Content-Length of a 206 against what was asked.
fn partial(answer: &Answer, asked: Asked) -> Result<ContentRange, Error> {
    let (found, (start, end)) = ranged(answer)?;
    let most = asked.1.unwrap_or(u64::MAX);
    let expected = found.total.map_or(most, |total| total.min(most));
    let complete = end == expected || (expected == u64::MAX && asked.1.is_none());
    if start != asked.0 || !complete || answer.length.is_some_and(|length| length != end - start) {
        return Err(protocol("the Content-Range is not the range that was asked for"));
    }
    Ok(found)
}

pub(super) fn stated_crc64(answer: &Answer) -> Result<Option<u64>, Error> {
    let Some(stated) = answer.headers("x-oss-hash-crc64ecma").next() else { return Ok(None) };
    let crc64 = str::from_utf8(stated).ok().and_then(|text| text.parse().ok());
    crc64.map(Some).ok_or_else(|| protocol("x-oss-hash-crc64ecma is not a number"))
}

/// Refuses an answer that leaves open of what its body is, or that was coded on its way: then the
/// bytes are not those of the object.
fn check_form(answer: &Answer) -> Result<(), Error> {
    for name in ["content-range", "etag", "x-oss-hash-crc64ecma"] {
        let mut values = answer.headers(name);
        let first = values.next();
        if values.any(|value| Some(value) != first) {
            return Err(protocol(&format!("{name} is there twice, with different values")));
        }
    }
    let codings = |name| answer.headers(name).flat_map(|value| value.split(|byte| *byte == b','));
    let is_one_of = |value: &[u8], names: &[&str]| {
        let value = value.trim_ascii();
        names.iter().any(|name| value.eq_ignore_ascii_case(name.as_bytes()))
    };
    let chunks: &[_] = if answer.is_old { &["", "identity"] } else { &["", "identity", "chunked"] };
    if codings("transfer-encoding").any(|value| !is_one_of(value, chunks)) {
        return Err(protocol("a Transfer-Encoding that nobody asked for"));
    }
    // An object that is stored so says how long it is, or which one; and some servers mark the ETag of
    // what they encode.
    let is_own =
        |etag: &str| is_strong(etag) && !ENCODINGS.iter().any(|name| is_marked(etag, name));
    let of_object = answer.length.is_some()
        || stated_crc64(answer)?.is_some()
        || answer.header("etag").is_some_and(is_own);
    if !of_object && codings("content-encoding").any(|value| is_one_of(value, &ENCODINGS)) {
        return Err(protocol("the body was encoded on its way, which nobody asked for"));
    }
    Ok(())
}

/// Encodings that change the bytes.
const ENCODINGS: [&str; 7] = ["gzip", "x-gzip", "deflate", "compress", "x-compress", "br", "zstd"];

/// As in `"5e1f-gzip"`.
fn is_marked(etag: &str, encoding: &str) -> bool {
    etag.trim_end_matches('"').strip_suffix(encoding).is_some_and(|rest| rest.ends_with('-'))
}

/// The size that a 416 states, if it does.
pub(super) fn size_in_416(answer: &Answer) -> Option<u64> {
    match content_range::parse(answer.header("content-range")?)? {
        ContentRange { range: None, total } => total,
        ContentRange { range: Some(_), .. } => None,
    }
}

/// The range wanted is not in the object.
pub(super) fn past_the_end(size: Option<u64>) -> Error {
    let message = match size {
        Some(size) => format!("the range lies past the end of the object, which has {size} bytes"),
        None => "the range lies past the end of the object".to_owned(),
    };
    Error::new(ErrorKind::Range, Phase::Headers, message)
}

pub(super) fn changed() -> Error {
    let message = "the object changed while it was downloaded";
    Error::new(ErrorKind::ObjectChanged, Phase::Headers, message)
}

fn protocol(message: &str) -> Error {
    Error::new(ErrorKind::Protocol, Phase::Headers, message)
}

pub(super) fn too_short() -> Error {
    let message = "the connection broke before the body was complete";
    Error::new(ErrorKind::Network, Phase::Body, message)
}

pub(super) fn too_long() -> Error {
    Error::new(ErrorKind::Protocol, Phase::Body, "the body is longer than the range it is of")
}

/// Some headers are signed without being named in the URL, so that nobody sees which one is missing.
const UNNAMED_HEADERS: &str = "; if x-oss headers, Content-Type or Content-MD5 were signed, the URL \
    does not name them, and they must be sent";

/// The error that an answer without a body to save means; `hide` takes the secrets that were sent
/// out of a text.
pub(super) fn refusal(
    answer: &mut Answer,
    hide: impl Fn(&str) -> String,
    now: i64,
    stop: &Stop,
) -> Error {
    let body = answer.read_start(http::MAX_ERROR_BODY, stop);
    let status = answer.status;
    let service = http::service_error(status, &body, |name| answer.header(name), hide);
    if stop.is_stopped() {
        return Error::new(ErrorKind::Cancelled, Phase::Headers, "cancelled");
    }
    if status == 416 {
        return past_the_end(size_in_416(answer)).of_answer(service);
    }
    let (kind, meaning) = match status {
        _ if is_redirect(status) => {
            (ErrorKind::Server, "answered with a redirect, which is not followed")
        }
        401 | 403 if is_expired(&service.code, &service.message) => {
            (ErrorKind::UrlExpired, "says that the URL has expired")
        }
        401 | 403 => (ErrorKind::Forbidden, "refused the request"),
        404 => (ErrorKind::NotFound, "has no such object"),
        412 => (ErrorKind::ObjectChanged, "has another object than was asked for"),
        429 | 503 => (ErrorKind::Throttled, "asks to slow down"),
        _ => (ErrorKind::Server, "answered with an error"),
    };
    let code = if service.code.is_empty() { "no OSS code" } else { &service.code };
    let mut message = format!("the service {meaning}: HTTP {status}, {code}");
    if !service.message.is_empty() {
        message.push_str(": ");
        message.push_str(&service.message);
    }
    if service.code == "SignatureDoesNotMatch" {
        message.push_str(UNNAMED_HEADERS);
    }
    let asked = answer.header("retry-after");
    let asked = asked.and_then(|asked| retry_after(asked, answer.header("date"), now));
    Error::new(kind, Phase::Headers, message).of_answer(service).with_retry_after(asked)
}

/// OSS answers an expired URL with AccessDenied and the message "Request has expired."; a security
/// token has a code of its own.
fn is_expired(code: &str, message: &str) -> bool {
    let says_so = message.to_ascii_lowercase().contains("expired");
    code == "SecurityTokenExpired" || (code == "AccessDenied" && says_so)
}

#[cfg(test)]
#[path = "answer_tests.rs"]
mod answer_tests;
