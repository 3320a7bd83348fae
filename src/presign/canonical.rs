//! The canonical request, and the URL that says the same.
//!
//! Both are made of the same escaped text: each parameter is escaped once, into the canonical
//! request, and copied from there into the URL.

use super::endpoint::{Address, Addressing};
use super::signature::Scope;
use crate::encoding::{cmp_escaped, push_path, push_query};
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
    Text(&'a str),
    /// `id/scope`
    Credential(&'a str, &'a Scope<'a>),
    /// The names of the additional headers, `;` between them.
    AdditionalHeaders(&'a [Header]),
}

impl<'a> Parameter<'a> {
    pub(super) fn new(name: &'a str, value: Value<'a>) -> Self {
        Self {
            name,
            value,
            escaped: 0..0,
        }
    }

    fn is_empty(&self) -> bool {
        matches!(self.value, Value::Text(""))
    }

    fn push_escaped(&mut self, out: &mut String) {
        let start = out.len();
        push_query(out, self.name);
        if !self.is_empty() {
            out.push('=');
        }
        match &self.value {
            Value::Text(text) => push_query(out, text),
            Value::Credential(id, scope) => {
                push_query(out, id);
                for part in scope.parts() {
                    out.push_str("%2F");
                    push_query(out, part);
                }
            }
            Value::AdditionalHeaders(headers) => push_names(out, headers, "%3B", push_query),
        }
        self.escaped = start..out.len();
    }
}

/// The headers among `headers` that are signed only because they are named.
pub(super) fn additional(headers: &[Header]) -> impl Iterator<Item = &str> {
    headers
        .iter()
        .map(|(name, _)| name.as_str())
        .filter(|name| {
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

/// Writes the canonical request: method, URI, query, headers, additional header names, payload.
/// `headers` are sorted by name; `parameters` get sorted, and learn where their escaped form stands.
pub(super) fn canonical_request(
    method: &str,
    bucket: &str,
    key: &str,
    parameters: &mut [Parameter<'_>],
    headers: &[Header],
) -> String {
    let mut out = String::with_capacity(key.len() + 640);
    out.extend([method, "\n/", bucket, "/"]);
    push_path(&mut out, key);
    out.push('\n');
    parameters.sort_unstable_by(|a, b| cmp_escaped(a.name, b.name));
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
    out
}

/// Writes the URL: parameters sorted by their unescaped names, the signature among them.
pub(super) fn url(
    address: &Address<'_>,
    bucket: &str,
    canonical_request: &str,
    parameters: &mut [Parameter<'_>],
    signature: &str,
) -> String {
    // Room for what the canonical request lacks, and for the NUL that C text ends with.
    let mut out = String::with_capacity(canonical_request.len() + bucket.len() + 384);
    address.push_origin(&mut out, bucket);
    let uri = canonical_request.lines().nth(1).unwrap_or_default();
    out.push_str(match address.addressing {
        Addressing::Path => uri,
        Addressing::VirtualHosted | Addressing::CustomDomain => &uri[1 + bucket.len()..],
    });
    parameters.sort_unstable_by_key(|parameter| parameter.name);
    let split = parameters.partition_point(|parameter| parameter.name < SIGNATURE);
    let (before, after) = parameters.split_at(split);
    let mut separator = '?';
    let mut push = |out: &mut String, text: &str, end: &str| {
        out.push(separator);
        out.push_str(text);
        out.push_str(end);
        separator = '&';
    };
    let mut push_all = |out: &mut String, parameters: &[Parameter<'_>]| {
        for parameter in parameters {
            let escaped = &canonical_request[parameter.escaped.clone()];
            push(out, escaped, if parameter.is_empty() { "=" } else { "" });
        }
    };
    push_all(&mut out, before);
    out.extend(["&", SIGNATURE, "=", signature]);
    push_all(&mut out, after);
    out
}
