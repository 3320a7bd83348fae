//! Parts over several connections: what is asked for, and what no answer may be.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use oss_emulator::Fault;
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

#[test]
fn a_range_that_was_not_asked_for_is_refused() {
    for value in
        ["bytes 0-131071/1323065", "items 262144-393215/1323065", "bytes 262144-393216/1323065"]
    {
        let world = World::with(&content(SIZE));
        let fault = Fault::WrongContentRange(value.into());
        world.oss.fault(BUCKET, KEY, fault.at_range_start(2 * PART));
        let error = world.fetch_with(&world.presign(), parts).unwrap_err();
        assert_eq!((error.kind(), error.phase()), (ErrorKind::Protocol, Phase::Headers), "{error}");
    }
    let world = World::with(&content(SIZE));
    world.oss.fault(BUCKET, KEY, Fault::IgnoreRange.at_range_start(2 * PART));
    let error = world.fetch_with(&world.presign(), parts).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
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
