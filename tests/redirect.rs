//! Redirects: followed only on request, and what goes along.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use oss_emulator::Fault;
use oss_presign::{
    DownloadRequest, ErrorKind, Phase, PresignRequest, PresignedUrl, Progress, download,
    presign_get,
};
use std::fs;
use std::ops::ControlFlow;
use support::{BUCKET, KEY, World, content};

fn follow(request: DownloadRequest<'_>) -> DownloadRequest<'_> {
    request.follow_redirects(true).part_size(128 * 1024)
}

/// A URL of the other world that needs no `connect_to`.
fn direct(world: &World, adjust: fn(PresignRequest<'_>) -> PresignRequest<'_>) -> PresignedUrl {
    let address = world.oss.http_addr().to_string();
    presign_get(&adjust(world.request(KEY).endpoint(&address))).unwrap()
}

fn redirect(world: &World, status: u16, location: &str) {
    let location = location.to_owned();
    world.oss.fault(BUCKET, KEY, Fault::Redirect { status, location }.always());
}

#[test]
fn a_redirect_is_not_followed_unless_asked() {
    let (world, other) = (World::with(b"home"), World::with(b"away"));
    redirect(&world, 302, &direct(&other, |request| request).url);
    let error = world.fetch(&world.presign()).unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Server, Phase::Headers));
    assert_eq!(error.service().unwrap().status, 302);
    assert!(error.to_string().contains("a redirect, which is not followed"), "{error}");
    assert!(other.oss.requests().is_empty());
    assert!(world.files().is_empty());
}

#[test]
fn not_modified_is_no_redirect() {
    let world = World::with(b"home");
    world.oss.fault(BUCKET, KEY, Fault::RawBody { status: 304, body: vec![] });
    let error = world.fetch_with(&world.presign(), follow).unwrap_err();
    assert!(error.to_string().contains("answered with an error: HTTP 304"), "{error}");
}

/// An app server that sends its users on to a presigned URL; in parts, each of them sent on anew.
#[test]
fn a_redirect_to_another_host_is_followed_byte_for_byte() {
    let body = content(600_000);
    for status in [301, 302, 303, 307, 308] {
        let (world, other) = (World::with(b"home"), World::with(&body));
        let away = direct(&other, |request| request.query("a", "/../b%2f"));
        redirect(&world, status, &format!("{}#part", away.url));
        let done = world.fetch_with(&world.presign(), follow).unwrap();
        assert_eq!((done.bytes, done.http_status), (600_000, 206));
        assert!(fs::read(world.target()).unwrap() == body);
        let requests = other.oss.requests();
        assert!(requests.len() >= 5);
        for request in &requests {
            assert!(away.url.ends_with(&request.target), "{}", request.target);
        }
        assert!(requests[1..].iter().all(|request| request.header("if-match").is_some()));
    }
}

#[test]
fn headers_and_referer_stay_home_on_another_host() {
    let (world, other) = (World::with(b"home"), World::with(b"away"));
    redirect(&world, 302, &direct(&other, |request| request).url);
    let presigned =
        presign_get(&world.request(KEY).header("x-oss-meta-token", "canary-value")).unwrap();
    world
        .fetch_with(&presigned, |request| {
            follow(request).header("referer", "https://canary-referer/")
        })
        .unwrap();
    assert_eq!(world.oss.requests()[0].header("referer"), Some("https://canary-referer/"));
    for request in other.oss.requests() {
        assert_eq!(request.header("x-oss-meta-token"), None);
        assert_eq!(request.header("referer"), None);
        assert_eq!(request.header("host"), Some(other.oss.http_addr().to_string().as_str()));
    }
    assert_eq!(fs::read(world.target()).unwrap(), b"away");
}

#[test]
fn headers_go_along_on_the_same_host() {
    let world = World::with(b"from");
    world.oss.put(BUCKET, "moved", oss_emulator::Object::new(b"moved".to_vec()));
    let header = |request: PresignRequest<'_>| {
        presign_get(&request.header("x-oss-meta-token", "value")).unwrap()
    };
    let (from, to) = (header(world.request(KEY)), header(world.request("moved")));
    for location in [to.url.clone(), to.url[to.url.find("/moved").unwrap()..].to_owned()] {
        redirect(&world, 302, &location);
        world.fetch_with(&from, follow).unwrap();
        assert_eq!(fs::read(world.target()).unwrap(), b"moved");
        assert_eq!(world.oss.requests().last().unwrap().header("x-oss-meta-token"), Some("value"));
    }
}

