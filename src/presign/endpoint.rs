//! Where a URL points: scheme, host and style of addressing.

use crate::error::Error;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Which of a region's endpoints to use when none is given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum EndpointKind {
    /// `oss-REGION.aliyuncs.com`
    #[default]
    Public,
    /// `oss-REGION-internal.aliyuncs.com`, reachable from Alibaba Cloud's own network in the region.
    Internal,
    /// `REGION.oss.aliyuncs.com`, IPv4 and IPv6.
    DualStack,
    /// `oss-accelerate.aliyuncs.com`
    Accelerate,
    /// `oss-accelerate-overseas.aliyuncs.com`
    AccelerateOverseas,
}

/// How a URL names the bucket.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Addressing {
    /// `https://BUCKET.endpoint/key`. With an IP address as endpoint: path style.
    #[default]
    VirtualHosted,
    /// `https://endpoint/BUCKET/key`
    Path,
    /// `https://endpoint/key`: the endpoint is a custom domain (CNAME) bound to the bucket. With an
    /// IP address as endpoint: path style. Without an endpoint the URL names the region's host and no
    /// bucket, as the reference has it, and works nowhere.
    CustomDomain,
}

/// The scheme of a URL whose endpoint does not state one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Scheme {
    /// TLS.
    #[default]
    Https,
    /// Plain text.
    Http,
}

impl Scheme {
    fn prefix(self) -> &'static str {
        match self {
            Scheme::Https => "https://",
            Scheme::Http => "http://",
        }
    }
}

/// The checked address of a bucket. Presign contract, "endpoint" and "addressing".
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Address<'a> {
    scheme: Scheme,
    host: Host<'a>,
    pub(super) addressing: Addressing,
}

