//! TLS, proxying, keep-alive, and the end of it all.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use common::{BUCKET, KEY, Signed, emulator, exchange, plain, read_to_end, thousand};
use oss_emulator::{Emulator, Fault, Object};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

fn with_object() -> Emulator {
    let oss = emulator();
    oss.put(BUCKET, KEY, Object::new(thousand()));
    oss
}

fn tls(oss: &Emulator, stream: TcpStream, name: &str) -> StreamOwned<ClientConnection, TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(oss.ca_pem().as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(name.to_owned()).unwrap();
    StreamOwned::new(ClientConnection::new(Arc::new(config), name).unwrap(), stream)
}

fn closing(signed: Signed) -> Vec<u8> {
    signed.with("Connection", "close").request("GET")
}

#[test]
fn https_has_a_certificate_for_every_name() {
    let oss = with_object();
    for name in [
        "examplebucket.oss-cn-hangzhou.aliyuncs.com",
        "static.example.com",
        "localhost",
        "127.0.0.1",
    ] {
        let mut stream = tls(&oss, TcpStream::connect(oss.https_addr()).unwrap(), name);
        stream.write_all(&closing(plain())).unwrap();
        assert_eq!(read_to_end(&mut stream).body, thousand(), "{name}");
    }
    assert!(oss.requests().iter().all(|request| request.tls && request.status == Some(200)));
}

#[test]
fn https_can_be_cut_and_reset() {
    let oss = with_object();
    for (fault, reset) in [(Fault::CutAfter(10), false), (Fault::ResetAfter(10), true)] {
        oss.fault(BUCKET, KEY, fault);
        let mut stream = tls(&oss, TcpStream::connect(oss.https_addr()).unwrap(), "localhost");
        stream.write_all(&closing(plain())).unwrap();
        let answer = read_to_end(&mut stream);
        assert_eq!(answer.reset, reset);
        assert!(reset || answer.body == thousand()[..10]);
    }
}

#[test]
fn serves_as_a_proxy_of_itself() {
    let oss = with_object();
    // Plain http names the whole URL.
    let mut request = plain();
    request.target = format!("http://{}{}", request.host, request.target);
    request.host = "ignored.example.com".to_owned();
    assert_eq!(request.get(&oss).body, thousand());
    assert_eq!(oss.requests()[0].target, request.target);

    // A tunnel reaches https at port 443, else http.
    let tunnel = |port: u16| {
        let mut stream = TcpStream::connect(oss.http_addr()).unwrap();
        let connect =
            format!("CONNECT b.example.com:{port} HTTP/1.1\r\nHost: b.example.com\r\n\r\n");
        stream.write_all(connect.as_bytes()).unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        assert!(head.starts_with(b"HTTP/1.1 200 "));
        stream
    };
    let mut stream = tunnel(80);
    stream.write_all(&closing(plain())).unwrap();
    assert_eq!(read_to_end(&mut stream).body, thousand());
    for port in [443, oss.https_addr().port()] {
        let mut stream = tls(&oss, tunnel(port), "b.example.com");
        stream.write_all(&closing(plain())).unwrap();
        assert_eq!(read_to_end(&mut stream).body, thousand());
    }
    let requests = oss.requests();
    let connects: Vec<_> = requests.iter().filter(|r| r.method == "CONNECT").collect();
    assert_eq!(connects.len(), 3);
    assert_eq!(connects[0].target, "b.example.com:80");
}

#[test]
fn connections_are_kept_and_counted() {
    let oss = with_object();
    let mut stream = TcpStream::connect(oss.http_addr()).unwrap();
    stream.write_all(&[plain().request("GET"), closing(plain())].concat()).unwrap();
    let answers = read_to_end(&mut stream).body;
    assert!(answers[..1000] == thousand() && answers[1000..].starts_with(b"HTTP/1.1 200 OK"));
    assert!(answers.ends_with(&thousand()));
    exchange(oss.http_addr(), &closing(plain()));
    let numbers: Vec<_> = oss.requests().iter().map(|request| request.connection).collect();
    assert_eq!(numbers, [1, 1, 2]);
}

#[test]
fn custom_domains_and_path_style() {
    let oss = emulator();
    let signed = common::signed("p0001");
    oss.put(BUCKET, KEY, Object::new("x"));
    oss.bind_domain("static.example.com", BUCKET);
    for (host, path) in [
        ("static.example.com", ""),
        ("STATIC.example.com:8443", ""),
        ("examplebucket.localhost", ""),
        ("127.0.0.1", "/examplebucket"),
        ("[::1]:80", "/examplebucket"),
        ("localhost:9", "/examplebucket"),
        ("oss-cn-hangzhou.aliyuncs.com", "/examplebucket"),
    ] {
        let host = host.to_owned();
        let target = format!("{path}{}", signed.target);
        let answer = Signed { host, target, headers: Vec::new() }.get(&oss);
        assert_eq!(answer.text(), "x", "{path}");
    }
}

#[test]
fn a_stalled_address_says_nothing() {
    let oss = emulator();
    let mut stream = TcpStream::connect(oss.stalled_addr().unwrap()).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    assert!(stream.read(&mut [0]).is_err());
}

#[test]
fn only_loopback_addresses() {
    let anywhere = "0.0.0.0:0".parse().unwrap();
    assert!(Emulator::builder().http_addr(anywhere).start().is_err());
    assert!(Emulator::builder().https_addr(anywhere).start().is_err());
}

#[test]
fn the_control_surface() {
    let oss = with_object();
    let host = oss.http_addr().to_string();
    let control = |method: &str, operation: &str, body: &str| {
        let signed = Signed {
            host: host.clone(),
            target: format!("/-/emulator/{operation}"),
            headers: vec![("Content-Length".to_owned(), body.len().to_string())],
        };
        let request = signed.with("Connection", "close").request(method);
        let answer = exchange(oss.http_addr(), &[&request, body.as_bytes()].concat());
        (answer.status, answer.text().to_owned())
    };
    let ok = (200, "{}".to_owned());
    assert_eq!(control("POST", "time", "{\"advance\": 901}"), ok);
    assert_eq!(plain().get(&oss).status, 403);
    assert_eq!(control("POST", "time", "{\"unix\": 1702743657}"), ok);
    assert_eq!(plain().get(&oss).status, 200);
    assert_eq!(control("POST", "time", "{\"system\": true}"), ok);
    assert!(oss.unix_time() > common::NOW + 1_000_000);
    oss.set_time(common::NOW);

    let faults = r#"{"bucket": "examplebucket", "key": "dir/object.txt", "times": 2,
        "faults": ["no_etag", {"cut_after": 3}, {"status": {"status": 503, "code": "Busy"}}]}"#;
    assert_eq!(control("POST", "faults", faults), ok);
    let answer = plain().get(&oss);
    assert_eq!((answer.status, answer.body.len()), (503, 3));
    let name = r#"{"bucket": "examplebucket", "key": "dir/object.txt"}"#;
    assert_eq!(control("DELETE", "faults", name), ok);
    assert_eq!(plain().get(&oss).status, 200);

    let records: serde_json::Value =
        serde_json::from_str(&control("GET", "requests", "").1).unwrap();
    let statuses: Vec<_> = records.as_array().unwrap().iter().map(|r| &r["status"]).collect();
    assert_eq!(statuses, [403, 200, 503, 200]);
    assert_eq!(records[2]["error_code"], "Busy");
    assert_eq!(control("DELETE", "requests", ""), ok);
    assert!(oss.requests().is_empty());
    assert_eq!(control("POST", "time", "{}").0, 400);
    assert_eq!(control("GET", "nothing", "").0, 404);
}
