//! Every problem is found where it is, and nowhere else.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

#[path = "support/urls.rs"]
mod urls;

use oss_presign::{Problem, Severity, inspect};
use urls::*;

fn problems_of(url: &str) -> Vec<Problem> {
    inspect(url).unwrap().problems(SIGNED)
}

#[test]
fn good_urls_have_no_problems() {
    for good in [
        url(&V4),
        url(&V1),
        url(&AMZ),
        v4_with("x-oss-expires", "604800"),
        v4_with("x-oss-additional-headers", "abc%3Bhost%3Brange"),
        v4_with("x-oss-security-token", "t"),
        v4_with("x-oss-credential", "id/20231216/r/oss/aliyun_v4_request"),
        v4_with("x-oss-credential", "i/d%2F20231216/r/oss/aliyun_v4_request"),
        v4_with("response-content-type", "amp%3B"),
        "https://h/k".to_owned(),
        "https://h/k?Expires=1&Signature=x".to_owned(),
        // Nobody's signature: may be what that server expects.
        "https://h/k?a=1&amp;b=2".to_owned(),
        "https://my-internal.oss-cn-hangzhou.aliyuncs.com/".to_owned(),
        "https://internal.aliyuncs.com/".to_owned(),
        "https://h-internal.aliyuncs.com.example/".to_owned(),
    ] {
        assert_eq!(problems_of(&good), [], "{good}");
    }
}

#[test]
fn each_problem_is_found() {
    use Problem::*;
    let credential = |value| v4_with("x-oss-credential", value);
    let headers = |value| v4_with("x-oss-additional-headers", value);
    let expires = |value| v4_with("x-oss-expires", value);
    let amz = url(&AMZ);
    for (url, want) in [
        (v4_with("x-oss-signature-version", "OSS4-HMAC"), SignatureVersion),
        (v4_with("x-oss-signature-version", "oss4-hmac-sha256"), SignatureVersion),
        (url(&V4).replace("version", "verion"), MisspeltVersion),
        (v4_with("x-oss-signature", &SIGNATURE[1..]), SignatureForm("x-oss-signature")),
        (v4_with("x-oss-signature", &SIGNATURE.to_uppercase()), SignatureForm("x-oss-signature")),
        (v4_with("x-oss-signature", ""), SignatureForm("x-oss-signature")),
        (amz.replace(SIGNATURE, &SIGNATURE[1..]), SignatureForm("X-Amz-Signature")),
        (credential("id%2F20231216%2Fcn-hangzhou%2Foss%2Faliyun_v4"), CredentialForm),
        (credential("id%2F20231216%2Fcn-hangzhou"), CredentialForm),
        (credential("20231216%2Fcn-hangzhou%2Foss%2Faliyun_v4_request"), CredentialForm),
        (credential("%2F20231216%2Fcn-hangzhou%2Foss%2Faliyun_v4_request"), CredentialForm),
        (credential("id%2F20231216%2F%2Foss%2Faliyun_v4_request"), CredentialForm),
        (credential("id%2F20231216%2Fr%2F%2Faliyun_v4_request"), CredentialForm),
        (credential("id%2F2023-12-16%2Fr%2Foss%2Faliyun_v4_request"), CredentialForm),
        (credential("id%2F2023121x%2Fr%2Foss%2Faliyun_v4_request"), CredentialForm),
        (credential(""), CredentialForm),
        (credential("id%2F20231217%2Fr%2Foss%2Faliyun_v4_request"), CredentialDay),
        (v4_with("x-oss-date", "20231216T162057"), DateForm("x-oss-date")),
        (v4_with("x-oss-date", "20231216T992057Z"), DateForm("x-oss-date")),
        (amz.replace("57Z", "57Z86400"), DateForm("X-Amz-Date")),
        (expires("15m"), ExpiresNotANumber("x-oss-expires")),
        (expires(""), ExpiresNotANumber("x-oss-expires")),
        (amz.replace("=86400", "=1d"), ExpiresNotANumber("X-Amz-Expires")),
        (url(&V1).replace("1702744557", "later"), ExpiresNotANumber("Expires")),
        (expires("0"), ExpiresOutOfRange),
        (expires("-1"), ExpiresOutOfRange),
        (expires("604801"), ExpiresOutOfRange),
        (expires("999999999"), ExpiresOutOfRange),
        (expires("1000000000"), ExpiresIsTimestamp),
        (expires("1702744557000"), ExpiresIsTimestamp),
        (headers(""), AdditionalHeaders),
        (headers("Range"), AdditionalHeaders),
        (headers("range%3Babc"), AdditionalHeaders),
        (headers("abc%2Crange"), AdditionalHeaders),
        (headers("abc%20range"), AdditionalHeaders),
        (headers("abc%3B"), AdditionalHeaders),
        (headers("abc%3B%3Brange"), AdditionalHeaders),
        (url(&V4).replace('&', "&amp;"), HtmlEscaped),
        ("https://h/k?a=1&amp;x-oss-signature=1".to_owned(), HtmlEscaped),
        ("https://h/k?a=1&amp;OSSAccessKeyId=1".to_owned(), HtmlEscaped),
        (v4_with("amp;response-content-type", "x"), HtmlEscaped),
        ("https://b.oss-cn-hangzhou-internal.aliyuncs.com/k".to_owned(), InternalEndpoint),
        ("https://b.oss-r-INTERNAL.aliyuncs.com.:443/k".to_owned(), InternalEndpoint),
        (url(&V4).replace("https", "http"), PlainHttp),
    ] {
        assert_eq!(problems_of(&url), [want], "{url}");
    }
}

