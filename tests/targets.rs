//! Where the bytes go: files, memory, callbacks, the whole of an object or a range.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use oss_presign::{
    DownloadRequest, ErrorKind, Handler, Phase, Progress, Target, Verified, download,
};
use std::fs;
use std::ops::ControlFlow;
use support::{PART, SIZE, SIZES, World, content, parts};

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

#[test]
fn memory_and_stream_take_the_same_bytes() {
    let world = World::with(&content(SIZE));
    let presigned = world.presign();
    let address = world.oss.http_addr().to_string();
    let memory = DownloadRequest::to(&presigned.url, Target::Memory(SIZE as u64));
    let memory = parts(memory).connect_to(&address);
    let downloaded = download(&memory, &mut |_: Progress| ControlFlow::Continue(())).unwrap();
    assert_eq!(downloaded.content.unwrap(), content(SIZE));

    struct Collect(Vec<u8>);
    impl Handler for Collect {
        fn write(&mut self, bytes: &[u8]) -> ControlFlow<()> {
            self.0.extend_from_slice(bytes);
            ControlFlow::Continue(())
        }
    }
    let mut collect = Collect(Vec::new());
    let stream = DownloadRequest::to(&presigned.url, Target::Stream).connect_to(&address);
    let downloaded = download(&stream, &mut collect).unwrap();
    assert_eq!(collect.0, content(SIZE));
    assert_eq!((downloaded.verified, downloaded.content), (Verified::Crc64, None));
}

#[test]
fn a_range_of_the_object_goes_to_every_target() {
    let world = World::with(&content(SIZE));
    let presigned = world.presign();
    for (offset, length) in [(0, 10), (5, 3 * PART), (PART, PART), (SIZE as u64 - 7, 100)] {
        let end = (offset + length).min(SIZE as u64);
        let expected = &content(SIZE)[offset as usize..end as usize];
        let downloaded =
            world.fetch_with(&presigned, |r| parts(r).range(offset, Some(length))).unwrap();
        assert_eq!(fs::read(world.target()).unwrap(), expected);
        assert_eq!(downloaded.bytes, end - offset);
        assert_eq!(downloaded.verified, Verified::Length);
    }
    let tail = world.fetch_with(&presigned, |r| r.range(SIZE as u64 - 5, None)).unwrap();
    assert_eq!(tail.bytes, 5);
    let error = world.fetch_with(&presigned, |r| r.range(SIZE as u64, Some(5))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Range, "{error}");
}

#[test]
fn targets() {
    let world = World::with(b"content");
    let presigned = world.presign();
    let fetch = |yes: bool| world.fetch_with(&presigned, |request| request.overwrite(yes));
    // Replaced by default; kept, before anything is sent, when that was asked.
    fs::write(world.target(), "old").unwrap();
    assert_eq!(fetch(false).unwrap_err().kind(), ErrorKind::Exists);
    assert!(world.oss.requests().is_empty());
    assert_eq!(fs::read(world.target()).unwrap(), b"old");
    fetch(true).unwrap();
    assert_eq!(fs::read(world.target()).unwrap(), b"content");
    fs::remove_file(world.target()).unwrap();
    fetch(false).unwrap();
    assert_eq!(world.files(), ["target"]);
    // A folder is none.
    fs::remove_file(world.target()).unwrap();
    fs::create_dir(world.target()).unwrap();
    let error = fetch(true).unwrap_err();
    assert_eq!(error.to_string(), "path: is a folder");
    assert_eq!(world.files(), ["target"]);
    // Nor is a folder that is not there.
    let missing = world.folder.path().join("missing/target");
    let address = world.oss.http_addr().to_string();
    let request = DownloadRequest::new(&presigned.url, &missing).connect_to(&address);
    let error = download(&request, &mut |_: Progress| ControlFlow::Continue(())).unwrap_err();
    assert_eq!(
        (error.kind(), error.phase(), error.os_error()),
        (ErrorKind::Io, Phase::Disk, Some(2))
    );
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