#[derive(Debug, PartialEq, Eq)]
enum Host<'a> {
    /// As the caller wrote it, letter case and port included.
    Given(&'a str),
    /// A region's well-known name, in parts.
    WellKnown([&'a str; 3]),
}

impl<'a> Address<'a> {
    /// The address `endpoint` describes.
    pub(super) fn given(
        endpoint: &'a str,
        scheme: Scheme,
        addressing: Addressing,
    ) -> Result<Self, Error> {
        let (scheme, authority) = split_scheme(endpoint, scheme)?;
        let authority = authority.strip_suffix('/').unwrap_or(authority);
        let is_ip = check_authority(authority)?;
        let addressing = if is_ip { Addressing::Path } else { addressing };
        Ok(Self { scheme, host: Host::Given(authority), addressing })
    }

    /// The address of a region's endpoint. `region` has been checked.
    pub(super) fn well_known(
        region: &'a str,
        kind: EndpointKind,
        scheme: Scheme,
        addressing: Addressing,
    ) -> Self {
        let host = Host::WellKnown(match kind {
            EndpointKind::Public => ["oss-", region, ".aliyuncs.com"],
            EndpointKind::Internal => ["oss-", region, "-internal.aliyuncs.com"],
            EndpointKind::DualStack => [region, ".oss", ".aliyuncs.com"],
            EndpointKind::Accelerate => ["oss-accelerate", "", ".aliyuncs.com"],
            EndpointKind::AccelerateOverseas => ["oss-accelerate", "-overseas", ".aliyuncs.com"],
        });
        Self { scheme, host, addressing }
    }

    /// Appends `scheme://host`, without a slash.
    pub(super) fn push_origin(&self, out: &mut String, bucket: &str) {
        out.push_str(self.scheme.prefix());
        if self.addressing == Addressing::VirtualHosted {
            out.push_str(bucket);
            out.push('.');
        }
        match self.host {
            Host::Given(host) => out.push_str(host),
            Host::WellKnown(parts) => out.extend(parts),
        }
    }
}

fn wrong(rule: &str) -> Error {
    Error::invalid("endpoint", rule)
}

fn split_scheme(endpoint: &str, default: Scheme) -> Result<(Scheme, &str), Error> {
    match endpoint.split_once("://") {
        None => Ok((default, endpoint)),
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => Ok((Scheme::Https, rest)),
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => Ok((Scheme::Http, rest)),
        Some(_) => Err(wrong("the scheme must be http or https")),
    }
}

/// Checks `host` or `host:port`; tells whether the host is an IP address.
fn check_authority(authority: &str) -> Result<bool, Error> {
    if let Some(bad) = authority.chars().find(|c| c.is_whitespace() || c.is_control()) {
        return Err(wrong(if bad.is_control() {
            "must not contain control characters"
        } else {
            "must not contain blanks"
        }));
    }
    for (sign, rule) in [
        ('@', "must not contain user info (`user@`)"),
        ('?', "must not contain a query"),
        ('#', "must not contain a fragment"),
    ] {
        if authority.contains(sign) {
            return Err(wrong(rule));
        }
    }
    if authority.is_empty() || authority.starts_with('/') {
        return Err(wrong("the host is empty"));
    }
    if authority.contains('/') {
        return Err(wrong("must not contain a path"));
    }
    match authority.strip_prefix('[') {
        Some(rest) => check_ipv6(rest).map(|()| true),
        None => check_name(authority),
    }
}

fn check_ipv6(rest: &str) -> Result<(), Error> {
    let (address, after) =
        rest.split_once(']').ok_or_else(|| wrong("an IPv6 address needs a closing bracket"))?;
    if address.contains('%') {
        return Err(wrong("an IPv6 zone is not supported"));
    }
    if address.parse::<Ipv6Addr>().is_err() {
        return Err(wrong("what stands in brackets must be an IPv6 address"));
    }
    match after.strip_prefix(':') {
        Some(port) => check_port(port),
        None if after.is_empty() => Ok(()),
        None => Err(wrong("only a port may follow an IPv6 address")),
    }
}

fn check_name(authority: &str) -> Result<bool, Error> {
    let (host, port) = match authority.split_once(':') {
        Some((_, after)) if after.contains(':') => {
            return Err(wrong("an IPv6 address must stand in brackets"));
        }
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    if host.is_empty() {
        return Err(wrong("the host is empty"));
    }
    if let Some(port) = port {
        check_port(port)?;
    }
    if !host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_')) {
        return Err(wrong(
            "the host may contain only ASCII letters, digits, `-`, `.` and `_` (write an \
             internationalised name in its xn-- form)",
        ));
    }
    let labels = host.strip_suffix('.').unwrap_or(host);
    if host.len() > 253 || labels.split('.').any(|label| !(1..=63).contains(&label.len())) {
        return Err(wrong("the host must be labels of 1 to 63 bytes, 253 in all"));
    }
    Ok(host.parse::<Ipv4Addr>().is_ok())
}

fn check_port(port: &str) -> Result<(), Error> {
    let digits = port.bytes().all(|b| b.is_ascii_digit());
    match port.parse::<u16>() {
        Ok(1..) if digits => Ok(()),
        _ => Err(wrong("the port must be a number from 1 to 65535")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(endpoint: &str, addressing: Addressing) -> Result<String, String> {
        let address =
            Address::given(endpoint, Scheme::Https, addressing).map_err(|e| e.to_string())?;
        let mut out = String::new();
        address.push_origin(&mut out, "bkt");
        if address.addressing == Addressing::Path {
            out.push_str("/bkt");
        }
        Ok(out)
    }

    #[test]
    fn good_endpoints() {
        use Addressing::*;
        for (endpoint, addressing, expected) in [
            ("example.com", VirtualHosted, "https://bkt.example.com"),
            ("EXAMPLE.com:8443/", VirtualHosted, "https://bkt.EXAMPLE.com:8443"),
            ("HTTP://example.com", VirtualHosted, "http://bkt.example.com"),
            ("http://example.com:80", Path, "http://example.com:80/bkt"),
            ("img.example.com", CustomDomain, "https://img.example.com"),
            ("127.0.0.1:9000", VirtualHosted, "https://127.0.0.1:9000/bkt"),
            ("127.0.0.1:9000", CustomDomain, "https://127.0.0.1:9000/bkt"),
            ("http://[::1]:9000", VirtualHosted, "http://[::1]:9000/bkt"),
            ("[::1]", Path, "https://[::1]/bkt"),
            ("1.2.3", VirtualHosted, "https://bkt.1.2.3"),
            ("01.02.03.04", VirtualHosted, "https://bkt.01.02.03.04"),
            ("example_1.com.", VirtualHosted, "https://bkt.example_1.com."),
            ("example.com:65535", VirtualHosted, "https://bkt.example.com:65535"),
            ("example.com:1", VirtualHosted, "https://bkt.example.com:1"),
        ] {
            assert_eq!(origin(endpoint, addressing).as_deref(), Ok(expected), "{endpoint}");
        }
    }

    #[test]
    fn a_host_of_253_bytes_is_the_longest() {
        let host =
            format!("{}.{}", [&"a".repeat(63); 3].map(String::as_str).join("."), "b".repeat(61));
        assert_eq!(host.len(), 253);
        assert!(origin(&host, Addressing::VirtualHosted).is_ok());
        let host = format!("{host}b");
        assert!(origin(&host, Addressing::VirtualHosted).is_err());
    }

    #[test]
    fn bad_endpoints_name_what_is_wrong() {
        let long_label = format!("{}.com", "a".repeat(64));
        let long_host = ["a".repeat(63).as_str(); 4].join(".");
        for (endpoint, rule) in [
            ("", "the host is empty"),
            ("/", "the host is empty"),
            ("https://", "the host is empty"),
            (":443", "the host is empty"),
            ("//example.com", "the host is empty"),
            ("ftp://example.com", "the scheme must be http or https"),
            ("://example.com", "the scheme must be http or https"),
            ("user@example.com", "must not contain user info (`user@`)"),
            ("user:pass@example.com", "must not contain user info (`user@`)"),
            ("example.com/prefix/", "must not contain a path"),
            ("example.com//", "must not contain a path"),
            ("example.com?x=1", "must not contain a query"),
            ("example.com#x", "must not contain a fragment"),
            (" example.com", "must not contain blanks"),
            ("example.com\u{3000}", "must not contain blanks"),
            ("exa\tmple.com", "must not contain control characters"),
            ("exa\0mple.com", "must not contain control characters"),
            ("::1", "an IPv6 address must stand in brackets"),
            ("2001:db8::1", "an IPv6 address must stand in brackets"),
            ("[::1", "an IPv6 address needs a closing bracket"),
            ("[]", "what stands in brackets must be an IPv6 address"),
            ("[127.0.0.1]", "what stands in brackets must be an IPv6 address"),
            ("[fe80::1%25eth0]:80", "an IPv6 zone is not supported"),
            ("[::1]80", "only a port may follow an IPv6 address"),
            ("[::1]:0", "the port must be a number from 1 to 65535"),
            ("example.com:", "the port must be a number from 1 to 65535"),
            ("example.com:0", "the port must be a number from 1 to 65535"),
            ("example.com:65536", "the port must be a number from 1 to 65535"),
            ("example.com:+80", "the port must be a number from 1 to 65535"),
            (".example.com", "the host must be labels of 1 to 63 bytes, 253 in all"),
            ("example..com", "the host must be labels of 1 to 63 bytes, 253 in all"),
            (&long_label, "the host must be labels of 1 to 63 bytes, 253 in all"),
            (&long_host, "the host must be labels of 1 to 63 bytes, 253 in all"),
        ] {
            let message = origin(endpoint, Addressing::VirtualHosted).unwrap_err();
            assert_eq!(message, format!("endpoint: {rule}"), "{endpoint:?}");
        }
        for odd in ["http://a\"b.com", "例え.jp", "a%20b.com", "a,b.com", "a\\b.com"] {
            let message = origin(odd, Addressing::VirtualHosted).unwrap_err();
            assert!(message.starts_with("endpoint: the host may contain only"), "{message}");
        }
    }

    #[test]
    fn well_known_endpoints() {
        for (kind, host) in [
            (EndpointKind::Public, "oss-cn-hangzhou.aliyuncs.com"),
            (EndpointKind::Internal, "oss-cn-hangzhou-internal.aliyuncs.com"),
            (EndpointKind::DualStack, "cn-hangzhou.oss.aliyuncs.com"),
            (EndpointKind::Accelerate, "oss-accelerate.aliyuncs.com"),
            (EndpointKind::AccelerateOverseas, "oss-accelerate-overseas.aliyuncs.com"),
        ] {
            for (scheme, prefix) in [(Scheme::Https, "https://"), (Scheme::Http, "http://")] {
                let mut out = String::new();
                Address::well_known("cn-hangzhou", kind, scheme, Addressing::VirtualHosted)
                    .push_origin(&mut out, "bkt");
                assert_eq!(out, format!("{prefix}bkt.{host}"));
            }
        }
    }
}
