//! Many pieces at once: workers fetch, the caller's thread coordinates.
//!
//! The caller's thread alone calls the caller's code (progress, refresh) and writes the record; the
//! workers send it what they finished. All are gone when [`run`] returns.

use super::answer::Object;
use super::fetch::{Fetch, First, Shared};
use super::handler::Handler;
use super::plan::{Piece, Plan};
use super::progress::Meter;
use super::request::check_successor;
use super::resume::{Segment, Stretch};
use super::source::{Link, Validity};
use crate::clock::unix_now;
use crate::error::{Error, ErrorKind, Phase};
use std::ops::ControlFlow;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// However often progress is wanted, there is some time for work in between.
const SHORTEST_WAIT: Duration = Duration::from_micros(20);

/// What a worker tells.
enum Event {
    /// Bytes that are written.
    Written(Segment),
    /// The link of this number is expired, with this error, or will be soon.
    Expired(u64, Option<Error>),
    /// The worker gives up, and the download with it.
    Failed(Error),
}

/// Writes at an offset of the object.
pub(super) type WriteAt<'a> = dyn Fn(u64, &[u8]) -> Result<(), Error> + Sync + 'a;

/// What the workers need beside [`Shared`].
pub(super) struct Parallel<'a> {
    pub(super) shared: &'a Shared<'a>,
    pub(super) object: &'a Object,
    pub(super) plan: Mutex<Plan>,
    pub(super) workers: usize,
    pub(super) buffer_size: usize,
    /// Called by any worker.
    pub(super) write: &'a WriteAt<'a>,
}

/// The caller's side of a parallel download.
pub(super) struct Caller<'a> {
    pub(super) handler: &'a mut dyn Handler,
    pub(super) meter: &'a mut Meter,
    pub(super) total: Option<u64>,
    /// Takes finished segments, several at once if they came so.
    pub(super) written: &'a mut dyn FnMut(&[Segment]) -> Result<(), Error>,
}

/// Fetches all of the plan. `first` is its first piece, and the answer that was opened for it.
pub(super) fn run(
    parallel: &Parallel<'_>,
    first: (Arc<Piece>, Option<First>),
    caller: &mut Caller<'_>,
) -> Result<(), Error> {
    thread::scope(|scope| {
        let (sender, events) = channel();
        let mut first = Some(first);
        for number in 0..parallel.workers {
            let (sender, start) = (sender.clone(), first.take());
            let work = move || worker(parallel, start, &sender);
            let name = format!("oss-download-{number}");
            if let Err(error) = thread::Builder::new().name(name).spawn_scoped(scope, work) {
                // Fewer workers do as well; none at all do not.
                if number == 0 {
                    let message = format!("no thread can be started: {error}");
                    return Err(Error::new(ErrorKind::Io, Phase::Body, message));
                }
                break;
            }
        }
        drop(sender);
        let _on_panic = EndOnPanic(parallel.shared);
        coordinate(parallel.shared, &events, caller)
    })
}

/// Ends the workers when the caller's code panics: the panic waits for them.
struct EndOnPanic<'a>(&'a Shared<'a>);

impl Drop for EndOnPanic<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.stop.stop();
            self.0.source.close();
        }
    }
}

/// Listens until every worker is gone. The first failure stops them all.
fn coordinate(
    shared: &Shared<'_>,
    events: &Receiver<Event>,
    caller: &mut Caller<'_>,
) -> Result<(), Error> {
    let mut outcome = Ok(());
    loop {
        let wait = caller.meter.wait(shared.now()).max(SHORTEST_WAIT);
        let event = events.recv_timeout(wait);
        let gone = event.as_ref().is_err_and(|error| *error == RecvTimeoutError::Disconnected);
        // What came together is dealt with together.
        let step = handle(event.into_iter().chain(events.try_iter()), shared, caller, &outcome);
        if let Err(error) = step {
            shared.stop.stop();
            outcome = outcome.and(Err(error));
        }
        if shared.stop.is_stopped() {
            shared.source.close();
        }
        if gone {
            return outcome;
        }
    }
}

