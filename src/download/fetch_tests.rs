//! What is asked for when, without a socket: the answers are made up.

use super::*;
use crate::error::ServiceError;
use std::collections::VecDeque;
use std::ops::Range;

const URL: &str = "http://h/k?x-oss-date=20231216T162057Z&x-oss-expires=100";
const EXPIRES_AT: i64 = 1_702_743_657 + 100;
const SIZE: u64 = 1000;
const CONTENT: [u8; SIZE as usize] = [7; SIZE as usize];

/// Gives its answers one after the other, and notes what was asked for.
#[derive(Default)]
struct Script {
    answers: Mutex<VecDeque<Result<Answer, Error>>>,
    asked: Mutex<Vec<(Option<Asked>, Option<String>)>>,
}

impl Script {
    fn new(answers: impl IntoIterator<Item = Result<Answer, Error>>) -> Self {
        Self { answers: Mutex::new(answers.into_iter().collect()), ..Self::default() }
    }

    fn asked(&self) -> Vec<Option<Asked>> {
        self.asked.lock().unwrap().iter().map(|(range, _)| *range).collect()
    }
}

impl Transport for Script {
    fn get(&self, get: &Get<'_>, _: &Stop) -> Result<Answer, Error> {
        self.asked.lock().unwrap().push((get.range, get.if_match.map(str::to_owned)));
        self.answers.lock().unwrap().pop_front().unwrap()
    }
}

/// The bytes from `start` on, announced to the end, cut off after `sent`.
fn part(start: u64, sent: usize) -> Result<Answer, Error> {
    let range = format!("bytes {start}-{}/{SIZE}", SIZE - 1);
    let length = (SIZE - start).to_string();
    let fields =
        [("etag", "\"a\""), ("content-range", &*range.leak()), ("content-length", &*length.leak())];
    Ok(Answer::made(206, &fields, &CONTENT[..sent]))
}

fn status(status: u16, body: &'static str) -> Result<Answer, Error> {
    Ok(Answer::made(status, &[], body.as_bytes()))
}

const EXPIRED: &str =
    "<Error><Code>AccessDenied</Code><Message>Request has expired.</Message></Error>";

fn link() -> Link {
    Link { url: URL.to_owned(), headers: Vec::new() }
}

/// With two retries, at a time.
fn shared<'a>(script: &'a Script, stop: &'a Stop, clock: fn() -> i64) -> Shared<'a> {
    Shared {
        transport: script,
        stop,
        clock,
        random: || 0.0,
        source: Source::new(link()),
        follow_redirects: false,
        policy: Policy { retries: 2, budget: Duration::from_secs(60) },
        limiter: None,
        started: Instant::now(),
        deadline: None,
        connections: 1,
        done: AtomicU64::new(0),
        max_bytes: u64::MAX,
        retries: AtomicU32::new(0),
        refreshes: AtomicU32::new(0),
    }
}

/// Fetches all of the object with two retries, at a time; gives what was written, the outcome, and how
/// often a fresh URL was asked for.
fn fetch(script: &Script, clock: fn() -> i64) -> (Range<u64>, Result<(), Error>, u32) {
    let stop = Stop::new().unwrap();
    let shared = shared(script, &stop, clock);
    let etag = Some("\"a\"".to_owned());
    let object = Object { etag, size: Some(SIZE), crc64: None, ranges: true, part: None };
    let piece = Piece::new(0..SIZE);
    let mut buffer = [0; 64];
    let mut refreshed = 0;
    let mut written = 0..0;
    let outcome = Fetch::new(&shared, &object, &piece, &mut buffer).run(
        None,
        &mut |offset, bytes: &[u8]| {
            assert_eq!(offset, written.end);
            written.end += bytes.len() as u64;
            Ok(())
        },
        &mut |_, _| {
            refreshed += 1;
            shared.source.replace(link());
            Ok(())
        },
    );
    (written, outcome, refreshed)
}

#[test]
fn a_part_goes_on_at_its_current_byte_and_stays_pinned() {
    let script = Script::new([part(0, 300), part(300, 100), part(400, 600)]);
    let (written, outcome, _) = fetch(&script, || 0);
    outcome.unwrap();
    assert_eq!(written, 0..SIZE);
    let ask = |start| Some((start, Some(SIZE)));
    assert_eq!(script.asked(), [ask(0), ask(300), ask(400)]);
    let asked = script.asked.lock().unwrap();
    assert!(asked.iter().all(|(_, pin)| pin.as_deref() == Some("\"a\"")));
}

#[test]
fn progress_gives_the_attempts_back() {
    let answers = (0..9).map(|i| part(i * 100, 100)).chain([part(900, 100)]);
    fetch(&Script::new(answers), || 0).1.unwrap();
    let script = Script::new([part(0, 0), part(0, 0), part(0, 0)]);
    let (written, outcome, _) = fetch(&script, || 0);
    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Network);
    assert_eq!((written, script.asked().len()), (0..0, 3));
}

