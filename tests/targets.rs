//! Where the bytes go: files, memory, callbacks, the whole of an object or a range.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use oss_emulator::Fault;
use oss_presign::{
    DownloadRequest, ErrorKind, Handler, Phase, Progress, Target, Verified, download,
};
use std::fs;
use std::ops::ControlFlow;
use std::thread::{self, ThreadId};
use std::time::Duration;
use support::{BUCKET, KEY, PART, SIZE, SIZES, World, content, idle, parts};

#[test]
fn the_target_has_the_objects_bytes() {
    for size in SIZES {
        let world = World::with(&content(size));
        let downloaded = world.fetch(&world.presign()).unwrap();
        assert_eq!(fs::read(world.target()).unwrap(), content(size));
        assert_eq!(downloaded.bytes, size as u64);
        assert_eq!(downloaded.verified, Verified::Crc64);
        assert_eq!(downloaded.http_status, 200);
        assert!(downloaded.etag.unwrap().starts_with('"'));
        assert!(!downloaded.request_id.unwrap().is_empty());
        assert_eq!(world.files(), ["target"]);
    }
}

/// Takes what a download hands over, and looks whether the rules are kept.
struct Collect {
    bytes: Vec<u8>,
    caller: ThreadId,
}

impl Collect {
    fn new() -> Self {
        Self { bytes: Vec::new(), caller: thread::current().id() }
    }
}

impl Handler for Collect {
    fn progress(&mut self, progress: Progress) -> ControlFlow<()> {
        assert_eq!(thread::current().id(), self.caller);
        assert!(progress.done >= self.bytes.len() as u64);
        ControlFlow::Continue(())
    }

    fn write(&mut self, bytes: &[u8]) -> ControlFlow<()> {
        assert_eq!(thread::current().id(), self.caller);
        self.bytes.extend_from_slice(bytes);
        ControlFlow::Continue(())
    }
}

#[test]
fn memory_takes_the_bytes_up_to_its_limit() {
    let world = World::with(&content(SIZE));
    let presigned = world.presign();
    let address = world.oss.http_addr().to_string();
    let memory = |limit| {
        let request = DownloadRequest::to(&presigned.url, Target::Memory(limit));
        download(&parts(request).connect_to(&address), &mut idle)
    };
    assert!(memory(SIZE as u64).unwrap().content.unwrap() == content(SIZE));
    assert_eq!(memory(SIZE as u64 - 1).unwrap_err().kind(), ErrorKind::TooLarge);
    // No more than the first part was asked for.
    assert_eq!(world.oss.requests().last().unwrap().header("range"), Some("bytes=0-131071"));
    // And where nobody says how much there will be.
    world.oss.fault(BUCKET, KEY, Fault::IgnoreRange.and(Fault::NoContentLength));
    assert_eq!(memory(SIZE as u64 - 1).unwrap_err().kind(), ErrorKind::TooLarge);
}

/// Over connections that break, and from a server without ranges.
#[test]
fn a_stream_is_handed_over_in_order_on_the_callers_thread_each_byte_once() {
    for fault in [None, Some(Fault::IgnoreRange)] {
        let world = World::with(&content(SIZE));
        let cut = Fault::CutAfter(300_000);
        let rule = fault.iter().fold(cut.times(2), |rule, fault| rule.and(fault.clone()));
        world.oss.fault(BUCKET, KEY, rule);
        if let Some(fault) = fault {
            world.oss.fault(BUCKET, KEY, fault.always());
        }
        let (presigned, address) = (world.presign(), world.oss.http_addr().to_string());
        let request = DownloadRequest::to(&presigned.url, Target::Stream).connect_to(&address);
        let mut collect = Collect::new();
        let done = download(&parts(request).retries(2), &mut collect).unwrap();
        assert!(collect.bytes == content(SIZE));
        assert_eq!((done.verified, done.content, done.retries), (Verified::Crc64, None, 2));
        assert!(world.files().is_empty());
    }
}

