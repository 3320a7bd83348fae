//! Resolving, connecting, TLS, and servers that say nothing or nonsense.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use oss_emulator::Fault;
use oss_presign::{DownloadRequest, ErrorKind, Phase, Progress, Scheme, download, presign_get};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::ops::ControlFlow;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::{Duration, Instant};
use support::{
    BUCKET, KEY, PART, SIZE, World, apart, connections, content, full_listener, idle, parts,
    too_late,
};
use tempfile::TempDir;

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
        // Shorter and longer than what is waited for at a time.
        for limit in [50, 250] {
            world.oss.clear_faults(BUCKET, KEY);
            world.oss.fault(BUCKET, KEY, fault.clone().always());
            let error = too_late(&world, phase, limit, |limit| {
                world.fetch_with(&world.presign(), |request| request.idle_timeout(limit))
            });
            assert!(error.is_retryable());
            assert!(world.files().is_empty());
        }
    }
}

#[test]
fn no_time_is_too_long() {
    let world = World::with(b"content");
    let presigned = world.presign();
    let (request, ever) = (world.get(&presigned), Duration::MAX);
    let request = request.connect_timeout(Some(ever)).idle_timeout(Some(ever));
    let request = request.total_timeout(Some(ever)).retry_budget(ever).progress_interval(ever);
    download(&request.retries(u32::MAX), &mut idle).unwrap();
}

#[test]
fn the_total_timeout_ends_a_download_that_never_idles() {
    let world = World::with(&content(500_000));
    world.oss.fault(BUCKET, KEY, Fault::Trickle { bytes: 10, every_ms: 5 }.always());
    too_late(&world, Phase::Body, 100, |limit| {
        world.fetch_with(&world.presign(), |request| request.total_timeout(limit))
    });
}

#[test]
fn the_total_timeout_ends_every_wait_of_our_own() {
    let world = World::with(&content(SIZE));
    let presigned = world.presign();
    let slow = world.get(&presigned).rate_limit(1);
    let started = Instant::now();
    too_late(&world, Phase::Body, 100, |limit| {
        download(&slow.clone().total_timeout(limit), &mut idle)
    });
    let throttled = Fault::Status {
        status: 503,
        code: "ServiceUnavailable".into(),
        message: String::new(),
        ec: None,
        retry_after: Some("60".into()),
    };
    world.oss.fault(BUCKET, KEY, throttled.always());
    let patient = world.get(&presigned).retries(5);
    too_late(&world, Phase::Headers, 100, |limit| {
        download(&patient.clone().total_timeout(limit), &mut idle)
    });
    // The waits that there would be are of a minute.
    assert!(started.elapsed() < Duration::from_secs(30));
}

/// What is on the disk already is read before a byte is sent.
#[test]
fn the_total_timeout_ends_the_reading_of_what_is_there() {
    let world = World::with(&content(SIZE));
    let presigned = world.presign();
    world.oss.fault(BUCKET, KEY, Fault::CutAfter(9).at_range_start(5 * PART));
    download(&parts(world.get(&presigned)).resume(true), &mut idle).unwrap_err();
    let request = parts(world.get(&presigned)).resume(true);
    let over = request.clone().total_timeout(Some(Duration::from_nanos(1)));
    let error = download(&over, &mut idle).unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, Phase::Verify), "{error}");
    assert!(download(&request, &mut idle).unwrap().resumed > 0);
}

/// A kept connection that the server has closed since is not used.
#[test]
fn a_kept_connection_is_used_only_while_it_is_good() {
    let world = World::with(b"");
    let presigned = world.presign();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let client = world.get(&presigned).connect_to(&address).make_client().unwrap();
    for _ in 0..2 {
        let done = std::thread::scope(|scope| {
            scope.spawn(|| {
                let (mut stream, _) = listener.accept().unwrap();
                let _ = stream.read(&mut [0; 4096]).unwrap();
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\ncontent").unwrap();
            });
            download(&world.get(&presigned).client(&client), &mut idle).unwrap()
        });
        assert_eq!((done.bytes, done.retries), (7, 0));
    }
}

/// The emulator as a proxy: it alone knows where the host is.
#[test]
fn a_proxy_is_used_when_the_caller_names_one() {
    let world = World::with(&content(SIZE));
    let proxy = format!("http://user:word@{}", world.oss.http_addr());
    let ca = world.ca_file();
    for scheme in [Scheme::Http, Scheme::Https] {
        let presigned = presign_get(&world.request(KEY).scheme(scheme)).unwrap();
        let target = world.target();
        world.oss.clear_requests();
        let request = DownloadRequest::new(&presigned.url, &target).proxy(&proxy).ca_file(&ca);
        download(&parts(request), &mut idle).unwrap();
        let (connects, gets): (Vec<_>, Vec<_>) =
            world.oss.requests().into_iter().partition(|request| request.method == "CONNECT");
        assert!(!connects.is_empty() && gets.len() >= 11);
        let port = if scheme == Scheme::Https { 443 } else { 80 };
        for connect in connects {
            assert_eq!(
                connect.target,
                format!("examplebucket.oss-cn-hangzhou.aliyuncs.com:{port}")
            );
            assert_eq!(connect.header("proxy-authorization"), Some("Basic dXNlcjp3b3Jk"));
        }
        for get in gets {
            assert_eq!(get.tls, scheme == Scheme::Https);
            assert_eq!(get.header("proxy-authorization"), None);
        }
    }
}

