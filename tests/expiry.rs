//! URLs that expire before the download is done.
//!
//! `OSS_PRESIGN_SECONDS=30 cargo test --test expiry` runs the download by 1-second URLs that long; 3
//! is the default share.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use oss_emulator::{Fault, Object};
use oss_presign::{
    DownloadRequest, ErrorKind, Handler, Link, Phase, PresignRequest, PresignedUrl, Progress,
    download, presign_get,
};
use std::ops::ControlFlow;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use std::{env, fs};
use support::{BUCKET, KEY, PART, SIZE, World, content, idle, object_bytes, parts};

/// Gives a fresh URL each time, signed at the emulator's time.
struct Fresh<'a> {
    world: &'a World,
    key: &'static str,
    links: u32,
}

impl<'a> Fresh<'a> {
    fn of(world: &'a World, key: &'static str) -> Self {
        Self { world, key, links: 0 }
    }
}

impl Handler for Fresh<'_> {
    fn refresh_url(&mut self) -> Option<Link> {
        self.links += 1;
        let now = self.world.oss.unix_time();
        Some(link(presign_get(&self.world.request(self.key).signing_time(now)).unwrap()))
    }
}

fn link(presigned: PresignedUrl) -> Link {
    Link { url: presigned.url, headers: presigned.signed_headers }
}

fn expired() -> Fault {
    Fault::Status {
        status: 403,
        code: "AccessDenied".into(),
        message: "Request has expired.".into(),
        ec: Some("0002-00000069".into()),
        retry_after: None,
    }
}

fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() as i64
}

/// Signed as long ago as leaves it so many of its 900 seconds.
fn with_seconds_left<'a>(world: &World, seconds: i64) -> PresignRequest<'a> {
    world.request(KEY).signing_time(now() - 900 + seconds)
}

#[test]
fn a_url_past_its_expiry_fails_at_once_with_the_time_and_no_socket_is_opened() {
    let world = World::with(b"content");
    let request = world.request(KEY).signing_time(1_702_743_657).expires_in(60);
    let presigned = presign_get(&request).unwrap();
    let error = download(&world.get(&presigned), &mut idle).unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::UrlExpired, Phase::Check));
    assert_eq!(error.to_string(), "the URL expired at 20231216T162157Z");
    assert!(!error.is_retryable() && world.files().is_empty());
    assert_eq!(world.oss.accepted_connections(), 0);
}

#[test]
fn a_refusal_that_says_expired_is_reported_with_all_that_the_service_said() {
    let world = World::with(b"content");
    let presigned = presign_get(&world.request(KEY).expires_in(1)).unwrap();
    world.oss.set_time(presigned.expires_at + 1);
    let error = download(&world.get(&presigned), &mut idle).unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::UrlExpired, Phase::Headers), "{error}");
    let service = error.service().unwrap();
    assert_eq!((service.status, service.code.as_str()), (403, "AccessDenied"));
    assert!(!service.request_id.is_empty() && !service.ec.is_empty(), "{service:?}");

    let world = World::with(&content(SIZE));
    world.oss.fault(BUCKET, KEY, expired().at_range_start(2 * PART));
    let presigned = world.presign();
    let error = download(&parts(world.get(&presigned)), &mut idle).unwrap_err();
    assert_eq!(error.service().unwrap().ec, "0002-00000069");
}

#[test]
fn an_expired_download_without_another_url_can_be_gone_on_with() {
    let world = World::with(&content(SIZE));
    world.oss.fault(BUCKET, KEY, expired().at_range_start(5 * PART));
    let presigned = world.presign();
    let error = download(&parts(world.get(&presigned)).resume(true), &mut idle).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UrlExpired);
    let presigned = world.presign();
    let done = download(&parts(world.get(&presigned)).resume(true), &mut idle).unwrap();
    assert!(done.resumed >= PART, "{done:?}");
    assert!(fs::read(world.target()).unwrap() == content(SIZE));
}

#[test]
fn a_url_is_replaced_before_it_expires_when_that_is_known() {
    let world = World::with(&content(SIZE));
    let old = presign_get(&with_seconds_left(&world, 5)).unwrap();
    let mut fresh = Fresh::of(&world, KEY);
    let done = download(&parts(world.get(&old)), &mut fresh).unwrap();
    assert_eq!((fresh.links, done.refreshes), (1, 1));
    assert!(world.oss.requests().iter().all(|request| !old.url.ends_with(&request.target)));
}

#[test]
fn without_another_url_the_old_one_serves_to_its_end() {
    struct Asked(u32, Option<Link>);
    impl Handler for Asked {
        fn refresh_url(&mut self) -> Option<Link> {
            self.0 += 1;
            self.1.clone()
        }
    }
    let world = World::with(&content(SIZE));
    let old = presign_get(&with_seconds_left(&world, 9)).unwrap();
    // None, and one that is no better.
    for other in [None, Some(link(old.clone()))] {
        let mut asked = Asked(0, other);
        let done = download(&parts(world.get(&old)), &mut asked).unwrap();
        assert_eq!((asked.0, done.refreshes), (1, 0));
    }
}

