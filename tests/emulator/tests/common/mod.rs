//! Requests byte for byte, and the answers to them.

#![allow(dead_code, reason = "each test program uses a part of this")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use oss_emulator::{Clock, Emulator};
use serde_json::Value;

/// When most vectors were signed.
pub const NOW: i64 = 1_702_743_657;
pub const BUCKET: &str = "examplebucket";
pub const KEY: &str = "dir/object.txt";

/// An emulator that knows the vectors' credentials.
pub fn emulator() -> Emulator {
    let (id, secret) = ("LTAI5tFakeAccessKeyId001", "FakeSecretForTestsOnly0123456789");
    Emulator::builder().credential(id, secret).clock(Clock::fixed(NOW)).start().unwrap()
}

/// A request that the reference SDK has signed.
#[derive(Clone)]
pub struct Signed {
    pub host: String,
    pub target: String,
    pub headers: Vec<(String, String)>,
}

/// The vector of that id.
pub fn signed(id: &str) -> Signed {
    let vectors = include_str!("../../../vectors/presign-vectors.jsonl").lines();
    let mut vectors = vectors.map(|line| serde_json::from_str::<Value>(line).unwrap());
    let vector = vectors.find(|vector| vector["id"] == id).unwrap();
    let url = vector["out"]["url"].as_str().unwrap().split_once("://").unwrap().1;
    let (host, target) = url.split_at(url.find('/').unwrap());
    let headers = vector["out"]["signed_headers"].as_object().cloned().unwrap_or_default();
    let text = |value: Value| value.as_str().unwrap().to_owned();
    Signed {
        host: host.to_owned(),
        target: target.to_owned(),
        headers: headers.into_iter().map(|(name, value)| (name, text(value))).collect(),
    }
}

/// The plain vector.
pub fn plain() -> Signed {
    signed("p0001")
}

impl Signed {
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The request's bytes.
    pub fn request(&self, method: &str) -> Vec<u8> {
        let Self { host, target, headers } = self;
        let mut text = format!("{method} {target} HTTP/1.1\r\nHost: {host}\r\n");
        for (name, value) in headers {
            text += &format!("{name}: {value}\r\n");
        }
        (text + "\r\n").into_bytes()
    }

    pub fn get(&self, oss: &Emulator) -> Answer {
        exchange(oss.http_addr(), &self.clone().with("Connection", "close").request("GET"))
    }

    pub fn head(&self, oss: &Emulator) -> Answer {
        exchange(oss.http_addr(), &self.clone().with("Connection", "close").request("HEAD"))
    }
}

/// An answer, and all that came after its head until the connection ended.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// Whether the connection was reset instead of closed.
    pub reset: bool,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// Text of an element of an error body.
    pub fn element(&self, name: &str) -> Option<&str> {
        let (_, rest) = self.text().split_once(&format!("<{name}>"))?;
        Some(rest.split_once("</")?.0)
    }

    /// The body of a chunked answer; `None` if it ends early.
    pub fn unchunked(&self) -> Option<Vec<u8>> {
        assert_eq!(self.header("transfer-encoding"), Some("chunked"));
        let (mut rest, mut body) = (&self.body[..], Vec::new());
        loop {
            let httparse::Status::Complete((start, size)) =
                httparse::parse_chunk_size(rest).unwrap()
            else {
                return None;
            };
            if size == 0 {
                return Some(body);
            }
            let end = start + size as usize;
            body.extend_from_slice(rest.get(start..end)?);
            rest = &rest[end + 2..];
        }
    }
}

/// Sends `request` on a connection of its own and reads until that ends.
pub fn exchange(addr: SocketAddr, request: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(addr).unwrap();
    stream.write_all(request).unwrap();
    read_to_end(&mut stream)
}

/// Reads one answer until the connection ends.
pub fn read_to_end(stream: &mut impl Read) -> Answer {
    let mut bytes = Vec::new();
    let reset = match stream.read_to_end(&mut bytes) {
        Ok(_) => false,
        Err(e) => match e.kind() {
            std::io::ErrorKind::ConnectionReset => true,
            // TLS without an orderly end.
            std::io::ErrorKind::UnexpectedEof => false,
            _ => panic!("{e}"),
        },
    };
    let mut slots = [httparse::EMPTY_HEADER; 64];
    let mut head = httparse::Response::new(&mut slots);
    let httparse::Status::Complete(len) = head.parse(&bytes).unwrap() else {
        panic!("no head: {:?}", String::from_utf8_lossy(&bytes));
    };
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    Answer {
        status: head.code.unwrap(),
        headers: head.headers.iter().map(|h| (h.name.to_owned(), text(h.value))).collect(),
        body: bytes[len..].to_vec(),
        reset,
    }
}

/// A thousand bytes that differ.
pub fn thousand() -> Vec<u8> {
    (0..1000_u32).map(|i| (i * 7 % 251) as u8).collect()
}
