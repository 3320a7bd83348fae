//! What is compared before a target appears.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use oss_emulator::Fault;
use oss_presign::{
    DownloadRequest, ErrorKind, Phase, Progress, Target, Verified, download, presign_get,
};
use std::fs;
use std::ops::ControlFlow;
use support::{BUCKET, KEY, PART, SIZE, World, content, object_bytes, parts, refuses};

#[test]
fn what_was_verified_is_said() {
    let world = World::with(&content(1000));
    for (faults, verified) in [
        (vec![Fault::NoCrc64], Verified::Length),
        (vec![Fault::NoContentLength], Verified::Crc64),
        (vec![Fault::NoCrc64, Fault::NoContentLength], Verified::Nothing),
    ] {
        let mut faults = faults.into_iter();
        let first = faults.next().unwrap();
        let rule = faults.fold(first.times(1), |rule, fault| rule.and(fault));
        world.oss.fault(BUCKET, KEY, rule);
        assert_eq!(world.fetch(&world.presign()).unwrap().verified, verified);
    }
}

#[test]
fn a_signed_range_gives_that_range_verified_by_length() {
    let world = World::with(&content(1000));
    let presigned = presign_get(&world.request(KEY).header("Range", "bytes=10-19")).unwrap();
    let downloaded = world.fetch(&presigned).unwrap();
    assert_eq!(fs::read(world.target()).unwrap(), content(1000)[10..20]);
    assert_eq!((downloaded.verified, downloaded.http_status), (Verified::Length, 206));
}

#[test]
fn bodies_that_are_wrong_never_reach_the_target() {
    let world = World::with(&content(500_000));
    for (fault, kind, phase) in [
        (Fault::CutAfter(0), ErrorKind::Network, Phase::Body),
        (Fault::CutAfter(300_000), ErrorKind::Network, Phase::Body),
        (Fault::ResetAfter(300_000), ErrorKind::Network, Phase::Body),
        (Fault::LongContentLength(1), ErrorKind::Network, Phase::Body),
        (Fault::ShortContentLength(1), ErrorKind::Checksum, Phase::Verify),
        (Fault::ExtraBytes(1), ErrorKind::Checksum, Phase::Verify),
        (Fault::CorruptByte(400_000), ErrorKind::Checksum, Phase::Verify),
        (Fault::WrongCrc64, ErrorKind::Checksum, Phase::Verify),
    ] {
        world.oss.clear_faults(BUCKET, KEY);
        world.oss.fault(BUCKET, KEY, fault.always());
        refuses(&world, kind, phase);
    }
}

#[test]
fn a_body_longer_than_the_range_asked_for_is_an_error() {
    let world = World::with(&content(SIZE));
    fs::write(world.target(), "old").unwrap();
    let rule = Fault::ExtraBytes(1).and(Fault::NoContentLength);
    world.oss.fault(BUCKET, KEY, rule.at_range_start(2 * PART));
    let error = world.fetch_with(&world.presign(), parts).unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Protocol, Phase::Body), "{error}");
    assert_eq!(fs::read(world.target()).unwrap(), b"old");
}

#[test]
fn bytes_that_came_wrong_are_fetched_again_once() {
    let world = World::with(&content(SIZE));
    world.oss.fault(BUCKET, KEY, Fault::CorruptByte(3 * PART + 5).at_range_start(3 * PART));
    let downloaded = world.fetch_with(&world.presign(), parts).unwrap();
    assert_eq!(downloaded.verified, Verified::Crc64);
    assert_eq!(fs::read(world.target()).unwrap(), content(SIZE));

    let world = World::with(&content(SIZE));
    world.oss.fault(BUCKET, KEY, Fault::CorruptByte(3 * PART + 5).always());
    let error = world.fetch_with(&world.presign(), parts).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Checksum);
    assert!(object_bytes(&world) <= 2 * SIZE as u64 + PART);
    assert!(world.files().is_empty());
}

#[test]
fn the_callers_expectations_are_checked_before_the_target_appears() {
    use sha2::Digest;
    let world = World::with(&content(SIZE));
    let presigned = world.presign();
    let sha256: [u8; 32] = sha2::Sha256::digest(content(SIZE)).into();
    let md5: [u8; 16] = md5::Md5::digest(content(SIZE)).into();
    let crc64 = world.fetch(&presigned).unwrap().crc64;
    fs::remove_file(world.target()).unwrap();
    world
        .fetch_with(&presigned, |r| {
            let r = parts(r).expect_size(SIZE as u64).expect_crc64(crc64);
            r.expect_sha256(sha256).expect_md5(md5)
        })
        .unwrap();
    fs::remove_file(world.target()).unwrap();
    let errors = [
        world.fetch_with(&presigned, |r| parts(r).expect_size(SIZE as u64 - 1)),
        world.fetch_with(&presigned, |r| parts(r).expect_crc64(crc64 ^ 1)),
        world.fetch_with(&presigned, |r| parts(r).expect_sha256([0; 32])),
        world.fetch_with(&presigned, |r| parts(r).expect_md5([0; 16])),
    ]
    .map(|outcome| outcome.unwrap_err());
    for error in errors {
        assert_eq!((error.kind(), error.phase()), (ErrorKind::Checksum, Phase::Verify), "{error}");
    }
    assert!(world.files().is_empty());
}

#[test]
fn a_maximum_size_counts_bytes_not_headers() {
    let world = World::with(&content(SIZE));
    fn limit(request: DownloadRequest<'_>) -> DownloadRequest<'_> {
        parts(request).max_bytes(SIZE as u64 - 1)
    }
    let error = world.fetch_with(&world.presign(), limit).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    world.oss.fault(BUCKET, KEY, Fault::NoContentLength.times(1).and(Fault::IgnoreRange));
    let error = world.fetch_with(&world.presign(), limit).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    world.fetch_with(&world.presign(), |r| parts(r).max_bytes(SIZE as u64)).unwrap();
    let address = world.oss.http_addr().to_string();
    let presigned = world.presign();
    let memory = DownloadRequest::to(&presigned.url, Target::Memory(SIZE as u64 - 1));
    let error =
        download(&memory.connect_to(&address), &mut |_: Progress| ControlFlow::Continue(()));
    assert_eq!(error.unwrap_err().kind(), ErrorKind::TooLarge);
}
