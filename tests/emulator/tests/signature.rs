//! The verifier against the reference SDK's signatures, and against every change of them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::net::IpAddr;
use std::ops::ControlFlow;

use oss_emulator::signature::{Authority, Credential, SignedRequest, verify};
use oss_emulator::{Address, Hosts};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::Value;

const VECTORS: &str = include_str!("../../vectors/presign-vectors.jsonl");
const SIGNER_TESTS: &str = include_str!("../../vectors/go-signer-tests.json");

/// What the verifier is rightly stricter about than the reference.
const REFUSED_QUIRKS: [&str; 3] =
    ["parameter-clashes-with-auth", "empty-parameter-name", "header-control-character"];

/// A request and everything its signature depends on.
#[derive(Clone, Debug)]
struct Case {
    id: String,
    method: String,
    address: Address,
    query: String,
    headers: Vec<(String, Vec<u8>)>,
    authority: Authority,
    signed_at: i64,
    now: i64,
}

impl Case {
    fn code(&self) -> Result<(), String> {
        let request = SignedRequest {
            method: &self.method,
            address: &self.address,
            query: &self.query,
            headers: &self.headers,
        };
        verify(&request, &self.authority, self.now).map_err(|error| error.code)
    }

    /// Changes the case and expects that code.
    fn refused(&self, what: &str, code: &str, change: impl FnOnce(&mut Self)) {
        let mut changed = self.clone();
        change(&mut changed);
        assert_eq!(changed.code(), Err(code.to_owned()), "{}: {what}", self.id);
    }

