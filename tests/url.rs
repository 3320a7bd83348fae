//! What `inspect` says of URLs, and what it finds wrong with them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

#[path = "support/urls.rs"]
mod urls;

use oss_presign::{ErrorKind, Problem, Severity, UrlInfo, UrlStyle, inspect};
use presign_vectors::{Demand, read};
use std::fs;
use urls::*;

fn demanded(info: &UrlInfo<'_>) -> Vec<String> {
    info.demanded_headers().map(|name| name.into_owned()).collect()
}

#[test]
fn what_cannot_be_sent_is_refused_without_repeating_it() {
    const SCHEME: &str = "must start with https:// or http://";
    const SENDABLE: &str = "must have <, >, \" and ` escaped: no such request can be sent";
    const ASCII: &str = "must be printable ASCII without blanks; escape everything else";
    const HOST: &str = "has no host, or a port that is not a number from 1 to 65535";
    for (url, rule) in [
        ("", SCHEME),
        ("canary", SCHEME),
        ("ftp://canary/", SCHEME),
        ("https:/canary", SCHEME),
        ("canaryhttps://h/", SCHEME),
        (" https://h/canary", SCHEME),
        ("https://h/canary b", ASCII),
        ("https://h/canary\n", ASCII),
        ("https://h/canary\0", ASCII),
        ("https://h/canary\x7f", ASCII),
        ("https://h/canary空", ASCII),
        ("https://canary@h/", "must not contain user info"),
        ("https://canary:x@h/", "must not contain user info"),
        ("https://", HOST),
        ("https:///canary", HOST),
        ("https://?canary", HOST),
        ("https://:443/canary", HOST),
        ("https://canary:/", HOST),
        ("https://canary:0/", HOST),
        ("https://canary:65536/", HOST),
        ("https://canary:x/", HOST),
        ("https://[::1/canary", HOST),
        ("https://h/canary#x", "must not contain a fragment; write # as %23"),
        ("https://h#canary", "must not contain a fragment; write # as %23"),
        ("https://h/?canary#", "must not contain a fragment; write # as %23"),
        ("https://h/canary<", SENDABLE),
        ("https://h/canary>", SENDABLE),
        ("https://h/canary`", SENDABLE),
        ("https://h/?canary<", SENDABLE),
        ("https://h/?canary>", SENDABLE),
        ("https://h/?canary\"", SENDABLE),
    ] {
        let error = inspect(url).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{url:?}");
        assert_eq!(error.to_string(), format!("url: {rule}"), "{url:?}");
    }
    // An at sign, a colon or a slash behind the authority is no affair of it.
    for url in ["https://h/a@b:c", "https://h?a@b:c/d", "HTTPS://h", "hTTp://[::1]:80?"] {
        inspect(url).unwrap();
    }
}

#[test]
fn parts_are_those_of_the_text() {
    for (url, https, authority, host, port, rest) in [
        ("https://h", true, "h", "h", None, ""),
        ("HTTP://H:80/", false, "H:80", "H", Some(80), "/"),
        ("https://h?a/b", true, "h", "h", None, "?a/b"),
        ("https://h/a//../%2f?b?c&d", true, "h", "h", None, "/a//../%2f?b?c&d"),
        ("http://[::1]:8080/a", false, "[::1]:8080", "[::1]", Some(8080), "/a"),
    ] {
        let info = inspect(url).unwrap();
        assert_eq!((info.is_https(), info.authority(), info.host()), (https, authority, host));
        assert_eq!((info.port(), info.path_and_query()), (port, rest), "{url}");
    }
}