#[test]
fn missing_and_repeated_parameters_are_named() {
    for all in [&V4[..], &AMZ[..]] {
        for (name, value) in all {
            assert_eq!(problems_of(&without(all, name)), [Problem::MissingParameter(name)]);
            let twice = url(all) + &format!("&{name}={value}");
            assert_eq!(problems_of(&twice), [Problem::RepeatedParameter(name)], "{name}");
        }
    }
    for name in ["Expires", "Signature"] {
        assert_eq!(problems_of(&without(&V1, name)), [Problem::MissingParameter(name)]);
    }
    for (base, name) in [
        (url(&V4), "x-oss-security-token"),
        (url(&V1), "security-token"),
        (url(&V1), "OSSAccessKeyId"),
        (url(&AMZ), "X-Amz-Security-Token"),
    ] {
        let twice = format!("{base}&{name}=1&{name}=1");
        assert_eq!(problems_of(&twice), [Problem::RepeatedParameter(name)]);
    }
    let headers = "&x-oss-additional-headers=a";
    assert_eq!(
        problems_of(&(url(&V4) + headers + headers)),
        [Problem::RepeatedParameter("x-oss-additional-headers")]
    );
}

#[test]
fn lifetimes() {
    let v4 = url(&V4);
    let v4 = inspect(&v4).unwrap();
    for (now, want) in [
        (SIGNED - 901, vec![Problem::NotYetValid { seconds: 901 }]),
        (SIGNED - 900, vec![]),
        (SIGNED + 900, vec![]),
        (SIGNED + 901, vec![Problem::Expired { seconds: 1 }]),
        (i64::MAX, vec![Problem::Expired { seconds: i64::MAX - SIGNED - 900 }]),
        (i64::MIN, vec![Problem::NotYetValid { seconds: i64::MAX }]),
    ] {
        assert_eq!(v4.problems(now), want, "{now}");
    }
    let v1 = url(&V1);
    assert_eq!(inspect(&v1).unwrap().problems(1_702_744_558), [Problem::Expired { seconds: 1 }]);
    let amz = url(&AMZ);
    let late = inspect(&amz).unwrap().problems(SIGNED + 86_401);
    assert_eq!(late, [Problem::Expired { seconds: 1 }]);
}

#[test]
fn sentences() {
    use Problem::*;
    for (problem, severity, words) in [
        (HtmlEscaped, Severity::Error, "&amp;"),
        (MisspeltVersion, Severity::Error, "x-oss-signature-verion"),
        (SignatureVersion, Severity::Error, "OSS4-HMAC-SHA256"),
        (MissingParameter("x-oss-date"), Severity::Error, "x-oss-date is missing"),
        (RepeatedParameter("x-oss-date"), Severity::Warning, "x-oss-date is there more than once"),
        (SignatureForm("x-oss-signature"), Severity::Error, "x-oss-signature, is not 64"),
        (CredentialForm, Severity::Error, "ID/YYYYMMDD/REGION/PRODUCT/aliyun_v4_request"),
        (CredentialDay, Severity::Error, "x-oss-date"),
        (DateForm("x-oss-date"), Severity::Error, "x-oss-date, is malformed"),
        (ExpiresNotANumber("Expires"), Severity::Error, "Expires, is not a whole number"),
        (ExpiresOutOfRange, Severity::Error, "1 to 604800 seconds"),
        (ExpiresIsTimestamp, Severity::Error, "Unix timestamp"),
        (AdditionalHeaders, Severity::Error, "lower case, sorted"),
        (Expired { seconds: 1 }, Severity::Error, "expired 1 second ago"),
        (Expired { seconds: 59 }, Severity::Error, "expired 59 seconds ago"),
        (Expired { seconds: 60 }, Severity::Error, "expired 1 minute ago"),
        (Expired { seconds: 7199 }, Severity::Error, "expired 1 hour ago"),
        (Expired { seconds: 7200 }, Severity::Error, "expired 2 hours ago"),
        (Expired { seconds: 172_800 }, Severity::Error, "expired 2 days ago"),
        (NotYetValid { seconds: 960 }, Severity::Error, "signed 16 minutes in the future"),
        (InternalEndpoint, Severity::Warning, "inside Alibaba Cloud"),
        (PlainHttp, Severity::Warning, "plain http"),
    ] {
        let text = problem.to_string();
        assert!(text.contains(words), "{text}");
        assert!(text.ends_with(['.', '?']) && !text.contains("  "), "{text}");
        assert_eq!(problem.severity(), severity, "{text}");
    }
    assert!(Severity::Warning < Severity::Error);
}
