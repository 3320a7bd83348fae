//! The signing cases of the reference's own unit tests, step by step.

use super::canonical::{Header, Parameter, Value, canonical_request};
use super::signature::{Scope, signature, signing_key, string_to_sign};
use crate::clock::Timestamp;
use serde_json::Value as Json;

/// The parameters and headers a case is signed with, put together as the reference does.
fn sign(case: &Json) -> String {
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let query = |name: &str| text(&case["expect"]["query"][name]);
    let pairs = |value: &Json| -> Vec<(String, String)> {
        let pairs = value.as_array().cloned().unwrap_or_default();
        pairs.iter().map(|pair| (text(&pair[0]), text(&pair[1]))).collect()
    };
    let additional: Vec<String> = query("x-oss-additional-headers")
        .split(';')
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    let mut headers: Vec<Header> = pairs(&case["headers"])
        .into_iter()
        .map(|(name, value)| (name.to_lowercase(), value))
        .filter(|(name, _)| {
            name.starts_with("x-oss-") || name == "content-type" || additional.contains(name)
        })
        .collect();
    headers.sort();
    let mut parameters = pairs(&case["params"]);
    parameters.extend(
        ["x-oss-signature-version", "x-oss-date", "x-oss-expires", "x-oss-credential"]
            .map(|name| (name.to_owned(), query(name))),
    );
    let token = text(&case["credentials"]["security_token"]);
    if !token.is_empty() {
        parameters.push(("x-oss-security-token".to_owned(), token));
    }
    let mut parameters: Vec<Parameter<'_>> =
        parameters.iter().map(|(name, value)| Parameter::new(name, Value::Text(value))).collect();
    if !additional.is_empty() {
        let names = Value::AdditionalHeaders(&headers);
        parameters.push(Parameter::new("x-oss-additional-headers", names));
    }
    let (bucket, key) = (text(&case["bucket"]), text(&case["key"]));
    let canonical =
        canonical_request(&text(&case["method"]), &bucket, &key, &mut parameters, &headers);

    let now = case["sign_time_unix"].as_i64().unwrap();
    let time = Timestamp::from_unix("signing_time", now).unwrap();
    assert_eq!(time.as_str(), query("x-oss-date"));
    let (region, product) = (text(&case["region"]), text(&case["product"]));
    let scope = Scope { day: &time.as_str()[..8], region: &region, product: &product };
    let key = signing_key(&text(&case["credentials"]["access_key_secret"]), &scope);
    signature(&key, &string_to_sign(time.as_str(), &scope, &canonical.text)).as_str().to_owned()
}

#[test]
fn every_v4_query_case_of_the_reference_gives_its_signature() {
    let data = include_str!("../../tests/vectors/go-signer-tests.json");
    let data: Json = serde_json::from_str(data).unwrap();
    let cases = data["signing"].as_array().unwrap();
    let v4_query = cases.iter().filter(|case| case["version"] == "v4" && case["auth"] == "query");
    let mut count = 0;
    for case in v4_query {
        assert_eq!(sign(case), case["expect"]["query"]["x-oss-signature"], "{}", case["name"]);
        count += 1;
    }
    assert_eq!(count, 6);
}