/// Asserts that nothing is fetched, and gives the message.
fn refuses(world: &World, presigned: &PresignedUrl) -> String {
    let error = world.fetch_with(presigned, follow).unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Protocol, Phase::Headers));
    assert!(!error.is_retryable());
    assert!(world.files().is_empty());
    assert!(!format!("{error:?}").contains("canary"), "{error:?}");
    error.to_string()
}

#[test]
fn https_never_falls_to_http() {
    let (world, other) = (World::with(b"home"), World::with(b"away"));
    redirect(&world, 302, &direct(&other, |request| request).url);
    let ca = world.folder.path().join("ca");
    fs::write(&ca, world.oss.ca_pem()).unwrap();
    let https = world.oss.https_addr().to_string();
    let presigned = presign_get(&world.request(KEY).scheme(oss_presign::Scheme::Https)).unwrap();
    let target = world.target();
    let request = DownloadRequest::new(&presigned.url, &target).connect_to(&https).ca_file(&ca);
    let error =
        download(&follow(request), &mut |_: Progress| ControlFlow::Continue(())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
    assert_eq!(error.to_string(), "a redirect leads from https to http");
    assert!(other.oss.requests().is_empty());
}

#[test]
fn a_redirect_that_leads_nowhere_is_a_protocol_error() {
    let world = World::with(b"home");
    for (location, message) in [
        ("ftp://canary/k", "a redirect leads to what is no http or https URL"),
        ("http://canary:canary@h/", "a redirect leads to what is no http or https URL"),
        ("http://", "a redirect leads to what is no http or https URL"),
    ] {
        redirect(&world, 302, location);
        assert_eq!(refuses(&world, &world.presign()), message, "{location}");
    }
    world.oss.clear_faults(BUCKET, KEY);
    let body = Vec::new();
    world.oss.fault(BUCKET, KEY, Fault::RawBody { status: 307, body });
    let message = "a redirect leads nowhere: it has no Location that is text";
    assert_eq!(refuses(&world, &world.presign()), message);
}

#[test]
fn ten_redirects_in_turn_are_followed_and_no_more() {
    let world = World::with(b"home");
    let presigned = world.presign();
    let location = presigned.url.clone();
    world.oss.fault(BUCKET, KEY, Fault::Redirect { status: 302, location }.times(10));
    world.fetch_with(&presigned, follow).unwrap();
    fs::remove_file(world.target()).unwrap();
    redirect(&world, 302, &presigned.url);
    world.forget_requests();
    assert_eq!(refuses(&world, &presigned), "a redirect leads to more than 10 places in turn");
    assert_eq!(world.oss.requests().len(), 11);
}

#[test]
fn a_place_that_demands_a_header_which_stays_home_is_refused_before_it_is_asked() {
    let (world, other) = (World::with(b"home"), World::with(b"away"));
    let demanding =
        |request: PresignRequest<'_>| presign_get(&request.header("user-agent", "a")).unwrap();
    let address = other.oss.http_addr().to_string();
    redirect(&world, 302, &demanding(other.request(KEY).endpoint(&address)).url);
    let message = refuses(&world, &demanding(world.request(KEY)));
    assert!(message.contains("demands the header \"user-agent\""), "{message}");
    assert!(other.oss.requests().is_empty());
}

/// Of what is processed on its way, there are no parts.
#[test]
fn a_place_that_may_not_be_split_is_one_stream() {
    let body = content(400_000);
    let (world, other) = (World::with(b"home"), World::with(&body));
    let away = direct(&other, |request| request.process("image/resize,w_1"));
    redirect(&world, 302, &away.url);
    world.fetch_with(&world.presign(), follow).unwrap();
    let requests = other.oss.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].header("range"), None);
    assert!(fs::read(world.target()).unwrap() == body);
}

#[test]
fn connect_to_is_for_the_urls_own_host() {
    let (world, other) = (World::with(b"home"), World::with(b"away"));
    let away = direct(&other, |request| request);
    redirect(&world, 302, &away.url);
    world.fetch_with(&world.presign(), follow).unwrap();
    assert_eq!(world.oss.requests().len(), 1);
    assert_eq!(fs::read(world.target()).unwrap(), b"away");
}

#[test]
fn nothing_outlives_a_download() {
    support::leftovers::check();
}
