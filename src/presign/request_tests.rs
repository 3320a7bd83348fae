//! The rules for each input, a table each; `presign_get` is what they are asked through.

use crate::presign::{Credentials, PresignRequest, PresignedUrl, presign_get};

const NOW: i64 = 1_702_743_657;

fn base<'a>() -> PresignRequest<'a> {
    PresignRequest::new("cn-hangzhou", "examplebucket", "dir/object.txt")
        .credentials(Credentials::new("id", "secret"))
        .signing_time(NOW)
}

fn presign(request: PresignRequest<'_>) -> PresignedUrl {
    presign_get(&request).unwrap()
}

fn refusal(request: PresignRequest<'_>) -> String {
    let error = presign_get(&request).unwrap_err();
    assert_eq!(error.kind(), crate::ErrorKind::InvalidArgument);
    assert_eq!(error.phase(), crate::Phase::Check);
    error.to_string()
}

#[test]
fn regions() {
    for region in ["a", "cn-hangzhou", "-", "9"] {
        presign(PresignRequest { region, ..base() });
    }
    for region in ["", "CN", "cn.hangzhou", "cn hangzhou", "cn\n", "é", "cn_1"] {
        let rule = "must be one or more of a-z, 0-9 and `-`";
        assert_eq!(refusal(PresignRequest { region, ..base() }), format!("region: {rule}"));
        assert_eq!(refusal(base().cloud_box_id(region)), format!("cloud_box_id: {rule}"));
    }
    // With an endpoint the region is not in the host, but still in the scope.
    let message = refusal(PresignRequest { region: "", ..base().endpoint("example.com") });
    assert!(message.starts_with("region: "));
}

#[test]
fn buckets() {
    let (longest, too_long) = ("a".repeat(63), "a".repeat(64));
    for bucket in ["abc", "a-b", "123", &longest] {
        presign(PresignRequest { bucket, ..base() });
    }
    for bucket in ["", "ab", &too_long, "-abc", "abc-", "a_b", "a.b", "ABC", "a b", "abc\n", "é23"]
    {
        assert_eq!(
            refusal(PresignRequest { bucket, ..base() }),
            "bucket: must be 3 to 63 bytes of a-z, 0-9 and `-`, with no `-` at either end"
        );
    }
}

#[test]
fn keys() {
    let (longest, too_long) = ("a".repeat(1023), "é".repeat(512));
    for key in ["a", &longest, "a/", "a//b", "..", "./x", "\0", "+%?#", "😀", " "] {
        presign(PresignRequest { key, ..base() });
    }
    for (key, rule) in [
        ("", "must be 1 to 1023 bytes, not 0"),
        (too_long.as_str(), "must be 1 to 1023 bytes, not 1024"),
        ("/a", "must not start with `/` or `\\` (the service refuses it)"),
        ("\\a", "must not start with `/` or `\\` (the service refuses it)"),
    ] {
        assert_eq!(refusal(PresignRequest { key, ..base() }), format!("key: {rule}"));
    }
}

#[test]
fn validity() {
    for (request, expires_at, seconds) in [
        (base(), NOW + 900, 900),
        (base().expires_in(1), NOW + 1, 1),
        (base().expires_in(604_800), NOW + 604_800, 604_800),
        (base().expires_at(NOW + 1), NOW + 1, 1),
        (base().expires_at(NOW + 604_800), NOW + 604_800, 604_800),
        // The instant wins, even over a duration that would be refused.
        (base().expires_in(600).expires_at(NOW + 60), NOW + 60, 60),
        (base().expires_in(-5).expires_at(NOW + 60), NOW + 60, 60),
    ] {
        let presigned = presign(request);
        assert_eq!(presigned.expires_at, expires_at);
        assert!(presigned.url.contains(&format!("&x-oss-expires={seconds}&")));
    }
    for (request, message) in [
        (
            base().expires_in(0),
            "expires_in: the URL would be valid for 0 s; at least 1 s is needed",
        ),
        (
            base().expires_in(-1),
            "expires_in: the URL would be valid for -1 s; at least 1 s is needed",
        ),
        (
            base().expires_in(604_801),
            "expires_in: the URL would be valid for 604801 s; V4 allows at most 604800 s (7 days)",
        ),
        (base().expires_in(i64::MAX), "expires_in: is out of range"),
        (
            base().expires_at(NOW),
            "expires_at: the URL would be valid for 0 s; at least 1 s is needed",
        ),
        (
            base().expires_at(NOW + 604_801),
            "expires_at: the URL would be valid for 604801 s; V4 allows at most 604800 s (7 days)",
        ),
        (base().expires_at(i64::MIN), "expires_at: is out of range"),
    ] {
        assert_eq!(refusal(request), message);
    }
}

