//! Which bucket and object a request is for.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{PoisonError, RwLock};

use percent_encoding::percent_decode_str;

use crate::error::OssError;

/// What a request is addressed to. The key is as sent, decoded once, nothing normalised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Bucket name; empty for a request to the service itself.
    pub bucket: String,
    /// Object key; empty for a request to the bucket itself.
    pub key: Vec<u8>,
}

/// The hosts the emulator answers for.
#[derive(Debug, Default)]
pub struct Hosts {
    endpoints: Vec<String>,
    domains: RwLock<HashMap<String, String>>,
}

impl Hosts {
    /// The endpoints of OSS, `localhost`, IP literals, and `endpoints`.
    pub fn new(endpoints: impl IntoIterator<Item = String>) -> Self {
        let endpoints = endpoints.into_iter().map(|endpoint| host_name(&endpoint)).collect();
        Self { endpoints, domains: RwLock::default() }
    }

    /// Makes `domain` a custom domain (CNAME) of `bucket`.
    pub fn bind_domain(&self, domain: &str, bucket: &str) {
        let mut domains = self.domains.write().unwrap_or_else(PoisonError::into_inner);
        domains.insert(host_name(domain), bucket.to_owned());
    }

    /// Reads a Host header and an undecoded path.
    pub fn resolve(&self, host: &str, path: &str) -> Result<Address, OssError> {
        let host = host_name(host);
        let path = path.strip_prefix('/').unwrap_or(path);
        let domains = self.domains.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = domains.get(&host) {
            return Ok(Address::new(bucket, path));
        }
        if is_ip(&host) || self.is_endpoint(&host) {
            let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
            let bucket = percent_decode_str(bucket).decode_utf8_lossy();
            return Ok(Address::new(&bucket, key));
        }
        match host.split_once('.') {
            Some((bucket, endpoint)) if self.is_endpoint(endpoint) => {
                Ok(Address::new(bucket, path))
            }
            _ => Err(OssError::no_such_bucket(&host)),
        }
    }

    fn is_endpoint(&self, host: &str) -> bool {
        host == "localhost" || self.endpoints.iter().any(|e| e == host) || is_oss_endpoint(host)
    }
}

impl Address {
    fn new(bucket: &str, key: &str) -> Self {
        Self { bucket: bucket.to_owned(), key: percent_decode_str(key).collect() }
    }

    /// The key, if OSS could hold an object of that name.
    pub(crate) fn object_key(&self) -> Result<&str, OssError> {
        let refused = |message, ec| Err(OssError::new(400, "InvalidObjectName", message).ec(ec));
        if self.key.len() > 1023 {
            return refused("The length of object name must be less than 1024.", "0016-00000005");
        }
        let invalid = "The specified object is not valid.";
        match std::str::from_utf8(&self.key) {
            Ok(key) if !key.starts_with(['/', '\\']) => Ok(key),
            _ => refused(invalid, "0016-00000002"),
        }
    }
}

/// The host of `host[:port]`, in lower case, an IPv6 literal without its brackets.
pub(crate) fn host_name(host: &str) -> String {
    let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((literal, _)) => literal,
        None => match host.split_once(':') {
            // More colons: an IPv6 literal without brackets.
            Some((name, port)) if !port.contains(':') => name,
            _ => host,
        },
    };
    name.to_ascii_lowercase()
}

fn is_ip(host: &str) -> bool {
    host.parse::<IpAddr>().is_ok()
}

/// `oss-R`, `R.oss` and `cb-x.R.oss-cloudbox`, with and without `-internal` and the like,
/// under `aliyuncs.com`.
fn is_oss_endpoint(host: &str) -> bool {
    let Some(name) = host.strip_suffix(".aliyuncs.com") else { return false };
    let labels: Vec<_> = name.split('.').collect();
    match labels[..] {
        [one] => one.starts_with("oss-"),
        [_, product] => product == "oss",
        [cloud_box, _, product] => {
            cloud_box.starts_with("cb-") && product.starts_with("oss-cloudbox")
        }
        _ => false,
    }
}

/// One query parameter, decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parameter {
    pub(crate) name: Vec<u8>,
    pub(crate) value: Vec<u8>,
}

/// Reads a raw query. A `+` is a plus.
pub(crate) fn parameters(query: &str) -> Vec<Parameter> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let decode = |text| percent_decode_str(text).collect();
            Parameter { name: decode(name), value: decode(value) }
        })
        .collect()
}

/// The value of the first parameter of that name, if it is text.
pub(crate) fn parameter<'a>(parameters: &'a [Parameter], name: &str) -> Option<&'a str> {
    let found = parameters.iter().find(|parameter| parameter.name == name.as_bytes())?;
    std::str::from_utf8(&found.value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_paths_name_bucket_and_key() {
        let hosts = Hosts::new(["oss.example.net".to_owned()]);
        hosts.bind_domain("Static.Example.com", "bound");
        let cases: &[(&str, &str, &str, &str)] = &[
            ("b1.oss-cn-hangzhou.aliyuncs.com", "/a/b", "b1", "a/b"),
            ("B1.OSS-cn-hangzhou.aliyuncs.com:80", "/a/b", "b1", "a/b"),
            ("b1.oss-cn-hangzhou-internal.aliyuncs.com", "/k", "b1", "k"),
            ("b1.cn-hangzhou.oss.aliyuncs.com", "/k", "b1", "k"),
            ("cn-hangzhou.oss.aliyuncs.com", "/b1/k", "b1", "k"),
            ("oss-accelerate.aliyuncs.com", "/b1/k", "b1", "k"),
            ("b1.oss-accelerate.aliyuncs.com", "/k", "b1", "k"),
            ("cb-1.cn-x.oss-cloudbox.aliyuncs.com", "/b1/k", "b1", "k"),
            ("b1.cb-1.cn-x.oss-cloudbox.aliyuncs.com", "/k", "b1", "k"),
            ("localhost:1234", "/b1/k", "b1", "k"),
            ("b1.localhost:1234", "/k", "b1", "k"),
            ("127.0.0.1:1234", "/b1/k", "b1", "k"),
            ("[::1]:1234", "/b1/k", "b1", "k"),
            ("oss.example.net", "/b1/k", "b1", "k"),
            ("b1.oss.example.net:8080", "/k", "b1", "k"),
            ("static.example.com:443", "/b1/k", "bound", "b1/k"),
            ("127.0.0.1", "/b1//../a/./b", "b1", "/../a/./b"),
            ("b1.localhost", "/a%2Fb+c%20d%25", "b1", "a/b+c d%"),
            ("127.0.0.1", "/b1", "b1", ""),
            ("127.0.0.1", "/", "", ""),
        ];
        for (host, path, bucket, key) in cases {
            let address = hosts.resolve(host, path).unwrap();
            let expected = Address::new(bucket, "");
            assert_eq!(
                address,
                Address { key: key.as_bytes().to_vec(), ..expected },
                "{host}{path}"
            );
        }
        for host in ["example.com", "b1.c.localhost", "b1.example.net", "aliyuncs.com", ""] {
            assert!(hosts.resolve(host, "/k").is_err(), "{host}");
        }
    }
}
