//! Parts over several connections: what is asked for, and what no answer may be.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use oss_emulator::{Fault, FaultRule};
use oss_presign::{ErrorKind, Phase, Verified, presign_get};
use std::fs;
use support::{BUCKET, KEY, PART, SIZE, World, asked, content, parts};

#[test]
fn a_large_object_comes_in_parts_pinned_to_the_first_etag() {
    let world = World::with(&content(SIZE));
    let downloaded = world.fetch_with(&world.presign(), parts).unwrap();
    assert_eq!(fs::read(world.target()).unwrap(), content(SIZE));
    assert_eq!((downloaded.bytes, downloaded.verified), (SIZE as u64, Verified::Crc64));
    let etag = downloaded.etag.unwrap();
    let requests = world.oss.requests();
    assert!(requests.len() >= 11, "{}", requests.len());
    assert_eq!(requests[0].header("range"), Some("bytes=0-131071"));
    assert_eq!(requests[0].header("if-match"), None);
    for request in &requests[1..] {
        assert_eq!(request.header("if-match"), Some(etag.as_str()));
        assert_eq!(request.status, Some(206));
    }
    assert_eq!(world.files(), ["target"]);
}

#[test]
fn one_connection_fetches_all_in_one_request() {
    let world = World::with(&content(SIZE));
    world.fetch_with(&world.presign(), |request| request.connections(1)).unwrap();
    assert_eq!(fs::read(world.target()).unwrap(), content(SIZE));
    assert_eq!(asked(&world), ["bytes=0-"]);
}

#[test]
fn a_server_without_ranges_is_one_stream() {
    let world = World::with(&content(SIZE));
    world.oss.fault(BUCKET, KEY, Fault::IgnoreRange.always());
    world.fetch_with(&world.presign(), parts).unwrap();
    assert_eq!(fs::read(world.target()).unwrap(), content(SIZE));
    assert_eq!(world.oss.requests().len(), 1);
    world.fetch_with(&world.presign(), |r| parts(r).range(1000, Some(2000))).unwrap();
    assert_eq!(fs::read(world.target()).unwrap(), content(SIZE)[1000..3000]);
}

#[test]
fn an_object_that_changes_is_an_error_and_never_a_mix() {
    for fault in [
        Fault::ChangedETag,
        Fault::NoETag,
        Fault::WrongCrc64,
        Fault::WrongContentRange("bytes 262144-393215/99999999".into()),
    ] {
        let world = World::with(&content(SIZE));
        fs::write(world.target(), "old").unwrap();
        world.oss.fault(BUCKET, KEY, fault.at_range_start(2 * PART));
        let error = world.fetch_with(&world.presign(), parts).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ObjectChanged, "{error}");
        assert_eq!(fs::read(world.target()).unwrap(), b"old");
        assert_eq!(world.files(), ["target"]);
    }
}

/// Unit, start, end and total, in the first answer and in a later one.
#[test]
fn a_range_that_was_not_asked_for_is_refused() {
    let cases: [(u64, &[&str]); 2] = [
        (
            0,
            &[
                "bytes 1-131072/1323065",
                "bytes 1-131071/1323065",
                "items 0-131071/1323065",
                "bytes 0-131070/1323065",
                "bytes 0-131072/1323065",
                "bytes 0-131071/131071",
                "junk",
            ],
        ),
        (
            2 * PART,
            &[
                "bytes 0-131071/1323065",
                "bytes 262145-393215/1323065",
                "items 262144-393215/1323065",
                "bytes 262144-393216/1323065",
                "bytes 262144-393214/1323065",
                "bytes */1323065",
            ],
        ),
    ];
    for (start, values) in cases {
        let wrong = values.iter().map(|value| Fault::WrongContentRange((*value).to_owned()));
        let wrong = wrong.chain([Fault::NoContentRange]);
        // Whether a length is stated with it or not; and a length that is not that of the range.
        let chunked = wrong.clone().map(|fault| fault.and(Fault::NoContentLength));
        let lengths = [Fault::ExtraBytes(1), Fault::ShortContentLength(1)].map(FaultRule::from);
        for rule in wrong.map(FaultRule::from).chain(chunked).chain(lengths) {
            let world = World::with(&content(SIZE));
            let shown = format!("{rule:?}");
            world.oss.fault(BUCKET, KEY, rule.at_range_start(start));
            let error = world.fetch_with(&world.presign(), parts).unwrap_err();
            let told = (error.kind(), error.phase());
            assert_eq!(told, (ErrorKind::Protocol, Phase::Headers), "{shown} {error}");
            assert!(world.files().is_empty());
        }
    }
}

