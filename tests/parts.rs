//! Parts, resume, repair and refresh, against the loopback OSS: one test a rule of the download
//! contract.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use oss_emulator::{Fault, Object};
use oss_presign::{
    DownloadRequest, ErrorKind, Handler, Link, Phase, PresignedUrl, Progress, Target, Verified,
    download, presign_get,
};
use std::fs;
use std::ops::ControlFlow;
use support::{BUCKET, KEY, World, content};

const PART: u64 = 128 * 1024;
const SIZE: usize = 10 * PART as usize + 12345;

fn parts(request: DownloadRequest<'_>) -> DownloadRequest<'_> {
    request.part_size(PART).connections(4)
}

fn resume(request: DownloadRequest<'_>) -> DownloadRequest<'_> {
    parts(request).resume(true)
}

/// The ranges that were asked for, in order of their start.
fn asked(world: &World) -> Vec<String> {
    let requests = world.oss.requests();
    let mut ranges: Vec<String> =
        requests.iter().filter_map(|request| request.header("range").map(str::to_owned)).collect();
    ranges.sort_by_key(|range| {
        range["bytes=".len()..].split('-').next().unwrap().parse::<u64>().unwrap()
    });
    ranges
}

fn body_bytes(world: &World) -> u64 {
    world.oss.requests().iter().map(|request| request.body_sent).sum()
}

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
fn a_server_without_ranges_is_one_stream() {
    let world = World::with(&content(SIZE));
    world.oss.fault(BUCKET, KEY, Fault::IgnoreRange.always());
    world.fetch_with(&world.presign(), parts).unwrap();
    assert_eq!(fs::read(world.target()).unwrap(), content(SIZE));
    assert_eq!(world.oss.requests().len(), 1);
    world.fetch_with(&world.presign(), |r| parts(r).range(1000, Some(2000))).unwrap();
    assert_eq!(fs::read(world.target()).unwrap(), content(SIZE)[1000..3000]);
}

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
    assert!(body_bytes(&world) <= 2 * SIZE as u64 + PART);
    assert!(world.files().is_empty());
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

    world.oss.clear_requests();
    let downloaded = world.fetch_with(&world.presign(), resume).unwrap();
    assert!(downloaded.resumed >= PART, "{}", downloaded.resumed);
    assert_eq!(downloaded.verified, Verified::Crc64);
    assert_eq!(body_bytes(&world), SIZE as u64 - downloaded.resumed);
    assert_eq!(fs::read(world.target()).unwrap(), content(SIZE));
    assert_eq!(world.files(), ["target"]);
}

#[test]
fn one_connection_resumes_too() {
    let world = World::with(&content(SIZE));
    world.oss.fault(BUCKET, KEY, Fault::CutAfter(3 * PART + 7));
    world.fetch_with(&world.presign(), |r| resume(r).connections(1)).unwrap_err();
    world.oss.clear_requests();
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
        world.oss.clear_requests();
        let downloaded = world.fetch_with(&world.presign(), resume).unwrap();
        assert_eq!(downloaded.resumed, 0);
        assert_eq!(fs::read(world.target()).unwrap(), content(SIZE));
    }
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

/// Gives a fresh URL each time.
struct Fresh<'a> {
    world: &'a World,
    links: usize,
    key: &'static str,
}

impl Handler for Fresh<'_> {
    fn refresh_url(&mut self) -> Option<Link> {
        self.links += 1;
        let now = self.world.oss.unix_time();
        let request = self.world.request(self.key).signing_time(now);
        let PresignedUrl { url, signed_headers, .. } = presign_get(&request).unwrap();
        Some(Link { url, headers: signed_headers })
    }
}

