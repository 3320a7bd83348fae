//! Going on in a later call.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use crc_fast::CrcAlgorithm;
use oss_emulator::{Fault, Object};
use oss_presign::{
    DownloadRequest, EndpointKind, ErrorKind, Phase, Progress, Verified, download, presign_get,
};
use std::fs;
use std::ops::ControlFlow;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use support::{BUCKET, KEY, PART, SIZE, World, asked, content, example, idle, object_bytes, parts};

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

/// A download that broke in its sixth part, and left a part file and a record.
fn broken() -> World {
    let world = World::with(&content(SIZE));
    world.oss.fault(BUCKET, KEY, Fault::CutAfter(1000).at_range_start(5 * PART));
    world.fetch_with(&world.presign(), resume).unwrap_err();
    world.forget_requests();
    world
}

fn part(world: &World) -> PathBuf {
    world.folder.path().join("target.part")
}

fn record(world: &World) -> PathBuf {
    world.folder.path().join("target.part.resume")
}

/// Goes on, and gets the whole; says how much was there.
fn go_on(world: &World, size: usize) -> u64 {
    let done = world.fetch_with(&world.presign(), resume).unwrap();
    assert!(fs::read(world.target()).unwrap() == content(size));
    assert_eq!(world.files(), ["target"]);
    done.resumed
}

#[test]
fn an_object_that_is_another_one_by_now_is_fetched_from_the_start() {
    for size in [SIZE + 1, 10, 0] {
        let world = broken();
        world.oss.put(BUCKET, KEY, Object::new(content(size)));
        assert_eq!(go_on(&world, size), 0);
    }
}

/// As if plain servers made its ETag of time and size. Signed anew, or for another host, a URL is of
/// the same object.
#[test]
fn another_object_of_the_same_etag_is_fetched_from_the_start() {
    let world = broken();
    world.oss.put(BUCKET, "copy", Object::new(content(SIZE)));
    let copy = presign_get(&world.request("copy")).unwrap();
    assert_eq!(world.fetch_with(&copy, resume).unwrap().resumed, 0);

    let world = broken();
    let elsewhere = presign_get(&world.request(KEY).endpoint_kind(EndpointKind::Internal)).unwrap();
    assert_ne!(elsewhere.url.split('/').nth(2), world.presign().url.split('/').nth(2));
    assert!(world.fetch_with(&elsewhere, resume).unwrap().resumed >= PART);
}

/// And a server that has no such range any more, or no ranges at all.
#[test]
fn a_record_that_the_server_knows_nothing_of_is_stale() {
    for (fault, times) in [
        (Fault::RawBody { status: 416, body: Vec::new() }, 1),
        (Fault::IgnoreRange, u64::MAX),
        (Fault::ChangedETag, 1),
    ] {
        let world = broken();
        world.oss.fault(BUCKET, KEY, fault.times(times));
        assert_eq!(go_on(&world, SIZE), 0);
    }
}

/// What is there is no worse for an answer that makes no sense, or for another expectation.
#[test]
fn what_is_there_stays_when_something_else_is_wrong() {
    type Adjust = for<'a> fn(DownloadRequest<'a>) -> DownloadRequest<'a>;
    let wrong = || Some(Fault::WrongContentRange("bytes 1-2/3".into()).always());
    for (fault, adjust, kind) in [
        (wrong(), resume as Adjust, ErrorKind::Protocol),
        (None, |request| resume(request).expect_size(5), ErrorKind::Checksum),
        (None, |request| resume(request).max_bytes(5), ErrorKind::TooLarge),
    ] {
        let world = broken();
        if let Some(fault) = fault {
            world.oss.fault(BUCKET, KEY, fault);
        }
        let error = world.fetch_with(&world.presign(), adjust).unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        world.oss.clear_faults(BUCKET, KEY);
        assert!(go_on(&world, SIZE) >= PART, "{error}");
    }
}

/// What the server states now is what the whole is held against.
#[test]
fn a_crc_is_compared_whatever_the_record_says() {
    let world = broken();
    let stated = fs::read_to_string(record(&world)).unwrap();
    let stated = stated.lines().find(|line| line.starts_with("crc64 ")).unwrap().to_owned();
    rewrite(&world, &stated, "crc64 5");
    assert_eq!(go_on(&world, SIZE), 0);

    let world = broken();
    rewrite(&world, &format!("{stated}\n"), "");
    let done = world.fetch_with(&world.presign(), resume).unwrap();
    assert!(done.resumed >= PART);
    assert_eq!(done.verified, Verified::Crc64);
}

