//! Downloads from a real server, nginx, over http and https; curl fetches the same for comparison.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

#[path = "support/curl.rs"]
mod curl;
#[path = "support/nginx.rs"]
mod nginx;
mod support;

use nginx::{Nginx, Request};
use oss_presign::{
    DownloadRequest, Downloaded, Error, ErrorKind, Phase, Progress, Verified, download,
};
use std::collections::HashSet;
use std::fs;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Duration;
use support::content;
use tempfile::TempDir;

const PART: u64 = 128 * 1024;
const SIZE: usize = 10 * PART as usize + 12345;
const NAME: &str = "/object";
/// At this one's speed nginx sends half of a MiB at once, and after a second the other half: a part of
/// that size is under way while the test looks on.
const HELD_BACK: &str = "/rate/512k/object";
const MIB: usize = 1 << 20;

/// nginx with one object, and a folder for targets.
struct World {
    nginx: Nginx,
    folder: TempDir,
}

impl World {
    fn with(content: &[u8]) -> Self {
        let nginx = Nginx::start();
        nginx.put("object", content);
        Self { nginx, folder: TempDir::new().unwrap() }
    }

    fn target(&self) -> PathBuf {
        self.folder.path().join("target")
    }

    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    /// Downloads to the target, after `adjust`.
    fn fetch(
        &self,
        url: &str,
        adjust: impl for<'a> FnOnce(DownloadRequest<'a>) -> DownloadRequest<'a>,
        progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<Downloaded, Error> {
        let (target, ca) = (self.target(), self.nginx.ca_file());
        let request = DownloadRequest::new(url, &target).ca_file(&ca).retries(0);
        let mut progress = |report: Progress| progress(report);
        download(&adjust(request), &mut progress)
    }

    /// Downloads what must come without trouble, and compares it with what curl gets.
    fn check(
        &self,
        url: &str,
        adjust: impl for<'a> FnOnce(DownloadRequest<'a>) -> DownloadRequest<'a>,
        curl_arguments: &[&str],
    ) -> Downloaded {
        let downloaded = self.fetch(url, adjust, &mut go_on).unwrap();
        let ca = self.nginx.ca_file();
        let ca = ["--cacert", ca.to_str().unwrap()];
        let expected = curl::body(url, ca.into_iter().chain(curl_arguments.iter().copied()));
        let found = fs::read(self.target()).unwrap();
        assert!(found == expected, "{} bytes, curl has {}", found.len(), expected.len());
        assert_eq!(self.files(), ["target"]);
        downloaded
    }

    /// Both schemes' URLs of a path.
    fn urls(&self, path: &str) -> [String; 2] {
        [self.nginx.http(path), self.nginx.https(path)]
    }
}

