//! Going on in a later call.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use oss_emulator::{Fault, Object};
use oss_presign::{DownloadRequest, ErrorKind, Verified};
use std::fs;
use support::{BUCKET, KEY, PART, SIZE, World, asked, content, object_bytes, parts};

fn resume(request: DownloadRequest<'_>) -> DownloadRequest<'_> {
    parts(request).resume(true)
}

#[test]
fn a_failed_download_goes_on_where_it_was() {
    let world = World::with(&content(SIZE));
    fs::write(world.target(), "old").unwrap();
    world.oss.fault(BUCKET, KEY, Fault::CutAfter(1000).at_range_start(5 * PART));
    let error = world.fetch_with(&world.presign(), resume).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Network);
    assert_eq!(world.files(), ["target", "target.part", "target.part.resume"]);
    assert_eq!(fs::read(world.target()).unwrap(), b"old");
    let record = fs::read_to_string(world.folder.path().join("target.part.resume")).unwrap();
    assert!(!record.contains("http") && !record.contains("Signature"), "{record}");

    world.forget_requests();
    let downloaded = world.fetch_with(&world.presign(), resume).unwrap();
    assert!(downloaded.resumed >= PART, "{}", downloaded.resumed);
    assert_eq!(downloaded.verified, Verified::Crc64);
    assert_eq!(object_bytes(&world), SIZE as u64 - downloaded.resumed);
    assert_eq!(fs::read(world.target()).unwrap(), content(SIZE));
    assert_eq!(world.files(), ["target"]);
}

#[test]
fn one_connection_resumes_too() {
    let world = World::with(&content(SIZE));
    world.oss.fault(BUCKET, KEY, Fault::CutAfter(3 * PART + 7));
    world.fetch_with(&world.presign(), |r| resume(r).connections(1)).unwrap_err();
    world.forget_requests();
    let downloaded = world.fetch_with(&world.presign(), |r| resume(r).connections(1)).unwrap();
    assert_eq!(downloaded.resumed, 3 * PART + 7);
    assert_eq!(asked(&world), [format!("bytes={}-{}", 3 * PART + 7, SIZE - 1)]);
    assert_eq!(fs::read(world.target()).unwrap(), content(SIZE));
}

#[test]
fn stale_or_damaged_leftovers_are_not_trusted() {
    let part = |world: &World| world.folder.path().join("target.part");
    let record = |world: &World| world.folder.path().join("target.part.resume");
    let broken = || {
        let world = World::with(&content(SIZE));
        world.oss.fault(BUCKET, KEY, Fault::CutAfter(1000).at_range_start(5 * PART));
        world.fetch_with(&world.presign(), resume).unwrap_err();
        world
    };
    let check = |world: &World, size: usize| {
        world.fetch_with(&world.presign(), resume).unwrap();
        assert_eq!(fs::read(world.target()).unwrap(), content(size));
        assert_eq!(world.files(), ["target"]);
    };
    // The object is another one now.
    let world = broken();
    world.oss.put(BUCKET, KEY, Object::new(content(SIZE + 1)));
    check(&world, SIZE + 1);
    let world = broken();
    world.oss.put(BUCKET, KEY, Object::new(content(10)));
    check(&world, 10);
    let world = broken();
    world.oss.put(BUCKET, KEY, Object::new(Vec::new()));
    check(&world, 0);
    // The data is not what the record says.
    let world = broken();
    let mut bytes = fs::read(part(&world)).unwrap();
    bytes[5] ^= 1;
    fs::write(part(&world), bytes).unwrap();
    check(&world, SIZE);
    let world = broken();
    fs::write(part(&world), "").unwrap();
    check(&world, SIZE);
    // The record is torn, foreign or gone.
    for text in ["", "junk", "oss-presign resume 9\n"] {
        let world = broken();
        fs::write(record(&world), text).unwrap();
        check(&world, SIZE);
    }
    let world = broken();
    fs::remove_file(record(&world)).unwrap();
    check(&world, SIZE);
    // The server has no ranges any more.
    let world = broken();
    world.oss.fault(BUCKET, KEY, Fault::IgnoreRange.always());
    check(&world, SIZE);
}

#[test]
fn a_weak_or_missing_etag_is_never_resumed() {
    for fault in [Fault::WeakETag, Fault::NoETag] {
        let world = World::with(&content(SIZE));
        world.oss.fault(
            BUCKET,
            KEY,
            Fault::CutAfter(1000).at_range_start(5 * PART).and(fault.clone()),
        );
        world.oss.fault(BUCKET, KEY, fault.always());
        world.fetch_with(&world.presign(), resume).unwrap_err();
        world.forget_requests();
        let downloaded = world.fetch_with(&world.presign(), resume).unwrap();
        assert_eq!(downloaded.resumed, 0);
        assert_eq!(fs::read(world.target()).unwrap(), content(SIZE));
    }
}

#[test]
fn two_resuming_downloads_of_one_target_do_not_corrupt_each_other() {
    let world = World::with(&content(SIZE));
    let presigned = world.presign();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                world.fetch_with(&presigned, |request| parts(request).resume(true)).unwrap()
            });
        }
    });
    assert_eq!(fs::read(world.target()).unwrap(), content(SIZE));
    assert_eq!(world.files(), ["target"]);
}