/// The clock of the service leaps three times; each time all workers are refused before the caller
/// has another URL for them.
#[test]
fn one_refresh_per_expiry_serves_all_workers_and_no_byte_comes_twice() {
    const WORKERS: usize = 8;
    const LEAPS: u32 = 3;
    struct Leaping<'a>(Fresh<'a>, u32);
    impl Leaping<'_> {
        fn refused(&self) -> usize {
            let requests = self.0.world.oss.requests();
            requests.iter().filter(|request| request.status == Some(403)).count()
        }
    }
    impl Handler for Leaping<'_> {
        fn progress(&mut self, progress: Progress) -> ControlFlow<()> {
            if progress.done > 0 && self.1 == self.0.links && self.1 < LEAPS {
                self.0.world.oss.advance(3600);
                self.1 += 1;
            }
            ControlFlow::Continue(())
        }

        fn refresh_url(&mut self) -> Option<Link> {
            let patience = Instant::now();
            while self.refused() < WORKERS * self.1 as usize {
                assert!(patience.elapsed() < Duration::from_secs(20), "{}", self.refused());
                std::thread::yield_now();
            }
            self.0.refresh_url()
        }
    }
    let size = 128 * PART as usize;
    let world = World::with(&content(size));
    let presigned = world.presign();
    let mut leaping = Leaping(Fresh::of(&world, KEY), 0);
    let request = parts(world.get(&presigned)).connections(WORKERS as u32);
    let done = download(&request.progress_interval(Duration::ZERO), &mut leaping).unwrap();
    assert_eq!((leaping.0.links, done.refreshes, done.retries), (LEAPS, LEAPS, 0));
    assert_eq!(leaping.refused(), WORKERS * LEAPS as usize);
    assert_eq!(object_bytes(&world), size as u64);
    assert!(fs::read(world.target()).unwrap() == content(size));
}

#[test]
fn a_running_response_is_not_disturbed_by_the_expiry() {
    struct Expire<'a>(&'a World);
    impl Handler for Expire<'_> {
        fn progress(&mut self, _: Progress) -> ControlFlow<()> {
            self.0.oss.advance(3600);
            ControlFlow::Continue(())
        }

        fn refresh_url(&mut self) -> Option<Link> {
            panic!("no URL is needed");
        }
    }
    let world = World::with(&content(SIZE));
    world.oss.fault(BUCKET, KEY, Fault::Trickle { bytes: 200_000, every_ms: 1 });
    let presigned = world.presign();
    let request = world.get(&presigned).connections(1).progress_interval(Duration::ZERO);
    download(&request, &mut Expire(&world)).unwrap();
    assert_eq!(world.oss.requests().len(), 1);
    assert!(world.oss.unix_time() > now() + 3000);
}

#[test]
fn a_refreshed_url_of_another_object_is_refused() {
    let world = World::with(&content(SIZE));
    let mut altered = content(SIZE);
    altered[0] ^= 1;
    world.oss.put(BUCKET, "longer", Object::new(content(SIZE + 1)));
    world.oss.put(BUCKET, "altered", Object::new(altered));
    // Of the same ETag: that it has another name is enough.
    world.oss.put(BUCKET, "copy", Object::new(content(SIZE)));
    for key in ["longer", "altered", "copy"] {
        world.oss.fault(BUCKET, KEY, expired().at_range_start(2 * PART));
        let presigned = world.presign();
        let mut fresh = Fresh::of(&world, key);
        let error = download(&parts(world.get(&presigned)), &mut fresh).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{error}");
        assert!(error.to_string().starts_with("url: is fresh, but of another object"), "{error}");
        assert!(world.files().is_empty());
    }
    // What is there is none the worse for it, whenever the fresh URL is asked for.
    world.forget_requests();
    world.oss.fault(BUCKET, KEY, expired().at_range_start(5 * PART));
    let (presigned, over) = (world.presign(), presign_get(&with_seconds_left(&world, -1)).unwrap());
    for presigned in [&presigned, &over] {
        let request = parts(world.get(presigned)).resume(true);
        let error = download(&request, &mut Fresh::of(&world, "copy")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{error}");
        assert_eq!(world.files(), ["target.part", "target.part.resume"]);
    }
    let request = parts(world.get(&over)).resume(true);
    assert!(download(&request, &mut Fresh::of(&world, KEY)).unwrap().resumed >= PART);
}

/// By then, there is another object of the same name.
#[test]
fn what_a_refreshed_url_leads_to_must_be_the_same_object() {
    struct Replaced<'a>(Fresh<'a>, usize);
    impl Handler for Replaced<'_> {
        fn refresh_url(&mut self) -> Option<Link> {
            let mut altered = content(self.1);
            altered[0] ^= 1;
            self.0.world.oss.put(BUCKET, KEY, Object::new(altered));
            self.0.refresh_url()
        }
    }
    for size in [SIZE, SIZE + 1] {
        let world = World::with(&content(SIZE));
        world.oss.fault(BUCKET, KEY, expired().at_range_start(2 * PART));
        let presigned = world.presign();
        let mut replaced = Replaced(Fresh::of(&world, KEY), size);
        let error = download(&parts(world.get(&presigned)), &mut replaced).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ObjectChanged, "{error}");
        assert!(world.files().is_empty());
    }
}

