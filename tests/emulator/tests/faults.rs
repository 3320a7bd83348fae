//! Each fault, seen from the other end of the socket.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use common::{Answer, BUCKET, KEY, emulator, plain, thousand};
use oss_emulator::{Emulator, Fault, FaultRule, Object};

fn with_fault(rule: impl Into<FaultRule>) -> Emulator {
    let oss = emulator();
    oss.put(BUCKET, KEY, Object::new(thousand()));
    oss.fault(BUCKET, KEY, rule);
    oss
}

/// The answer to the plain GET under that fault.
fn whole(rule: impl Into<FaultRule>) -> Answer {
    plain().get(&with_fault(rule))
}

/// The answer to a GET of bytes 100 to 199 under that fault.
fn part(rule: impl Into<FaultRule>) -> Answer {
    plain().with("Range", "bytes=100-199").get(&with_fault(rule))
}

#[test]
fn ranges() {
    let beyond = plain().with("Range", "bytes=900-1999");
    assert_eq!(beyond.get(&with_fault(Fault::Date("x".into()))).status, 200);
    let answer = beyond.get(&with_fault(Fault::StandardRange));
    assert_eq!((answer.status, answer.body.len()), (206, 100));
    let behind = plain().with("Range", "bytes=1000-1999");
    let answer = behind.get(&with_fault(Fault::StandardRange));
    assert_eq!((answer.status, answer.header("content-range")), (416, Some("bytes */1000")));
    let answer = part(Fault::IgnoreRange);
    assert_eq!((answer.status, answer.body), (200, thousand()));
    let answer = part(Fault::WrongContentRange("bytes 101-200/1000".to_owned()));
    assert_eq!(answer.status, 206);
    assert_eq!(answer.header("content-range"), Some("bytes 101-200/1000"));
    let answer = part(Fault::NoContentRange);
    assert_eq!((answer.status, answer.header("content-range")), (206, None));
    assert_eq!(answer.body, thousand()[100..200]);
}

#[test]
fn ends_of_the_connection() {
    for n in [0, 1, 500, 999, 1000] {
        let answer = whole(Fault::CutAfter(n));
        assert_eq!(answer.header("content-length"), Some("1000"));
        assert_eq!(answer.body, thousand()[..n as usize], "cut after {n}");
        assert!(!answer.reset);
    }
    assert!(whole(Fault::ResetAfter(500)).reset);
    assert_eq!(part(Fault::CutAfter(40)).body, thousand()[100..140]);
}

#[test]
fn a_cut_loses_nothing_of_a_long_body() {
    let oss = emulator();
    oss.put(BUCKET, KEY, Object::sparse(1 << 30));
    oss.fault(BUCKET, KEY, Fault::CutAfter(30_000_001));
    assert_eq!(plain().get(&oss).body.len(), 30_000_001);
    assert_eq!(oss.requests()[0].body_sent, 30_000_001);
}

#[test]
fn stalls_last_until_one_side_goes_away() {
    let oss = with_fault(Fault::Stall { after: 10 });
    oss.fault(BUCKET, KEY, Fault::StallBeforeHeaders);
    let mut stalled = TcpStream::connect(oss.http_addr()).unwrap();
    stalled.write_all(&plain().request("GET")).unwrap();
    let mut bytes = Vec::new();
    while !bytes.ends_with(&thousand()[..10]) {
        let mut byte = [0];
        stalled.read_exact(&mut byte).unwrap();
        bytes.push(byte[0]);
    }
    stalled.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    assert!(stalled.read(&mut [0]).is_err(), "nothing comes any more");

    let mut silent = TcpStream::connect(oss.http_addr()).unwrap();
    silent.write_all(&plain().request("GET")).unwrap();
    wait_for(|| oss.requests().len() == 2);
    silent.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    assert!(silent.read(&mut [0]).is_err(), "not even a head");

    assert_eq!(oss.open_connections(), 2);
    drop(stalled);
    wait_for(|| oss.open_connections() == 1);
    silent.set_read_timeout(None).unwrap();
    drop(oss);
    assert_eq!(silent.read(&mut [0]).unwrap_or(0), 0, "closed with the emulator");
}

fn wait_for(condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < Duration::from_secs(10));
        std::thread::yield_now();
    }
}

#[test]
fn slow_answers() {
    let timed = |oss: &Emulator| {
        let start = Instant::now();
        assert_eq!(plain().get(oss).body, thousand());
        start.elapsed()
    };
    let trickle = Fault::Trickle { bytes: 100, every_ms: 20 };
    assert!(timed(&with_fault(trickle)) >= Duration::from_millis(200));
    assert!(
        timed(&with_fault(Fault::SpeedLimit { bytes_per_second: 5000 }))
            >= Duration::from_millis(150)
    );

    let oss = with_fault(Fault::NoETag);
    // Head and body together need more than half a second.
    let slow = Duration::from_millis(500);
    oss.slow_connections(2, 2000);
    // On a slow machine not each of the others is quick, but one will be.
    let other_is_quick = |_| {
        let other = timed(&oss);
        assert!(timed(&oss) >= slow);
        other < slow
    };
    assert!((0..20).any(other_is_quick));
    oss.slow_connections(0, 0);
    assert!((0..20).any(|_| timed(&oss) < slow));

    // A connection that is slow stays so under a limit that is higher.
    let oss = with_fault(Fault::SpeedLimit { bytes_per_second: 1_000_000 });
    oss.slow_connections(1, 2000);
    assert!(timed(&oss) >= Duration::from_millis(500));
}

