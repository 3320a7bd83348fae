//! What goes out for a download, and what is refused before a byte does.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use oss_emulator::{Fault, Object};
use oss_presign::{
    Addressing, CancelToken, Credentials, DownloadRequest, ErrorKind, Phase, Progress, Verified,
    download, presign_get,
};
use std::fs;
use std::ops::ControlFlow;
use support::{BUCKET, KEY, PART, SECRET, SIZE, World, content, idle, parts};

#[test]
fn one_object_costs_one_get_with_nothing_needless() {
    let world = World::with(&content(1000));
    let presigned = world.presign();
    world.fetch(&presigned).unwrap();
    let requests = world.oss.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].method, "GET");
    let mut names: Vec<&str> = requests[0].headers.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["accept-encoding", "host", "range", "user-agent"]);
    assert_eq!(requests[0].header("accept-encoding"), Some("identity"));
    assert_eq!(requests[0].header("host"), Some("examplebucket.oss-cn-hangzhou.aliyuncs.com"));
}

/// Parts, repetitions, and what goes on where an earlier call stopped.
#[test]
fn no_request_of_a_download_is_other_than_a_get_with_what_it_needs() {
    let world = World::with(&content(SIZE));
    let presigned = world.presign();
    world.oss.fault(BUCKET, KEY, Fault::CutAfter(9).at_range_start(3 * PART).times(2));
    let request = parts(world.get(&presigned)).resume(true);
    download(&request, &mut idle).unwrap_err();
    download(&request.retries(1), &mut idle).unwrap();
    let requests = world.oss.requests();
    assert!(requests.len() as u64 > SIZE as u64 / PART, "{}", requests.len());
    let needed = ["accept-encoding", "host", "if-match", "range", "user-agent"];
    for request in requests {
        assert_eq!(request.method, "GET");
        assert_eq!(request.header("accept-encoding"), Some("identity"));
        for (name, _) in &request.headers {
            assert!(needed.contains(&name.as_str()), "{name}");
        }
    }
}

#[test]
fn a_url_of_an_unknown_style_is_sent_byte_for_byte_too() {
    let world = World::with(&content(SIZE));
    world.oss.publish(BUCKET);
    for query in [
        "",
        "?",
        "?Expires=4102444800&OSSAccessKeyId=id&Signature=a%2fb%2B%3d",
        "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=id%2f20260101%2fr%2fs3%2faws4_request\
         &X-Amz-Date=20260101T000000Z&X-Amz-Expires=604800000&X-Amz-SignedHeaders=host\
         &X-Amz-Signature=00",
        "?auth_key=1-2-3&a=/../x//.&&b=%e4%BD%a0%7e+~!*'()",
    ] {
        let target = format!("/examplebucket/dir/%6fbject.bin{query}");
        let url = format!("http://{}{target}", world.oss.http_addr());
        let file = world.target();
        world.oss.clear_requests();
        download(&parts(DownloadRequest::new(&url, &file)), &mut idle).unwrap();
        assert!(fs::read(world.target()).unwrap() == content(SIZE));
        let requests = world.oss.requests();
        assert!(requests.len() >= 11);
        assert!(requests.iter().all(|request| request.target == target), "{target}");
    }
}

#[test]
fn the_url_goes_out_byte_for_byte() {
    for key in ["a//b/../c/./d", "..", "a b+c%2F/?#&=", "中文/😀", "~!*'()", "a%zz\u{1}\u{7f}"]
    {
        let world = World::with(b"");
        world.oss.put(BUCKET, key, Object::new(b"content".to_vec()));
        let request = world.request(key).response_content_type("a/b c");
        let presigned = presign_get(&request).unwrap();
        world.fetch(&presigned).unwrap();
        assert_eq!(fs::read(world.target()).unwrap(), b"content");
        let target = presigned.url.strip_prefix("http://").unwrap();
        let target = &target[target.find('/').unwrap()..];
        assert_eq!(world.oss.requests()[0].target, target);
    }
}

#[test]
fn signed_headers_travel_along() {
    let world = World::with(b"content");
    let request = world.request(KEY).header("Cache-Control", "no-cache").request_payer("requester");
    let mut presigned = presign_get(&request).unwrap();
    world.fetch(&presigned).unwrap();
    let seen = &world.oss.requests()[0];
    assert_eq!(seen.header("cache-control"), Some("no-cache"));
    assert_eq!(seen.header("x-oss-request-payer"), Some("requester"));

    // One that only the service knows of, and one that the URL names.
    let payer = presigned.signed_headers.remove(1);
    let error = world.fetch(&presigned).unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Forbidden, Phase::Headers));
    assert_eq!(error.service().unwrap().code, "SignatureDoesNotMatch");
    world.forget_requests();
    presigned.signed_headers = vec![payer];
    let error = world.fetch(&presigned).unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::InvalidArgument, Phase::Check));
    assert!(error.to_string().contains("\"cache-control\""), "{error}");
    assert!(world.oss.requests().is_empty());
}