#[test]
fn a_whole_object_in_place_of_a_later_part_is_an_error() {
    let world = World::with(&content(SIZE));
    world.oss.fault(BUCKET, KEY, Fault::IgnoreRange.at_range_start(2 * PART));
    let error = world.fetch_with(&world.presign(), parts).unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Protocol, Phase::Headers), "{error}");
}

/// A server that reads ranges as RFC 9110 has it says so of an empty object, too.
#[test]
fn a_416_is_an_empty_object_or_a_range_past_the_end_or_another_object() {
    let world = World::with(b"");
    world.oss.fault(BUCKET, KEY, Fault::StandardRange.always());
    let done = world.fetch_with(&world.presign(), parts).unwrap();
    assert_eq!((done.bytes, done.object_size, done.verified), (0, Some(0), Verified::Crc64));
    assert_eq!(world.oss.requests()[0].status, Some(416));

    let world = World::with(&content(SIZE));
    world.oss.fault(BUCKET, KEY, Fault::StandardRange.always());
    let presigned = world.presign();
    let error = world.fetch_with(&presigned, |r| parts(r).range(SIZE as u64, Some(5)));
    let error = error.unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Range, Phase::Headers));
    let message = "the range lies past the end of the object, which has 1323065 bytes";
    assert_eq!(error.to_string(), message);

    // Nor does a server without ranges or lengths have a byte there.
    let chunked = Fault::IgnoreRange.and(Fault::NoContentLength);
    world.oss.clear_faults(BUCKET, KEY);
    world.oss.fault(BUCKET, KEY, chunked.always());
    let error = world.fetch_with(&presigned, |r| parts(r).range(SIZE as u64 + 1, None));
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Range);
    // What there is of a range that ends behind the object comes.
    let done = world.fetch_with(&presigned, |r| parts(r).range(SIZE as u64 - 5, Some(9))).unwrap();
    assert_eq!(done.bytes, 5);
    assert_eq!(fs::read(world.target()).unwrap(), content(SIZE)[SIZE - 5..]);

    let world = World::with(&content(SIZE));
    let gone = Fault::RawBody { status: 416, body: Vec::new() };
    world.oss.fault(BUCKET, KEY, gone.at_range_start(2 * PART));
    let error = world.fetch_with(&world.presign(), parts).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ObjectChanged, "{error}");
}

#[test]
fn a_server_with_standard_ranges_is_fetched_in_parts_too() {
    let world = World::with(&content(SIZE));
    world.oss.fault(BUCKET, KEY, Fault::StandardRange.always());
    for range in [(0, None), (5, Some(3 * PART)), (SIZE as u64 - 7, Some(100))] {
        let done =
            world.fetch_with(&world.presign(), |r| parts(r).range(range.0, range.1)).unwrap();
        let start = range.0 as usize;
        let expected = &content(SIZE)[start..start + done.bytes as usize];
        assert!(fs::read(world.target()).unwrap() == expected);
    }
}

#[test]
fn only_a_strong_etag_is_sent_back() {
    for fault in [Fault::WeakETag, Fault::NoETag] {
        let world = World::with(&content(SIZE));
        world.oss.fault(BUCKET, KEY, fault.always());
        world.fetch_with(&world.presign(), parts).unwrap();
        let requests = world.oss.requests();
        assert!(requests.len() >= 11);
        assert!(requests.iter().all(|request| request.header("if-match").is_none()));
    }
}

#[test]
fn parts_are_of_eight_mebibytes_unless_said_otherwise() {
    const MIB: usize = 1 << 20;
    let world = World::with(&content(20 * MIB));
    world.fetch(&world.presign()).unwrap();
    let asked = asked(&world);
    for range in ["bytes=0-8388607", "bytes=8388608-16777215", "bytes=16777216-20971519"] {
        assert!(asked.iter().any(|other| other == range), "{asked:?}");
    }
}

#[test]
fn a_part_that_nobody_asked_for_is_an_error() {
    let world = World::with(&content(1000));
    let presigned = presign_get(&world.request(KEY).process("image/info")).unwrap();
    let fault = Fault::RawBody { status: 206, body: b"part".to_vec() };
    world.oss.fault(BUCKET, KEY, fault);
    let error = world.fetch(&presigned).unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Protocol, Phase::Headers), "{error}");
    assert!(world.files().is_empty());
}

#[test]
fn nothing_outlives_a_download() {
    support::leftovers::check();
}
