//! Downloads against the loopback OSS: one test a rule.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use oss_emulator::{Fault, Object};
use oss_presign::{
    Addressing, Credentials, DownloadRequest, Error, ErrorKind, Phase, Progress, Verified,
    download, presign_get,
};
use std::fs;
use std::net::TcpListener;
use std::ops::ControlFlow;
use std::time::Duration;
use support::{BUCKET, KEY, SECRET, World, content};

/// Sizes around the write buffer.
const SIZES: [usize; 6] = [0, 1, 262_143, 262_144, 262_145, 3_000_000];

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
fn one_object_costs_one_get_with_nothing_needless() {
    let world = World::with(&content(1000));
    let presigned = world.presign();
    world.fetch(&presigned).unwrap();
    let requests = world.oss.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].method, "GET");
    let mut names: Vec<&str> = requests[0].headers.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["accept", "accept-encoding", "host", "range", "user-agent"]);
    assert_eq!(requests[0].header("accept-encoding"), Some("identity"));
    assert_eq!(requests[0].header("host"), Some("examplebucket.oss-cn-hangzhou.aliyuncs.com"));
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
    world.oss.clear_requests();
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
    let sts = Credentials::new("sts-id", SECRET).security_token("canary-token");
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
fn https_with_a_custom_ca() {
    let world = World::with(b"content");
    let ca = world.folder.path().join("ca.pem");
    fs::write(&ca, world.oss.ca_pem()).unwrap();
    let address = world.oss.https_addr().to_string();
    let request = world.request(KEY).scheme(oss_presign::Scheme::Https);
    let presigned = presign_get(&request).unwrap();
    let target = world.target();
    let request = DownloadRequest::new(&presigned.url, &target).connect_to(&address);
    let run = |request| download(&request, &mut |_: Progress| ControlFlow::Continue(()));

    run(request.clone().ca_file(&ca)).unwrap();
    let error = run(request.clone()).unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Tls, Phase::Tls), "{error}");

    let empty = world.folder.path().join("empty.pem");
    fs::write(&empty, "none").unwrap();
    let error = run(request.clone().ca_file(&empty)).unwrap_err();
    assert_eq!(error.to_string(), "ca_file: holds no PEM certificate");
    let missing = world.folder.path().join("missing.pem");
    let error = run(request.ca_file(&missing)).unwrap_err();
    assert_eq!((error.kind(), error.os_error()), (ErrorKind::Io, Some(2)));
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

/// Every way to fail leaves the old target as it was, and nothing beside it.
#[track_caller]
fn refuses(world: &World, kind: ErrorKind, phase: Phase) -> Error {
    fs::write(world.target(), "old").unwrap();
    let error = world.fetch(&world.presign()).unwrap_err();
    assert_eq!((error.kind(), error.phase()), (kind, phase), "{error}");
    assert_eq!(fs::read(world.target()).unwrap(), b"old");
    assert_eq!(world.files(), ["target"]);
    error
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
fn a_stalled_server_runs_into_the_idle_timeout() {
    let world = World::with(&content(500_000));
    for (fault, phase) in [
        (Fault::Stall { after: 300_000 }, Phase::Body),
        (Fault::StallBeforeHeaders, Phase::Headers),
    ] {
        world.oss.fault(BUCKET, KEY, fault);
        let limit = Some(Duration::from_millis(50));
        let error = world.fetch_with(&world.presign(), |r| r.idle_timeout(limit)).unwrap_err();
        assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, phase), "{error}");
        assert!(error.is_retryable());
        assert!(world.files().is_empty());
    }
}

#[test]
fn the_total_timeout_ends_a_download_that_never_idles() {
    let world = World::with(&content(500_000));
    world.oss.fault(BUCKET, KEY, Fault::Trickle { bytes: 10, every_ms: 5 });
    let limit = Some(Duration::from_millis(100));
    let error = world.fetch_with(&world.presign(), |r| r.total_timeout(limit)).unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, Phase::Body), "{error}");
}

#[test]
fn what_oss_says_is_reported() {
    let world = World::with(b"content");
    let error = world.fetch(&presign_get(&world.request("absent")).unwrap()).unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::NotFound, Phase::Headers));
    let service = error.service().unwrap();
    assert_eq!((service.status, service.code.as_str()), (404, "NoSuchKey"));
    for field in [&service.message, &service.request_id, &service.host_id, &service.ec] {
        assert!(!field.is_empty(), "{service:?}");
    }

    let status = |status, code: &str, message: &str| Fault::Status {
        status,
        code: code.into(),
        message: message.into(),
        ec: None,
        retry_after: None,
    };
    for (fault, kind, retryable) in [
        (status(403, "AccessDenied", "no"), ErrorKind::Forbidden, false),
        (status(401, "", ""), ErrorKind::Forbidden, false),
        (status(403, "AccessDenied", "Request has expired."), ErrorKind::UrlExpired, false),
        (status(403, "RequestTimeTooSkewed", "skewed"), ErrorKind::Forbidden, true),
        (status(408, "RequestTimeout", ""), ErrorKind::Server, true),
        (status(412, "PreconditionFailed", ""), ErrorKind::ObjectChanged, false),
        (status(429, "QpsLimitExceeded", ""), ErrorKind::Throttled, true),
        (status(500, "InternalError", ""), ErrorKind::Server, true),
        (status(503, "ServiceUnavailable", ""), ErrorKind::Throttled, true),
        (Fault::RawBody { status: 502, body: b"\xff\0<Error".to_vec() }, ErrorKind::Server, true),
        (Fault::RawBody { status: 204, body: vec![] }, ErrorKind::Server, false),
        (Fault::Redirect { status: 302, location: "/x".into() }, ErrorKind::Server, false),
    ] {
        let shown = format!("{fault:?}");
        world.oss.fault(BUCKET, KEY, fault);
        let error = refuses(&world, kind, Phase::Headers);
        assert_eq!(error.is_retryable(), retryable, "{shown}");
    }
}

