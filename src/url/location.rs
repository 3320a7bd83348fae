//! Where a redirect leads.

use super::UrlInfo;
use std::borrow::Cow;

impl UrlInfo<'_> {
    /// The URL that a `Location` header means when this URL was answered with it: RFC 3986, section
    /// 5.2, but that nothing is normalised. The place may be signed, and a signature covers dot
    /// segments. A fragment is left out. Whether the outcome is a URL, [`inspect`](super::inspect())
    /// tells.
    pub(crate) fn resolve<'l>(&self, location: &'l str) -> Cow<'l, str> {
        let location = location.split('#').next().unwrap_or_default();
        if has_scheme(location) {
            return Cow::Borrowed(location);
        }
        let scheme = if self.is_https() { "https" } else { "http" };
        if location.starts_with("//") {
            return Cow::Owned(format!("{scheme}:{location}"));
        }
        let mut base = match location.bytes().next() {
            None => self.path_and_query(),
            Some(b'?') => self.path(),
            Some(b'/') => "",
            Some(_) => folder(self.path()),
        };
        // Only the dots a relative reference starts with are about this URL's path.
        let mut rest = location;
        loop {
            if let Some(below) = rest.strip_prefix("./") {
                rest = below;
            } else if let Some(below) = rest.strip_prefix("../") {
                rest = below;
                base = folder(base.strip_suffix('/').unwrap_or_default());
            } else {
                break;
            }
        }
        if base.is_empty() && !rest.starts_with('/') {
            base = "/";
        }
        Cow::Owned(format!("{scheme}://{}{base}{rest}", self.authority()))
    }

    /// Whether `other` is served by whom this URL names: the same host name, and the same port, or
    /// the usual port of its scheme for each.
    pub(crate) fn has_same_host(&self, other: &UrlInfo<'_>) -> bool {
        let usual = |info: &UrlInfo<'_>| if info.is_https() { 443 } else { 80 };
        let port = |info: &UrlInfo<'_>| info.port().unwrap_or(usual(info));
        let both_usual = port(self) == usual(self) && port(other) == usual(other);
        self.host().eq_ignore_ascii_case(other.host()) && (port(self) == port(other) || both_usual)
    }
}

/// Whether a reference starts with a scheme (RFC 3986, section 3.1).
fn has_scheme(reference: &str) -> bool {
    let Some((scheme, _)) = reference.split_once(':') else { return false };
    let rest_fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
    scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.bytes().all(rest_fits)
}

/// A path up to its last slash.
fn folder(path: &str) -> &str {
    &path[..path.rfind('/').map_or(0, |slash| slash + 1)]
}

#[cfg(test)]
mod tests {
    use crate::url::inspect;

    #[test]
    fn references_are_resolved_and_nothing_else_is_touched() {
        let base = "https://h:8/a/b/c?q=1";
        for (location, want) in [
            ("http://x/../y/%2e?z=/../", "http://x/../y/%2e?z=/../"),
            ("HTTPS://X/k#part", "HTTPS://X/k"),
            ("ftp:x", "ftp:x"),
            ("//x:9/k?y", "https://x:9/k?y"),
            ("/k/../l//?m=./", "https://h:8/k/../l//?m=./"),
            ("?r=2", "https://h:8/a/b/c?r=2"),
            ("", "https://h:8/a/b/c?q=1"),
            ("#part", "https://h:8/a/b/c?q=1"),
            ("d", "https://h:8/a/b/d"),
            ("./d", "https://h:8/a/b/d"),
            ("../d/../e", "https://h:8/a/d/../e"),
            ("../../d", "https://h:8/d"),
            ("../../../../d", "https://h:8/d"),
            ("1:2", "https://h:8/a/b/1:2"),
            ("d?u=http://x", "https://h:8/a/b/d?u=http://x"),
        ] {
            assert_eq!(inspect(base).unwrap().resolve(location), want, "{location}");
        }
        for (base, want) in [("http://h", "http://h/d"), ("http://h?q", "http://h/d")] {
            assert_eq!(inspect(base).unwrap().resolve("d"), want);
        }
    }

    #[test]
    fn the_same_host_is_the_same_name_and_port() {
        for (one, other, same) in [
            ("http://h/", "http://H:80/k", true),
            ("http://h/", "https://h/", true),
            ("http://h:80/", "https://h:443/", true),
            ("http://h:8080/", "https://h:8080/", true),
            ("http://h:8080/", "https://h/", false),
            ("https://h/", "https://h:8443/", false),
            ("https://h/", "https://h.x/", false),
            ("https://h:443/", "http://h:443/", true),
        ] {
            let same_host = inspect(one).unwrap().has_same_host(&inspect(other).unwrap());
            assert_eq!(same_host, same, "{one} {other}");
        }
    }
}
