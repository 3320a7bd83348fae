//! TLS: whom a download trusts, and what a handshake that fails is.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use oss_presign::{
    Addressing, DownloadRequest, Error, ErrorKind, Phase, PresignedUrl, Progress, Scheme, download,
    presign_get,
};
use std::fs;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::ops::ControlFlow;
use std::thread::{self, JoinHandle};
use std::time::Duration;
use support::{KEY, World, content, idle, too_late};

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

fn presign(world: &World) -> PresignedUrl {
    presign_get(&world.request(KEY).scheme(Scheme::Https)).unwrap()
}

/// A download that is tried again as often as that makes sense, and fails.
fn refusal(request: &DownloadRequest<'_>) -> Error {
    download(&request.clone().retries(2), &mut idle).unwrap_err()
}

#[test]
fn a_certificate_of_another_authority_is_final() {
    let (world, other) = (World::with(b"content"), World::with(b"content"));
    let (presigned, address, ca) =
        (presign(&world), world.oss.https_addr().to_string(), other.ca_file());
    let error = refusal(&world.get(&presigned).connect_to(&address).ca_file(&ca));
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Tls, Phase::Tls), "{error}");
    assert!(!error.is_retryable());
    assert_eq!(world.oss.accepted_connections(), 1);
}

/// Passes on what a server says, but for a bit behind so many bytes of it. For one connection.
fn altering_relay(server: SocketAddr, after: usize) -> (SocketAddr, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let relay = thread::spawn(move || {
        let mut client = listener.accept().unwrap().0;
        let mut server = TcpStream::connect(server).unwrap();
        let (mut asked, mut asking) = (client.try_clone().unwrap(), server.try_clone().unwrap());
        let up = thread::spawn(move || io::copy(&mut asked, &mut asking));
        io::copy(&mut (&mut server).take(after as u64), &mut client).unwrap();
        let mut byte = [0];
        server.read_exact(&mut byte).unwrap();
        // The client has no reason to listen to the end.
        let _ = client.write_all(&[byte[0] ^ 1]).and_then(|()| io::copy(&mut server, &mut client));
        let _ = client.shutdown(Shutdown::Both);
        let _ = server.shutdown(Shutdown::Both);
        let _ = up.join();
    });
    (address, relay)
}

/// Who could do that could do more.
#[test]
fn a_body_altered_on_its_way_is_final() {
    let world = World::with(&content(1 << 20));
    let (presigned, ca) = (presign(&world), world.ca_file());
    let (address, relay) = altering_relay(world.oss.https_addr(), 500_000);
    let error = refusal(&world.get(&presigned).connect_to(&address.to_string()).ca_file(&ca));
    relay.join().unwrap();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Tls, Phase::Body), "{error}");
    assert_eq!(error.service().map(|service| service.status), Some(200));
    assert!(!error.is_retryable());
    assert_eq!(world.oss.accepted_connections(), 1);
}

/// Who cuts a connection must not pass for the end of a body of unknown length.
#[test]
fn a_body_of_unknown_length_ends_only_when_the_server_says_so() {
    use rcgen::{CertificateParams, CertifiedIssuer, KeyPair};
    use rustls::pki_types::PrivatePkcs8KeyDer;
    use rustls::{ServerConfig, ServerConnection, StreamOwned, crypto::ring};
    let world = World::with(b"");
    let key = KeyPair::generate().unwrap();
    let authority = CertifiedIssuer::self_signed(CertificateParams::default(), key).unwrap();
    let key = KeyPair::generate().unwrap();
    let names = ["examplebucket.oss-cn-hangzhou.aliyuncs.com".to_owned()];
    let certificate = CertificateParams::new(names).unwrap().signed_by(&key, &authority).unwrap();
    let key = PrivatePkcs8KeyDer::from(key.serialize_der());
    let config = ServerConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key.into())
        .unwrap();
    let config = std::sync::Arc::new(config);
    let ca = world.folder.path().join("own.pem");
    fs::write(&ca, authority.pem()).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (presigned, address) = (presign(&world), listener.local_addr().unwrap().to_string());
    let request = world.get(&presigned).connect_to(&address).ca_file(&ca);
    for says_so in [true, false] {
        let config = config.clone();
        let fetched = thread::scope(|scope| {
            scope.spawn(|| {
                let session = ServerConnection::new(config).unwrap();
                let mut stream = StreamOwned::new(session, listener.accept().unwrap().0);
                let _ = stream.read(&mut [0; 4096]).unwrap();
                stream.write_all(b"HTTP/1.1 200 OK\r\n\r\ncontent").unwrap();
                if says_so {
                    stream.conn.send_close_notify();
                }
                stream.flush().unwrap();
            });
            download(&request, &mut idle)
        });
        match fetched {
            Ok(done) => assert_eq!((done.bytes, says_so), (7, true)),
            Err(error) => {
                let found = (error.kind(), error.phase(), says_so);
                assert_eq!(found, (ErrorKind::Network, Phase::Body, false), "{error}");
                assert!(error.is_retryable());
            }
        }
    }
}

/// A server asked by address has no name to make a certificate for, and 127.0.0.2 is in none.
#[test]
fn a_certificate_of_another_host_is_final() {
    let world = World::with(b"content");
    let (address, ca) = (world.oss.https_addr().to_string(), world.ca_file());
    let fetch = |host| {
        let request = world.request(KEY).endpoint(host).addressing(Addressing::Path);
        let presigned = presign_get(&request.scheme(Scheme::Https)).unwrap();
        let request = world.get(&presigned).connect_to(&address).ca_file(&ca);
        download(&request.retries(2), &mut idle)
    };
    fetch("127.0.0.1").unwrap();
    let before = world.oss.accepted_connections();
    let error = fetch("127.0.0.2").unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Tls, Phase::Tls), "{error}");
    assert!(!error.is_retryable());
    assert_eq!(world.oss.accepted_connections(), before + 1);
}

#[test]
fn a_server_that_speaks_plain_text_is_a_tls_error_and_final() {
    let world = World::with(b"content");
    let (presigned, ca) = (presign(&world), world.ca_file());
    let error = refusal(&world.get(&presigned).ca_file(&ca));
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Tls, Phase::Tls), "{error}");
    assert!(!error.is_retryable());
    assert_eq!(world.oss.accepted_connections(), 1);
}

#[test]
fn a_stall_in_the_handshake_is_a_timeout_of_it() {
    let world = World::with(b"content");
    let (presigned, stalled) = (presign(&world), world.oss.stalled_addr().unwrap().to_string());
    let request = || world.get(&presigned).connect_to(&stalled);
    type Limit<'a> = fn(DownloadRequest<'a>, Option<Duration>) -> DownloadRequest<'a>;
    for within in [
        DownloadRequest::connect_timeout as Limit<'_>,
        DownloadRequest::idle_timeout,
        DownloadRequest::total_timeout,
    ] {
        let error = too_late(&world, Phase::Tls, 50, |limit| {
            download(&within(request(), limit), &mut idle)
        });
        assert!(error.is_retryable());
    }
}

#[test]
fn a_connection_that_breaks_in_the_handshake_is_tried_again() {
    let world = World::with(b"content");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (presigned, address) = (presign(&world), listener.local_addr().unwrap().to_string());
    let server = std::thread::spawn(move || (0..3).for_each(|_| drop(listener.accept().unwrap())));
    let error = refusal(&world.get(&presigned).connect_to(&address));
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Network, Phase::Tls), "{error}");
    server.join().unwrap();
}

#[test]
fn nothing_outlives_a_download() {
    support::leftovers::check();
}