/// A server may take fewer requests, or connections, than there are workers.
#[test]
fn the_progress_of_others_gives_attempts_back_where_capacity_may_be_wanting() {
    let (script, stop) = (Script::default(), Stop::new().unwrap());
    for (kind, phase, patient) in [
        (ErrorKind::Throttled, Phase::Headers, true),
        (ErrorKind::Connect, Phase::Connect, true),
        (ErrorKind::Network, Phase::Headers, true),
        (ErrorKind::Timeout, Phase::Connect, true),
        (ErrorKind::Timeout, Phase::Headers, false),
        (ErrorKind::Server, Phase::Headers, false),
    ] {
        let (shared, mut failures) = (shared(&script, &stop, || 0), Failures::default());
        let outcomes: Vec<bool> = (0..5)
            .map(|_| {
                shared.done.fetch_add(1, Relaxed);
                let error = Error::new(kind, phase, "")
                    .of_answer(ServiceError { status: 503, ..Default::default() });
                shared.back_off(error, &mut failures).is_ok()
            })
            .collect();
        assert_eq!(outcomes, [true, true, patient, patient, patient], "{kind:?}");
    }
}

#[test]
fn what_passes_is_asked_again_and_what_is_final_is_not() {
    for (answer, kind, requests) in [
        (|| status(408, ""), ErrorKind::Server, 3),
        (|| status(429, ""), ErrorKind::Throttled, 3),
        (|| status(500, ""), ErrorKind::Server, 3),
        (|| status(502, ""), ErrorKind::Server, 3),
        (|| status(503, ""), ErrorKind::Throttled, 3),
        (
            || status(403, "<Error><Code>RequestTimeTooSkewed</Code></Error>"),
            ErrorKind::Forbidden,
            3,
        ),
        (|| status(400, ""), ErrorKind::Server, 1),
        (|| status(403, ""), ErrorKind::Forbidden, 1),
        (|| status(404, ""), ErrorKind::NotFound, 1),
        (|| status(412, ""), ErrorKind::ObjectChanged, 1),
        (|| status(301, ""), ErrorKind::Server, 1),
        (|| Err(Error::new(ErrorKind::Tls, Phase::Tls, "")), ErrorKind::Tls, 1),
        (|| Err(Error::new(ErrorKind::Connect, Phase::Connect, "")), ErrorKind::Connect, 3),
        (|| Err(Error::new(ErrorKind::Timeout, Phase::Headers, "")), ErrorKind::Timeout, 3),
    ] as [(fn() -> Result<Answer, Error>, ErrorKind, usize); 14]
    {
        let script = Script::new((0..3).map(|_| answer()));
        let error = fetch(&script, || 0).1.unwrap_err();
        assert_eq!((error.kind(), script.asked().len()), (kind, requests), "{error:?}");
    }
}

#[test]
fn an_expired_url_is_replaced_before_it_is_sent() {
    let script = Script::new([]);
    let (_, outcome, refreshed) = fetch(&script, || EXPIRES_AT + 1);
    // The fresh one is as old here, so the third is the last.
    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::UrlExpired);
    assert_eq!((refreshed, script.asked().len()), (MAX_REFRESHES, 0));
}

#[test]
fn a_url_about_to_expire_is_replaced_once_and_used() {
    let whole = || Script::new([part(0, 1000)]);
    assert_eq!(fetch(&whole(), || EXPIRES_AT - 11).2, 0);
    let script = whole();
    let (_, outcome, refreshed) = fetch(&script, || EXPIRES_AT);
    outcome.unwrap();
    assert_eq!((refreshed, script.asked().len()), (1, 1));
}

#[test]
fn a_403_that_says_expired_asks_for_a_fresh_url_and_costs_no_attempt() {
    let token = "<Error><Code>SecurityTokenExpired</Code><Message>x</Message></Error>";
    for body in [EXPIRED, token] {
        let refused = || status(403, body);
        let script = Script::new([refused(), refused(), refused(), part(0, 1000)]);
        let (written, outcome, refreshed) = fetch(&script, || 0);
        outcome.unwrap();
        assert_eq!((written, refreshed), (0..SIZE, 3));
    }
}

#[test]
fn what_was_read_before_an_error_is_written_all_the_same() {
    let script = Script::new([part(0, 250), status(404, "")]);
    let (written, outcome, _) = fetch(&script, || 0);
    assert_eq!((written, outcome.unwrap_err().kind()), (0..250, ErrorKind::NotFound));
}

#[test]
fn an_error_tells_what_the_service_said() {
    let script = Script::new([status(404, "<Error><Code>NoSuchKey</Code></Error>")]);
    let error = fetch(&script, || 0).1.unwrap_err();
    let code = "NoSuchKey".to_owned();
    assert_eq!(error.service(), Some(&ServiceError { status: 404, code, ..Default::default() }));
}
