//! A download from start to end.

use super::answer::{Object, past_the_end};
use super::coordinate::{self, Caller, Parallel};
use super::fetch::{Fetch, Shared};
use super::handler::Handler;
use super::limit::Limiter;
use super::output::{Output, too_large};
use super::plan::{Piece, Plan};
use super::probe::Opened;
use super::progress::Meter;
use super::request::{DownloadRequest, Target};
use super::resume::{Record, Segment, Stretch, name_of};
use super::retry::Policy;
use super::source::Source;
use super::{Downloaded, Verified, verify};
use crate::error::{Error, ErrorKind, Phase, ServiceError};
use crate::stop::Stop;
use crate::url::inspect;
use std::cell::RefCell;
use std::ops::{ControlFlow, Range};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// All write buffers of a download together, and the largest one. With what the connections hold, that
/// stays below 8 MiB, however many there are.
const BUFFER_BUDGET: usize = 2 << 20;
const BUFFER_SIZE: usize = 256 << 10;
/// A small object needs no large buffer.
const MIN_BUFFER_SIZE: usize = 16 << 10;

pub(super) fn run(
    request: &DownloadRequest<'_>,
    handler: &mut dyn Handler,
) -> Result<Downloaded, Error> {
    request.check()?;
    Output::check(request)?;
    let own;
    let client = match request.client {
        Some(client) => client,
        None => {
            own = request.make_client()?;
            &own
        }
    };
    let stop = Stop::new().map_err(|error| {
        let message = format!("no descriptor can be made: {error}");
        Error::new(ErrorKind::Io, Phase::Check, message).with_os(error.raw_os_error())
    })?;
    let _attached = request.cancel.map(|token| token.attach(&stop));
    if stop.is_stopped() {
        return Err(Error::new(ErrorKind::Cancelled, Phase::Check, "cancelled before the start"));
    }
    let info = inspect(request.url)?;
    let may_split = info.may_split();
    let connections = match request.target {
        Target::Stream => 1,
        _ if may_split => request.connections,
        _ => 1,
    };
    let started = Instant::now();
    let shared = Shared {
        transport: client,
        stop: &stop,
        clock: crate::clock::unix_now,
        random: crate::random::unit,
        source: Source::new(request.link()),
        follow_redirects: request.follow_redirects,
        policy: Policy { retries: request.retries, budget: request.retry_budget },
        limiter: request.bytes_per_second.map(|limit| Mutex::new(Limiter::new(limit, connections))),
        started,
        deadline: request.total_timeout.and_then(|limit| started.checked_add(limit)),
        done: AtomicU64::new(0),
        connections,
        max_bytes: request.max_bytes,
        retries: AtomicU32::new(0),
        refreshes: AtomicU32::new(0),
    };
    let (output, record) = Output::open(request)?;
    let mut download = Download {
        request,
        shared: &shared,
        output,
        handler: RefCell::new(handler),
        may_split,
        signed_range: request.header_value("range").filter(|_| info.signs_range()),
        name: name_of(info.object_name()),
        first: None,
        pieces: Vec::new(),
        resumed: 0,
    };
    let outcome = download.fetch_and_verify(record).and_then(|done| download.finish(done));
    if let Err(error) = &outcome
        && error.kind() != ErrorKind::ObjectChanged
        && error.kind() != ErrorKind::Checksum
    {
        download.output.keep();
    }
    outcome
}

pub(super) struct Download<'a> {
    pub(super) request: &'a DownloadRequest<'a>,
    pub(super) shared: &'a Shared<'a>,
    pub(super) output: Output<'a>,
    pub(super) handler: RefCell<&'a mut dyn Handler>,
    pub(super) may_split: bool,
    /// A Range of the caller's own, which was signed.
    pub(super) signed_range: Option<&'a str>,
    /// Stands for the object's name in the record.
    pub(super) name: u64,
    /// What the first answer said of itself; none where no request was needed.
    first: Option<First>,
    /// Every segment as it was written, for finding a bad one.
    pub(super) pieces: Vec<Segment>,
    pub(super) resumed: u64,
}

/// What the answer that told of the object said of itself.
struct First {
    service: ServiceError,
    version_id: Option<String>,
}

/// What is known once all bytes are there.
struct Done {
    object: Object,
    record: Record,
    verified: Verified,
}

