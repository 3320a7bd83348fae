//! Answers of the official Go SDK V2, each sorted into what the presign contract demands of us:
//! the same URL, a refusal, or nothing because our interface cannot express the case.

mod classify;
mod record;

pub use record::Want;

use std::collections::BTreeMap;

/// What a case demands.
#[derive(Debug, Clone, PartialEq)]
pub enum Demand {
    /// Exactly this answer.
    Same(Want),
    /// An error; the reason is for people.
    Refuse(String),
    /// Nothing: not expressible; the reason is for people.
    Skip(String),
}

/// One case: what to ask of our presigner, and what must come of it.
#[derive(Debug, Clone)]
pub struct Case {
    /// Its id in the file.
    pub id: String,
    /// What must come of it.
    pub demand: Demand,
    /// What to ask. Not there for skipped cases.
    pub request: Option<Request>,
}

/// What to pass to a presigner. `None` is "not given".
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Region; empty when the case has none.
    pub region: String,
    /// Bucket.
    pub bucket: Option<String>,
    /// Key, which may be no UTF-8.
    pub key: Option<Vec<u8>>,
    /// Endpoint.
    pub endpoint: Option<String>,
    /// Access key id.
    pub access_key_id: String,
    /// Access key secret.
    pub access_key_secret: String,
    /// Security token.
    pub security_token: Option<String>,
    /// Text fields by the name they have in the C options, `version_id` for instance.
    pub fields: BTreeMap<&'static str, String>,
    /// Traffic limit in bit/s.
    pub traffic_limit: Option<i64>,
    /// Addressing style.
    pub addressing: Addressing,
    /// Kind of endpoint.
    pub endpoint_kind: EndpointKind,
    /// http unless the endpoint says otherwise.
    pub http: bool,
    /// Signing time in Unix seconds.
    pub signing_time: i64,
    /// Validity in seconds.
    pub expires_in: Option<i64>,
    /// Expiration in Unix seconds.
    pub expires_at: Option<i64>,
    /// Extra query parameters.
    pub query: Vec<(String, String)>,
    /// Extra headers.
    pub headers: Vec<(String, String)>,
}

/// The three styles of addressing, numbered as in the C ABI.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Addressing {
    /// Bucket in the host.
    #[default]
    VirtualHosted = 0,
    /// Bucket in the path.
    Path = 1,
    /// Bucket behind the host.
    CustomDomain = 2,
}

/// The endpoint kinds the reference knows, numbered as in the C ABI.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum EndpointKind {
    /// Public.
    #[default]
    Public = 0,
    /// Internal.
    Internal = 1,
    /// Dual-stack.
    DualStack = 2,
    /// Accelerate.
    Accelerate = 3,
}

/// Reads a file of vectors, one JSON object a line.
///
/// # Errors
/// The number of the line that is not such an object, and why.
pub fn read(text: &str) -> Result<Vec<Case>, String> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| {
            let record = serde_json::from_str(line)
                .map_err(|error| format!("line {}: {error}", number + 1))?;
            Ok(classify::classify(record))
        })
        .collect()
}