#[test]
fn a_proxy_that_does_not_connect_is_a_connect_error() {
    let world = World::with(b"content");
    let presigned = world.presign();
    let target = world.target();
    let request = DownloadRequest::new(&presigned.url, &target).retries(0);
    // Nobody is there; and a server that is no proxy.
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let refusing = TcpListener::bind("127.0.0.1:0").unwrap();
    let refusal = refusing.local_addr().unwrap();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = refusing.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]).unwrap();
        stream.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n").unwrap();
    });
    for address in [closed, refusal] {
        let proxy = format!("http://{address}");
        let error = download(&request.clone().proxy(&proxy), &mut idle).unwrap_err();
        assert_eq!((error.kind(), error.phase()), (ErrorKind::Connect, Phase::Connect), "{error}");
    }
    server.join().unwrap();
    let error = download(&request.proxy("http://host:1").connect_to("host:1"), &mut idle);
    let message = "proxy: makes no use of connect_to; give one of them";
    assert_eq!(error.unwrap_err().to_string(), message);
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

/// Drips its answer, as long as somebody listens.
#[test]
fn a_proxy_must_be_done_in_the_time_to_connect() {
    let world = World::with(b"");
    let presigned = world.presign();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = format!("http://{}", listener.local_addr().unwrap());
    let target = world.target();
    let request = DownloadRequest::new(&presigned.url, &target).retries(0).proxy(&proxy);
    let error = std::thread::scope(|scope| {
        scope.spawn(|| {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 4096]).unwrap();
            stream.write_all(b"HTTP/1.1 200 OK\r\nx: ").unwrap();
            for _ in 0..200 {
                if stream.write_all(b"x").is_err() {
                    break;
                }
                std::thread::sleep(Duration::from_millis(50));
            }
        });
        download(&request.connect_timeout(Some(Duration::from_secs(1))), &mut idle).unwrap_err()
    });
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, Phase::Connect));
    assert_eq!(error.to_string(), "connecting took too long");
}

/// In a process of its own, which sees a name of two addresses: the first takes no connection.
#[test]
fn every_address_of_a_name_has_its_share_of_the_time_to_connect() {
    let script = "printf '127.0.0.1 two.test\n127.0.0.2 two.test\n' >\"$1/hosts\" && \
        mount --bind \"$1/hosts\" /etc/hosts && exec \"$2\" --exact \"$3\"";
    let name = "every_address_of_a_name_has_its_share_of_the_time_to_connect";
    apart(name, &["--map-root-user", "--mount"], script, |_| {
        let world = World::with(b"content");
        let (_listener, _held, full) = full_listener();
        let (_, port) = full.split_once(':').unwrap();
        let second = TcpListener::bind(format!("127.0.0.2:{port}")).unwrap();
        let https = world.oss.https_addr();
        let relay = std::thread::spawn(move || {
            let (mut from, _) = second.accept().unwrap();
            let mut to = TcpStream::connect(https).unwrap();
            let (mut back, mut forth) = (to.try_clone().unwrap(), from.try_clone().unwrap());
            let answers = std::thread::spawn(move || std::io::copy(&mut back, &mut forth));
            let _ = std::io::copy(&mut from, &mut to);
            to.shutdown(std::net::Shutdown::Both).unwrap();
            let _ = answers.join().unwrap();
        });
        let presigned = presign_get(&world.request(KEY).scheme(Scheme::Https)).unwrap();
        let (ca, address) = (world.ca_file(), format!("two.test:{port}"));
        let request = world.get(&presigned).connect_to(&address).ca_file(&ca);
        let limit = Some(Duration::from_secs(4));
        let done = download(&request.connect_timeout(limit), &mut idle).unwrap();
        assert_eq!(done.bytes, 7);
        relay.join().unwrap();
    });
}

#[test]
fn no_server_is_a_connect_error() {
    let world = World::with(b"content");
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    let (presigned, address) = (world.presign(), port.to_string());
    let error = download(&world.get(&presigned).connect_to(&address), &mut idle).unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Connect, Phase::Connect), "{error}");
    assert!(error.is_retryable() && error.os_error().is_some());
}

/// Notes the requests to a host, of which a server that is not there sees nothing.
struct Requests(AtomicU32);

const ABSENT: &str = "absent.example";

impl log::Log for Requests {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let line = record.args().to_string();
        if line.starts_with("GET ") && line.contains(ABSENT) {
            self.0.fetch_add(1, Relaxed);
        }
    }

    fn flush(&self) {}
}

