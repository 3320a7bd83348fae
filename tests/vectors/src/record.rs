//! A line of the vector file.

use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
pub(crate) struct Record {
    pub(crate) id: String,
    pub(crate) op: String,
    pub(crate) quirks: Vec<String>,
    pub(crate) client: Client,
    pub(crate) time: Time,
    pub(crate) expires_ns: Option<i64>,
    pub(crate) expiration: Option<Expiration>,
    pub(crate) request: Fields,
    pub(crate) out: Out,
}

#[derive(Deserialize)]
pub(crate) struct Client {
    pub(crate) region: Option<String>,
    pub(crate) endpoint: Option<String>,
    pub(crate) access_key_id: String,
    pub(crate) access_key_secret: String,
    pub(crate) security_token: String,
    pub(crate) anonymous: bool,
    pub(crate) signature_version: String,
    pub(crate) use_cname: bool,
    pub(crate) use_path_style: bool,
    pub(crate) use_internal: bool,
    pub(crate) use_dualstack: bool,
    pub(crate) use_accelerate: bool,
    pub(crate) disable_ssl: bool,
    pub(crate) cloud_box_id: Option<String>,
    pub(crate) auto_detect_cloud_box_id: bool,
    pub(crate) additional_headers: Vec<String>,
}

#[derive(Deserialize)]
pub(crate) struct Time {
    pub(crate) unix: i64,
}

#[derive(Deserialize)]
pub(crate) struct Expiration {
    /// Not there for Go's zero time.
    pub(crate) unix: Option<i64>,
    #[serde(default)]
    pub(crate) nanos: i64,
}

#[derive(Deserialize)]
pub(crate) struct Fields {
    pub(crate) bucket: Option<String>,
    pub(crate) key: Option<String>,
    pub(crate) key_b64: Option<String>,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) parameters: BTreeMap<String, String>,
    pub(crate) traffic_limit: Option<i64>,
    /// Text fields; those of other kinds are of no interest.
    #[serde(flatten)]
    pub(crate) rest: BTreeMap<String, serde_json::Value>,
}

impl Fields {
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.rest.get(name)?.as_str()
    }
}

#[derive(Deserialize)]
pub(crate) struct Out {
    pub(crate) ok: bool,
    pub(crate) error_kind: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) expiration: Option<Expiration>,
    pub(crate) signed_headers: Option<BTreeMap<String, String>>,
    pub(crate) string_to_sign: Option<String>,
}

/// The reference's answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Want {
    /// The URL.
    pub url: String,
    /// Expiration in Unix seconds.
    pub expires_at: i64,
    /// Signed headers: lower-case names, trimmed values, sorted by name.
    pub headers: Vec<(String, String)>,
    /// The string to sign.
    pub string_to_sign: String,
}
