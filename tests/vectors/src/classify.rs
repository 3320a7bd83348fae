//! The presign contract, section "Vectors", as code.

use crate::record::{Client, Record, Want};
use crate::{Addressing, Case, Demand, EndpointKind, Request};
use base64::Engine;
use std::collections::BTreeMap;

/// Text fields of a request: the name in the C options, the name on the wire.
const QUERY_FIELDS: [(&str, &str); 8] = [
    ("response_cache_control", "response-cache-control"),
    ("response_content_disposition", "response-content-disposition"),
    ("response_content_encoding", "response-content-encoding"),
    ("response_content_language", "response-content-language"),
    ("response_content_type", "response-content-type"),
    ("response_expires", "response-expires"),
    ("version_id", "versionId"),
    ("process", "x-oss-process"),
];
const HEADER_FIELDS: [(&str, &str); 2] =
    [("range_behavior", "x-oss-range-behavior"), ("request_payer", "x-oss-request-payer")];
/// Fields that the reference signs only if they are named as additional headers.
const CONDITION_FIELDS: [(&str, &str); 5] = [
    ("if_match", "if-match"),
    ("if_none_match", "if-none-match"),
    ("if_modified_since", "if-modified-since"),
    ("if_unmodified_since", "if-unmodified-since"),
    ("range", "range"),
];
/// Parameters that belong to the signature.
const SIGNER_PARAMETERS: [&str; 7] = [
    "x-oss-signature",
    "x-oss-signature-version",
    "x-oss-date",
    "x-oss-expires",
    "x-oss-credential",
    "x-oss-additional-headers",
    "x-oss-security-token",
];
/// Endpoints that the reference takes although no request can go there, or drops a part of.
const ODD_ENDPOINTS: [&str; 7] = [
    "endpoint-odd-host",
    "endpoint-scheme-unchecked",
    "endpoint-empty-host",
    "endpoint-bare-ipv6",
    "endpoint-port-unchecked",
    "endpoint-parts-dropped",
    "endpoint-non-ascii-host",
];
const ZERO_VALIDITY: &str = "non-positive-expires-means-default";
/// The reference takes Go's zero time, the start of year 1, as no expiration.
const GO_ZERO_TIME: i64 = -62_135_596_800;
const SECOND: i64 = 1_000_000_000;

pub(crate) fn classify(record: Record) -> Case {
    let (request, header_twice) = request(&record);
    let demand = demand(&record, &request, header_twice);
    let request = (!matches!(demand, Demand::Skip(_))).then_some(request);
    Case { id: record.id, demand, request }
}

