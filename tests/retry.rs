//! What is tried again, and from where.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use oss_emulator::{Fault, FaultRule};
use oss_presign::{ErrorKind, Phase, download};
use std::fs;
use std::net::TcpListener;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};
use support::{BUCKET, KEY, PART, SIZE, World, asked, content, idle, parts};

/// Faults of one part: with a repetition the download succeeds, and no byte comes twice.
#[test]
fn a_part_that_breaks_resumes_at_its_byte() {
    for fault in [Fault::CutAfter(50_000), Fault::ResetAfter(50_000)] {
        let world = World::with(&content(SIZE));
        let cut = matches!(fault, Fault::CutAfter(_));
        world.oss.fault(BUCKET, KEY, fault.at_range_start(3 * PART));
        let downloaded = world.fetch_with(&world.presign(), |r| parts(r).retries(3)).unwrap();
        assert_eq!(downloaded.retries, 1);
        assert_eq!(fs::read(world.target()).unwrap(), content(SIZE));
        if cut {
            let again = format!("bytes={}-{}", 3 * PART + 50_000, 4 * PART - 1);
            assert!(asked(&world).contains(&again), "{:?}", asked(&world));
        }
    }
}

/// OSS answers the probe with the whole of an object that is shorter than a part.
#[test]
fn a_small_object_goes_on_at_its_byte_too() {
    let body = content(200_000);
    let world = World::with(&body);
    world.oss.fault(BUCKET, KEY, Fault::CutAfter(150_000));
    world.fetch_with(&world.presign(), |request| request.retries(2)).unwrap();
    assert!(fs::read(world.target()).unwrap() == body);
    assert_eq!(asked(&world), ["bytes=0-8388607", "bytes=150000-199999"]);

    fs::remove_file(world.target()).unwrap();
    world.oss.fault(BUCKET, KEY, Fault::CutAfter(150_000));
    world.fetch_with(&world.presign(), |request| request.resume(true)).unwrap_err();
    let done = world.fetch_with(&world.presign(), |request| request.resume(true)).unwrap();
    assert_eq!(done.resumed, 150_000);
    assert!(fs::read(world.target()).unwrap() == body);
}

/// What is there is read past, since a server without ranges cannot leave it out.
#[test]
fn a_server_without_ranges_is_read_to_the_byte_again_if_it_is_the_same_object() {
    for (other, kind) in [
        (None, None),
        (Some(Fault::ChangedETag), Some(ErrorKind::ObjectChanged)),
        (Some(Fault::WeakETag), Some(ErrorKind::ObjectChanged)),
    ] {
        let world = World::with(&content(SIZE));
        let cut = Fault::CutAfter(300_000).and(Fault::IgnoreRange);
        world.oss.fault(BUCKET, KEY, cut);
        let again: FaultRule = Fault::IgnoreRange.into();
        world.oss.fault(BUCKET, KEY, other.into_iter().fold(again, FaultRule::and));
        let outcome = world.fetch_with(&world.presign(), |request| parts(request).retries(1));
        assert_eq!(outcome.as_ref().err().map(|error| error.kind()), kind, "{outcome:?}");
        assert_eq!(world.oss.requests().len(), 2);
        if kind.is_none() {
            assert!(fs::read(world.target()).unwrap() == content(SIZE));
        }
    }
}

/// Nothing tells whether it is the same object: what is there cannot be gone on with, and that is not
/// the object's fault.
#[test]
fn a_body_without_ranges_and_etag_that_breaks_is_a_broken_connection() {
    let world = World::with(&content(SIZE));
    let plain = || Fault::IgnoreRange.and(Fault::NoETag);
    world.oss.fault(BUCKET, KEY, plain().and(Fault::CutAfter(1000)));
    let error = world.fetch_with(&world.presign(), |r| parts(r).retries(3)).unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Network, Phase::Body), "{error}");
    assert_eq!(world.oss.requests().len(), 1);
    // Before its first byte it is fetched again.
    world.oss.fault(BUCKET, KEY, plain().and(Fault::CutAfter(0)));
    world.oss.fault(BUCKET, KEY, plain());
    assert_eq!(world.fetch_with(&world.presign(), |r| parts(r).retries(3)).unwrap().retries, 1);
}

fn status(status: u16, code: &str, retry_after: Option<&str>) -> Fault {
    Fault::Status {
        status,
        code: code.to_owned(),
        message: String::new(),
        ec: None,
        retry_after: retry_after.map(str::to_owned),
    }
}

/// How often the part was asked for that starts there.
fn times_asked(world: &World, start: u64) -> usize {
    let start = format!("bytes={start}-");
    asked(world).iter().filter(|range| range.starts_with(&start)).count()
}