#[test]
fn a_stream_that_the_caller_refuses_ends_at_once() {
    struct Refuse(u32);
    impl Handler for Refuse {
        fn write(&mut self, _: &[u8]) -> ControlFlow<()> {
            self.0 += 1;
            ControlFlow::Break(())
        }
    }
    let world = World::with(&content(SIZE));
    let (presigned, address) = (world.presign(), world.oss.http_addr().to_string());
    let request = DownloadRequest::to(&presigned.url, Target::Stream).connect_to(&address);
    let mut refuse = Refuse(0);
    let error = download(&request, &mut refuse).unwrap_err();
    assert_eq!((error.kind(), error.phase(), refuse.0), (ErrorKind::Callback, Phase::Body, 1));
}

#[test]
fn a_range_of_the_object_goes_to_every_target() {
    let world = World::with(&content(SIZE));
    let presigned = world.presign();
    let address = world.oss.http_addr().to_string();
    let ranges = [(0, Some(10)), (5, Some(3 * PART)), (PART, Some(PART))];
    let at_the_end = [(SIZE as u64 - 7, Some(100)), (SIZE as u64 - 5, None)];
    for (offset, length) in ranges.into_iter().chain(at_the_end) {
        let end = length.map_or(SIZE as u64, |length| (offset + length).min(SIZE as u64));
        let expected = &content(SIZE)[offset as usize..end as usize];
        let fetch = |request: DownloadRequest<'_>, handler: &mut dyn Handler| {
            let request = parts(request).connect_to(&address).range(offset, length);
            let done = download(&request, handler).unwrap();
            assert_eq!((done.bytes, done.object_size), (end - offset, Some(SIZE as u64)));
            assert_eq!(done.verified, Verified::Length);
            done
        };
        fetch(world.get(&presigned), &mut idle);
        assert!(fs::read(world.target()).unwrap() == expected);
        let memory = DownloadRequest::to(&presigned.url, Target::Memory(SIZE as u64));
        assert!(fetch(memory, &mut idle).content.unwrap() == expected);
        let mut collect = Collect::new();
        fetch(DownloadRequest::to(&presigned.url, Target::Stream), &mut collect);
        assert!(collect.bytes == expected);
    }
    let error = world.fetch_with(&presigned, |r| r.range(SIZE as u64, Some(5))).unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Range, Phase::Headers), "{error}");
}

#[test]
fn the_data_waits_beside_the_target_under_its_documented_name() {
    let world = World::with(&content(SIZE));
    let presigned = world.presign();
    for resume in [false, true] {
        fs::write(world.target(), "old").unwrap();
        let mut seen = Vec::new();
        let request = parts(world.get(&presigned)).resume(resume);
        download(&request.progress_interval(Duration::ZERO), &mut |progress: Progress| {
            assert_eq!(fs::read(world.target()).unwrap(), b"old");
            if progress.done > 0 {
                seen.extend(world.files());
            }
            ControlFlow::Continue(())
        })
        .unwrap();
        assert!(fs::read(world.target()).unwrap() == content(SIZE));
        seen.sort();
        seen.dedup();
        let names: Vec<&str> = seen.iter().map(String::as_str).collect();
        if resume {
            assert_eq!(names, ["target", "target.part", "target.part.resume"]);
        } else {
            let [_, part] = names[..] else { panic!("{names:?}") };
            let random = part.strip_prefix("target.").unwrap().strip_suffix(".part").unwrap();
            assert!(random.len() == 16 && random.bytes().all(|byte| byte.is_ascii_hexdigit()));
        }
        assert_eq!(world.files(), ["target"]);
    }
}