/// What to ask of us, and whether a header came twice.
fn request(record: &Record) -> (Request, bool) {
    let client = &record.client;
    let fields = &record.request;
    let additional: Vec<String> =
        client.additional_headers.iter().map(|name| name.to_lowercase()).collect();
    let mut headers: BTreeMap<String, (String, String)> = BTreeMap::new();
    let mut twice = false;
    for (name, value) in &fields.headers {
        let lower = name.to_lowercase();
        let signed = lower.starts_with("x-oss-")
            || matches!(lower.as_str(), "content-type" | "content-md5")
            || additional.contains(&lower);
        if signed && !name.is_empty() && !value.is_empty() {
            twice |= headers.insert(lower, (name.clone(), value.clone())).is_some();
        }
    }
    for (field, name) in CONDITION_FIELDS {
        let value = fields.text(field).filter(|value| !value.is_empty());
        if let Some(value) = value
            && additional.iter().any(|other| other == name)
        {
            let header = (name.to_owned(), value.to_owned());
            twice |= headers.insert(name.to_owned(), header).is_some();
        }
    }
    for (field, name) in HEADER_FIELDS {
        twice |= fields.text(field).is_some_and(|v| !v.is_empty()) && headers.contains_key(name);
    }
    twice |= fields.traffic_limit.is_some_and(|limit| limit != 0)
        && headers.contains_key("x-oss-traffic-limit");

    let mut texts: BTreeMap<&'static str, String> = QUERY_FIELDS
        .iter()
        .chain(&HEADER_FIELDS)
        .filter_map(|(field, _)| Some((*field, fields.text(field)?.to_owned())))
        .collect();
    if let Some(id) = &client.cloud_box_id {
        texts.insert("cloud_box_id", id.clone());
    }
    let request = Request {
        region: client.region.clone().unwrap_or_default(),
        bucket: fields.bucket.clone(),
        key: key(record),
        endpoint: client.endpoint.clone().filter(|endpoint| !endpoint.is_empty()),
        access_key_id: client.access_key_id.clone(),
        access_key_secret: client.access_key_secret.clone(),
        security_token: Some(client.security_token.clone()).filter(|token| !token.is_empty()),
        fields: texts,
        traffic_limit: fields.traffic_limit.filter(|limit| *limit != 0),
        addressing: addressing(client),
        endpoint_kind: endpoint_kind(client),
        http: client.disable_ssl,
        signing_time: record.time.unix,
        expires_in: record.expires_ns.map(|ns| ns / SECOND).filter(|seconds| *seconds != 0),
        expires_at: record
            .expiration
            .as_ref()
            .and_then(|at| at.unix)
            .filter(|unix| *unix != GO_ZERO_TIME),
        query: fields.parameters.clone().into_iter().collect(),
        headers: headers.into_values().collect(),
    };
    (request, twice)
}

fn key(record: &Record) -> Option<Vec<u8>> {
    match &record.request.key_b64 {
        Some(text) => base64::prelude::BASE64_STANDARD.decode(text).ok(),
        None => record.request.key.clone().map(String::into_bytes),
    }
}

fn addressing(client: &Client) -> Addressing {
    match (client.use_cname, client.use_path_style) {
        (true, _) => Addressing::CustomDomain,
        (false, true) => Addressing::Path,
        (false, false) => Addressing::VirtualHosted,
    }
}

fn endpoint_kind(client: &Client) -> EndpointKind {
    match (client.use_internal, client.use_dualstack, client.use_accelerate) {
        (true, _, _) => EndpointKind::Internal,
        (_, true, _) => EndpointKind::DualStack,
        (_, _, true) => EndpointKind::Accelerate,
        _ => EndpointKind::Public,
    }
}

fn demand(record: &Record, request: &Request, header_twice: bool) -> Demand {
    if let Some(reason) = not_expressible(record) {
        return Demand::Skip(reason.to_owned());
    }
    if !record.out.ok {
        let kind = record.out.error_kind.clone().unwrap_or_default();
        return Demand::Refuse(format!("reference fails: {kind}"));
    }
    if let Some(reason) = illegal_key(request.key.as_deref()) {
        return Demand::Refuse(reason.to_owned());
    }
    if request.key.as_ref().is_some_and(|key| key.contains(&0)) {
        return Demand::Skip("NUL in key (C text)".to_owned());
    }
    let mut quirks = record.quirks.clone();
    if let Some(at) = quirks.iter().position(|quirk| quirk == ZERO_VALIDITY) {
        if record.expires_ns.is_none_or(|ns| ns / SECOND != 0) {
            return Demand::Refuse("negative validity".to_owned());
        }
        quirks.remove(at);
    }
    if let Some(reason) = illegal_input(record, request) {
        return Demand::Refuse(reason.to_owned());
    }
    if request.query.iter().any(|(name, _)| is_typed(request, name)) {
        return Demand::Skip("parameter given twice".to_owned());
    }
    if header_twice {
        return Demand::Skip("header given twice".to_owned());
    }
    if let Some(reason) = illegal_header(request) {
        return Demand::Refuse(reason.to_owned());
    }
    let mut named: Vec<_> =
        record.client.additional_headers.iter().map(|name| name.to_lowercase()).collect();
    named.sort();
    if named.windows(2).any(|pair| pair[0] == pair[1]) {
        return Demand::Skip("duplicate additional header".to_owned());
    }
    if let Some(odd) = quirks.iter().find(|quirk| ODD_ENDPOINTS.contains(&quirk.as_str())) {
        return Demand::Refuse(odd.clone());
    }
    if !quirks.is_empty() {
        return Demand::Skip(format!("quirk {}", quirks.join(",")));
    }
    if request.query.iter().any(|(name, value)| name.contains('\0') || value.contains('\0')) {
        return Demand::Skip("NUL in parameter (C text)".to_owned());
    }
    match want(record) {
        Some(want) => Demand::Same(want),
        None => Demand::Skip("incomplete answer".to_owned()),
    }
}