/// Of the first request and of a later one.
#[test]
fn errors_that_pass_are_retried_and_final_ones_are_not() {
    let passing = [
        (408, "RequestTimeout"),
        (429, "QpsLimitExceeded"),
        (500, "InternalError"),
        (502, ""),
        (503, "ServiceUnavailable"),
        (504, ""),
        (403, "RequestTimeTooSkewed"),
    ]
    .map(|answer| (answer, None));
    let last = [
        ((400, "InvalidArgument"), Some(ErrorKind::Server)),
        ((401, ""), Some(ErrorKind::Forbidden)),
        ((403, "AccessDenied"), Some(ErrorKind::Forbidden)),
        ((403, "SignatureDoesNotMatch"), Some(ErrorKind::Forbidden)),
        ((404, "NoSuchKey"), Some(ErrorKind::NotFound)),
        ((412, "PreconditionFailed"), Some(ErrorKind::ObjectChanged)),
    ];
    for ((code, name), kind) in passing.into_iter().chain(last) {
        for start in [0, 2 * PART] {
            let world = World::with(&content(SIZE));
            world.oss.fault(BUCKET, KEY, status(code, name, None).at_range_start(start));
            let outcome = world.fetch_with(&world.presign(), |request| parts(request).retries(3));
            let failed = outcome.as_ref().err().map(|error| error.kind());
            assert_eq!(failed, kind, "{code} {name} {outcome:?}");
            let retries = u32::from(kind.is_none());
            assert_eq!(outcome.map_or(0, |done| done.retries), retries);
            assert_eq!(times_asked(&world, start), 1 + retries as usize);
        }
    }
}

#[test]
fn connections_that_break_before_the_headers_are_retried() {
    let world = World::with(&content(SIZE));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (taken, connections) = channel();
    let server = std::thread::spawn(move || {
        for _ in 0..3 {
            let connection = listener.accept().unwrap();
            taken.send(()).unwrap();
            drop(connection);
        }
    });
    let presigned = world.presign();
    let request = world.get(&presigned).connect_to(&address).retries(2);
    let error = download(&request, &mut idle).unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Network, Phase::Headers), "{error}");
    assert_eq!(connections.try_iter().count(), 3);
    server.join().unwrap();

    world.oss.fault(BUCKET, KEY, Fault::StallBeforeHeaders.times(2));
    let limit = Some(Duration::from_secs(1));
    let done = download(&world.get(&presigned).idle_timeout(limit).retries(2), &mut idle).unwrap();
    assert_eq!(done.retries, 2);
}

#[test]
fn attempts_are_limited() {
    let world = World::with(&content(SIZE));
    world.oss.fault(BUCKET, KEY, status(503, "ServiceUnavailable", None).always());
    let error = world.fetch_with(&world.presign(), |request| request.retries(2)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Throttled);
    assert!(error.is_retryable());
    assert_eq!(world.oss.requests().len(), 3);
}

/// The budget is half of the longest wait before the second attempt, and what is drawn decides whether
/// there is one: of so many downloads some have it and some have not, whatever the time.
#[test]
fn every_wait_is_drawn_anew() {
    let world = World::with(b"content");
    world.oss.fault(BUCKET, KEY, status(503, "ServiceUnavailable", None).always());
    let budget = Duration::from_millis(100);
    let mut seen = [0; 3];
    for _ in 0..40 {
        world.oss.clear_requests();
        let within = world.fetch_with(&world.presign(), |r| r.retries(1).retry_budget(budget));
        assert_eq!(within.unwrap_err().kind(), ErrorKind::Throttled);
        seen[world.oss.requests().len()] += 1;
    }
    assert!(seen[1] > 0 && seen[2] > 0, "{seen:?}");
}

#[test]
fn progress_made_gives_all_attempts_back() {
    let world = World::with(&content(SIZE));
    world.oss.fault(BUCKET, KEY, Fault::CutAfter(10_000).times(6));
    let one = |world: &World| {
        let presigned = world.presign();
        download(&world.get(&presigned).connections(1).retries(1), &mut idle)
    };
    assert_eq!(one(&world).unwrap().retries, 6);
    assert!(fs::read(world.target()).unwrap() == content(SIZE));
    world.oss.clear_requests();
    world.oss.fault(BUCKET, KEY, Fault::CutAfter(0).times(6));
    assert_eq!(one(&world).unwrap_err().kind(), ErrorKind::Network);
    assert_eq!(world.oss.requests().len(), 2);
}

#[test]
fn retry_after_is_waited_for_seconds_or_until_a_date() {
    let world = World::with(b"content");
    let (date, later) = ("Tue, 24 Nov 2026 08:00:00 GMT", "Tue, 24 Nov 2026 08:00:01 GMT");
    for rule in [
        status(503, "ServiceUnavailable", Some("1")).into(),
        status(429, "", Some(later)).and(Fault::Date(date.to_owned())),
    ] {
        world.oss.fault(BUCKET, KEY, rule);
        let started = Instant::now();
        world.fetch_with(&world.presign(), |request| request.retries(1)).unwrap();
        assert!(started.elapsed() >= Duration::from_secs(1), "{:?}", started.elapsed());
    }
}

/// Retry-After asks for longer than there is.
#[test]
fn no_attempt_begins_after_the_budget() {
    let world = World::with(b"content");
    world.oss.fault(BUCKET, KEY, status(503, "ServiceUnavailable", Some("31")).always());
    let budget = Duration::from_secs(30);
    let presigned = world.presign();
    let error = world.fetch_with(&presigned, |r| r.retries(9).retry_budget(budget)).unwrap_err();
    assert_eq!((error.kind(), world.oss.requests().len()), (ErrorKind::Throttled, 1));
}

#[test]
fn nothing_outlives_a_download() {
    support::leftovers::check();
}