    fn parameter(&self, name: &str) -> Option<String> {
        let pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
        let mut values = pairs.filter(|(other, _)| *other == name).map(|(_, value)| value);
        Some(percent_decode_str(values.next()?).decode_utf8().unwrap().into_owned())
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn authority(credentials: &Value, region: &str, cloud_box_id: Option<String>) -> Authority {
    let token = text(&credentials["security_token"]);
    let credential = Credential {
        id: text(&credentials["access_key_id"]),
        secret: text(&credentials["access_key_secret"]),
        security_token: (!token.is_empty()).then_some(token),
    };
    Authority { credentials: vec![credential], region: region.to_owned(), cloud_box_id }
}

/// Address of a URL, read by the rules for the vector's endpoint.
fn address(client: &Value, bucket: &str, host: &str, path: &str) -> Address {
    let endpoint = host.strip_prefix(&format!("{bucket}.")).unwrap_or(host);
    let hosts = Hosts::new([endpoint.to_owned()]);
    // An address is path style, whatever was asked.
    let is_ip = format!("http://{host}").parse::<http::Uri>().is_ok_and(|uri| {
        let name = uri.host().unwrap_or_default();
        name.trim_matches(['[', ']']).parse::<IpAddr>().is_ok()
    });
    if client["use_cname"] == true && !is_ip {
        hosts.bind_domain(host, bucket);
    }
    hosts.resolve(host, path).unwrap()
}

/// The vector as a request, if the service would take it.
fn case(vector: &Value) -> Option<Case> {
    let (client, out, request) = (&vector["client"], &vector["out"], &vector["request"]);
    let quirks: Vec<_> = vector["quirks"].as_array()?.iter().filter_map(Value::as_str).collect();
    let key = request["key"].as_str().unwrap_or_default();
    let usable = vector["op"] == "GetObject"
        && client["signature_version"] == "v4"
        && client["anonymous"] == false
        && out["ok"] == true
        && (1..=1023).contains(&key.len())
        && !key.starts_with(['/', '\\'])
        && !quirks.iter().any(|quirk| REFUSED_QUIRKS.contains(quirk));
    if !usable {
        return None;
    }
    let url = out["url"].as_str()?;
    let (_, rest) = url.split_once("://")?;
    let (host, target) = rest.split_at(rest.find('/')?);
    let (path, query) = target.split_once('?')?;
    let expires: i64 = query.split("x-oss-expires=").nth(1)?.split('&').next()?.parse().ok()?;
    if !(1..=604_800).contains(&expires) {
        return None;
    }
    let bucket = request["bucket"].as_str()?;
    // Hosts no HTTP client could send still have good signatures.
    let odd = quirks.iter().any(|quirk| quirk.starts_with("endpoint-"));
    let address = if odd {
        Address { bucket: bucket.to_owned(), key: key.as_bytes().to_vec() }
    } else {
        address(client, bucket, host, path)
    };
    let expected = Address { bucket: bucket.to_owned(), key: key.as_bytes().to_vec() };
    assert_eq!(address, expected, "{url}");

    let credential = query.split("x-oss-credential=").nth(1)?.split('&').next()?;
    let credential = percent_decode_str(credential).decode_utf8().ok()?.into_owned();
    let id = text(&client["access_key_id"]);
    let scope: Vec<_> = credential.strip_prefix(&format!("{id}/"))?.split('/').collect();
    let cloud_box_id = (scope[2] == "oss-cloudbox").then(|| scope[1].to_owned());
    let region = client["region"].as_str().unwrap_or_default();

    let signed = out["signed_headers"].as_object().cloned().unwrap_or_default();
    let headers = signed.iter().map(|(name, value)| {
        (name.to_ascii_lowercase(), value.as_str().unwrap().as_bytes().to_vec())
    });
    let now = vector["time"]["unix"].as_i64()?;
    Some(Case {
        id: text(&vector["id"]),
        method: "GET".to_owned(),
        address,
        query: query.to_owned(),
        headers: headers.collect(),
        authority: authority(client, region, cloud_box_id),
        signed_at: now,
        now,
    })
}

fn cases() -> Vec<Case> {
    let vectors = VECTORS.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    vectors.filter_map(|vector| case(&vector)).collect()
}

#[test]
fn accepts_what_the_reference_signs() {
    let cases = cases();
    for case in &cases {
        assert_eq!(case.code(), Ok(()), "{}", case.id);
    }
    assert!(cases.len() >= 440, "only {} vectors are left", cases.len());
}

/// All parameters of a query, decoded, as far as the canonical query tells them apart.
fn decoded(query: &str) -> Vec<(Vec<u8>, Vec<u8>)> {
    let decode = |text| percent_decode_str(text).collect();
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let mut pairs: Vec<_> = pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect();
    pairs.sort();
    pairs
}

/// Changes each byte of `text` in turn.
fn each_change<B>(text: &str, mut check: impl FnMut(String) -> ControlFlow<B>) -> Option<B> {
    for (at, byte) in text.bytes().enumerate() {
        for replacement in [b'0', b'a', byte ^ 0x20] {
            if replacement == byte || !replacement.is_ascii_graphic() {
                continue;
            }
            let mut changed = text.as_bytes().to_vec();
            changed[at] = replacement;
            // The vectors' URLs are ASCII.
            let changed = String::from_utf8(changed).unwrap();
            if let ControlFlow::Break(found) = check(changed) {
                return Some(found);
            }
        }
    }
    None
}

#[test]
fn refuses_each_changed_byte_of_the_query() {
    let mut refused = 0;
    for case in cases().iter().step_by(3) {
        let original = decoded(&case.query);
        let accepted = each_change(&case.query, |query| {
            // Letter case of an escape is no change.
            if decoded(&query) == original {
                return ControlFlow::Continue(());
            }
            let changed = Case { query, ..case.clone() };
            refused += 1;
            if changed.code().is_ok() {
                ControlFlow::Break(changed.query)
            } else {
                ControlFlow::Continue(())
            }
        });
        assert_eq!(accepted, None, "{}", case.id);
    }
    assert!(refused > 100_000, "only {refused} changes");
}

#[test]
fn refuses_each_changed_byte_of_bucket_and_key() {
    for case in cases() {
        for at in 0..case.address.key.len() {
            case.refused("key", "SignatureDoesNotMatch", |case| case.address.key[at] ^= 1);
        }
        case.refused("longer key", "SignatureDoesNotMatch", |case| case.address.key.push(b'/'));
        case.refused("shorter key", "SignatureDoesNotMatch", |case| {
            let _ = case.address.key.pop();
        });
        case.refused("bucket", "SignatureDoesNotMatch", |case| case.address.bucket.push('x'));
        case.refused("moved slash", "SignatureDoesNotMatch", |case| {
            case.address.bucket.push('/');
            let key = std::mem::take(&mut case.address.key);
            case.address.key = key.into_iter().skip(1).collect();
        });
    }
}

#[test]
fn refuses_another_method_and_other_headers() {
    for case in cases() {
        for method in ["HEAD", "PUT", "POST", "DELETE", "get"] {
            case.refused(method, "SignatureDoesNotMatch", |case| {
                method.clone_into(&mut case.method)
            });
        }
        let listed = case.parameter("x-oss-additional-headers").unwrap_or_default();
        let listed: Vec<_> = listed.split(';').collect();
        for (at, (name, value)) in case.headers.iter().enumerate() {
            let missing = if listed.contains(&name.as_str()) {
                "InvalidArgument"
            } else {
                "SignatureDoesNotMatch"
            };
            case.refused(&format!("no {name}"), missing, |case| drop(case.headers.remove(at)));
            for byte in 0..value.trim_ascii().len() {
                let start = value.len() - value.trim_ascii_start().len();
                case.refused(name, "SignatureDoesNotMatch", |case| {
                    case.headers[at].1[start + byte] ^= 1;
                });
            }
        }
        for name in ["x-oss-meta-more", "content-type", "content-md5"] {
            if case.headers.iter().all(|(other, _)| other != name) {
                case.refused(name, "SignatureDoesNotMatch", |case| {
                    case.headers.push((name.to_owned(), b"more".to_vec()));
                });
            }
        }
        let mut unsigned = case.clone();
        unsigned.headers.push(("accept".to_owned(), b"*/*".to_vec()));
        assert_eq!(unsigned.code(), Ok(()), "{}", case.id);
    }
}

#[test]
fn refuses_another_time_secret_and_token() {
    for case in cases() {
        let expires: i64 = case.parameter("x-oss-expires").unwrap().parse().unwrap();
        for (now, accepted) in [
            (case.signed_at - 900, true),
            (case.signed_at - 901, false),
            (case.signed_at + expires, true),
            (case.signed_at + expires + 1, false),
        ] {
            let code = Case { now, ..case.clone() }.code();
            let expected = if accepted { Ok(()) } else { Err("AccessDenied".to_owned()) };
            assert_eq!(code, expected, "{} at {now}", case.id);
        }
        case.refused("secret", "SignatureDoesNotMatch", |case| {
            case.authority.credentials[0].secret.push('x');
        });
        case.refused("token", "InvalidSecurityToken", |case| {
            case.authority.credentials[0].security_token.get_or_insert_default().push('x');
        });
        case.refused("key id", "InvalidAccessKeyId", |case| {
            case.authority.credentials[0].id.push('x');
        });
        case.refused("region", "InvalidArgument", |case| {
            case.authority.region.push('x');
            case.authority.cloud_box_id = None;
        });
        case.refused("more query", "SignatureDoesNotMatch", |case| case.query.push_str("&a"));
        case.refused("signed twice", "InvalidArgument", |case| {
            case.headers.push(("authorization".to_owned(), b"OSS4-HMAC-SHA256 x".to_vec()));
        });
    }
}

#[test]
fn refuses_what_the_service_cannot_take() {
    let case = cases().swap_remove(0);
    let replace = |name: &str, value: &str| {
        let pairs = case.query.split('&').map(|pair| match pair.split_once('=') {
            Some((other, _)) if other == name => format!("{name}={value}"),
            _ => pair.to_owned(),
        });
        pairs.collect::<Vec<_>>().join("&")
    };
    for (name, value, code) in [
        ("x-oss-expires", "0", "InvalidArgument"),
        ("x-oss-expires", "604801", "InvalidArgument"),
        ("x-oss-expires", "-900", "InvalidArgument"),
        ("x-oss-expires", "%2B900", "InvalidArgument"),
        ("x-oss-expires", "", "InvalidArgument"),
        ("x-oss-signature-version", "OSS2", "InvalidArgument"),
        ("x-oss-date", "20231216", "AccessDenied"),
        ("x-oss-date", "20231217T162057Z", "InvalidArgument"),
        ("x-oss-credential", "a%2F20231216%2Fcn-hangzhou%2Foss", "InvalidArgument"),
        (
            "x-oss-credential",
            "%2F20231216%2Fcn-hangzhou%2Foss%2Faliyun_v4_request",
            "InvalidArgument",
        ),
        (
            "x-oss-credential",
            "a%2F20231216%2Fcn-hangzhou%2Fs3%2Faliyun_v4_request",
            "InvalidArgument",
        ),
        ("x-oss-credential", "a%2F20231216%2Fcn-hangzhou%2Foss%2Faws4_request", "InvalidArgument"),
    ] {
        let query = replace(name, value);
        case.refused(&format!("{name}={value}"), code, |case| case.query = query);
    }
    case.refused("unsigned", "AccessDenied", |case| case.query.clear());
    for list in ["ABC", "abc;ab", "abc;", ";abc", ""] {
        let query = format!("{}&x-oss-additional-headers={list}", case.query);
        case.refused(list, "InvalidArgument", |case| {
            case.query = query;
            for name in ["ab", "abc"] {
                case.headers.push((name.to_owned(), b"v".to_vec()));
            }
        });
    }
    for name in ["x-oss-date", "x-oss-expires", "x-oss-credential", "x-oss-signature"] {
        let query = format!("{}&{name}=1", case.query);
        case.refused(&format!("two {name}"), "InvalidArgument", |case| case.query = query);
    }
}

/// A case of the reference's own signer tests, with its answer put where a client puts it.
fn signer_case(test: &Value) -> Case {
    let escape =
        |value: &Value| utf8_percent_encode(value.as_str().unwrap(), NON_ALPHANUMERIC).to_string();
    let pairs = test["params"].as_array().unwrap().iter();
    let mut query: Vec<_> =
        pairs.map(|pair| format!("{}={}", escape(&pair[0]), escape(&pair[1]))).collect();
    let lower = |value: &Value| text(value).to_ascii_lowercase();
    let given = test["headers"].as_array().unwrap().iter();
    let mut headers: Vec<_> =
        given.map(|pair| (lower(&pair[0]), text(&pair[1]).into_bytes())).collect();
    let (credentials, expect) = (&test["credentials"], &test["expect"]);
    let token = text(&credentials["security_token"]);
    let date = |unix: i64| {
        let format =
            time::macros::format_description!("[year][month][day]T[hour][minute][second]Z");
        time::OffsetDateTime::from_unix_timestamp(unix).unwrap().format(format).unwrap()
    };
    let signed_at = match test["sign_time_unix"].as_i64() {
        Some(signed_at) => {
            let auth = expect["query"].as_object().unwrap();
            let auth = auth.iter().filter(|(_, value)| *value != "");
            query.extend(auth.map(|(name, value)| format!("{name}={}", escape(value))));
            if !token.is_empty() {
                query.push(format!("x-oss-security-token={token}"));
            }
            signed_at
        }
        None => {
            let signed_at = test["time_unix"].as_i64().unwrap();
            let value = text(&expect["authorization"]);
            headers.push(("authorization".to_owned(), value.into_bytes()));
            headers.push(("x-oss-date".to_owned(), date(signed_at).into_bytes()));
            if !token.is_empty() {
                headers.push(("x-oss-security-token".to_owned(), token.into_bytes()));
            }
            signed_at
        }
    };
    let region = text(&test["region"]);
    let cloud_box_id = (test["product"] == "oss-cloudbox").then(|| region.clone());
    Case {
        id: text(&test["name"]),
        method: text(&test["method"]),
        address: Address { bucket: text(&test["bucket"]), key: text(&test["key"]).into_bytes() },
        query: query.join("&"),
        headers,
        authority: authority(credentials, &region, cloud_box_id),
        signed_at,
        now: signed_at,
    }
}

#[test]
fn accepts_the_references_own_signer_tests_and_no_change_of_them() {
    let tests: Value = serde_json::from_str(SIGNER_TESTS).unwrap();
    let tests = tests["signing"].as_array().unwrap().iter();
    let cases: Vec<_> = tests.filter(|test| test["version"] == "v4").map(signer_case).collect();
    let in_header = |case: &&Case| case.headers.iter().any(|(name, _)| name == "authorization");
    assert!(cases.iter().filter(in_header).count() >= 5);
    for case in &cases {
        assert_eq!(case.code(), Ok(()), "{}", case.id);
        case.refused("method", "SignatureDoesNotMatch", |case| "GET".clone_into(&mut case.method));
        case.refused("query", "SignatureDoesNotMatch", |case| case.query.push_str("&acl"));
        case.refused("header", "SignatureDoesNotMatch", |case| case.headers[0].1.push(b'x'));
    }
    for case in cases.iter().filter(in_header) {
        for skew in [-901, 901] {
            case.refused("skew", "RequestTimeTooSkewed", |case| case.now += skew);
        }
        let authorization = case.headers.iter().position(|(name, _)| name == "authorization");
        let authorization = authorization.unwrap();
        for at in 0..case.headers[authorization].1.len() {
            let mut changed = case.clone();
            changed.headers[authorization].1[at] ^= 1;
            assert!(changed.code().is_err(), "{} at {at}", case.id);
        }
    }
}
