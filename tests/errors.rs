//! What an error tells.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use oss_emulator::Fault;
use oss_presign::{DownloadRequest, ErrorKind, Phase, Scheme, download, presign_get};
use std::net::TcpListener;
use support::{BUCKET, KEY, PART, SIZE, World, content, idle, parts, refuses};

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

/// Each phase, reached and failed in.
#[test]
fn an_error_tells_its_phase_and_in_one_sentence_what_happened() {
    let world = World::with(&content(SIZE));
    let presigned = world.presign();
    let https = presign_get(&world.request(KEY).scheme(Scheme::Https)).unwrap();
    let absent = presign_get(&world.request("absent")).unwrap();
    let folder = world.folder.path().join("missing/target");
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let ok = || world.get(&presigned);
    world.oss.fault(BUCKET, KEY, Fault::CutAfter(9).at_range_start(0));
    let requests = [
        (Phase::Check, ok().part_size(1)),
        (Phase::Resolve, ok().connect_to("host.invalid:80")),
        (Phase::Connect, ok().connect_to(&closed)),
        (Phase::Tls, world.get(&https)),
        (Phase::Headers, world.get(&absent)),
        (Phase::Body, ok()),
        (Phase::Disk, DownloadRequest::new(&presigned.url, &folder)),
        (Phase::Verify, ok().expect_crc64(0)),
    ];
    for (phase, request) in requests {
        let error = download(&request, &mut idle).unwrap_err();
        assert_eq!(error.phase(), phase, "{error}");
        let message = error.to_string();
        assert!(message.len() > 15 && !message.contains(['\n', '"', '{']), "{message}");
        let tells_os = matches!(phase, Phase::Connect | Phase::Disk);
        assert_eq!(error.os_error().is_some(), tells_os, "{error:?}");
        let tells_service = matches!(phase, Phase::Headers | Phase::Body | Phase::Verify);
        assert_eq!(error.service().is_some(), tells_service, "{error:?}");
        let retryable = matches!(phase, Phase::Resolve | Phase::Connect | Phase::Body);
        assert_eq!(error.is_retryable(), retryable, "{error:?}");
    }
}

/// Status and request id, whatever is wrong with the answer.
#[test]
fn an_answer_of_no_use_tells_which_request_it_was_of() {
    let world = World::with(&content(SIZE));
    let presigned = world.presign();
    let ok = || parts(world.get(&presigned));
    let away = || Fault::Redirect { status: 302, location: "ftp://elsewhere/".into() };
    for (fault, request, kind, status) in [
        (Fault::NoContentRange, ok(), ErrorKind::Protocol, 206),
        (Fault::StandardRange, ok().range(SIZE as u64, None), ErrorKind::Range, 416),
        (away(), ok().follow_redirects(true), ErrorKind::Protocol, 302),
        (Fault::CutAfter(9), ok(), ErrorKind::Network, 206),
        (Fault::StandardRange, ok().max_bytes(5), ErrorKind::TooLarge, 206),
    ] {
        world.forget_requests();
        world.oss.fault(BUCKET, KEY, fault);
        let error = download(&request, &mut idle).unwrap_err();
        let service = error.service().unwrap();
        assert_eq!((error.kind(), service.status), (kind, status), "{error}");
        assert!(!service.request_id.is_empty(), "{error}");
        assert_eq!(!service.code.is_empty(), status == 416, "{service:?}");
    }
    // Of a later request than the first.
    for fault in [Fault::ChangedETag, Fault::IgnoreRange, Fault::WrongContentRange("x".into())] {
        world.forget_requests();
        world.oss.fault(BUCKET, KEY, fault.at_range_start(PART));
        let error = download(&ok(), &mut idle).unwrap_err();
        assert!(!error.service().unwrap().request_id.is_empty(), "{error}");
    }
}

/// Of a body without end a little is read, and whatever it is, there is an error of its status.
#[test]
fn the_body_of_a_refusal_is_bounded_and_may_be_junk() {
    let world = World::with(b"content");
    let endless = [b"<Error><Code>Endless</Code><Message>".to_vec(), vec![b'x'; 64 << 20]].concat();
    let deep = b"<Error>".repeat(50_000);
    let bodies = [endless, deep, b"\0\xff<Error><Code>&x;</Code".to_vec(), b"<html>".to_vec()];
    for body in bodies {
        world.oss.clear_requests();
        world.oss.fault(BUCKET, KEY, Fault::RawBody { status: 403, body });
        let error = world.fetch(&world.presign()).unwrap_err();
        assert_eq!((error.kind(), error.phase()), (ErrorKind::Forbidden, Phase::Headers));
        assert_eq!(error.service().unwrap().status, 403);
        assert!(error.to_string().len() < 1000, "{error}");
        // What the sockets hold, but not all of it.
        assert!(world.oss.requests()[0].body_sent < 32 << 20);
    }
}

#[test]
fn nothing_outlives_a_download() {
    support::leftovers::check();
}
