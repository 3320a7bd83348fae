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
    match answer.header("x-oss-hash-crc64ecma").map(str::parse) {
        None => Ok(None),
        Some(Ok(crc64)) => Ok(Some(crc64)),
        Some(Err(_)) => Err(protocol("x-oss-hash-crc64ecma is not a number")),
    }
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
mod tests {
    use super::*;

    const ETAG: (&str, &str) = ("etag", "\"5B3C1A2E\"");
    const CRC64: (&str, &str) = ("x-oss-hash-crc64ecma", "17");

    fn object(ranges: bool) -> Object {
        let etag = Some(ETAG.1.to_owned());
        Object { etag, size: Some(1000), crc64: Some(17), ranges, part: None }
    }

    /// What the first answer makes of the object, or the kind of error.
    fn first(
        status: u16,
        fields: &[(&'static str, &'static str)],
        asked: Option<Asked>,
    ) -> Result<(Object, Start), ErrorKind> {
        let fields = [&[ETAG, CRC64], fields].concat();
        Object::first(&Answer::made(status, &fields, b""), asked, None).map_err(|e| e.kind())
    }

    #[test]
    fn the_first_answer_tells_the_object_and_whether_it_comes_in_ranges() {
        let part = |range| [("content-length", "100"), ("content-range", range)];
        let asked = Some((0, Some(100)));
        let known = Ok((object(true), Start::At(0)));
        assert_eq!(first(206, &part("bytes 0-99/1000"), asked), known);
        for (range, asked) in [
            ("bytes 0-99/1000", Some((1, Some(101)))),
            ("bytes 0-99/1000", Some((0, Some(101)))),
            ("bytes 0-99/1000", Some((0, Some(99)))),
            ("bytes 0-99/1000", Some((0, None))),
            ("bytes 0-98/1000", asked),
            ("bytes */1000", asked),
            ("bytes 0-99/1000", None),
            ("items 0-99/1000", asked),
        ] {
            assert_eq!(first(206, &part(range), asked), Err(ErrorKind::Protocol), "{range}");
        }
        assert_eq!(first(206, &[], asked), Err(ErrorKind::Protocol));
        assert_eq!(first(416, &[], asked), Err(ErrorKind::Range));
    }

    #[test]
    fn a_200_means_no_ranges_but_for_one_that_ends_behind_the_object() {
        let whole = |asked, accepts| {
            let fields = [("content-length", "1000"), ("accept-ranges", accepts)];
            first(200, &fields, asked).map(|(object, start)| (object.ranges, start))
        };
        assert_eq!(whole(Some((0, Some(1001))), "bytes"), Ok((true, Start::Whole)));
        for (asked, accepts) in [
            (Some((0, Some(1001))), "none"),
            (Some((0, Some(1000))), "bytes"),
            (Some((1, Some(1001))), "bytes"),
            (Some((0, None)), "bytes"),
            (None, "bytes"),
        ] {
            assert_eq!(whole(asked, accepts), Ok((false, Start::Whole)), "{asked:?} {accepts}");
        }
    }

    #[test]
    fn the_part_of_a_range_that_was_signed_is_held_against_it() {
        let part = |signed, range: &'static [(&'static str, &'static str)]| {
            let answer = Answer::made(206, range, b"");
            let found = Object::first(&answer, None, Some(signed));
            found.map(|(object, _)| object.size).map_err(|error| error.kind())
        };
        let ten = &[("content-range", "bytes 5-14/100")];
        for signed in ["bytes=5-14", "bytes=-10", "bytes=5-14,20-29"] {
            assert_eq!(part(signed, ten), Ok(Some(10)), "{signed}");
            assert_eq!(part(signed, &[]), Err(ErrorKind::Protocol), "{signed}");
        }
        for signed in ["bytes=5-13", "bytes=6-14", "bytes=5-"] {
            assert_eq!(part(signed, ten), Err(ErrorKind::Protocol), "{signed}");
        }
    }

    #[test]
    fn a_crc_that_is_no_number_is_refused() {
        let answer = Answer::made(200, &[("x-oss-hash-crc64ecma", "x")], b"");
        let error = Object::first(&answer, None, None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Protocol);
    }

    #[test]
    fn only_a_strong_etag_of_an_object_in_ranges_is_pinned() {
        for (etag, ranges, pinned) in [
            ("\"a\"", true, true),
            ("\"a\"", false, false),
            ("W/\"a\"", true, false),
            ("\"\"", true, false),
            ("a", true, false),
        ] {
            let object = Object { etag: Some(etag.to_owned()), ..object(ranges) };
            assert_eq!(object.pin().is_some(), pinned, "{etag} {ranges}");
        }
    }

    #[test]
    fn a_later_answer_is_of_the_same_object_or_an_error() {
        use ErrorKind::{ObjectChanged, Protocol};
        let other = ("etag", "\"other\"");
        let part = ("content-range", "bytes 100-199/1000");
        let larger = ("content-range", "bytes 100-199/1001");
        let length = ("content-length", "1000");
        for (ranges, status, fields, expected) in [
            (true, 206, vec![ETAG, part], Ok(Start::At(100))),
            (true, 206, vec![other, part], Err(ObjectChanged)),
            (true, 206, vec![part], Err(ObjectChanged)),
            (true, 206, vec![ETAG, larger], Err(ObjectChanged)),
            (true, 206, vec![ETAG], Err(Protocol)),
            (true, 200, vec![ETAG, length], Err(Protocol)),
            (true, 200, vec![other, length], Err(ObjectChanged)),
            (true, 416, vec![ETAG], Err(ObjectChanged)),
            (false, 200, vec![ETAG, length], Ok(Start::Whole)),
            (false, 200, vec![ETAG, ("content-length", "999")], Err(ObjectChanged)),
            (false, 200, vec![other, length], Err(ObjectChanged)),
            (false, 200, vec![length], Err(ObjectChanged)),
        ] {
            let answer = Answer::made(status, &fields, b"");
            let start = object(ranges).check_next(&answer, &(100..200)).map_err(|e| e.kind());
            assert_eq!(start, expected, "{ranges} {status} {fields:?}");
        }
        let weak = Object { etag: Some("W/\"a\"".to_owned()), ..object(false) };
        let answer = Answer::made(200, &[("etag", "W/\"a\""), length], b"");
        assert_eq!(weak.check_next(&answer, &(1..1000)).unwrap_err().kind(), ObjectChanged);
        assert_eq!(weak.check_next(&answer, &(0..1000)).unwrap(), Start::Whole);
    }
}
