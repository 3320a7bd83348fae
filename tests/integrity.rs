//! What is compared before a target appears.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use oss_emulator::{Fault, Object};
use oss_presign::{
    DownloadRequest, ErrorKind, Handler, Phase, Progress, Target, Verified, download, presign_get,
};
use std::fs::{self, File};
use std::ops::ControlFlow;
use std::os::unix::fs::FileExt;
use std::time::{Duration, Instant};
use support::{BUCKET, KEY, PART, SIZE, World, asked, content, idle, object_bytes, parts, refuses};

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
fn a_body_that_was_compressed_on_its_way_is_not_the_object() {
    let world = World::with(&content(1000));
    world.oss.fault(BUCKET, KEY, Fault::Gzip.always());
    refuses(&world, ErrorKind::Protocol, Phase::Headers);
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
    // To memory, which loses nothing.
    let world = World::with(&content(SIZE));
    world.oss.fault(BUCKET, KEY, Fault::CorruptByte(3 * PART + 5).at_range_start(3 * PART));
    let (presigned, address) = (world.presign(), world.oss.http_addr().to_string());
    let memory = DownloadRequest::to(&presigned.url, Target::Memory(SIZE as u64));
    let done = download(&parts(memory).connect_to(&address), &mut idle).unwrap();
    assert!(done.content.unwrap() == content(SIZE));
    assert_eq!(object_bytes(&world), 2 * SIZE as u64);

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

/// Part 3 as it comes: with its fifth byte wrong.
fn part_3_came_wrong(world: &World) -> Vec<u8> {
    world.oss.fault(BUCKET, KEY, Fault::CorruptByte(3 * PART + 5).at_range_start(3 * PART));
    let mut part = content(SIZE)[3 * PART as usize..4 * PART as usize].to_vec();
    part[5] ^= 0xFF;
    part
}

/// Spoils part 3 on the disk as soon as it is there. Meanwhile the workers go on, to their end.
struct Spoil<'a> {
    world: &'a World,
    part: Option<Vec<u8>>,
}

impl Handler for Spoil<'_> {
    fn progress(&mut self, _: Progress) -> ControlFlow<()> {
        if let Some(part) = self.part.take() {
            let path = self.world.folder.path().join("target.part");
            let file = File::options().read(true).write(true).open(path).unwrap();
            let (mut there, patience) = (vec![0; part.len()], Instant::now());
            while file.read_exact_at(&mut there, 3 * PART).is_err() || there != part {
                assert!(patience.elapsed() < Duration::from_secs(20));
                std::thread::yield_now();
            }
            file.write_all_at(&[!part[7]], 3 * PART + 7).unwrap();
        }
        ControlFlow::Continue(())
    }
}

#[test]
fn only_what_the_disk_has_lost_is_fetched_again() {
    let world = World::with(&content(SIZE));
    let presigned = world.presign();
    let mut spoil = Spoil { world: &world, part: Some(part_3_came_wrong(&world)) };
    let request = parts(world.get(&presigned)).resume(true).progress_interval(Duration::ZERO);
    let done = download(&request, &mut spoil).unwrap();
    assert_eq!(done.verified, Verified::Crc64);
    assert!(fs::read(world.target()).unwrap() == content(SIZE));
    let asked = asked(&world);
    let part_3 = format!("bytes={}-{}", 3 * PART, 4 * PART - 1);
    assert_eq!(asked.iter().filter(|range| **range == part_3).count(), 2);
    assert_eq!(object_bytes(&world), SIZE as u64 + PART);
}

/// In a later call, too: the parts of the first are not fetched again.
#[test]
fn what_the_disk_has_lost_of_a_resumed_download_is_all_that_is_fetched_again() {
    let world = World::with(&content(SIZE));
    let presigned = world.presign();
    let request = parts(world.get(&presigned)).resume(true).progress_interval(Duration::ZERO);
    // Parts 3 and 6 keep both workers, so that what is there by then does not depend on the time.
    let kept = [3, 6].map(|part| part * PART);
    for start in kept {
        world.oss.fault(BUCKET, KEY, Fault::Stall { after: 0 }.at_range_start(start));
    }
    let is_answered = |start: u64| {
        let range = format!("bytes={start}-{}", start + PART - 1);
        let mut requests = world.oss.requests().into_iter();
        requests.any(|r| r.header("range") == Some(&range) && r.status.is_some())
    };
    let mut enough =
        |progress: Progress| match progress.done == 5 * PART && kept.into_iter().all(is_answered) {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        };
    download(&request.clone().connections(2), &mut enough).unwrap_err();
    world.forget_requests();
    let mut spoil = Spoil { world: &world, part: Some(part_3_came_wrong(&world)) };
    let done = download(&request, &mut spoil).unwrap();
    assert_eq!(done.resumed, 5 * PART);
    assert_eq!(object_bytes(&world), SIZE as u64 - done.resumed + PART);
}