#[test]
fn a_refreshed_url_that_is_refused_as_expired_too_is_final() {
    let world = World::with(&content(SIZE));
    world.oss.fault(BUCKET, KEY, expired().always());
    let presigned = world.presign();
    let mut fresh = Fresh::of(&world, KEY);
    let error = download(&world.get(&presigned), &mut fresh).unwrap_err();
    assert_eq!((error.kind(), fresh.links), (ErrorKind::UrlExpired, 3));
}

/// Gives the same link each time.
struct Give(Link);
impl Handler for Give {
    fn refresh_url(&mut self) -> Option<Link> {
        Some(self.0.clone())
    }
}

#[test]
fn a_refreshed_url_is_checked_like_the_first() {
    let world = World::with(&content(SIZE));
    let demanding = presign_get(&world.request(KEY).header("user-agent", "a")).unwrap();
    for (url, message) in [
        (demanding.url, "headers: the URL demands the header \"user-agent\", which was not given"),
        ("ftp://h/k".to_owned(), "url: must start with https:// or http://"),
    ] {
        world.oss.fault(BUCKET, KEY, expired());
        let (presigned, mut give) = (world.presign(), Give(Link { url, headers: Vec::new() }));
        let error = download(&world.get(&presigned), &mut give).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
}

/// A link that is fresh, but signed for something else than the one before.
#[test]
fn a_refreshed_url_must_ask_for_what_the_first_asks_for() {
    let world = World::with(&content(SIZE));
    let etag = world.fetch(&world.presign()).unwrap().etag.unwrap();
    let range = |range| presign_get(&world.request(KEY).header("Range", range)).unwrap();
    let process = |how| presign_get(&world.request(KEY).process(how)).unwrap();
    let plain = || world.presign();
    fn signed<'a>(world: &'a World, presigned: &'a PresignedUrl) -> DownloadRequest<'a> {
        let headers = presigned.signed_headers.iter();
        headers
            .fold(parts(world.get(presigned)), |request, (name, value)| request.header(name, value))
    }
    for (first, fresh) in [
        (plain(), range("bytes=0-9")),
        (plain(), presign_get(&world.request(KEY).header("If-Match", &etag)).unwrap()),
        (plain(), process("image/info")),
        (range("bytes=0-9"), range("bytes=0-8")),
        (process("image/info"), process("image/resize,w_10")),
        (range("bytes=0-9"), plain()),
    ] {
        world.oss.clear_requests();
        world.oss.fault(BUCKET, KEY, expired());
        let error = download(&signed(&world, &first), &mut Give(link(fresh))).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(error.to_string().starts_with("url: is fresh, but asks for something else"));
        assert_eq!(world.oss.requests().len(), 1);
    }
    // Before it is needed, it is only not taken.
    let ending = presign_get(&with_seconds_left(&world, 9)).unwrap();
    let done = download(&parts(world.get(&ending)), &mut Give(link(range("bytes=0-9")))).unwrap();
    assert_eq!((done.bytes, done.refreshes), (SIZE as u64, 0));

    world.oss.fault(BUCKET, KEY, expired());
    let first = range("bytes=0-9");
    let done = download(&signed(&world, &first), &mut Give(link(range("bytes=0-9")))).unwrap();
    assert_eq!((done.bytes, done.refreshes), (10, 1));
}

/// Signs URLs that live one second, by the system's clock.
struct OneSecond<'a> {
    world: &'a World,
    links: u32,
}

impl OneSecond<'_> {
    fn sign(&self) -> PresignedUrl {
        presign_get(&self.world.request(KEY).expires_in(1)).unwrap()
    }
}

impl Handler for OneSecond<'_> {
    fn refresh_url(&mut self) -> Option<Link> {
        self.links += 1;
        Some(link(self.sign()))
    }
}

#[test]
fn one_second_urls_carry_a_download_of_many_seconds() {
    let seconds: u64 = env::var("OSS_PRESIGN_SECONDS").map_or(3, |text| text.parse().unwrap());
    let size = (seconds * 8 * PART) as usize;
    let world = World::with(&content(size));
    let mut signer = OneSecond { world: &world, links: 0 };
    let presigned = signer.sign();
    let request = parts(world.get(&presigned)).connections(8).rate_limit(8 * PART);
    let started = Instant::now();
    let done = download(&request, &mut signer).unwrap();
    let took = started.elapsed().as_secs() as u32;
    assert!(fs::read(world.target()).unwrap() == content(size));
    assert!((1..=took + 1).contains(&done.refreshes), "{done:?}");
    assert_eq!(signer.links, done.refreshes);
    assert_eq!(object_bytes(&world), size as u64);
    println!("expiry: {took} s by URLs that live 1 s, {} refreshes", done.refreshes);
}

#[test]
fn nothing_outlives_a_download() {
    support::leftovers::check();
}