/// Nothing to go on with, nothing left; and a name that has no room for the record's is told at once.
#[test]
fn only_what_can_be_gone_on_with_is_left() {
    let world = World::with(&content(SIZE));
    let error = world.fetch_with(&world.presign(), |request| resume(request).max_bytes(5));
    let error = error.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert!(world.files().is_empty());

    world.oss.clear_requests();
    let presigned = world.presign();
    let long = world.folder.path().join("x".repeat(244));
    let error = download(&resume(world.get_to(&presigned, &long)), &mut idle).unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Io, Phase::Disk));
    assert!(world.files().is_empty() && world.oss.requests().is_empty());
    let long = world.folder.path().join("x".repeat(239));
    download(&resume(world.get_to(&presigned, &long)), &mut idle).unwrap();
}

/// A part file that others may read does not make a target that they may.
#[test]
fn a_target_is_no_more_open_for_a_part_file_that_was() {
    let world = broken();
    let set_mode = |path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode));
    fs::write(world.target(), "old").unwrap();
    set_mode(world.target(), 0o600).unwrap();
    set_mode(part(&world), 0o666).unwrap();
    assert!(go_on(&world, SIZE) >= PART);
    let mode = fs::metadata(world.target()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn data_that_is_not_what_the_record_says_is_fetched_again() {
    let world = broken();
    let mut bytes = fs::read(part(&world)).unwrap();
    bytes[5] ^= 1;
    fs::write(part(&world), bytes).unwrap();
    let text = fs::read_to_string(record(&world)).unwrap();
    let there = text.lines().filter_map(|line| line.strip_prefix("done ")).map(|range| {
        let numbers: Vec<u64> = range.split(' ').map(|number| number.parse().unwrap()).collect();
        numbers[1] - numbers[0]
    });
    // The part of it, and no more.
    assert_eq!(go_on(&world, SIZE), there.sum::<u64>() - PART);
    let world = broken();
    fs::write(part(&world), "").unwrap();
    assert_eq!(go_on(&world, SIZE), 0);
}

/// The record with other text, and the sum that belongs to it.
fn rewrite(world: &World, from: &str, to: &str) {
    let text = fs::read_to_string(record(world)).unwrap();
    let body = &text[..text.rfind("sum ").unwrap()];
    assert!(body.contains(from), "{body}");
    let body = body.replacen(from, to, 1);
    let sum = checksum(body.as_bytes());
    fs::write(record(world), format!("{body}sum {sum}\n")).unwrap();
}

#[test]
fn a_record_that_is_torn_foreign_or_of_another_version_is_ignored() {
    let world = broken();
    rewrite(&world, "etag", "etag");
    assert!(go_on(&world, SIZE) >= PART, "an untouched record is trusted");
    for (from, to) in [("resume 2", "resume 1"), ("oss-presign", "others")] {
        let world = broken();
        rewrite(&world, from, to);
        assert_eq!(go_on(&world, SIZE), 0);
    }
    // Of another object, whose part file it is.
    let world = broken();
    rewrite(&world, "etag \"", "etag \"0");
    assert_eq!(go_on(&world, SIZE), 0);
    for text in ["", "junk", "oss-presign resume 2\n"] {
        let world = broken();
        fs::write(record(&world), text).unwrap();
        assert_eq!(go_on(&world, SIZE), 0);
    }
    let world = broken();
    let text = fs::read(record(&world)).unwrap();
    fs::write(record(&world), &text[..text.len() - 1]).unwrap();
    assert_eq!(go_on(&world, SIZE), 0);
    let world = broken();
    fs::remove_file(record(&world)).unwrap();
    assert_eq!(go_on(&world, SIZE), 0);
}

#[test]
fn nothing_is_gone_on_with_or_left_unless_asked() {
    let world = broken();
    let before = (fs::read(part(&world)).unwrap(), fs::read(record(&world)).unwrap());
    let done = world.fetch_with(&world.presign(), parts).unwrap();
    assert_eq!(done.resumed, 0);
    assert!(before == (fs::read(part(&world)).unwrap(), fs::read(record(&world)).unwrap()));
    assert!(go_on(&world, SIZE) >= PART);

    let world = World::with(&content(SIZE));
    world.oss.fault(BUCKET, KEY, Fault::CutAfter(1000).at_range_start(5 * PART));
    world.fetch_with(&world.presign(), parts).unwrap_err();
    assert!(world.files().is_empty());
}

/// Other bytes of the same object are another download.
#[test]
fn a_record_of_another_range_is_not_used() {
    let world = broken();
    let done = world.fetch_with(&world.presign(), |r| resume(r).range(1, None)).unwrap();
    assert_eq!((done.resumed, done.bytes), (0, SIZE as u64 - 1));
    assert!(fs::read(world.target()).unwrap() == content(SIZE)[1..]);
}

fn checksum(bytes: &[u8]) -> u64 {
    crc_fast::checksum(CrcAlgorithm::Crc64Xz, bytes)
}

/// What it says: which object, its size, which ranges are there, and their checksum.
#[test]
fn a_record_holds_identity_ranges_and_checksums_and_no_more() {
    let world = broken();
    let text = fs::read_to_string(record(&world)).unwrap();
    let etag = world.fetch(&world.presign()).unwrap().etag.unwrap();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("oss-presign resume 2"));
    // Not the name itself.
    assert!(lines.next().unwrap().strip_prefix("name ").unwrap().parse::<u64>().is_ok());
    assert_eq!(lines.next(), Some(format!("etag {etag}").as_str()));
    assert_eq!(lines.next(), Some(format!("size {SIZE}").as_str()));
    let bytes = fs::read(part(&world)).unwrap();
    let numbers = |text: &str| -> Vec<u64> {
        text.split(' ').map(|number| number.parse().unwrap()).collect()
    };
    let mut ranges = 0;
    for line in lines {
        match line.split_once(' ').unwrap() {
            ("crc64", crc64) => assert_eq!(numbers(crc64), [checksum(&content(SIZE))]),
            ("wanted", range) => assert_eq!(numbers(range), [0, SIZE as u64]),
            ("done", range) => {
                let numbers = numbers(range);
                let stretch = numbers[0] as usize..numbers[1] as usize;
                assert!(bytes[stretch.clone()] == content(SIZE)[stretch.clone()]);
                assert_eq!(numbers[2], checksum(&bytes[stretch]));
                ranges += 1;
            }
            (name, _) => assert_eq!(name, "sum"),
        }
    }
    assert!(ranges > 0);
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

#[test]
fn processes_that_write_one_target_do_not_corrupt_each_other() {
    let world = World::with(&content(SIZE));
    world.oss.slow_connections(1, 4 << 20);
    let presigned = world.presign();
    let mut children: Vec<_> = (0..4)
        .map(|_| {
            Command::new(example("download"))
                .arg(&presigned.url)
                .arg(world.target())
                .args(["--connect-to", &world.oss.http_addr().to_string()])
                .args(["--part-size", &PART.to_string()])
                .stderr(Stdio::null())
                .stdout(Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    for child in &mut children {
        assert!(child.wait().unwrap().success());
        assert!(fs::read(world.target()).unwrap() == content(SIZE));
    }
    assert_eq!(world.files(), ["target"]);
}

/// Complete, and never put in place.
#[test]
fn what_is_all_there_is_another_object_if_the_server_says_so() {
    for (key, status) in [("other", None), ("missing", Some(ErrorKind::NotFound))] {
        let world = World::with(&content(SIZE));
        world.oss.put(BUCKET, "other", Object::new(content(SIZE / 2)));
        let first = world.presign();
        let request = resume(world.get(&first));
        let all = |progress: Progress| match progress.total == Some(progress.done) {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        };
        let error = download(&request, &mut { all }).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cancelled);
        let second = presign_get(&world.request(key)).unwrap();
        let outcome = download(&resume(world.get(&second)), &mut idle);
        match status {
            None => {
                assert_eq!(outcome.unwrap().resumed, 0);
                assert!(fs::read(world.target()).unwrap() == content(SIZE / 2));
            }
            Some(kind) => {
                assert_eq!(outcome.unwrap_err().kind(), kind);
                assert!(!world.target().exists());
            }
        }
    }
}

#[test]
fn a_pipe_in_the_place_of_the_record_is_not_waited_for() {
    let world = World::with(b"content");
    let pipe = world.folder.path().join("target.part.resume");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    world.fetch_with(&world.presign(), |request| request.resume(true)).unwrap();
    assert_eq!(world.files(), ["target"]);
}

#[test]
fn nothing_outlives_a_download() {
    support::leftovers::check();
}