#[test]
fn an_expired_url_is_refreshed_once_for_all_workers() {
    let world = World::with(&content(SIZE));
    let expired = Fault::Status {
        status: 403,
        code: "AccessDenied".into(),
        message: "Request has expired.".into(),
        ec: None,
        retry_after: None,
    };
    world.oss.fault(BUCKET, KEY, expired.at_range_start(2 * PART));
    let mut fresh = Fresh { world: &world, links: 0, key: KEY };
    let (presigned, target) = (world.presign(), world.target());
    let address = world.oss.http_addr().to_string();
    let request = parts(DownloadRequest::new(&presigned.url, &target)).connect_to(&address);
    let downloaded = download(&request, &mut fresh).unwrap();
    assert_eq!((fresh.links, downloaded.refreshes), (1, 1));
    assert_eq!(fs::read(&target).unwrap(), content(SIZE));
}

#[test]
fn a_refreshed_url_of_another_object_is_refused() {
    let world = World::with(&content(SIZE));
    world.oss.put(BUCKET, "other", Object::new(content(SIZE + 1)));
    let expired = Fault::Status {
        status: 403,
        code: "AccessDenied".into(),
        message: "Request has expired.".into(),
        ec: None,
        retry_after: None,
    };
    world.oss.fault(BUCKET, KEY, expired.at_range_start(2 * PART));
    let mut fresh = Fresh { world: &world, links: 0, key: "other" };
    let (presigned, target) = (world.presign(), world.target());
    let address = world.oss.http_addr().to_string();
    let request = parts(DownloadRequest::new(&presigned.url, &target)).connect_to(&address);
    let error = download(&request, &mut fresh).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ObjectChanged, "{error}");
    assert!(world.files().is_empty());
}

#[test]
fn signed_range_if_match_and_process_are_sent_as_they_are() {
    let world = World::with(&content(SIZE));
    let etag = world.fetch(&world.presign()).unwrap().etag.unwrap();
    for request in [
        world.request(KEY).header("Range", "bytes=7-400000"),
        world.request(KEY).header("If-Match", &etag),
        world.request(KEY).process("image/info"),
    ] {
        world.oss.clear_requests();
        let presigned = presign_get(&request).unwrap();
        world.fetch_with(&presigned, parts).unwrap();
        let requests = world.oss.requests();
        assert_eq!(requests.len(), 1);
        for name in ["range", "if-match"] {
            let signed = presigned.signed_headers.iter().find(|(other, _)| other == name);
            assert_eq!(requests[0].header(name), signed.map(|(_, value)| value.as_str()));
        }
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

/// Signs URLs that live one second.
struct OneSecond<'a> {
    world: &'a World,
    links: u32,
}

impl OneSecond<'_> {
    fn link(&self) -> Link {
        let presigned = presign_get(&self.world.request(KEY).expires_in(1)).unwrap();
        Link { url: presigned.url, headers: presigned.signed_headers }
    }
}

impl Handler for OneSecond<'_> {
    fn refresh_url(&mut self) -> Option<Link> {
        self.links += 1;
        Some(self.link())
    }
}

#[test]
fn one_second_urls_carry_a_download_of_several_seconds() {
    const PARTS: u64 = 24;
    let size = (PARTS * PART) as usize;
    let world = World::with(&content(size));
    let mut signer = OneSecond { world: &world, links: 0 };
    let (link, target) = (signer.link(), world.target());
    let address = world.oss.http_addr().to_string();
    let request = DownloadRequest::new(&link.url, &target)
        .part_size(PART)
        .connections(8)
        .rate_limit(1 << 20)
        .connect_to(&address);
    let started = std::time::Instant::now();
    let downloaded = download(&request, &mut signer).unwrap();
    let seconds = started.elapsed().as_secs() as u32;
    assert_eq!(fs::read(&target).unwrap(), content(size));
    assert!(downloaded.refreshes >= 1 && downloaded.refreshes <= seconds + 1, "{downloaded:?}");
    assert_eq!(signer.links, downloaded.refreshes);
    assert_eq!(body_bytes(&world), size as u64);
}