#[test]
fn other_answers() {
    let answer = whole(
        Fault::Status {
            status: 503,
            code: "ServiceUnavailable".to_owned(),
            message: "Later <please>".to_owned(),
            ec: Some("0099-00000001".to_owned()),
            retry_after: Some("7".to_owned()),
        }
        .and(Fault::Date("Sat, 16 Dec 2023 17:20:57 GMT".to_owned())),
    );
    assert_eq!((answer.status, answer.element("Code")), (503, Some("ServiceUnavailable")));
    assert_eq!(answer.element("Message"), Some("Later &lt;please&gt;"));
    assert_eq!(answer.element("RequestId"), answer.header("x-oss-request-id"));
    assert_eq!(answer.header("retry-after"), Some("7"));
    assert_eq!(answer.header("x-oss-ec"), Some("0099-00000001"));
    assert_eq!(answer.header("date"), Some("Sat, 16 Dec 2023 17:20:57 GMT"));

    let body = b"\xFF\x00<html>".to_vec();
    let answer = whole(Fault::RawBody { status: 502, body: body.clone() });
    assert_eq!((answer.status, answer.body), (502, body));

    let location = "http://example.com/x".to_owned();
    let answer = whole(Fault::Redirect { status: 307, location });
    assert_eq!((answer.status, answer.header("location")), (307, Some("http://example.com/x")));
}

#[test]
fn wrong_words_about_the_object() {
    let good = part(Vec::new());
    let etag = good.header("etag").unwrap();
    let crc = good.header("x-oss-hash-crc64ecma");
    let changed = part(Fault::ChangedETag);
    assert!(changed.header("etag").is_some_and(|other| other != etag && other.starts_with('"')));
    assert_eq!(part(Fault::NoETag).header("etag"), None);
    assert_eq!(part(Fault::WeakETag).header("etag"), Some(&*format!("W/{etag}")));
    assert_eq!(part(Fault::NoCrc64).header("x-oss-hash-crc64ecma"), None);
    let wrong = part(Fault::WrongCrc64);
    assert!(wrong.header("x-oss-hash-crc64ecma").is_some());
    assert_ne!(wrong.header("x-oss-hash-crc64ecma"), crc);
    for answer in [changed, wrong] {
        assert_eq!(answer.body, thousand()[100..200]);
    }

    let mut corrupt = thousand();
    corrupt[150] ^= 0xFF;
    assert_eq!(whole(Fault::CorruptByte(150)).body, corrupt);
    assert_eq!(part(Fault::CorruptByte(150)).body, corrupt[100..200]);
    assert_eq!(part(Fault::CorruptByte(200)).body, thousand()[100..200]);
}

#[test]
fn lengths() {
    let answer = whole(Fault::NoContentLength);
    assert_eq!(answer.header("content-length"), None);
    assert_eq!(answer.unchunked(), Some(thousand()));
    let answer = whole(Fault::NoContentLength.and(Fault::CutAfter(999)));
    assert_eq!(answer.unchunked(), None);

    let answer = part(Fault::ExtraBytes(5));
    assert_eq!(answer.header("content-length"), Some("105"));
    assert_eq!(answer.body, [&thousand()[100..200], b"xxxxx"].concat());
    let answer = part(Fault::ExtraBytes(5).and(Fault::NoContentLength));
    assert_eq!(answer.unchunked().unwrap().len(), 105);
    let answer = part(Fault::BytesAfterBody(5));
    assert_eq!(answer.header("content-length"), Some("100"));
    assert_eq!(answer.body, [&thousand()[100..200], b"xxxxx"].concat());
    let answer = part(Fault::ShortContentLength(5));
    assert_eq!(answer.header("content-length"), Some("95"));
    assert_eq!(answer.body, thousand()[100..195]);
    let answer = part(Fault::LongContentLength(5));
    assert_eq!(answer.header("content-length"), Some("105"));
    assert_eq!(answer.body, thousand()[100..200]);
}

#[test]
fn compressed_on_the_fly() {
    let answer = part(Fault::Gzip);
    assert_eq!((answer.status, answer.header("content-encoding")), (200, Some("gzip")));
    for name in ["etag", "content-length", "x-oss-hash-crc64ecma", "content-md5"] {
        assert_eq!(answer.header(name), None, "{name}");
    }
    let mut plain = Vec::new();
    let compressed = answer.unchunked().unwrap();
    flate2::read::GzDecoder::new(&compressed[..]).read_to_end(&mut plain).unwrap();
    assert_eq!(plain, thousand());
}

#[test]
fn rules_choose_their_requests() {
    let oss = with_fault(Fault::NoETag.times(2));
    oss.fault(BUCKET, KEY, Fault::WeakETag.at_range_start(5));
    oss.fault(BUCKET, KEY, Fault::ChangedETag.after(1).always());
    let etag = |range: &str| {
        let answer = plain().with("Range", range).get(&oss);
        match answer.header("etag") {
            None => "none",
            Some(etag) if etag.starts_with("W/") => "weak",
            Some(etag) if etag.starts_with("\"0000") => "changed",
            Some(_) => "right",
        }
    };
    let answers =
        ["bytes=0-9", "bytes=5-9", "bytes=0-9", "bytes=0-9", "bytes=5-9", "bytes=5-9"].map(etag);
    assert_eq!(answers, ["none", "none", "right", "changed", "weak", "changed"]);
    oss.clear_faults(BUCKET, KEY);
    assert_eq!(etag("bytes=0-9"), "right");

    oss.fault(BUCKET, KEY, Fault::NoETag);
    let mut refused = plain();
    refused.target.push_str("&x");
    assert_eq!(refused.get(&oss).status, 403);
    assert_eq!(etag("bytes=0-9"), "none", "a refused request uses no fault");
}