#[test]
fn a_download_is_given_up_only_when_the_source_is_wrong() {
    let world = World::with(&content(SIZE));
    let presigned = world.presign();
    let mut spoil = Spoil { world: &world, part: Some(part_3_came_wrong(&world)) };
    world.oss.fault(BUCKET, KEY, Fault::CorruptByte(5 * PART).at_range_start(5 * PART));
    let request = parts(world.get(&presigned)).resume(true).progress_interval(Duration::ZERO);
    let done = download(&request, &mut spoil).unwrap();
    assert_eq!((done.bytes, done.verified), (SIZE as u64, Verified::Crc64));
    assert!(fs::read(world.target()).unwrap() == content(SIZE));
    assert_eq!(object_bytes(&world), 2 * SIZE as u64 + PART);
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

/// In one of another size, nothing of the one before is left.
#[test]
fn all_is_fetched_again_of_the_object_that_is_there_by_then() {
    let world = World::with(&content(1000));
    let presigned = world.presign();
    let address = world.oss.http_addr().to_string();
    for to_memory in [false, true] {
        world.oss.put(BUCKET, KEY, Object::new(content(1000)));
        world.oss.fault(BUCKET, KEY, Fault::WrongCrc64);
        let mut version = String::new();
        let mut replace = |_: Progress| {
            if version.is_empty() {
                version = world.oss.put(BUCKET, KEY, Object::new(b"tiny".to_vec()));
            }
            ControlFlow::Continue(())
        };
        let request = match to_memory {
            true => DownloadRequest::to(&presigned.url, Target::Memory(1000)),
            false => world.get(&presigned),
        };
        let sha256 = <sha2::Sha256 as sha2::Digest>::digest(b"tiny").into();
        let request = request.connect_to(&address).expect_sha256(sha256);
        let done = download(&request.progress_interval(Duration::ZERO), &mut replace).unwrap();
        let bytes = done.content.unwrap_or_else(|| fs::read(world.target()).unwrap());
        assert_eq!((done.bytes, &bytes[..]), (4, &b"tiny"[..]));
        assert_eq!(done.version_id, Some(version));
    }
}

/// A server that keeps silent on the size: what was asked for need not be all there is.
#[test]
fn a_part_of_an_object_of_unknown_size_is_not_held_against_the_crc_of_the_whole() {
    let world = World::with(&content(1000));
    let unknown = || Fault::IgnoreRange.and(Fault::NoContentLength).always();
    world.oss.fault(BUCKET, KEY, unknown());
    for (length, verified) in [(Some(100), Verified::Nothing), (None, Verified::Crc64)] {
        let done = world.fetch_with(&world.presign(), |r| r.range(0, length)).unwrap();
        assert_eq!((done.bytes, done.verified), (length.unwrap_or(1000), verified));
    }
}

#[test]
fn a_range_from_the_end_of_an_object_of_unknown_size_is_past_it() {
    let world = World::with(&content(1000));
    let unknown = || Fault::IgnoreRange.and(Fault::NoContentLength).always();
    world.oss.fault(BUCKET, KEY, unknown());
    for offset in [1000, 1001] {
        let error = world.fetch_with(&world.presign(), |r| r.range(offset, None)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Range, "{error}");
    }
    let done = world.fetch_with(&world.presign(), |r| r.range(999, None)).unwrap();
    assert_eq!(done.bytes, 1);
}

/// Without ranges of our own, the answers to the same request must be of the same bytes.
#[test]
fn a_later_answer_is_of_the_part_that_the_first_was_of() {
    let world = World::with(&content(1000));
    let presigned = presign_get(&world.request(KEY).header("Range", "bytes=0-99")).unwrap();
    world.oss.fault(BUCKET, KEY, Fault::CutAfter(50));
    world.oss.fault(BUCKET, KEY, Fault::WrongContentRange("bytes 100-199/1000".into()));
    let error = world.fetch_with(&presigned, |request| request.retries(2)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ObjectChanged, "{error}");
    world.oss.fault(BUCKET, KEY, Fault::CutAfter(50));
    let done = world.fetch_with(&presigned, |request| request.retries(2)).unwrap();
    assert_eq!((done.bytes, done.retries), (100, 1));
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

#[test]
fn nothing_outlives_a_download() {
    support::leftovers::check();
}
