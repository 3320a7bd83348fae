//! How a download starts: the first request, which is the probe and the first data at once, or the
//! request that finds out whether an earlier call can be gone on with.

use super::answer::{self, Asked, Object, Start};
use super::coordinate;
use super::resume::Record;
use super::retry::Failures;
use super::run::Download;
use crate::error::{Error, ErrorKind};
use crate::http::Answer;
use std::ops::Range;
use std::sync::atomic::Ordering::Relaxed;

/// The answer that a stretch of work starts with.
pub(super) struct Opened {
    pub(super) answer: Answer,
    /// Bytes of its body that lie before the piece.
    pub(super) skip: u64,
}

impl Download<'_> {
    /// A record of nothing, before anything is known of the object.
    pub(super) fn blank(&self) -> Record {
        let (start, length) = self.request.range.unwrap_or((0, None));
        let end = length.map_or(u64::MAX, |length| start + length);
        let (name, etag) = (self.name, String::new());
        Record { name, etag, size: 0, crc64: None, wanted: start..end, done: Vec::new() }
    }

    /// Makes the first request, and learns from its answer what the object is. A resumed download
    /// of which all is there makes none.
    pub(super) fn open(
        &self,
        record: &mut Record,
        resumed: bool,
    ) -> Result<(Object, Option<Opened>), Error> {
        if resumed {
            if let Some(found) = self.go_on(record)? {
                return Ok(found);
            }
            self.output.restart()?;
            self.shared.done.store(0, Relaxed);
            *record = self.blank();
        }
        let (object, answer, start) = self.first_answer(record)?;
        self.describe(record, &object);
        if record.wanted.is_empty() && record.wanted.start > 0 {
            return Err(answer::past_the_end(object.size));
        }
        let skip = match start {
            Start::At(_) => 0,
            Start::Whole => record.wanted.start,
        };
        Ok((object, Some(Opened { answer, skip })))
    }

    /// The first answer of a download that goes on; none if it must start anew.
    fn go_on(&self, record: &mut Record) -> Result<Option<(Object, Option<Opened>)>, Error> {
        let mut known = Object {
            etag: Some(record.etag.clone()),
            size: Some(record.size),
            crc64: record.crc64,
            ranges: true,
            part: None,
        };
        // Where all is there, one byte tells whether it is still of this object.
        let next = self.plan(record, true).next().map(|piece| piece.rest());
        let end = record.wanted.end;
        let asked = self.asked(next.as_ref().unwrap_or(&(end - 1..end)));
        let is_another =
            |error: &Error| matches!(error.kind(), ErrorKind::ObjectChanged | ErrorKind::Range);
        let answer = match self.request_first(asked, Some(&record.etag)) {
            Err(error) if is_another(&error) => return Ok(None),
            answer => answer?,
        };
        // A server that has no ranges any more.
        if answer.status == 200 {
            return Ok(None);
        }
        match known.check_next(&answer, &self.bounds(asked, &known)) {
            Err(error) if is_another(&error) => return Ok(None),
            start => start?,
        };
        known.crc64 = known.crc64.or(answer::stated_crc64(&answer)?);
        record.crc64 = known.crc64;
        Ok(Some((known, next.map(|_| Opened { answer, skip: 0 }))))
    }

    /// The first answer of a download that starts from nothing.
    fn first_answer(&self, record: &Record) -> Result<(Object, Answer, Start), Error> {
        if self.may_split {
            let end = match self.shared.connections {
                1 => record.wanted.end,
                _ => record
                    .wanted
                    .end
                    .min(record.wanted.start.saturating_add(self.request.part_size)),
            };
            let asked = (record.wanted.start, Some(end).filter(|end| *end != u64::MAX));
            let answer = self.request_first(Some(asked), None)?;
            let empty = answer.status == 416 && answer::size_in_416(&answer) == Some(0);
            if !(empty && asked.0 == 0) {
                let answer = self.within(answer, asked)?;
                let (object, start) = Object::first(&answer, Some(asked), None)?;
                // A range of a whole that nobody knows the size of is no ground to plan on.
                if object.size.is_some() || answer.status == 200 {
                    return Ok((object, answer, start));
                }
            }
        }
        let answer = self.request_first(None, None)?;
        let (object, start) = Object::first(&answer, None, self.signed_range)?;
        Ok((object, answer, start))
    }

    /// OSS answers a range that ends behind the object with the whole of it. Where that is more than
    /// was wanted, asks again for what there is.
    fn within(&self, answer: Answer, asked: Asked) -> Result<Answer, Error> {
        match (answer.length, asked.1) {
            (Some(size), Some(end)) if answer.status == 200 && 0 < asked.0 && size < end => {
                if size <= asked.0 {
                    return Err(answer::past_the_end(Some(size)));
                }
                self.request_first(Some((asked.0, Some(size))), None)
            }
            _ => Ok(answer),
        }
    }

    fn request_first(&self, asked: Option<Asked>, if_match: Option<&str>) -> Result<Answer, Error> {
        let mut refresh = |generation, error| self.refresh(generation, error);
        self.shared.open(asked, if_match, &mut Failures::default(), &mut refresh)
    }

    fn refresh(&self, generation: u64, error: Option<Error>) -> Result<(), Error> {
        coordinate::refresh(self.shared, generation, error, *self.handler.borrow_mut())
    }

    /// Fills in what the first answer told.
    fn describe(&self, record: &mut Record, object: &Object) {
        record.etag = object.pin().unwrap_or_default().to_owned();
        record.size = object.size.unwrap_or(u64::MAX);
        record.crc64 = object.crc64;
        let end = record.wanted.end.min(record.size);
        record.wanted = record.wanted.start.min(end)..end;
    }

    fn asked(&self, rest: &Range<u64>) -> Option<Asked> {
        Some((rest.start, Some(rest.end).filter(|end| *end != u64::MAX)))
    }

    fn bounds(&self, asked: Option<Asked>, object: &Object) -> Range<u64> {
        let (start, end) = asked.unwrap_or((0, None));
        start..end.or(object.size).unwrap_or(u64::MAX)
    }
}