fn not_expressible(record: &Record) -> Option<&'static str> {
    let sub_second = record.expires_ns.is_some_and(|ns| ns % SECOND != 0)
        || record.expiration.as_ref().is_some_and(|at| at.nanos != 0);
    [
        (record.op != "GetObject", "operation"),
        (record.client.signature_version != "v4", "v1"),
        (record.client.anonymous, "anonymous"),
        (sub_second, "sub-second"),
        (record.expiration.as_ref().is_some_and(|at| at.unix.is_none()), "zero time"),
        (record.client.auto_detect_cloud_box_id, "cloud box detection"),
    ]
    .into_iter()
    .find_map(|(found, reason)| found.then_some(reason))
}

fn illegal_key(key: Option<&[u8]>) -> Option<&'static str> {
    let Some(key @ [first, ..]) = key.filter(|key| key.len() <= 1023) else {
        return Some("key length");
    };
    match first {
        b'/' | b'\\' => Some("key starts with a slash"),
        _ => str::from_utf8(key).is_err().then_some("key not UTF-8"),
    }
}

fn illegal_input(record: &Record, request: &Request) -> Option<&'static str> {
    let seconds = record.out.url.as_deref().and_then(|url| {
        let after = url.split("x-oss-expires=").nth(1)?;
        after.split('&').next()?.parse::<i64>().ok()
    });
    let region_byte = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let region = &request.region;
    let limit = request.traffic_limit;
    [
        (!seconds.is_some_and(|s| (1..=604_800).contains(&s)), "seconds out of range"),
        (region.is_empty() || !region.bytes().all(region_byte), "region"),
        (limit.is_some_and(|limit| !(245_760..=838_860_800).contains(&limit)), "traffic limit"),
        (request.query.iter().any(|(name, _)| name.is_empty()), "empty parameter name"),
        (
            request.query.iter().any(|(name, _)| SIGNER_PARAMETERS.contains(&name.as_str())),
            "parameter clash",
        ),
    ]
    .into_iter()
    .find_map(|(found, reason)| found.then_some(reason))
}

fn is_typed(request: &Request, parameter: &str) -> bool {
    QUERY_FIELDS
        .iter()
        .any(|(field, name)| *name == parameter && request.fields.contains_key(field))
}

fn illegal_header(request: &Request) -> Option<&'static str> {
    let token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    request.headers.iter().find_map(|(name, value)| {
        if name.eq_ignore_ascii_case("x-oss-date") {
            Some("x-oss-date header")
        } else if !name.bytes().all(token) {
            Some("header name")
        } else if value.bytes().any(|b| b.is_ascii_control() && b != b'\t') {
            Some("header value")
        } else {
            None
        }
    })
}

fn want(record: &Record) -> Option<Want> {
    let out = &record.out;
    let signed = out.signed_headers.clone().unwrap_or_default();
    let mut headers: Vec<(String, String)> = signed
        .into_iter()
        .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
        .collect();
    headers.sort();
    Some(Want {
        url: out.url.clone()?,
        expires_at: out.expiration.as_ref()?.unix?,
        headers,
        string_to_sign: out.string_to_sign.clone()?,
    })
}