#[test]
fn styles() {
    for (url, style) in [
        (url(&V4), UrlStyle::V4),
        (url(&V1), UrlStyle::V1),
        (url(&AMZ), UrlStyle::AmzV4),
        ("https://h/k".to_owned(), UrlStyle::Unknown),
        // Also those of S3's V2 and of several CDNs.
        ("https://h/k?Expires=1&Signature=x".to_owned(), UrlStyle::Unknown),
        ("https://h/k?AWSAccessKeyId=a&Expires=1&Signature=x".to_owned(), UrlStyle::Unknown),
        (
            "https://h/k?x-oss-signature-version=OSS2&x-oss-signature=x".to_owned(),
            UrlStyle::Unknown,
        ),
        // Names are case-sensitive, and may be escaped.
        ("https://h/k?X-Oss-Signature=1&x-amz-date=1".to_owned(), UrlStyle::Unknown),
        ("https://h/k?%78-oss-signature=1".to_owned(), UrlStyle::V4),
    ] {
        assert_eq!(inspect(&url).unwrap().style(), style, "{url}");
    }
    // A cut URL is still of its style, whatever is left.
    for (all, style) in [(&V4[..], UrlStyle::V4), (&AMZ[..], UrlStyle::AmzV4)] {
        for parameter in all {
            assert_eq!(inspect(&url(&[*parameter])).unwrap().style(), style, "{parameter:?}");
        }
    }
    for name in ["x-oss-signature-verion", "x-oss-additional-headers"] {
        assert_eq!(inspect(&url(&[(name, "a")])).unwrap().style(), UrlStyle::V4);
    }
}

#[test]
fn times() {
    for (url, signed_at, expires_at) in [
        (url(&V4), Some(SIGNED), Some(SIGNED + 900)),
        (v4_with("x-oss-expires", "1"), Some(SIGNED), Some(SIGNED + 1)),
        (v4_with("x-oss-expires", "604800"), Some(SIGNED), Some(SIGNED + 604_800)),
        (v4_with("x-oss-expires", "%39%30%30"), Some(SIGNED), Some(SIGNED + 900)),
        (v4_with("x-oss-expires", "0"), Some(SIGNED), None),
        (v4_with("x-oss-expires", "604801"), Some(SIGNED), None),
        (v4_with("x-oss-expires", "99999999999999999999"), Some(SIGNED), None),
        (v4_with("x-oss-expires", "x"), Some(SIGNED), None),
        (v4_with("x-oss-date", "20231216"), None, None),
        // Which one counts is anybody's guess.
        (url(&V4) + "&x-oss-expires=900", Some(SIGNED), None),
        (url(&V4) + "&x-oss-date=20231216T162057Z", None, None),
        (url(&V1), None, Some(1_702_744_557)),
        ("https://h/?OSSAccessKeyId=a&Expires=-1".to_owned(), None, None),
        (url(&AMZ), Some(SIGNED), Some(SIGNED + 86_400)),
        (url(&AMZ).replace("=86400", "=8640000"), Some(SIGNED), Some(SIGNED + 8_640_000)),
        (url(&AMZ).replace("=86400", "=99999999999999999999"), Some(SIGNED), None),
        ("https://h/k?Expires=1702744557".to_owned(), None, None),
    ] {
        let info = inspect(&url).unwrap();
        assert_eq!((info.signed_at(), info.expires_at()), (signed_at, expires_at), "{url}");
    }
}

#[test]
fn demanded_headers_and_splitting() {
    for (list, names, host, split) in [
        ("", &[][..], false, true),
        ("host", &[], true, true),
        ("abc", &["abc"], false, true),
        ("host%3Brange", &["range"], true, false),
        ("%72ange", &["range"], false, false),
        ("If-Match%3bX!", &["if-match", "x!"], false, false),
        ("a;b", &["a", "b"], false, true),
        ("ranges%3Bif-match-x", &["ranges", "if-match-x"], false, true),
        (";%3B", &[], false, true),
        ("H%6Fst", &[], true, true),
    ] {
        let url = v4_with("x-oss-additional-headers", list);
        let info = inspect(&url).unwrap();
        assert_eq!(demanded(&info), names, "{list}");
        assert_eq!((info.signs_host(), info.may_split()), (host, split), "{list}");
        for name in names {
            assert!(info.demands(name) && info.demands(&name.to_ascii_uppercase()));
        }
        assert!(!info.demands("host") && !info.demands("") && !info.demands("rang"));
    }
    let range = v4_with("x-oss-additional-headers", "range");
    let range = inspect(&range).unwrap();
    assert!(range.signs_range() && !range.signs_if_match());
    let if_match = v4_with("x-oss-additional-headers", "if-match");
    let if_match = inspect(&if_match).unwrap();
    assert!(!if_match.signs_range() && if_match.signs_if_match());

    let amz = url(&AMZ);
    let amz = inspect(&amz).unwrap();
    assert_eq!(demanded(&amz), ["range", "x-amz-a"]);
    assert!(amz.signs_host() && amz.signs_range() && !amz.may_split());
    let v2 = "https://h/k?x-oss-signature-version=OSS2&x-oss-additional-headers=range";
    assert_eq!(demanded(&inspect(v2).unwrap()), ["range"]);
    assert!(demanded(&inspect(&url(&V1)).unwrap()).is_empty());
}

