//! URLs as they should be, to be spoilt.

#![allow(dead_code, reason = "each test file uses its own share")]

/// 20231216T162057Z
pub const SIGNED: i64 = 1_702_743_657;
pub const SIGNATURE: &str = "a553100d35f52dfa3d257285ea63fcb6d813e17278b41af82e43cb2cc9ae1e82";

/// The parameters of a good V4 URL.
pub const V4: [(&str, &str); 5] = [
    ("x-oss-credential", "canary-id%2F20231216%2Fcn-hangzhou%2Foss%2Faliyun_v4_request"),
    ("x-oss-date", "20231216T162057Z"),
    ("x-oss-expires", "900"),
    ("x-oss-signature", SIGNATURE),
    ("x-oss-signature-version", "OSS4-HMAC-SHA256"),
];

pub const AMZ: [(&str, &str); 6] = [
    ("X-Amz-Algorithm", "AWS4-HMAC-SHA256"),
    ("X-Amz-Credential", "canary%2F20231216%2Fcn-hangzhou%2Fs3%2Faws4_request"),
    ("X-Amz-Date", "20231216T162057Z"),
    ("X-Amz-Expires", "86400"),
    ("X-Amz-SignedHeaders", "host%3Brange%3Bx-amz-a"),
    ("X-Amz-Signature", SIGNATURE),
];

pub const V1: [(&str, &str); 3] =
    [("OSSAccessKeyId", "canary"), ("Expires", "1702744557"), ("Signature", "canary%3D")];

pub fn url(parameters: &[(&str, &str)]) -> String {
    let query: Vec<String> = parameters.iter().map(|(n, v)| format!("{n}={v}")).collect();
    format!("https://b.oss-cn-hangzhou.aliyuncs.com/dir/k?{}", query.join("&"))
}

/// The good V4 URL with another value for `name`, which is added if it lacks.
pub fn v4_with(name: &str, value: &str) -> String {
    let mut parameters = V4.to_vec();
    match parameters.iter_mut().find(|(n, _)| *n == name) {
        Some(found) => found.1 = value,
        None => parameters.push((name, value)),
    }
    url(&parameters)
}

/// A URL of these parameters but one.
pub fn without(parameters: &[(&str, &str)], name: &str) -> String {
    let kept: Vec<_> = parameters.iter().copied().filter(|(n, _)| *n != name).collect();
    assert_eq!(kept.len() + 1, parameters.len());
    url(&kept)
}