#[test]
fn an_existing_target_is_replaced_unless_that_is_refused() {
    let world = World::with(b"content");
    let presigned = world.presign();
    let fetch = |yes: bool| world.fetch_with(&presigned, |request| request.overwrite(yes));
    // Refused before anything is sent.
    fs::write(world.target(), "old").unwrap();
    let error = fetch(false).unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Exists, Phase::Disk));
    assert_eq!(world.oss.accepted_connections(), 0);
    assert_eq!(fs::read(world.target()).unwrap(), b"old");
    fetch(true).unwrap();
    assert_eq!(fs::read(world.target()).unwrap(), b"content");
    fs::remove_file(world.target()).unwrap();
    fetch(false).unwrap();
    assert_eq!(world.files(), ["target"]);
}

#[test]
fn a_target_that_is_a_folder_is_refused() {
    let world = World::with(b"content");
    fs::create_dir(world.target()).unwrap();
    let error = world.fetch(&world.presign()).unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::InvalidArgument, Phase::Check));
    assert_eq!(error.to_string(), "path: is a folder");
    assert_eq!(world.files(), ["target"]);
    assert_eq!(world.oss.accepted_connections(), 0);
}

#[test]
fn a_target_that_is_a_pipe_stays_one() {
    let world = World::with(b"content");
    let made = std::process::Command::new("mkfifo").arg(world.target()).status().unwrap();
    assert!(made.success());
    let error = world.fetch(&world.presign()).unwrap_err();
    assert_eq!(error.to_string(), "path: is neither a file nor a link");
    assert!(world.oss.requests().is_empty());
    assert_eq!(world.files(), ["target"]);
}

#[test]
fn a_folder_that_is_not_there_is_found_out_before_a_byte_is_sent() {
    let world = World::with(b"content");
    let (presigned, target) = (world.presign(), world.folder.path().join("missing/target"));
    let address = world.oss.http_addr().to_string();
    let request = DownloadRequest::new(&presigned.url, &target).connect_to(&address);
    let error = download(&request, &mut |_: Progress| ControlFlow::Continue(())).unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Io, Phase::Disk), "{error}");
    assert!(world.oss.requests().is_empty());
}

#[test]
fn a_target_that_appears_meanwhile_is_not_overwritten() {
    let world = World::with(&content(1000));
    let (presigned, target) = (world.presign(), world.target());
    let address = world.oss.http_addr().to_string();
    let request =
        DownloadRequest::new(&presigned.url, &target).connect_to(&address).overwrite(false);
    let error = download(&request, &mut |_: Progress| {
        fs::write(&target, "somebody else's").unwrap();
        ControlFlow::Continue(())
    })
    .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Exists);
    assert_eq!(fs::read(&target).unwrap(), b"somebody else's");
    assert_eq!(world.files(), ["target"]);
}

#[test]
fn sixteen_downloads_to_one_target_leave_one_whole_file() {
    let world = World::with(&content(500_000));
    let presigned = world.presign();
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| world.fetch(&presigned).unwrap());
        }
    });
    assert_eq!(fs::read(world.target()).unwrap(), content(500_000));
    assert_eq!(world.files(), ["target"]);
}

#[test]
fn the_digests_of_a_stream_are_those_of_its_bytes() {
    let world = World::with(b"hello");
    let (presigned, address) = (world.presign(), world.oss.http_addr().to_string());
    let hash = |text: &str| hex::decode(text).unwrap();
    let sha256: [u8; 32] = hash("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")
        .try_into()
        .unwrap();
    let md5: [u8; 16] = hash("5d41402abc4b2a76b9719d911017c592").try_into().unwrap();
    let request = DownloadRequest::to(&presigned.url, Target::Stream).connect_to(&address);
    download(&request.clone().expect_sha256(sha256).expect_md5(md5), &mut idle).unwrap();
    for wrong in [request.clone().expect_sha256([0; 32]), request.expect_md5([0; 16])] {
        assert_eq!(download(&wrong, &mut idle).unwrap_err().kind(), ErrorKind::Checksum);
    }
}

#[test]
fn nothing_outlives_a_download() {
    support::leftovers::check();
}
