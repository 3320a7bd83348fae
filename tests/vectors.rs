//! The answers of the official Go SDK V2, through the safe core.
//!
//! `OSS_PRESIGN_VECTORS=FILE cargo test --test vectors` runs another file of the same form.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use oss_presign::{
    Addressing, Credentials, EndpointKind, PresignRequest, PresignedUrl, Scheme, presign_get,
};
use presign_vectors::{Case, Demand, Request, Want, read};
use std::{env, fs};

const COMMITTED: &str = "tests/vectors/presign-vectors.jsonl";
/// What the committed file holds: identical, refused, not expressible. No class may shrink.
const COUNTS: [usize; 3] = [407, 128, 55];

#[test]
fn vectors() {
    let other = env::var("OSS_PRESIGN_VECTORS").ok();
    let file = other.as_deref().unwrap_or(COMMITTED);
    let cases = read(&fs::read_to_string(file).unwrap()).unwrap();
    let mut counts = [0; 3];
    let mut wrong = Vec::new();
    for case in &cases {
        let (class, flaw) = run(case);
        counts[class] += 1;
        wrong.extend(flaw.map(|flaw| format!("{}: {flaw}", case.id)));
    }
    let [same, refused, skipped] = counts;
    println!("vectors: {same} identical, {refused} refused, {skipped} not expressible");
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    assert!(same > 0, "{file} demands nothing");
    if other.is_none() {
        assert_eq!(counts, COUNTS);
    }
}

/// The class of a case, and what is wrong with our answer.
fn run(case: &Case) -> (usize, Option<String>) {
    let answer = || ask(case.request.as_ref().unwrap());
    match &case.demand {
        Demand::Same(want) => (0, compare(&answer(), want)),
        Demand::Refuse(reason) => (1, answer().is_ok().then(|| format!("accepted: {reason}"))),
        Demand::Skip(_) => (2, None),
    }
}

fn compare(answer: &Result<PresignedUrl, String>, want: &Want) -> Option<String> {
    let got = match answer {
        Ok(got) => got,
        Err(message) => return Some(format!("refused: {message}")),
    };
    let differs = |what, got: &str, want: &str| {
        (got != want).then(|| format!("{what}\n  got  {got}\n  want {want}"))
    };
    differs("method", got.method, "GET")
        .or_else(|| differs("url", &got.url, &want.url))
        .or_else(|| differs("string to sign", &got.string_to_sign, &want.string_to_sign))
        .or_else(|| {
            let headers = |headers: &[(String, String)]| format!("{headers:?}");
            differs("headers", &headers(&got.signed_headers), &headers(&want.headers))
        })
        .or_else(|| {
            differs("expiration", &got.expires_at.to_string(), &want.expires_at.to_string())
        })
}

fn ask(from: &Request) -> Result<PresignedUrl, String> {
    let key = str::from_utf8(from.key.as_deref().unwrap_or_default())
        .map_err(|_| "the core takes UTF-8 only".to_owned())?;
    let bucket = from.bucket.as_deref().unwrap_or_default();
    let credentials = Credentials::new(&from.access_key_id, from.access_key_secret.as_str())
        .security_token(from.security_token.as_deref().unwrap_or_default());
    let mut request = PresignRequest::new(&from.region, bucket, key)
        .credentials(credentials)
        .signing_time(from.signing_time)
        .addressing(match from.addressing {
            presign_vectors::Addressing::VirtualHosted => Addressing::VirtualHosted,
            presign_vectors::Addressing::Path => Addressing::Path,
            presign_vectors::Addressing::CustomDomain => Addressing::CustomDomain,
        })
        .endpoint_kind(match from.endpoint_kind {
            presign_vectors::EndpointKind::Public => EndpointKind::Public,
            presign_vectors::EndpointKind::Internal => EndpointKind::Internal,
            presign_vectors::EndpointKind::DualStack => EndpointKind::DualStack,
            presign_vectors::EndpointKind::Accelerate => EndpointKind::Accelerate,
        })
        .scheme(if from.http { Scheme::Http } else { Scheme::Https });
    if let Some(endpoint) = &from.endpoint {
        request = request.endpoint(endpoint);
    }
    for (name, value) in &from.fields {
        request = match *name {
            "response_cache_control" => request.response_cache_control(value),
            "response_content_disposition" => request.response_content_disposition(value),
            "response_content_encoding" => request.response_content_encoding(value),
            "response_content_language" => request.response_content_language(value),
            "response_content_type" => request.response_content_type(value),
            "response_expires" => request.response_expires(value),
            "version_id" => request.version_id(value),
            "process" => request.process(value),
            "range_behavior" => request.range_behavior(value),
            "request_payer" => request.request_payer(value),
            "cloud_box_id" => request.cloud_box_id(value),
            other => panic!("no such field: {other}"),
        };
    }
    if let Some(limit) = from.traffic_limit {
        request = request.traffic_limit(limit);
    }
    if let Some(seconds) = from.expires_in {
        request = request.expires_in(seconds);
    }
    if let Some(unix) = from.expires_at {
        request = request.expires_at(unix);
    }
    for (name, value) in &from.query {
        request = request.query(name, value);
    }
    for (name, value) in &from.headers {
        request = request.header(name, value);
    }
    presign_get(&request).map_err(|error| error.to_string())
}