#[test]
fn process_and_version() {
    for (query, process, version) in [
        ("", false, None),
        ("x-oss-process=image%2Finfo", true, None),
        ("x-oss-process", true, None),
        ("x-oss-processing=1&versionid=x", false, None),
        ("versionId=CAEQ%2Bx", false, Some("CAEQ+x")),
        ("versionId=", false, Some("")),
    ] {
        for base in [url(&V4), url(&V1), "https://h/k?a".to_owned()] {
            let url = format!("{base}&{query}");
            let info = inspect(&url).unwrap();
            assert_eq!(info.has_process(), process, "{url}");
            assert_eq!(info.may_split(), !process, "{url}");
            assert_eq!(info.version_id().as_deref(), version, "{url}");
        }
    }
}

#[test]
fn redacted_has_no_query() {
    for (url, want) in [
        (url(&V4), "https://b.oss-cn-hangzhou.aliyuncs.com/dir/k?[redacted]"),
        (url(&V1), "https://b.oss-cn-hangzhou.aliyuncs.com/dir/k?[redacted]"),
        (url(&AMZ), "https://b.oss-cn-hangzhou.aliyuncs.com/dir/k?[redacted]"),
        ("HTTP://h:80".to_owned(), "http://h:80"),
        ("https://h/".to_owned(), "https://h/"),
        ("https://h?canary".to_owned(), "https://h?[redacted]"),
        ("https://h?".to_owned(), "https://h?[redacted]"),
        // A CDN's signature in the path; a query behind an escaped question mark.
        ("https://h/1702744557/canary/k".to_owned(), "https://h/[redacted]"),
        ("https://h/k%3Fx-oss-signature=canary".to_owned(), "https://h/[redacted]"),
    ] {
        let info = inspect(&url).unwrap();
        assert_eq!(info.redacted(), want);
        for shown in [format!("{info:?}"), format!("{info:#?}")] {
            assert!(shown.contains(want), "{shown}");
            assert!(!shown.contains("canary") && !shown.contains(SIGNATURE), "{shown}");
        }
    }
}

#[test]
fn headers_that_were_not_given_are_named() {
    let url = v4_with("x-oss-additional-headers", "host%3Bif-match%3Brange");
    let info = inspect(&url).unwrap();
    info.check_headers(["Range", "other", "IF-MATCH"]).unwrap();
    for (given, name) in
        [(vec![], "if-match"), (vec!["range"], "if-match"), (vec!["if-match", "host"], "range")]
    {
        let error = info.check_headers(given).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        let rule = format!("headers: the URL demands the header \"{name}\", which was not given");
        assert_eq!(error.to_string(), rule);
    }
    inspect(&v4_with("x-oss-additional-headers", "host")).unwrap().check_headers([]).unwrap();
    // What is no name may be a secret.
    for bad in ["x-oss-signature=canary", "canary%20b", &format!("canary{}", "a".repeat(59))] {
        let url = v4_with("x-oss-additional-headers", bad);
        let error = inspect(&url).unwrap().check_headers([]).unwrap_err();
        assert_eq!(error.to_string(), "headers: the URL demands a header that has no valid name");
    }
    let longest = "a".repeat(64);
    let url = v4_with("x-oss-additional-headers", &longest);
    let error = inspect(&url).unwrap().check_headers([]).unwrap_err();
    assert!(error.to_string().contains(&longest));
}