impl Download<'_> {
    fn fetch_and_verify(&mut self, record: Option<Record>) -> Result<Done, Error> {
        let record = record.filter(|record| self.is_of_use(record)).map(|r| self.recheck(r));
        let (mut record, resumed) = match record.transpose()? {
            Some(record) if record.done_bytes() > 0 => (record, true),
            _ => (self.blank(), false),
        };
        match resumed {
            true => self.shared.done.store(record.done_bytes(), Relaxed),
            false => self.output.restart()?,
        }
        let opened = self.open(&mut record, resumed);
        if let Err(error) = &opened {
            self.report_failure(error, &mut self.meter(), &record);
        }
        let (mut object, opened) = opened?;
        // Nothing, if the object is another one by now.
        self.resumed = record.done_bytes();
        self.pieces.clone_from(&record.done);
        self.note_first(opened.as_ref());
        let mut meter = self.meter();
        let verified = self.fetch_all(&mut object, &mut record, opened, &mut meter);
        match &verified {
            Err(error) => self.report_failure(error, &mut meter, &record),
            Ok(_) => self.report(&mut meter, &record)?,
        }
        let verified = verified.map_err(|error| self.of_first(error))?;
        Ok(Done { object, record, verified })
    }

    /// Notes what the answer said that a download starts with.
    pub(super) fn note_first(&mut self, opened: Option<&Opened>) {
        self.first = opened.map(|opened| First {
            service: opened.answer.service(),
            version_id: opened.answer.header("x-oss-version-id").map(str::to_owned),
        });
    }

    /// What is wrong with the bytes is told with what the first answer said of itself.
    fn of_first(&self, error: Error) -> Error {
        match (error.kind(), &self.first) {
            (ErrorKind::Checksum | ErrorKind::TooLarge, Some(first)) => {
                error.of_answer(first.service.clone())
            }
            _ => error,
        }
    }

    /// One last report, unless it is the caller's own code that ended it.
    fn report_failure(&self, error: &Error, meter: &mut Meter, record: &Record) {
        if !matches!(error.kind(), ErrorKind::Cancelled | ErrorKind::Callback) {
            // It has failed already.
            let _ = self.report(meter, record);
        }
    }

    fn fetch_all(
        &mut self,
        object: &mut Object,
        record: &mut Record,
        opened: Option<Opened>,
        meter: &mut Meter,
    ) -> Result<Verified, Error> {
        self.check_size(record)?;
        self.fetch(object, record, opened, meter)?;
        match verify::stated(self.request, object, record) {
            Err(_) if self.output.is_seekable() => self.repair(object, record, meter),
            verified => verified,
        }
    }

    /// A record that may be of this object and is for the same bytes of it.
    fn is_of_use(&self, record: &Record) -> bool {
        let (start, length) = self.request.range.unwrap_or((0, None));
        let end = length.map_or(record.size, |length| record.size.min(start + length));
        self.may_split && record.name == self.name && record.wanted == (start..end.max(start))
    }

    /// Leaves out what is not on the disk any more as the record has it.
    fn recheck(&self, mut record: Record) -> Result<Record, Error> {
        let wanted = record.wanted.start;
        let mut kept = Vec::new();
        for segment in record.done {
            let at =
                Segment { start: segment.start - wanted, end: segment.end - wanted, ..segment };
            if self.output.holds(&at, &|| self.shared.check(Phase::Verify))? {
                kept.push(segment);
            }
        }
        record.done = kept;
        Ok(record)
    }

    /// One connection fetches all of a stretch; several fetch parts.
    fn part_size(&self, ranges: bool) -> u64 {
        if self.shared.connections == 1 || !ranges { u64::MAX } else { self.request.part_size }
    }

    pub(super) fn plan(&self, record: &Record, ranges: bool) -> Plan {
        let done: Vec<Range<u64>> = record.done.iter().map(Segment::range).collect();
        Plan::new(record.wanted.clone(), &done, self.part_size(ranges))
    }

    /// Refuses what cannot be right before the bulk of it is fetched.
    pub(super) fn check_size(&mut self, record: &Record) -> Result<(), Error> {
        if record.wanted.end == u64::MAX {
            return Ok(());
        }
        let size = record.wanted.end - record.wanted.start;
        // What was saved is right all the same, for who expects something else.
        verify::size(self.request, size).inspect_err(|_| self.output.keep())?;
        if size > self.request.max_bytes {
            return Err(too_large());
        }
        self.output.reserve(size, &|| self.shared.check(Phase::Disk))
    }

    fn meter(&self) -> Meter {
        Meter::new(self.request.progress_interval, self.resumed, self.shared.now())
    }

    fn total(&self, record: &Record) -> Option<u64> {
        let Range { start, end } = record.wanted;
        (end != u64::MAX).then_some(end - start)
    }

    /// Fetches what the record lacks.
    pub(super) fn fetch(
        &mut self,
        object: &Object,
        record: &mut Record,
        opened: Option<Opened>,
        meter: &mut Meter,
    ) -> Result<(), Error> {
        let mut plan = self.plan(record, object.ranges);
        let Some(piece) = plan.next() else { return Ok(()) };
        let more = plan.pieces();
        let workers = match object.ranges && self.output.is_seekable() {
            true => u64::from(self.shared.connections).min(more + 1) as usize,
            false => 1,
        };
        if workers == 1 {
            let mut next = Some((piece, opened));
            while let Some((piece, opened)) = next {
                self.fetch_alone(object, record, &piece, opened, meter)?;
                if object.size.is_none() {
                    break;
                }
                next = plan.next().map(|piece| (piece, None));
            }
            return Ok(());
        }
        let base = record.wanted.start;
        let first = (piece, opened.map(|opened| (opened.answer, opened.skip)));
        let total = self.total(record);
        let (output, pieces, request) = (&self.output, &mut self.pieces, self.request);
        let parallel = Parallel {
            shared: self.shared,
            object,
            plan: Mutex::new(plan),
            workers,
            buffer_size: BUFFER_SIZE.min(BUFFER_BUDGET / workers),
            write: &|offset, bytes| output.write_at(offset - base, bytes),
        };
        let mut handler = self.handler.borrow_mut();
        let mut caller = Caller {
            handler: *handler,
            meter,
            total,
            written: &mut |segments| written(segments, record, pieces, output, request),
        };
        coordinate::run(&parallel, first, &mut caller)
    }

    /// Fetches one piece on this thread.
    fn fetch_alone(
        &mut self,
        object: &Object,
        record: &mut Record,
        piece: &Piece,
        opened: Option<Opened>,
        meter: &mut Meter,
    ) -> Result<(), Error> {
        let base = record.wanted.start;
        let total = self.total(record);
        let (output, pieces, request, shared) =
            (&self.output, &mut self.pieces, self.request, self.shared);
        let handler = &self.handler;
        let mut open = Stretch::new(piece.start());
        let mut sink = |offset: u64, bytes: &[u8]| {
            match output {
                _ if bytes.is_empty() => {}
                Output::Stream(digests) => {
                    hand_over(*handler.borrow_mut(), bytes)?;
                    digests.lock().unwrap_or_else(PoisonError::into_inner).update(bytes);
                }
                _ => output.write_at(offset - base, bytes)?,
            }
            open.add(bytes);
            if open.segment.len() >= request.part_size {
                written(&[open.cut()], record, pieces, output, request)?;
            }
            if meter.wait(shared.now()).is_zero() {
                coordinate::report(shared, meter, total, *handler.borrow_mut())?;
            }
            Ok(())
        };
        let mut refresh = |generation, error| {
            coordinate::refresh(shared, generation, error, *handler.borrow_mut())
        };
        let size = usize::try_from(piece.left()).unwrap_or(usize::MAX);
        let mut buffer = vec![0; size.clamp(MIN_BUFFER_SIZE, BUFFER_SIZE)];
        let fetch = Fetch::new(shared, object, piece, &mut buffer);
        let first = opened.map(|opened| (opened.answer, opened.skip));
        let outcome = fetch.run(first, &mut sink, &mut refresh);
        let last = open.cut();
        if last.len() > 0 {
            written(&[last], record, pieces, output, request)?;
        }
        if outcome.is_ok() && object.size.is_none() {
            if last.end == base && base > 0 {
                return Err(past_the_end(None));
            }
            record.wanted.end = last.end;
        }
        outcome
    }

    fn report(&self, meter: &mut Meter, record: &Record) -> Result<(), Error> {
        let total = self.total(record);
        coordinate::report(self.shared, meter, total, *self.handler.borrow_mut())
    }

    fn finish(&mut self, done: Done) -> Result<Downloaded, Error> {
        let Done { object, record, verified } = done;
        let bytes = record.wanted.end - record.wanted.start;
        let crc64 = record.complete().unwrap_or_default();
        let go_on = || self.shared.check(Phase::Verify);
        verify::expected(self.request, &self.output, &go_on, bytes, crc64)
            .map_err(|error| self.of_first(error))?;
        go_on()?;
        let (service, version_id) =
            self.first.take().map(|first| (first.service, first.version_id)).unzip();
        Ok(Downloaded {
            bytes,
            object_size: object.size,
            etag: object.etag,
            crc64,
            verified,
            http_status: service.as_ref().map_or(0, |service| service.status),
            request_id: service.map(|service| service.request_id).filter(|id| !id.is_empty()),
            version_id: version_id.flatten(),
            resumed: self.resumed,
            retries: self.shared.retries.load(Relaxed),
            refreshes: self.shared.refreshes.load(Relaxed),
            content: self.output.commit(bytes, self.request.overwrite)?,
        })
    }
}

/// Adds segments to the record, and writes it down if a later call shall go on from it.
fn written(
    segments: &[Segment],
    record: &mut Record,
    pieces: &mut Vec<Segment>,
    output: &Output<'_>,
    request: &DownloadRequest<'_>,
) -> Result<(), Error> {
    for segment in segments {
        record.add(*segment);
        pieces.push(*segment);
    }
    if request.resume && !record.etag.is_empty() {
        output.save(record)?;
    }
    Ok(())
}

fn hand_over(handler: &mut dyn Handler, bytes: &[u8]) -> Result<(), Error> {
    match handler.write(bytes) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => {
            let message = "the write callback refused the data";
            Err(Error::new(ErrorKind::Callback, Phase::Body, message))
        }
    }
}
