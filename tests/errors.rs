//! What an error tells.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use oss_emulator::Fault;
use oss_presign::{ErrorKind, Phase, presign_get};
use support::{BUCKET, KEY, World, refuses};

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