#[test]
fn the_reference_urls_are_read_as_they_were_made() {
    let cases = read(&fs::read_to_string("tests/vectors/presign-vectors.jsonl").unwrap()).unwrap();
    let mut seen = 0;
    for case in &cases {
        let Demand::Same(want) = &case.demand else { continue };
        let request = case.request.as_ref().unwrap();
        let info = inspect(&want.url).unwrap();
        let id = &case.id;
        assert_eq!(info.style(), UrlStyle::V4, "{id}");
        assert_eq!(info.signed_at(), Some(request.signing_time), "{id}");
        assert_eq!(info.expires_at(), Some(want.expires_at), "{id}");
        // The URL names all signed headers but those that OSS signs anyway.
        let named = |name: &str| {
            !name.starts_with("x-oss-") && !["content-type", "content-md5", "host"].contains(&name)
        };
        let names = want.headers.iter().map(|(name, _)| name.to_ascii_lowercase());
        let mut names: Vec<String> = names.filter(|name| named(name)).collect();
        names.sort();
        assert_eq!(demanded(&info), names, "{id}");
        let host = want.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host"));
        assert_eq!(info.signs_host(), host, "{id}");
        info.check_headers(want.headers.iter().map(|(name, _)| name.as_str())).unwrap();
        // Given as a field, or as any other parameter.
        let asked = |field: &str, name: &str| {
            let other = request.query.iter().find(|(other, _)| other == name);
            request.fields.get(field).or(other.map(|(_, value)| value)).map(String::as_str)
        };
        assert_eq!(info.version_id().as_deref(), asked("version_id", "versionId"), "{id}");
        assert_eq!(info.has_process(), asked("process", "x-oss-process").is_some(), "{id}");
        let problems = info.problems(request.signing_time);
        let wrong = problems.iter().find(|problem| problem.severity() == Severity::Error);
        assert_eq!(wrong, None, "{id}");
        assert_eq!(problems.contains(&Problem::PlainHttp), want.url.starts_with("http:"), "{id}");
        seen += 1;
    }
    assert_eq!(seen, 407);
}

/// xorshift64*: the same texts each time.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % limit
    }
}

/// Looks at everything, and checks what must hold of any URL.
fn explore(url: &str, now: i64) {
    let Ok(info) = inspect(url) else { return };
    assert!(url.ends_with(info.path_and_query()) && info.authority().starts_with(info.host()));
    let names = demanded(&info);
    assert!(names.iter().all(|name| info.demands(name) && name != "host"));
    assert!(!info.may_split() || !(info.signs_range() || info.signs_if_match()));
    info.check_headers(names.iter().map(String::as_str)).unwrap();
    assert_eq!(info.check_headers([]).is_ok(), names.is_empty());
    let _ = (info.style(), info.signed_at(), info.expires_at(), info.version_id(), info.port());
    assert!(!info.redacted().contains("canary"), "{url}");
    for problem in info.problems(now) {
        assert!(!problem.to_string().contains("canary"), "{url}");
    }
}

#[test]
fn no_text_panics_or_leaks_its_query() {
    const PIECES: [&str; 24] = [
        "&",
        "=",
        "%",
        "%3B",
        ";",
        "/",
        "?",
        "#",
        "%2F",
        "amp;",
        "host",
        "range",
        "20231216",
        "9",
        "-",
        "T162057Z",
        "aliyun_v4_request",
        "空",
        "\0",
        "canary",
        "%ff",
        "+",
        "OSS2",
        ":",
    ];
    let names: Vec<&str> = V4.iter().chain(&V1).chain(&AMZ).map(|(name, _)| *name).collect();
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for round in 0..20_000 {
        // The authority and, in a signed URL, the path are no secrets: canaries come behind.
        let mut text = "https://h/k?".to_owned();
        let good = url(if round % 2 == 0 { &V4 } else { &AMZ });
        if round % 3 > 0 {
            text = good.replace("canary", "");
        }
        for _ in 0..random.below(12) {
            match random.below(4) {
                0 => text.push_str(&format!("&{}=", names[random.below(names.len())])),
                1 => text.push(char::from(random.below(128) as u8)),
                _ => text.push_str(PIECES[random.below(PIECES.len())]),
            }
        }
        let now = [0, SIGNED, i64::MAX, i64::MIN][random.below(4)];
        explore(&text, now);
        // Cut off anywhere, as when copied.
        let cut = random.below(text.len());
        if text.is_char_boundary(cut) {
            explore(&text[..cut], now);
        }
        let bytes: Vec<u8> = (0..random.below(40)).map(|_| random.below(256) as u8).collect();
        let noise = String::from_utf8_lossy(&bytes).replace("canary", "");
        explore(&noise, now);
        explore(&format!("http://h/?{noise}"), now);
    }
}
