//! URLs that expire before the download is done.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use oss_emulator::{Fault, Object};
use oss_presign::{DownloadRequest, ErrorKind, Handler, Link, PresignedUrl, download, presign_get};
use std::fs;
use support::{BUCKET, KEY, PART, SIZE, World, body_bytes, content, parts};

#[test]
fn an_expired_url_is_said_to_be_expired() {
    let world = World::with(b"content");
    let presigned = presign_get(&world.request(KEY).expires_in(1)).unwrap();
    world.oss.set_time(presigned.expires_at + 1);
    let error = world.fetch(&presigned).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UrlExpired, "{error}");
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
