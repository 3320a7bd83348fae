//! What a URL says.

use super::authority::split_authority;
use super::query::{List, Query, decode};
use super::secrets::Secrets;
use super::style::{ADDITIONAL_HEADERS, AMZ_SIGNED_HEADERS, UrlStyle};
use super::value::{instant, number};
use crate::encoding::is_token_byte;
use crate::error::Error;
use percent_encoding::percent_decode_str;
use std::borrow::Cow;
use std::fmt;

/// The longest validity V4 allows, in seconds: 7 days.
pub(super) const MAX_VALIDITY: i64 = 604_800;

/// What a URL says of itself: made by [`inspect`], borrows the URL.
///
/// The methods read the URL when called and store nothing; each takes a time that grows with the
/// URL's length. Parameters are found by their decoded names, upper and lower case told apart as the
/// service does. Of a parameter given twice the first counts, but for times: there none does.
///
/// `Debug` shows the URL as [`redacted`](Self::redacted) does.
#[derive(Clone, Copy)]
pub struct UrlInfo<'a> {
    https: bool,
    authority: &'a str,
    host: &'a str,
    port: Option<u16>,
    path_and_query: &'a str,
    path: &'a str,
    pub(super) query: Query<'a>,
    style: UrlStyle,
}

/// Reads a URL that anybody may have made, of any style. Nothing is sent, nothing is rewritten.
///
/// A URL that is doubtful, not signed at all, or expired is no error here:
/// [`problems`](UrlInfo::problems) has all that.
///
/// ```
/// let info = oss_presign::inspect("https://b.oss-cn-hangzhou.aliyuncs.com/k?x-oss-date=1")?;
/// assert_eq!(info.redacted(), "https://b.oss-cn-hangzhou.aliyuncs.com/k?[redacted]");
/// assert_eq!(info.expires_at(), None);
/// # Ok::<(), oss_presign::Error>(())
/// ```
///
/// # Errors
/// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) for what cannot be sent as it is: not http
/// or https, not printable ASCII, no host, a bad port, user info, a fragment. No message repeats any
/// of the URL.
pub fn inspect(url: &str) -> Result<UrlInfo<'_>, Error> {
    let wrong = |rule| Err(Error::invalid("url", rule));
    let Some((scheme, rest)) = url.split_once("://") else {
        return wrong("must start with https:// or http://");
    };
    let https = scheme.eq_ignore_ascii_case("https");
    if !https && !scheme.eq_ignore_ascii_case("http") {
        return wrong("must start with https:// or http://");
    }
    if !url.bytes().all(|byte| byte.is_ascii_graphic()) {
        return wrong("must be printable ASCII without blanks; escape everything else");
    }
    let (authority, path_and_query) =
        rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    if authority.contains('@') {
        return wrong("must not contain user info");
    }
    let Some((host, port)) = split_authority(authority) else {
        return wrong("has no host, or a port that is not a number from 1 to 65535");
    };
    if rest.contains('#') {
        return wrong("must not contain a fragment; write # as %23");
    }
    let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
    if path.contains(['<', '>', '`']) || query.contains(['<', '>', '"']) {
        return wrong("must have <, >, \" and ` escaped: no such request can be sent");
    }
    let query = Query(query);
    let style = UrlStyle::of(query);
    Ok(UrlInfo { https, authority, host, port, path_and_query, path, query, style })
}

impl<'a> UrlInfo<'a> {
    /// How the URL is signed.
    pub fn style(&self) -> UrlStyle {
        self.style
    }

    /// When it was signed, in Unix seconds: `x-oss-date` or `X-Amz-Date`. V1 does not say.
    pub fn signed_at(&self) -> Option<i64> {
        self.query.get_only(self.style.names()?.date?).and_then(instant)
    }

