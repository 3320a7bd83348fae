//! The canonical request, and the URL that says the same.
//!
//! Both are made of the same escaped text: each parameter is escaped once, into the canonical
//! request, and copied from there into the URL.

use super::endpoint::{Address, Addressing};
use super::signature::Scope;
use crate::encoding::{cmp_escaped, push_path, push_query};
use std::cmp::Ordering;
use std::ops::Range;

/// A signed header: lower-case name, trimmed value.
pub(super) type Header = (String, String);

/// The parameter that the signature itself becomes.
const SIGNATURE: &str = "x-oss-signature";

/// A query parameter on its way into a URL.
pub(super) struct Parameter<'a> {
    name: &'a str,
    value: Value<'a>,
    /// Where its escaped form stands in the canonical request.
    escaped: Range<usize>,
}

/// The value of a parameter, in the form that needs no text of its own.
pub(super) enum Value<'a> {
    /// The caller's, to be escaped.
    Text(&'a str),
    /// The signer's: nothing in it needs escaping.
    Plain(&'a str),
    Credential(&'a Credential<'a>),
    /// The names of the additional headers, `;` between them.
    AdditionalHeaders(&'a [Header]),
}

/// Who signs, and what for: `access_key_id/scope`.
pub(super) struct Credential<'a> {
    pub(super) access_key_id: &'a str,
    pub(super) scope: Scope<'a>,
}

impl<'a> Parameter<'a> {
    pub(super) fn new(name: &'a str, value: Value<'a>) -> Self {
        Self { name, value, escaped: 0..0 }
    }

    pub(super) fn name(&self) -> &'a str {
        self.name
    }

    fn is_empty(&self) -> bool {
        matches!(self.value, Value::Text(""))
    }

    fn push_escaped(&mut self, out: &mut String) {
        let start = out.len();
        match self.value {
            Value::Text(_) => push_query(out, self.name),
            _ => out.push_str(self.name),
        }
        if !self.is_empty() {
            out.push('=');
        }
        match &self.value {
            Value::Text(text) => push_query(out, text),
            Value::Plain(text) => out.push_str(text),
            Value::Credential(credential) => {
                push_query(out, credential.access_key_id);
                out.push_str("%2F");
                credential.scope.push(out, "%2F");
            }
            Value::AdditionalHeaders(headers) => push_names(out, headers, "%3B", push_query),
        }
        self.escaped = start..out.len();
    }
}

/// The headers among `headers` that are signed only because they are named.
pub(super) fn additional(headers: &[Header]) -> impl Iterator<Item = &str> {
    headers.iter().map(|(name, _)| name.as_str()).filter(|name| {
        !name.starts_with("x-oss-") && !matches!(*name, "content-type" | "content-md5")
    })
}

/// Appends the names of the additional headers.
fn push_names(
    out: &mut String,
    headers: &[Header],
    separator: &str,
    push: impl Fn(&mut String, &str),
) {
    for (i, name) in additional(headers).enumerate() {
        if i > 0 {
            out.push_str(separator);
        }
        push(out, name);
    }
}

/// A canonical request, and where its URI stands.
pub(super) struct CanonicalRequest {
    pub(super) text: String,
    uri: Range<usize>,
}

/// Writes the canonical request: method, URI, query, headers, additional header names, payload.
/// `headers` are sorted by name; `parameters` get sorted, and learn where their escaped form stands.
pub(super) fn canonical_request(
    method: &str,
    bucket: &str,
    key: &str,
    parameters: &mut [Parameter<'_>],
    headers: &[Header],
) -> CanonicalRequest {
    let mut out = String::with_capacity(key.len() + 640);
    out.push_str(method);
    out.push_str("\n/");
    out.push_str(bucket);
    out.push('/');
    push_path(&mut out, key);
    let uri = method.len() + 1..out.len();
    out.push('\n');
    sort(parameters, cmp_escaped);
    for (i, parameter) in parameters.iter_mut().enumerate() {
        if i > 0 {
            out.push('&');
        }
        parameter.push_escaped(&mut out);
    }
    out.push('\n');
    for (name, value) in headers {
        out.extend([name, ":", value, "\n"]);
    }
    out.push('\n');
    push_names(&mut out, headers, ";", String::push_str);
    out.push_str("\nUNSIGNED-PAYLOAD");
    CanonicalRequest { text: out, uri }
}

/// Sorts by name. Nearly always they are in order: asking first takes a fifth of the time.
fn sort(parameters: &mut [Parameter<'_>], compare: impl Fn(&str, &str) -> Ordering) {
    let compare = |a: &Parameter<'_>, b: &Parameter<'_>| compare(a.name, b.name);
    if !parameters.is_sorted_by(|a, b| compare(a, b).is_le()) {
        sort_anew(parameters, &compare);
    }
}

/// Not generic: each sort is kilobytes of code.
fn sort_anew<'a>(
    parameters: &mut [Parameter<'a>],
    compare: &dyn Fn(&Parameter<'a>, &Parameter<'a>) -> Ordering,
) {
    parameters.sort_unstable_by(compare);
}

/// Writes the URL: parameters sorted by their unescaped names, the signature among them.
pub(super) fn url(
    address: &Address<'_>,
    bucket: &str,
    canonical_request: &CanonicalRequest,
    parameters: &mut [Parameter<'_>],
    signature: &str,
) -> String {
    let CanonicalRequest { text, uri } = canonical_request;
    // Room for what the canonical request lacks, and for the NUL that C text ends with.
    let mut out = String::with_capacity(text.len() + bucket.len() + 384);
    address.push_origin(&mut out, bucket);
    let uri = &text[uri.clone()];
    out.push_str(match address.addressing {
        Addressing::Path => uri,
        Addressing::VirtualHosted | Addressing::CustomDomain => &uri[1 + bucket.len()..],
    });
    sort(parameters, Ord::cmp);
    let split = parameters.binary_search_by_key(&SIGNATURE, |p| p.name).unwrap_or_else(|at| at);
    let (before, after) = parameters.split_at(split);
    let push = |out: &mut String, parameter: &Parameter<'_>| {
        out.push_str(&text[parameter.escaped.clone()]);
        if parameter.is_empty() {
            out.push('=');
        }
    };
    out.push('?');
    for parameter in before {
        push(&mut out, parameter);
        out.push('&');
    }
    out.push_str(SIGNATURE);
    out.push('=');
    out.push_str(signature);
    for parameter in after {
        out.push('&');
        push(&mut out, parameter);
    }
    out
}
