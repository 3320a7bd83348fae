//! Resolving, connecting, TLS, and servers that say nothing or nonsense.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use oss_emulator::Fault;
use oss_presign::{DownloadRequest, ErrorKind, Phase, Progress, download};
use std::net::TcpListener;
use std::ops::ControlFlow;
use std::time::Duration;
use support::{BUCKET, KEY, SIZE, World, connections, content, full_listener, idle, parts};

#[test]
fn a_client_keeps_the_connection_for_the_next_download() {
    let world = World::with(&content(1000));
    let presigned = world.presign();
    let client = world.get(&presigned).make_client().unwrap();
    for _ in 0..3 {
        download(&world.get(&presigned).client(&client), &mut idle).unwrap();
    }
    assert_eq!((world.oss.requests().len(), connections(&world)), (3, vec![1]));
    assert_eq!(world.oss.open_connections(), 1);
}

#[test]
fn a_worker_fetches_all_its_parts_over_one_connection() {
    let world = World::with(&content(SIZE));
    let presigned = world.presign();
    download(&parts(world.get(&presigned)), &mut idle).unwrap();
    assert!(world.oss.requests().len() >= 11);
    assert!(connections(&world).len() <= 4, "{:?}", connections(&world));
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
fn a_server_that_takes_no_connection_runs_into_the_connect_timeout() {
    let world = World::with(b"content");
    let (_listener, _held, full) = full_listener();
    let presigned = world.presign();
    let request = world.get(&presigned).connect_to(&full);
    for (request, message) in [
        (
            request.clone().connect_timeout(Some(Duration::from_millis(50))),
            "connecting took too long",
        ),
        (
            request.connect_timeout(None).total_timeout(Some(Duration::from_millis(50))),
            "the download took longer than its total timeout",
        ),
    ] {
        let error = download(&request, &mut idle).unwrap_err();
        assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, Phase::Connect));
        assert_eq!(error.to_string(), message);
        assert!(error.is_retryable());
    }
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
    let request = DownloadRequest::new("http://host.invalid/key", &target).retries(0);
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