    /// When it stops working, in Unix seconds; at this second it still works.
    ///
    /// V4: `x-oss-date` + `x-oss-expires`, if the latter is 1 to 604800; V1: `Expires`; S3:
    /// `X-Amz-Date` + `X-Amz-Expires`. It may end sooner: with the security token it was signed with,
    /// which the URL does not tell.
    pub fn expires_at(&self) -> Option<i64> {
        let seconds = number(self.query.get_only(self.style.names()?.expires)?)?;
        match self.style {
            UrlStyle::V1 => Some(seconds),
            UrlStyle::V4 if !(1..=MAX_VALIDITY).contains(&seconds) => None,
            _ => self.signed_at()?.checked_add(seconds),
        }
    }

    /// The headers the URL demands by name: `x-oss-additional-headers`, or `X-Amz-SignedHeaders`.
    /// Decoded, in lower case, in the order given, without `host`, which every request has (see
    /// [`signs_host`](Self::signs_host)).
    ///
    /// These need not be all: OSS signs `x-oss-*`, `content-type` and `content-md5` headers without
    /// naming them, so no URL tells whether some were. Whoever signed it must say.
    pub fn demanded_headers(&self) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
        self.raw_headers().filter(|raw| !is_header(raw, "host")).map(header_name)
    }

    /// Whether the URL demands the header `name`, in any letter case. Never true of `host`.
    pub fn demands(&self, name: &str) -> bool {
        self.demanded_headers().any(|demanded| demanded.eq_ignore_ascii_case(name))
    }

    /// Whether `range` is signed: exactly the signed range can be asked for.
    pub fn signs_range(&self) -> bool {
        self.demands("range")
    }

    /// Whether `if-match` is signed: exactly the signed value can be sent.
    pub fn signs_if_match(&self) -> bool {
        self.demands("if-match")
    }

    /// Whether `host` is signed by name: sent to another host name, the URL fails. OSS V4 leaves the
    /// choice to who signs, S3 always signs it.
    pub fn signs_host(&self) -> bool {
        self.raw_headers().any(|raw| is_header(raw, "host"))
    }

    /// Whether the object is processed on its way (`x-oss-process`): what arrives is not what is
    /// stored, in length and checksum.
    pub fn has_process(&self) -> bool {
        self.query.has("x-oss-process")
    }

    /// How the object is processed (`x-oss-process`), decoded.
    pub(crate) fn process(&self) -> Option<Cow<'a, str>> {
        self.query.get("x-oss-process").map(decode)
    }

    /// The version of the object it asks for (`versionId`), decoded.
    pub fn version_id(&self) -> Option<Cow<'a, str>> {
        self.query.get("versionId").map(decode)
    }

    /// Whether the object may be fetched in parts: not if `range` or `if-match` is signed, nor if the
    /// object is processed. Download contract, "Ranges and parts".
    pub fn may_split(&self) -> bool {
        !self.signs_range() && !self.signs_if_match() && !self.has_process()
    }

    /// Whether TLS is used.
    pub fn is_https(&self) -> bool {
        self.https
    }

    /// `host` or `host:port`, as it stands. No secret.
    pub fn authority(&self) -> &'a str {
        self.authority
    }

    /// The host as it stands; an IPv6 address with its brackets.
    pub fn host(&self) -> &'a str {
        self.host
    }

    /// The port, if the URL states one.
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// The path as it stands; may be empty.
    pub(super) fn path(&self) -> &'a str {
        self.path
    }

    /// Everything after the authority, as it stands: empty, or from `/` or `?` on. A secret.
    pub fn path_and_query(&self) -> &'a str {
        self.path_and_query
    }

    /// What of the URL names the object, and stays when the URL is signed anew or leads to another
    /// host: the last segment of the path, decoded, and the version. Before it there may be a bucket,
    /// and CDNs sign there.
    pub(crate) fn object_name(&self) -> (Vec<u8>, Option<Cow<'a, str>>) {
        let segment = &self.path[self.path.rfind('/').map_or(0, |at| at + 1)..];
        (percent_decode_str(segment).collect(), self.version_id())
    }

    /// The URL without its secrets, for logs: scheme, host and path, and `?[redacted]` for a query.
    ///
    /// The path of a signed URL is bucket and key. That of an unknown style is `[redacted]` too:
    /// CDNs sign within the path, and a `?` that was escaped hides a query in it.
    pub fn redacted(&self) -> String {
        let path = match self.style {
            UrlStyle::Unknown if self.path.len() > 1 => "/[redacted]",
            _ => self.path,
        };
        let query = if self.path.len() < self.path_and_query.len() { "?[redacted]" } else { "" };
        let scheme = if self.https { "https" } else { "http" };
        format!("{scheme}://{}{path}{query}", self.authority)
    }

    /// What of the URL is a secret: the values of signature, token and key id, and whatever else in
    /// the query, or in the path of an unknown style, is long enough to be one.
    pub(crate) fn secrets(&self) -> Secrets {
        let mut secrets = Secrets::default();
        if self.style == UrlStyle::Unknown {
            self.path.split('/').for_each(|segment| secrets.add_parameter("", segment));
        }
        for (name, raw) in self.query.parameters() {
            secrets.add_parameter(&decode(name), raw);
        }
        secrets
    }

    /// Checks that every header the URL demands is among the names `given`, in any letter case.
    /// Download contract, "Before a byte is sent"; OSS would answer with EC 0002-00000077.
    ///
    /// # Errors
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) with the name of the first that is not.
    pub fn check_headers<'n>(
        &self,
        given: impl IntoIterator<Item = &'n str, IntoIter: Clone>,
    ) -> Result<(), Error> {
        let given = given.into_iter();
        let is_given = |name: &str| given.clone().any(|given| given.eq_ignore_ascii_case(name));
        let Some(name) = self.demanded_headers().find(|name| !is_given(name)) else {
            return Ok(());
        };
        // What is no name may be anything, a secret included.
        if name.len() > 64 || !name.bytes().all(is_token_byte) {
            return Err(Error::invalid(
                "headers",
                "the URL demands a header that has no valid name",
            ));
        }
        let rule = format_args!("the URL demands the header \"{name}\", which was not given");
        Err(Error::invalid("headers", rule))
    }

    fn raw_headers(&self) -> List<'a> {
        let name = match self.style {
            UrlStyle::AmzV4 => AMZ_SIGNED_HEADERS,
            _ => ADDITIONAL_HEADERS,
        };
        List(self.query.get(name).unwrap_or_default())
    }
}