#[test]
fn an_expired_url_is_said_to_be_expired() {
    let world = World::with(b"content");
    let presigned = presign_get(&world.request(KEY).expires_in(1)).unwrap();
    world.oss.set_time(presigned.expires_at + 1);
    let error = world.fetch(&presigned).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UrlExpired, "{error}");
}

#[test]
fn no_server_is_a_connect_error() {
    let world = World::with(b"content");
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    let presigned = world.presign();
    let target = world.target();
    let address = port.to_string();
    let request = DownloadRequest::new(&presigned.url, &target).connect_to(&address);
    let error = download(&request, &mut |_: Progress| ControlFlow::Continue(())).unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Connect, Phase::Connect), "{error}");
    assert!(error.is_retryable() && error.os_error().is_some());
}

#[test]
fn a_name_that_does_not_resolve_is_a_resolve_error() {
    let world = World::with(b"content");
    let target = world.target();
    let request = DownloadRequest::new("http://host.invalid/key", &target);
    let error = download(&request, &mut |_: Progress| ControlFlow::Continue(())).unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Resolve, Phase::Resolve), "{error}");
}

#[test]
fn an_answer_that_is_not_http_is_a_protocol_error() {
    use std::io::{Read, Write};
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]).unwrap();
        stream.write_all(b"SSH-2.0-OpenSSH\r\n\r\n").unwrap();
    });
    let world = World::with(b"content");
    let presigned = world.presign();
    let target = world.target();
    let request = DownloadRequest::new(&presigned.url, &target).connect_to(&address);
    let error = download(&request, &mut |_: Progress| ControlFlow::Continue(())).unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Protocol, Phase::Headers), "{error}");
    server.join().unwrap();
}

#[test]
fn progress_is_monotone_and_ends_with_the_whole() {
    for size in SIZES {
        let world = World::with(&content(size));
        let (presigned, target) = (world.presign(), world.target());
        let address = world.oss.http_addr().to_string();
        let request = DownloadRequest::new(&presigned.url, &target).connect_to(&address);
        let mut reports = Vec::new();
        download(&request, &mut |progress: Progress| {
            reports.push((progress.done, progress.total));
            ControlFlow::Continue(())
        })
        .unwrap();
        assert!(reports.is_sorted());
        assert_eq!(reports.last(), Some(&(size as u64, Some(size as u64))));
    }
}

#[test]
fn progress_is_reported_while_the_body_comes() {
    let world = World::with(&content(100));
    world.oss.fault(BUCKET, KEY, Fault::Trickle { bytes: 10, every_ms: 50 });
    let (presigned, target) = (world.presign(), world.target());
    let address = world.oss.http_addr().to_string();
    let request = DownloadRequest::new(&presigned.url, &target).connect_to(&address);
    let mut reports = 0;
    download(&request, &mut |_: Progress| {
        reports += 1;
        ControlFlow::Continue(())
    })
    .unwrap();
    assert!(reports >= 2, "{reports}");
}

#[test]
fn progress_can_cancel_and_nothing_is_left() {
    let world = World::with(&content(500_000));
    fs::write(world.target(), "old").unwrap();
    let (presigned, target) = (world.presign(), world.target());
    let address = world.oss.http_addr().to_string();
    let request = DownloadRequest::new(&presigned.url, &target).connect_to(&address);
    let error = download(&request, &mut |_: Progress| ControlFlow::Break(())).unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Cancelled, Phase::Body));
    assert_eq!(fs::read(&target).unwrap(), b"old");
    assert_eq!(world.files(), ["target"]);
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
fn a_part_that_nobody_asked_for_is_an_error() {
    let world = World::with(&content(1000));
    let presigned = presign_get(&world.request(KEY).process("image/info")).unwrap();
    let fault = Fault::RawBody { status: 206, body: b"part".to_vec() };
    world.oss.fault(BUCKET, KEY, fault);
    let error = world.fetch(&presigned).unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Protocol, Phase::Headers), "{error}");
    assert!(world.files().is_empty());
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
    let base = || DownloadRequest::new("http://host.invalid/", &target);
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

/// Plants canaries in secret, token and URL, and looks for them in all that an error shows.
#[test]
fn nothing_secret_is_in_an_error() {
    let world = World::with(&content(500_000));
    let sts = Credentials::new("sts-id", SECRET).security_token("canary-token");
    let presigned = presign_get(&world.request(KEY).credentials(sts)).unwrap();
    let signature = presigned.url.split("x-oss-signature=").nth(1).unwrap();
    let signature = signature.split('&').next().unwrap();
    let wrong = presigned.url.replace(signature, &"a".repeat(64));
    let mut errors = Vec::new();
    for fault in [Fault::CutAfter(9), Fault::ResetAfter(0), Fault::NoCrc64] {
        world.oss.fault(BUCKET, KEY, fault);
        errors.extend(world.fetch(&presigned).err());
    }
    let mut altered = presigned.clone();
    altered.url = wrong;
    errors.push(world.fetch(&altered).unwrap_err());
    assert_eq!(errors.len(), 3);
    for error in errors {
        let shown = format!("{error} {error:?} {error:#?}");
        for canary in ["canary", signature, &"a".repeat(64)] {
            assert!(!shown.contains(canary), "{shown}");
        }
    }
}
