//! What is tried again, and from where.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use oss_emulator::Fault;
use oss_presign::ErrorKind;
use std::fs;
use support::{BUCKET, KEY, PART, SIZE, World, asked, content, parts};

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

#[test]
fn errors_that_pass_are_retried_and_final_ones_are_not() {
    let status = |status| Fault::Status {
        status,
        code: "Code".into(),
        message: String::new(),
        ec: None,
        retry_after: None,
    };
    for (code, kind) in [(500, None), (503, None), (408, None), (429, None)]
        .into_iter()
        .chain([(403, Some(ErrorKind::Forbidden)), (404, Some(ErrorKind::NotFound))])
        .chain([(412, Some(ErrorKind::ObjectChanged))])
    {
        let world = World::with(&content(SIZE));
        world.oss.fault(BUCKET, KEY, status(code).at_range_start(2 * PART));
        let outcome = world.fetch_with(&world.presign(), |request| parts(request).retries(3));
        assert_eq!(outcome.as_ref().err().map(|error| error.kind()), kind, "{code} {outcome:?}");
        assert_eq!(world.files().is_empty(), kind.is_some());
    }
}