fn is_header(raw: &str, name: &str) -> bool {
    decode(raw).eq_ignore_ascii_case(name)
}

fn header_name(raw: &str) -> Cow<'_, str> {
    let name = decode(raw);
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Cow::Owned(name.to_ascii_lowercase());
    }
    name
}

impl fmt::Debug for UrlInfo<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UrlInfo")
            .field("url", &self.redacted())
            .field("style", &self.style)
            .field("signed_at", &self.signed_at())
            .field("expires_at", &self.expires_at())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_keeps_its_name_when_its_url_is_signed_anew() {
        let v4 = "http://b.h/a/k%20%2B?x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-signature=1";
        let same = |url: &str| {
            let (one, other) = (inspect(v4).unwrap(), inspect(url).unwrap());
            one.object_name() == other.object_name()
        };
        let signed = "x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-signature=2";
        assert!(same(&format!("https://other.h/b/a/%6b%20+?x-oss-date=3&{signed}")));
        assert!(same("http://b.h/a/k%20%2B"));
        assert!(!same(&format!("http://b.h/a/l?{signed}")));
        assert!(!same(&format!("http://b.h/a/k%20%2B?versionId=4&{signed}")));
        // Signed in the path.
        let name = |url: &'static str| inspect(url).unwrap().object_name();
        assert_eq!(name("http://h/202312161620/5e1f/k"), name("http://h/202312171620/7a0c/k"));
        assert_ne!(name("http://h/202312161620/5e1f/k"), name("http://h/202312161620/5e1f/l"));
        // Which are no UTF-8.
        assert_ne!(name("http://h/%C4%E3"), name("http://h/%BA%C3"));
    }
}