static REQUESTS: Requests = Requests(AtomicU32::new(0));

#[test]
fn a_connection_that_is_refused_is_tried_again() {
    log::set_logger(&REQUESTS).unwrap();
    log::set_max_level(log::LevelFilter::Debug);
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let (url, folder) = (format!("http://{ABSENT}/key"), TempDir::new().unwrap());
    let target = folder.path().join("target");
    let request = DownloadRequest::new(&url, &target).connect_to(&closed).retries(2);
    let error = download(&request, &mut idle).unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Connect, Phase::Connect), "{error}");
    assert_eq!(REQUESTS.0.load(Relaxed), 3);
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
    let world = World::with(b"content");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]).unwrap();
        stream.write_all(b"SSH-2.0-OpenSSH\r\n\r\n").unwrap();
    });
    let presigned = world.presign();
    let error = download(&world.get(&presigned).connect_to(&address), &mut idle).unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Protocol, Phase::Headers), "{error}");
    server.join().unwrap();
}

/// A server of one byte, with that much more in its headers.
fn wordy(listener: &TcpListener, bytes: usize) {
    let (mut stream, _) = listener.accept().unwrap();
    let _ = stream.read(&mut [0; 4096]).unwrap();
    let filler = "x".repeat(bytes);
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 1\r\nx-filler: ";
    // Headers that are too long are not read to their end.
    let _ = stream.write_all(format!("{head}{filler}\r\n\r\n!").as_bytes());
}

#[test]
fn headers_may_have_32_kib_however_many_connections_there_are() {
    let world = World::with(b"");
    let presigned = world.presign();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    for connections in [1, 64] {
        for bytes in [31_000, 33_000] {
            let fetched = std::thread::scope(|scope| {
                scope.spawn(|| wordy(&listener, bytes));
                let request = world.get(&presigned).connect_to(&address);
                download(&request.connections(connections), &mut idle)
            });
            match fetched {
                Ok(done) => assert_eq!((done.bytes, bytes), (1, 31_000)),
                Err(error) => {
                    assert_eq!((error.kind(), bytes), (ErrorKind::Protocol, 33_000), "{error}");
                    assert_eq!(error.to_string(), "the answer's headers are longer than 32 KiB");
                    assert!(!error.is_retryable());
                }
            }
        }
    }
}

/// Only an end that is one is the end of a body of unknown length.
#[test]
fn a_reset_is_not_the_end_of_a_body() {
    let world = World::with(b"");
    let presigned = world.presign();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    for resets in [false, true] {
        let fetched = std::thread::scope(|scope| {
            scope.spawn(|| {
                let (mut stream, _) = listener.accept().unwrap();
                let _ = stream.read(&mut [0; 4096]).unwrap();
                stream.write_all(b"HTTP/1.1 200 OK\r\n\r\ncontent").unwrap();
                if resets {
                    let at_once = Some(Duration::ZERO);
                    rustix::net::sockopt::set_socket_linger(&stream, at_once).unwrap();
                }
            });
            download(&world.get(&presigned).connect_to(&address), &mut idle)
        });
        match fetched {
            Ok(done) => assert_eq!((done.bytes, resets), (7, false)),
            Err(error) => {
                assert_eq!((error.kind(), resets), (ErrorKind::Network, true), "{error}");
                assert!(error.os_error().is_some() && error.is_retryable(), "{error:?}");
            }
        }
    }
}

/// Drips until nobody listens any more.
#[test]
fn the_body_of_a_refusal_is_not_waited_for_as_long_as_it_drips() {
    let world = World::with(b"");
    let presigned = world.presign();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let error = std::thread::scope(|scope| {
        scope.spawn(|| {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 4096]).unwrap();
            let head = "HTTP/1.1 403 Forbidden\r\ncontent-length: 60000\r\n\r\n";
            stream.write_all(head.as_bytes()).unwrap();
            while stream.write_all(b"x").is_ok() {
                std::thread::sleep(Duration::from_millis(50));
            }
        });
        download(&world.get(&presigned).connect_to(&address), &mut idle).unwrap_err()
    });
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Forbidden, Phase::Headers));
}

/// Of sockets, files and the wake-up descriptor.
#[test]
fn a_program_that_is_started_meanwhile_inherits_nothing() {
    let world = World::with(&content(SIZE));
    let inherited = || {
        let output = Command::new("ls").arg("/proc/self/fd").output().unwrap();
        assert!(output.status.success());
        output.stdout
    };
    let (before, mut during) = (inherited(), Vec::new());
    let presigned = world.presign();
    let request = parts(world.get(&presigned)).resume(true).progress_interval(Duration::ZERO);
    let mut look = |_: Progress| {
        during = inherited();
        ControlFlow::Break(())
    };
    download(&request, &mut look).unwrap_err();
    assert_eq!(String::from_utf8(during), String::from_utf8(before));
}

#[test]
fn nothing_outlives_a_download() {
    support::leftovers::check();
}
