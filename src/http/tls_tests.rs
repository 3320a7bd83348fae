use super::*;
use crate::http::Limits;
use crate::http::connector::Socket;
use crate::http::in_force::{Entered, enter};
use crate::stop::Stop;
use rcgen::{CertificateParams, CertifiedIssuer, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::version::{TLS12, TLS13};
use rustls::{ServerConfig, ServerConnection, SupportedProtocolVersion};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread::{self, JoinHandle};

type Client = Tls<Either<(), Socket>>;

/// What the server does behind the handshake.
type Serve = fn(&mut ServerConnection, &mut TcpStream);

/// A client that trusts the server, or does not, before the handshake; and the server.
fn pair(
    version: &'static SupportedProtocolVersion,
    trusts: bool,
    serve: Serve,
) -> (Client, JoinHandle<()>, Entered) {
    let authority = || {
        let key = KeyPair::generate().unwrap();
        CertifiedIssuer::self_signed(CertificateParams::default(), key).unwrap()
    };
    let (ours, other) = (authority(), authority());
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(["localhost".to_owned()]).unwrap();
    let certificate = certificate.signed_by(&key, &ours).unwrap();
    let chain = vec![certificate.der().clone()];
    let key = PrivatePkcs8KeyDer::from(key.serialize_der());
    let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_protocol_versions(&[version]).unwrap().with_no_client_auth();
    let config = Arc::new(builder.with_single_cert(chain, key.into()).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = thread::spawn(move || {
        let mut session = ServerConnection::new(config).unwrap();
        let mut stream = listener.accept().unwrap().0;
        serve(&mut session, &mut stream);
    });

    let root = if trusts { ours.der() } else { other.der() };
    let (client, in_force) = client(address, root.clone());
    (client, server, in_force)
}

fn client(address: SocketAddr, root: CertificateDer<'static>) -> (Client, Entered) {
    let mut roots = RootCertStore::empty();
    roots.add(root).unwrap();
    let builder = ClientConfig::builder_with_provider(crypto::provider());
    let builder = builder.with_safe_default_protocol_versions().unwrap();
    let config = Arc::new(builder.with_root_certificates(roots).with_no_client_auth());
    let name = ServerName::try_from("localhost").unwrap();
    let session = UnbufferedClientConnection::new(config, name).unwrap();
    let stream = TcpStream::connect(address).unwrap();
    stream.set_nonblocking(true).unwrap();
    let wire = Either::B(Socket::new(stream, 1024, 1024));
    let stop = Stop::new().unwrap();
    let in_force = enter(&stop, Limits { deadline: None, read_at_once: 20_000 });
    (Tls::new(session, wire, (1024, 1024)), in_force)
}

fn shake_hands(client: &mut Client) -> Result<(), Failure> {
    client.shake_hands(NextTimeout::default())
}

/// Reads to the end.
fn read(client: &mut Client) -> (Vec<u8>, Result<bool, Failure>) {
    let mut all = Vec::new();
    loop {
        let more = client.await_input(NextTimeout::default());
        let input = client.plain.input();
        all.extend_from_slice(input);
        let length = input.len();
        client.plain.input_consume(length);
        if !matches!(more, Ok(true)) {
            return (all, more);
        }
    }
}

fn content(length: usize) -> Vec<u8> {
    (0..length).map(|i| (i * 7 % 251) as u8).collect()
}

/// Sizes of what is written at a time; the longest make several records.
const SIZES: [usize; 7] = [1, 16_384, 5, 16_385, 60_000, 2, 40_000];

/// Answers in records of all sizes, with fresh keys in between where TLS has that.
fn talk(session: &mut ServerConnection, stream: &mut TcpStream) {
    let mut request = [0; 700];
    rustls::Stream::new(session, stream).read_exact(&mut request).unwrap();
    assert_eq!(request[..], content(700));
    let body = content(SIZES.iter().sum());
    let mut rest = &body[..];
    for size in SIZES {
        let (part, behind) = rest.split_at(size);
        rest = behind;
        rustls::Stream::new(session, stream).write_all(part).unwrap();
        if session.protocol_version() == Some(rustls::ProtocolVersion::TLSv1_3) {
            session.refresh_traffic_keys().unwrap();
        }
    }
    session.send_close_notify();
    session.complete_io(stream).unwrap();
}

#[test]
fn records_of_all_sizes_are_read_in_order_and_the_end_is_seen() {
    for version in [&TLS12, &TLS13] {
        let (mut client, server, _in_force) = pair(version, true, talk);
        shake_hands(&mut client).unwrap();
        client.plain.output()[..700].copy_from_slice(&content(700));
        client.transmit_output(700, NextTimeout::default()).unwrap();
        let (all, end) = read(&mut client);
        assert!(all == content(SIZES.iter().sum()), "{version:?}: {}", all.len());
        assert!(!end.unwrap() && !client.is_open());
        server.join().unwrap();
    }
}

/// Who cuts the connection must not pass for the end of a body.
#[test]
fn an_end_that_the_server_did_not_tell_is_an_error() {
    let (mut client, server, _in_force) = pair(&TLS13, true, |session, stream| {
        rustls::Stream::new(session, stream).write_all(b"cut").unwrap();
    });
    shake_hands(&mut client).unwrap();
    let (all, end) = read(&mut client);
    assert_eq!(all, b"cut");
    let Err(Failure::Io(error)) = end else { panic!("{end:?}") };
    assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    server.join().unwrap();
}

#[test]
fn what_nobody_reads_is_not_kept_without_bound() {
    let (mut client, server, _in_force) = pair(&TLS13, true, |session, stream| {
        rustls::Stream::new(session, stream).write_all(&content(20_000)).unwrap();
        let _ = stream.read(&mut [0]);
    });
    shake_hands(&mut client).unwrap();
    let mut more = Ok(true);
    while matches!(more, Ok(true)) {
        more = client.await_input(NextTimeout::default());
    }
    assert!(client.plain.input().len() <= 1024 + MOST_PLAIN);
    assert!(matches!(more, Err(Failure::LargeResponseHeader(..))), "{more:?}");
    drop(client);
    server.join().unwrap();
}

#[test]
fn a_server_that_is_not_trusted_is_told_so() {
    let (mut client, server, _in_force) = pair(&TLS13, false, |session, stream| {
        while session.is_handshaking() {
            if let Err(error) = session.complete_io(stream) {
                let error = error.downcast::<rustls::Error>().unwrap();
                return assert!(matches!(error, rustls::Error::AlertReceived(_)), "{error}");
            }
        }
        panic!("trusted");
    });
    assert!(shake_hands(&mut client).is_err());
    server.join().unwrap();
}

/// Before anything is known of each other: what rustls has kept of a message must not be lost.
#[test]
fn junk_in_the_place_of_a_handshake_is_an_error() {
    let half = [22, 3, 3, 0, 10, 2, 0, 0, 90, 3, 3, 1, 1, 1, 1];
    let alert: &[u8] = &[21, 3, 3, 0, 2, 2, 40];
    let change: &[u8] = &[20, 3, 3, 0, 1, 1];
    for junk in [
        vec![22, 3, 3, 0, 4, 2, 255, 255, 255],
        [&half[..], alert].concat(),
        [&half[..], change].concat(),
        half.to_vec(),
        b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(),
        vec![22, 3, 3, 255, 255],
    ] {
        let key = KeyPair::generate().unwrap();
        let root = CertifiedIssuer::self_signed(CertificateParams::default(), key).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (mut client, _in_force) = client(listener.local_addr().unwrap(), root.der().clone());
        let mut server = listener.accept().unwrap().0;
        server.write_all(&junk).unwrap();
        server.shutdown(std::net::Shutdown::Write).unwrap();
        assert!(shake_hands(&mut client).is_err(), "{junk:?}");
    }
}
