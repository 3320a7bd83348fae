//! What the emulator answers when nothing goes wrong, and its refusals.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::{BUCKET, KEY, NOW, Signed, emulator, exchange, plain, signed, thousand};
use oss_emulator::{Emulator, Object, sparse_bytes};

/// An emulator with [`thousand`] at [`KEY`].
fn with_object() -> Emulator {
    let oss = emulator();
    oss.put(
        BUCKET,
        KEY,
        Object::new(thousand()).content_type("text/plain").header("x-oss-meta-a", "b"),
    );
    oss
}

#[test]
fn get_answers_the_object_and_all_about_it() {
    let oss = with_object();
    let answer = plain().get(&oss);
    assert_eq!((answer.status, &answer.body), (200, &thousand()));
    let crc = crc::Crc::<u64>::new(&crc::CRC_64_XZ).checksum(&thousand());
    for (name, value) in [
        ("Content-Length", "1000"),
        ("Content-Type", "text/plain"),
        ("ETag", "\"4B2F37FC49A134B17C7275FD04A1B7AC\""),
        ("Content-MD5", "Sy83/EmhNLF8cnX9BKG3rA=="),
        ("x-oss-hash-crc64ecma", &crc.to_string()),
        ("Date", "Sat, 16 Dec 2023 16:20:57 GMT"),
        ("Last-Modified", "Sat, 16 Dec 2023 16:20:57 GMT"),
        ("Accept-Ranges", "bytes"),
        ("Server", "AliyunOSS"),
        ("x-oss-object-type", "Normal"),
        ("x-oss-storage-class", "Standard"),
        ("x-oss-meta-a", "b"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    assert_eq!(answer.header("x-oss-request-id").map(str::len), Some(24));
    assert_eq!(answer.header("content-range"), None);
}

#[test]
fn ranges_by_default_and_in_standard_behaviour() {
    let oss = with_object();
    // Header, then status, Content-Range and bytes: by default, and with range behaviour standard.
    let whole = (200, None, 0..1000);
    let part = |start: usize, end: usize| {
        (206, Some(format!("bytes {start}-{}/1000", end - 1)), start..end)
    };
    let cases = [
        ("bytes=0-0", part(0, 1), part(0, 1)),
        ("bytes=10-99", part(10, 100), part(10, 100)),
        ("bytes=900-", part(900, 1000), part(900, 1000)),
        ("bytes=-10", part(990, 1000), part(990, 1000)),
        ("bytes=900-1000", whole.clone(), part(900, 1000)),
        ("bytes=-2000", whole.clone(), part(0, 1000)),
        ("bytes=5-3", whole.clone(), whole.clone()),
    ];
    for (range, default, standard) in cases {
        for (id, (status, content_range, bytes)) in [("p0001", default), ("p1017", standard)] {
            let answer = signed(id).with("Range", range).get(&oss);
            assert_eq!(answer.status, status, "{range} {id}");
            assert_eq!(answer.header("content-range"), content_range.as_deref(), "{range} {id}");
            assert_eq!(answer.body, thousand()[bytes], "{range} {id}");
        }
    }
    let beyond = signed("p1017").with("Range", "bytes=1000-").get(&oss);
    assert_eq!((beyond.status, beyond.element("Code")), (416, Some("InvalidRange")));
    assert_eq!(beyond.header("content-range"), Some("bytes */1000"));

    let part = plain().with("Range", "bytes=10-99").get(&oss);
    let whole = plain().get(&oss);
    for name in ["etag", "x-oss-hash-crc64ecma", "x-oss-version-id"] {
        assert!(part.header(name).is_some());
        assert_eq!(part.header(name), whole.header(name), "{name}");
    }
    assert_eq!(part.header("content-md5"), None);
}

#[test]
fn a_signed_range_must_come_as_it_was_signed() {
    let oss = with_object();
    let answer = signed("p1010").get(&oss);
    assert_eq!((answer.status, &answer.body[..]), (206, &thousand()[5..]));
    let mut other = signed("p1010");
    other.headers[0].1 = "bytes=6-".to_owned();
    assert_eq!(other.get(&oss).element("Code"), Some("SignatureDoesNotMatch"));
    other.headers.clear();
    let answer = other.get(&oss);
    assert_eq!((answer.status, answer.element("EC")), (400, Some("0002-00000077")));
}

#[test]
fn conditions() {
    let oss = with_object();
    let etag = plain().get(&oss).header("etag").unwrap().to_owned();
    let bare = etag.trim_matches('"');
    let several = format!("\"A\", {etag}");
    let (then, before) = ("Sat, 16 Dec 2023 16:20:57 GMT", "Sat, 16 Dec 2023 16:20:56 GMT");
    for (name, value, status) in [
        ("If-Match", etag.as_str(), 200),
        ("If-Match", bare, 200),
        ("If-Match", &several, 200),
        ("If-Match", "*", 200),
        ("If-Match", "\"A\"", 412),
        ("If-None-Match", &etag, 304),
        ("If-None-Match", "\"A\"", 200),
        ("If-Modified-Since", then, 304),
        ("If-Modified-Since", before, 200),
        ("If-Modified-Since", "garbage", 200),
        ("If-Unmodified-Since", then, 200),
        ("If-Unmodified-Since", before, 412),
    ] {
        let answer = plain().with(name, value).with("Range", "bytes=0-1").get(&oss);
        let expected = if status == 200 { 206 } else { status };
        assert_eq!(answer.status, expected, "{name}: {value}");
        match expected {
            412 => assert_eq!(answer.element("Code"), Some("PreconditionFailed")),
            304 => assert_eq!((answer.body.len(), answer.header("etag")), (0, Some(&*etag))),
            _ => assert_eq!(answer.body, thousand()[..2]),
        }
    }
}

#[test]
fn response_overrides() {
    let oss = with_object();
    for (id, name, value) in [
        ("p0935", "cache-control", "a=b"),
        ("p0946", "content-disposition", "a b"),
        ("p0958", "content-language", "//"),
        ("p0963", "content-type", "a b"),
        ("p0972", "expires", "a b"),
    ] {
        let answer = signed(id).get(&oss);
        assert_eq!((answer.status, answer.header(name)), (200, Some(value)), "{id}");
    }
    let line_break = signed("p0968").get(&oss);
    assert_eq!((line_break.status, line_break.element("Code")), (400, Some("InvalidArgument")));
}

#[test]
fn a_processed_object_has_no_crc() {
    let oss = with_object();
    let answer = signed("p1040").get(&oss);
    assert_eq!((answer.status, answer.header("x-oss-hash-crc64ecma")), (200, None));
    assert_eq!(answer.header("content-length"), Some("1000"));
}

#[test]
fn traffic_limits_have_bounds() {
    let oss = with_object();
    for id in ["p1030", "p1036"] {
        let answer = signed(id).get(&oss);
        assert_eq!((answer.status, answer.element("Code")), (400, Some("InvalidArgument")));
    }
}

#[test]
fn an_empty_object() {
    let oss = emulator();
    oss.put(BUCKET, KEY, Object::new(""));
    let answer = plain().get(&oss);
    assert_eq!((answer.status, answer.body.len()), (200, 0));
    assert_eq!(answer.header("content-length"), Some("0"));
    assert_eq!(answer.header("x-oss-hash-crc64ecma"), Some("0"));
    assert_eq!(plain().with("Range", "bytes=0-99").get(&oss).status, 200);
    assert_eq!(signed("p1017").with("Range", "bytes=0-99").get(&oss).status, 416);
}

#[test]
fn a_sparse_object_is_any_part_of_its_noise() {
    let oss = emulator();
    oss.put(BUCKET, KEY, Object::sparse(5 << 40));
    let start = (4_u64 << 40) + 12_345;
    let range = format!("bytes={start}-{}", start + 2_999_999);
    let answer = plain().with("Range", &range).get(&oss);
    let mut expected = vec![0; 3_000_000];
    sparse_bytes(start, &mut expected);
    assert_eq!(answer.status, 206);
    assert!(answer.body == expected);
    assert_eq!(answer.header("x-oss-object-type"), Some("Multipart"));
    assert!(answer.header("etag").unwrap().ends_with("-1\""));
    assert_eq!(answer.header("content-md5"), None);
}

#[test]
fn refusals_are_written_as_the_service_writes_them() {
    let oss = with_object();
    let mut changed = plain();
    changed.target = changed.target.replace("object.txt", "object.txu");
    let answer = changed.get(&oss);
    assert_eq!(answer.status, 403);
    assert_eq!(answer.header("content-type"), Some("application/xml"));
    assert_eq!(answer.header("x-oss-ec"), Some("0002-00000201"));
    for (name, value) in [
        ("Code", "SignatureDoesNotMatch"),
        ("RequestId", answer.header("x-oss-request-id").unwrap()),
        ("HostId", "examplebucket.oss-cn-hangzhou.aliyuncs.com"),
        ("EC", "0002-00000201"),
        ("OSSAccessKeyId", "LTAI5tFakeAccessKeyId001"),
    ] {
        assert_eq!(answer.element(name), Some(value), "{name}");
    }
    let canonical = answer.element("CanonicalRequest").unwrap();
    assert!(canonical.starts_with("GET\n/examplebucket/dir/object.txu\nx-oss-credential="));
    assert!(
        canonical.contains("&amp;x-oss-date=") && canonical.ends_with("\n\n\nUNSIGNED-PAYLOAD")
    );
    assert!(answer.element("StringToSign").unwrap().starts_with("OSS4-HMAC-SHA256\n20231216T"));
    assert_eq!(answer.element("SignatureProvided").map(str::len), Some(64));

    oss.set_time(NOW + 901);
    let expired = plain().get(&oss);
    assert_eq!((expired.status, expired.element("Code")), (403, Some("AccessDenied")));
    assert_eq!(expired.element("Message"), Some("Request has expired."));
    assert_eq!(expired.element("EC"), Some("0002-00000236"));
    assert_eq!(expired.element("Expires"), Some("2023-12-16T16:35:57.000Z"));
    assert_eq!(expired.element("ServerTime"), Some("2023-12-16T16:35:58.000Z"));
    oss.advance(-1);
    assert_eq!(plain().get(&oss).status, 200);
    oss.use_system_time();
    assert_eq!(plain().get(&oss).element("EC"), Some("0002-00000236"));
}

#[test]
fn what_is_not_there() {
    let oss = emulator();
    assert_eq!(plain().get(&oss).element("Code"), Some("NoSuchBucket"));
    oss.create_bucket(BUCKET);
    let answer = plain().get(&oss);
    assert_eq!((answer.status, answer.element("Code")), (404, Some("NoSuchKey")));
    oss.put(BUCKET, KEY, Object::new("x"));
    let answer = signed("p0977").get(&oss);
    assert_eq!((answer.status, answer.element("Code")), (404, Some("NoSuchVersion")));
    assert_eq!(answer.element("VersionId"), Some("a&amp;b=c"));
    oss.delete(BUCKET, KEY);
    assert_eq!(plain().get(&oss).element("Code"), Some("NoSuchKey"));
    let mut stranger = plain();
    stranger.host = "www.example.com".to_owned();
    assert_eq!(stranger.get(&oss).element("Code"), Some("NoSuchBucket"));
}

#[test]
fn a_public_bucket_is_read_without_a_signature() {
    let oss = with_object();
    let unsigned = |query: &str| {
        let target = format!("/{KEY}{query}");
        let host = format!("{BUCKET}.localhost");
        Signed { host, target, headers: Vec::new() }
    };
    assert_eq!(unsigned("").get(&oss).status, 403);
    oss.publish(BUCKET);
    for query in ["", "?Expires=1&OSSAccessKeyId=id&Signature=s"] {
        assert_eq!(unsigned(query).get(&oss).body, thousand());
    }
    assert_eq!(unsigned("?x-oss-signature=wrong").get(&oss).status, 403);
}

#[test]
fn a_get_url_serves_no_other_method() {
    let oss = with_object();
    let answer = plain().head(&oss);
    assert_eq!((answer.status, answer.body.len()), (403, 0));
    assert!(answer.header("x-oss-err").is_some_and(|err| err.starts_with("PD94bWwg")));
    for method in ["PUT", "DELETE", "POST", "PATCH"] {
        let request = plain().with("Connection", "close").with("Content-Length", "0");
        let answer = exchange(oss.http_addr(), &request.request(method));
        assert_eq!(answer.element("Code"), Some("SignatureDoesNotMatch"), "{method}");
    }
    assert_eq!(plain().get(&oss).body, thousand());
}

#[test]
fn a_web_page_may_read() {
    let oss = with_object();
    let answer = plain().with("Origin", "http://localhost:1").get(&oss);
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert!(answer.header("access-control-expose-headers").unwrap().contains("ETag"));
    let preflight = plain()
        .with("Origin", "http://localhost:1")
        .with("Access-Control-Request-Method", "GET")
        .with("Access-Control-Request-Headers", "range,if-match")
        .with("Connection", "close");
    let answer = exchange(oss.http_addr(), &preflight.request("OPTIONS"));
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("access-control-allow-headers"), Some("range,if-match"));
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(plain().get(&oss).header("access-control-allow-origin"), None);
}

#[test]
fn records_tell_what_was_received_and_answered() {
    let oss = with_object();
    plain().with("Range", "bytes=0-9").with("X-Case", "A  b").get(&oss);
    let mut odd = plain();
    odd.target = "/a//b/./../%7e+%2F?x=%zz&&y".to_owned();
    odd.get(&oss);
    let [first, second] = &oss.requests()[..] else { panic!("not two") };
    assert_eq!(first.target, plain().target);
    assert_eq!((first.method.as_str(), first.status, first.body_sent), ("GET", Some(206), 10));
    assert_eq!(first.header("x-case"), Some("A  b"));
    let names: Vec<_> = first.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["host", "range", "x-case", "connection"]);
    assert!(!first.tls && first.peer.ip().is_loopback());
    assert_eq!(second.target, odd.target);
    assert_eq!(second.error_code.as_deref(), Some("AccessDenied"));
    assert_ne!(first.connection, second.connection);
    oss.clear_requests();
    assert!(oss.requests().is_empty());
}