fn handle(
    events: impl Iterator<Item = Event>,
    shared: &Shared<'_>,
    caller: &mut Caller<'_>,
    so_far: &Result<(), Error>,
) -> Result<(), Error> {
    let (mut written, mut expired, mut failed) = (Vec::new(), Vec::new(), Ok(()));
    for event in events {
        match event {
            Event::Written(segment) => written.push(segment),
            Event::Expired(generation, error) => expired.push((generation, error)),
            Event::Failed(error) => failed = failed.and(Err(error)),
        }
    }
    if !written.is_empty() {
        (caller.written)(&written)?;
    }
    failed?;
    if so_far.is_err() {
        return Ok(());
    }
    for (generation, error) in expired {
        refresh(shared, generation, error, caller.handler)?;
    }
    if caller.meter.wait(shared.now()).is_zero() {
        report(shared, caller.meter, caller.total, caller.handler)?;
    }
    Ok(())
}

/// Tells the caller how far it is.
pub(super) fn report(
    shared: &Shared<'_>,
    meter: &mut Meter,
    total: Option<u64>,
    handler: &mut dyn Handler,
) -> Result<(), Error> {
    let progress = meter.report(shared.now(), shared.done.load(Relaxed), total);
    match handler.progress(progress) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => {
            let message = "cancelled by the progress callback";
            Err(Error::new(ErrorKind::Cancelled, Phase::Body, message))
        }
    }
}

/// Gets a fresh link from the caller, unless that of this number was replaced already. If the caller
/// has none: the error why one is needed, or none if the link is still good.
pub(super) fn refresh(
    shared: &Shared<'_>,
    generation: u64,
    error: Option<Error>,
    handler: &mut dyn Handler,
) -> Result<(), Error> {
    let source = &shared.source;
    let (in_force, current) = source.current();
    if in_force != generation || (error.is_none() && source.is_kept()) {
        return Ok(());
    }
    let is_better = |link: &Link| error.is_some() || link.validity(unix_now()) == Validity::Good;
    match handler.refresh_url().filter(is_better) {
        Some(link) => match check_successor(&link, &current) {
            Ok(()) => {
                source.replace(link);
                shared.refreshes.fetch_add(1, Relaxed);
                Ok(())
            }
            // The one in force is still good.
            Err(_) if error.is_none() => {
                source.keep();
                Ok(())
            }
            wrong => wrong,
        },
        None if shared.stop.is_stopped() => {
            Err(Error::new(ErrorKind::Cancelled, Phase::Headers, "cancelled"))
        }
        None => {
            source.keep();
            error.map_or(Ok(()), Err)
        }
    }
}

/// Fetches pieces until there are none.
fn worker(
    parallel: &Parallel<'_>,
    first: Option<(Arc<Piece>, Option<First>)>,
    events: &Sender<Event>,
) {
    let shared = parallel.shared;
    // A send fails only when the coordinator is gone, and then nothing matters any more.
    let tell = |event| _ = events.send(event);
    let mut buffer = vec![0; parallel.buffer_size];
    let mut refresh = |generation, error: Option<Error>| {
        let is_good = error.is_none();
        tell(Event::Expired(generation, error));
        shared.source.wait_beyond(generation, is_good)
    };
    let (mut piece, mut answer) = first.unzip();
    while let Some(current) = piece.take().or_else(|| next(&parallel.plan)) {
        let mut stretch = Stretch::new(current.start());
        let mut write = |offset, bytes: &[u8]| {
            if !bytes.is_empty() {
                (parallel.write)(offset, bytes)?;
                stretch.add(bytes);
            }
            Ok(())
        };
        let fetch = Fetch::new(shared, parallel.object, &current, &mut buffer);
        let outcome = fetch.run(answer.take().flatten(), &mut write, &mut refresh);
        let segment = stretch.cut();
        if segment.len() > 0 {
            tell(Event::Written(segment));
        }
        if let Err(error) = outcome {
            return tell(Event::Failed(error));
        }
    }
}

fn next(plan: &Mutex<Plan>) -> Option<Arc<Piece>> {
    plan.lock().unwrap_or_else(PoisonError::into_inner).next()
}