#[test]
fn a_signed_host_header_replaces_the_urls() {
    let world = World::with(b"content");
    let host = "examplebucket.oss-cn-hangzhou.aliyuncs.com";
    let presigned = presign_get(&world.request(KEY).header("Host", host)).unwrap();
    assert!(presigned.url.contains("x-oss-additional-headers=host&"));
    world.fetch(&presigned).unwrap();
    let seen = &world.oss.requests()[0];
    assert_eq!(seen.headers.iter().filter(|(name, _)| name == "host").count(), 1);
}

#[test]
fn every_addressing_and_a_security_token() {
    let world = World::with(b"content");
    world.oss.bind_domain("static.example.com", BUCKET);
    let sts = Credentials::new("canary-id", SECRET).security_token("canary-token");
    let endpoint = world.oss.http_addr().to_string();
    for request in [
        world.request(KEY),
        world.request(KEY).endpoint(&endpoint),
        world.request(KEY).endpoint("localhost").addressing(Addressing::Path),
        world.request(KEY).endpoint("static.example.com").addressing(Addressing::CustomDomain),
        world.request(KEY).credentials(sts),
    ] {
        let downloaded = world.fetch(&presign_get(&request).unwrap()).unwrap();
        assert_eq!(downloaded.verified, Verified::Crc64);
    }
}

#[test]
fn a_version_is_fetched_by_its_id() {
    let world = World::with(b"newest");
    let old = world.oss.put(BUCKET, "key", Object::new(b"old".to_vec()));
    let new = world.oss.put(BUCKET, "key", Object::new(b"new".to_vec()));
    let fetch = |request| {
        let done = world.fetch(&presign_get(&request).unwrap()).unwrap();
        (fs::read(world.target()).unwrap(), done.version_id.unwrap())
    };
    assert_eq!(fetch(world.request("key")), (b"new".to_vec(), new));
    assert_eq!(fetch(world.request("key").version_id(&old)), (b"old".to_vec(), old.clone()));
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
        world.forget_requests();
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
fn bad_input_is_refused_before_a_byte_is_sent() {
    let world = World::with(b"content");
    let target = world.target();
    let refusal = |request: DownloadRequest<'_>| {
        let error = download(&request, &mut |_: Progress| ControlFlow::Continue(())).unwrap_err();
        assert_eq!((error.kind(), error.phase()), (ErrorKind::InvalidArgument, Phase::Check));
        error.to_string()
    };
    for url in [
        "",
        "canary",
        "ftp://host/canary",
        "http:///canary",
        "http://user:canary@host/",
        "http://host/canary#x",
        "http://host/canary x",
        "http://host/canary\r\nX: y",
        "http://host/canary\0",
        "http://host/canaryé",
        "http://host:99999/canary",
        "http://[canary/",
    ] {
        let message = refusal(DownloadRequest::new(url, &target));
        assert!(message.starts_with("url: ") && !message.contains("canary"), "{message}");
    }
    let long = format!("http://host.invalid/canary?{}", "x".repeat(15 << 10));
    let message = refusal(DownloadRequest::new(&long, &target));
    assert!(message.starts_with("url: ") && message.contains("15360 bytes"), "{message}");
    let base = || DownloadRequest::new("http://host.invalid/", &target);
    let message = refusal(base().header("x-long", &long));
    assert!(message.contains("15360 bytes"), "{message}");
    for (name, value) in [
        ("", "v"),
        ("a b", "v"),
        ("a", "b\r\nc: d"),
        ("a", "b\0"),
        ("Accept-Encoding", "gzip"),
        ("content-length", "5"),
        ("Range", "bytes=0-1"),
        ("If-Match", "\"e\""),
    ] {
        assert!(refusal(base().header(name, value)).starts_with("headers: "));
    }
    for address in
        ["", "host", "host:", "host:0", "host:x", ":80", "u@host:80", "host:80/x", "a b:1"]
    {
        let message = refusal(base().connect_to(address));
        assert_eq!(message, "connect_to: must be host:port", "{address}");
    }
    let root = std::path::Path::new("/");
    let message = refusal(DownloadRequest::new("http://host.invalid/", root));
    assert_eq!(message, "path: does not name a file");
    assert!(world.files().is_empty() && world.oss.requests().is_empty());
}

#[test]
fn a_cancelled_token_stops_a_download_before_it_starts() {
    let world = World::with(b"content");
    let (presigned, target, token) = (world.presign(), world.target(), CancelToken::new());
    token.cancel();
    let request = DownloadRequest::new(&presigned.url, &target).cancel_token(&token);
    let error = download(&request, &mut |_: Progress| ControlFlow::Continue(())).unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Cancelled, Phase::Check));
    assert!(world.oss.requests().is_empty() && world.files().is_empty());
}

#[test]
fn nothing_outlives_a_download() {
    support::leftovers::check();
}