#[test]
fn the_system_clock_is_the_default() {
    let before = crate::clock::unix_now();
    let presigned = presign(PresignRequest { signing_time: None, ..base() });
    let after = crate::clock::unix_now();
    assert!((before + 900..=after + 900).contains(&presigned.expires_at));
}

#[test]
fn the_signing_time_must_have_four_digit_years() {
    assert!(refusal(base().signing_time(i64::MAX)).starts_with("signing_time: "));
}

#[test]
fn credentials_must_not_be_empty() {
    for (id, secret, field) in [("", "s", "access_key_id"), ("i", "", "access_key_secret")] {
        let request = base().credentials(Credentials::new(id, secret));
        assert_eq!(refusal(request), format!("{field}: must not be empty"));
    }
}

#[test]
fn an_empty_token_is_no_token() {
    let with =
        |token| presign(base().credentials(Credentials::new("id", "s").security_token(token)));
    assert_eq!(with("").url, presign(base().credentials(Credentials::new("id", "s"))).url);
    assert!(with("a/b").url.contains("&x-oss-security-token=a%2Fb&"));
}

#[test]
fn every_typed_field_reaches_the_url_or_the_headers() {
    let query = [
        (base().version_id("v 1"), "versionId=v%201"),
        (base().process("p"), "x-oss-process=p"),
        (base().response_cache_control("x"), "response-cache-control=x"),
        (base().response_content_disposition("x"), "response-content-disposition=x"),
        (base().response_content_encoding("x"), "response-content-encoding=x"),
        (base().response_content_language("x"), "response-content-language=x"),
        (base().response_content_type("a/b"), "response-content-type=a%2Fb"),
        (base().response_expires(""), "response-expires="),
        (base().query("a b", "c+d"), "a%20b=c%2Bd"),
    ];
    for (request, expected) in query {
        let presigned = presign(request);
        let (_, sent) = presigned.url.split_once('?').unwrap();
        assert!(sent.split('&').any(|parameter| parameter == expected), "{expected} {sent}");
        let signed = expected.strip_suffix('=').unwrap_or(expected);
        let line = presigned.canonical_request.lines().nth(2).unwrap();
        assert!(line.split('&').any(|parameter| parameter == signed), "{signed} {line}");
    }
    let headers = [
        (base().range_behavior("standard"), ("x-oss-range-behavior", "standard")),
        (base().request_payer("requester"), ("x-oss-request-payer", "requester")),
        (base().traffic_limit(819_200), ("x-oss-traffic-limit", "819200")),
        (base().header("X-Oss-Meta-A", " v "), ("x-oss-meta-a", "v")),
        (base().header("If-Match", "\"e\""), ("if-match", "\"e\"")),
        (base().header("abc", "\t"), ("abc", "")),
    ];
    for (request, (name, value)) in headers {
        let presigned = presign(request);
        assert_eq!(presigned.signed_headers, [(name.to_owned(), value.to_owned())]);
        assert!(presigned.canonical_request.contains(&format!("\n{name}:{value}\n\n")));
        let named = presigned.url.contains(&format!("x-oss-additional-headers={name}&"));
        assert_eq!(named, !name.starts_with("x-oss-"), "{name}");
    }
    for empty in [base().range_behavior(""), base().request_payer("")] {
        assert!(presign(empty).signed_headers.is_empty());
    }
}

#[test]
fn content_headers_are_signed_without_being_named() {
    let presigned = presign(base().header("Content-Type", "t").header("content-md5", "m"));
    assert!(!presigned.url.contains("x-oss-additional-headers"));
    assert!(presigned.canonical_request.contains("\ncontent-md5:m\ncontent-type:t\n\n\n"));
}