fn go_on(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn parts(request: DownloadRequest<'_>) -> DownloadRequest<'_> {
    request.part_size(PART).connections(4)
}

/// Cancels as soon as something is there.
fn cancel_early(report: Progress) -> ControlFlow<()> {
    if report.done > 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

fn large_parts(request: DownloadRequest<'_>) -> DownloadRequest<'_> {
    request.part_size(MIB as u64).connections(4)
}

/// Reports progress as often as can be, and can be resumed.
fn resume(request: DownloadRequest<'_>) -> DownloadRequest<'_> {
    large_parts(request).progress_interval(Duration::ZERO).resume(true)
}

fn resume_alone(request: DownloadRequest<'_>) -> DownloadRequest<'_> {
    resume(request).connections(1)
}

/// Our requests among those of the log: curl sends no Range unless it is told.
fn ours(world: World) -> Vec<Request> {
    let mut requests = world.nginx.stop();
    requests.retain(|request| request.range != "-");
    requests
}

#[test]
fn an_object_comes_in_parts_pinned_to_its_etag() {
    for scheme in 0..2 {
        let world = World::with(&content(SIZE));
        let downloaded = world.check(&world.urls(NAME)[scheme], parts, &[]);
        assert_eq!((downloaded.bytes, downloaded.verified), (SIZE as u64, Verified::Length));
        let etag = downloaded.etag.unwrap();
        let requests = ours(world);
        assert!(requests.len() >= 11, "{requests:?}");
        assert!(requests.iter().all(|request| request.status == 206), "{requests:?}");
        let (first, rest): (Vec<_>, Vec<_>) =
            requests.iter().partition(|request| request.range == "bytes=0-131071");
        assert_eq!((first.len(), first[0].if_match.as_str()), (1, "-"));
        assert!(rest.iter().all(|request| request.if_match == etag), "{requests:?}");
    }
}

#[test]
fn one_connection_needs_one_request() {
    for scheme in 0..2 {
        let world = World::with(&content(SIZE));
        world.check(&world.urls(NAME)[scheme], |request| request.connections(1), &[]);
        let requests = ours(world);
        let ranges: Vec<_> = requests.iter().map(|request| request.range.as_str()).collect();
        assert_eq!(ranges, ["bytes=0-"]);
    }
}

#[test]
fn a_range_is_what_curl_gets_for_it() {
    let world = World::with(&content(SIZE));
    for url in world.urls(NAME) {
        for (offset, length) in [(0, 10), (5, 3 * PART), (PART, PART), (SIZE as u64 - 7, 7)] {
            let range = format!("{offset}-{}", offset + length - 1);
            world.check(&url, |r| parts(r).range(offset, Some(length)), &["--range", &range]);
        }
        let range = format!("{}-", SIZE - 5);
        world.check(&url, |r| r.range(SIZE as u64 - 5, None), &["--range", &range]);
        let past = world.fetch(&url, |r| r.range(SIZE as u64, Some(5)), &mut go_on).unwrap_err();
        assert_eq!(past.kind(), ErrorKind::Range, "{past}");
    }
}

#[test]
fn a_cancelled_download_goes_on_where_it_was() {
    for scheme in 0..2 {
        let world = World::with(&content(4 * MIB));
        let url = &world.urls(HELD_BACK)[scheme];
        fs::write(world.target(), "old").unwrap();
        let error = world.fetch(url, resume, &mut cancel_early).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cancelled, "{error}");
        assert_eq!(fs::read(world.target()).unwrap(), b"old");
        let url = &world.urls(NAME)[scheme];
        let resumed = world.check(url, resume, &[]).resumed;
        assert!(0 < resumed && resumed < 4 * MIB as u64, "{resumed}");

        world.fetch(url, resume_alone, &mut cancel_early).unwrap_err();
        let resumed = world.check(url, resume_alone, &[]).resumed;
        let requests = ours(world);
        assert_eq!(requests.last().unwrap().range, format!("bytes={resumed}-{}", 4 * MIB - 1));
    }
}

#[test]
fn an_object_replaced_before_the_resume_is_fetched_afresh() {
    for adjust in [resume, resume_alone] {
        let world = World::with(&content(4 * MIB));
        world.fetch(&world.nginx.http(HELD_BACK), adjust, &mut cancel_early).unwrap_err();
        world.nginx.put("object", &content(5 * MIB));
        assert_eq!(world.check(&world.nginx.http(NAME), adjust, &[]).resumed, 0);
    }
}

#[test]
fn an_object_replaced_between_parts_is_an_error_and_never_a_mix() {
    let world = World::with(&content(8 * MIB));
    fs::write(world.target(), "old").unwrap();
    let mut replaced = false;
    let mut replace = |report: Progress| {
        if report.done > 0 && !replaced {
            world.nginx.put("object", &content(9 * MIB));
            replaced = true;
        }
        ControlFlow::Continue(())
    };
    let url = world.nginx.http(HELD_BACK);
    let interval = Duration::ZERO;
    let error = world
        .fetch(&url, |r| large_parts(r).progress_interval(interval), &mut replace)
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ObjectChanged, "{error}");
    assert_eq!(fs::read(world.target()).unwrap(), b"old");
    assert_eq!(world.files(), ["target"]);
}

#[test]
fn several_connections_share_an_object_of_a_server_that_limits_each() {
    let world = World::with(&content(4 * MIB));
    world.fetch(&world.nginx.http(HELD_BACK), large_parts, &mut go_on).unwrap();
    assert!(fs::read(world.target()).unwrap() == content(4 * MIB));
    let requests = ours(world);
    let connections: HashSet<u64> = requests.iter().map(|request| request.connection).collect();
    assert!(connections.len() > 1, "{requests:?}");
}

#[test]
fn a_second_connection_goes_on_with_the_tls_session_of_the_first() {
    for limit in [None, Some(Duration::from_secs(60))] {
        let world = World::with(&content(4 * MIB));
        let url = world.nginx.https(HELD_BACK);
        world
            .fetch(&url, |r| large_parts(r).connections(2).total_timeout(limit), &mut go_on)
            .unwrap();
        let mut requests = ours(world);
        requests.sort_by_key(|request| request.connection);
        let (first, last) = (&requests[0], &requests[requests.len() - 1]);
        assert!(first.connection < last.connection, "{requests:?}");
        assert!(!first.resumed && last.resumed, "{requests:?}");
    }
}

#[test]
fn a_server_that_states_no_etag_gives_parts_but_nothing_to_resume() {
    let world = World::with(&content(SIZE));
    let url = world.nginx.http("/no-etag/object");
    assert_eq!(world.check(&url, parts, &[]).etag, None);
    world.fetch(&url, resume, &mut cancel_early).unwrap_err();
    assert_eq!(world.check(&url, resume, &[]).resumed, 0);
}

#[test]
fn what_is_not_there_is_not_found() {
    let world = World::with(b"");
    fs::write(world.target(), "old").unwrap();
    for url in world.urls("/absent") {
        let error = world.fetch(&url, parts, &mut go_on).unwrap_err();
        assert_eq!((error.kind(), error.phase()), (ErrorKind::NotFound, Phase::Headers), "{error}");
        assert_eq!(error.service().unwrap().status, 404);
        assert_eq!(fs::read(world.target()).unwrap(), b"old");
        let ca = world.nginx.ca_file();
        let arguments = ["--cacert", ca.to_str().unwrap(), "--fail"];
        // curl's code for a status of 400 or more.
        assert_eq!(curl::curl(&url, arguments).status.code(), Some(22));
    }
}

#[test]
fn an_empty_object_is_an_empty_file() {
    let world = World::with(b"");
    for url in world.urls(NAME) {
        let downloaded = world.check(&url, parts, &[]);
        assert_eq!((downloaded.bytes, downloaded.verified), (0, Verified::Length));
    }
}

#[test]
fn a_server_that_compresses_sends_us_the_object_as_it_is() {
    let world = World::with(&vec![b'a'; SIZE]);
    for url in world.urls("/gzip/object") {
        let ca = world.nginx.ca_file();
        let gzip = ["--cacert", ca.to_str().unwrap(), "--header", "Accept-Encoding: gzip"];
        assert!(curl::body(&url, gzip).starts_with(&[0x1f, 0x8b]));
        world.check(&url, parts, &[]);
        assert_eq!(world.check(&url, |r| r.connections(1), &[]).verified, Verified::Length);
    }
}