#[test]
fn additional_headers_are_sorted_joined_and_escaped() {
    let presigned = presign(base().header("z!", "1").header("Range", "r").header("x-oss-a", "2"));
    assert!(presigned.url.contains("x-oss-additional-headers=range%3Bz%21&"));
    let tail = "\nrange:r\nx-oss-a:2\nz!:1\n\nrange;z!\nUNSIGNED-PAYLOAD";
    assert!(presigned.canonical_request.ends_with(tail));
}

#[test]
fn traffic_limits() {
    for limit in [245_760, 838_860_800] {
        presign(base().traffic_limit(limit));
    }
    for limit in [0, -1, 245_759, 838_860_801, i64::MAX] {
        let message = refusal(base().traffic_limit(limit));
        assert_eq!(message, "traffic_limit: must be 245760 to 838860800 bit/s");
    }
}

#[test]
fn query_parameters_that_cannot_be_signed() {
    for name in super::SIGNER_PARAMETERS {
        let message = refusal(base().query(name, "x"));
        assert_eq!(message, format!("query: {name:?} belongs to the signature"));
    }
    assert_eq!(refusal(base().query("", "x")), "query: a parameter name must not be empty");
    for twice in [
        base().query("a", "1").query("a", "2"),
        base().query("versionId", "1").version_id("2"),
        base().process("1").query("x-oss-process", "1"),
        base().traffic_limit(819_200).query("x-oss-traffic-limit", "1"),
        base().range_behavior("standard").query("x-oss-range-behavior", "1"),
        base().request_payer("requester").query("x-oss-request-payer", "1"),
    ] {
        assert!(refusal(twice).ends_with("is given twice"));
    }
    // Not given as a typed field, the name is free; names are case-sensitive.
    presign(base().query("versionId", "1").query("versionid", "2"));
    presign(base().range_behavior("").query("x-oss-range-behavior", "standard"));
    presign(base().query("x-oss-traffic-limit", "819200"));
}

#[test]
fn headers_that_cannot_be_signed() {
    for name in ["", "a b", "a:b", "é", "a\n"] {
        let message = refusal(base().header(name, "v"));
        assert_eq!(message, format!("headers: {name:?} is not an HTTP token"));
    }
    for value in ["a\nb", "a\rb", "a\0b", "\x7f", "\x1b"] {
        let message = refusal(base().header("abc", value));
        assert_eq!(message, "headers: \"abc\" the value has a control byte");
        let message = refusal(base().request_payer(value));
        assert_eq!(message, "request_payer: the value has a control byte");
    }
    for name in ["x-oss-date", "X-OSS-Date"] {
        let message = refusal(base().header(name, "x"));
        assert_eq!(message, "headers: \"x-oss-date\" belongs to the signature");
    }
    for twice in [
        base().header("abc", "1").header("ABC", "1"),
        base().header("X-Oss-Traffic-Limit", "1").traffic_limit(819_200),
    ] {
        assert!(refusal(twice).ends_with("is given twice"));
    }
}

#[test]
fn a_cloud_box_takes_the_regions_place() {
    let presigned = presign(base().cloud_box_id("cb-1"));
    let scope = "20231216/cb-1/oss-cloudbox/aliyun_v4_request";
    assert_eq!(presigned.string_to_sign.lines().nth(2), Some(scope));
    assert!(presigned.url.starts_with("https://examplebucket.oss-cn-hangzhou.aliyuncs.com/"));
}

#[test]
fn debug_shows_no_url_and_no_secret() {
    let credentials = Credentials::new("id", "canary-secret").security_token("canary-token");
    let request = base().credentials(credentials);
    let presigned = presign(request.clone());
    assert!(format!("{presigned:?}").contains("expires_at: 1702744557"));
    for shown in [format!("{request:?}"), format!("{presigned:?}"), format!("{presigned:#?}")] {
        assert!(!shown.contains("canary") && !shown.contains("Signature"), "{shown}");
        assert!(!shown.contains("x-oss-"), "{shown}");
    }
}
