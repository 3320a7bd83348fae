//! The search for what is wrong with a URL.

use super::inspect::{MAX_VALIDITY, UrlInfo};
use super::problem::Problem;
use super::query::{decode, equals};
use super::style::{ADDITIONAL_HEADERS, MISSPELT_VERSION, Names, UrlStyle, V4_ALGORITHM, VERSION};
use super::value::{instant, is_hex_sha256, number, timestamp};
use crate::encoding::is_token_byte;

/// How far in the future OSS accepts a signing time, in seconds.
const TOLERANCE: i64 = 15 * 60;
/// From here on a validity is taken for a Unix timestamp: September 2001, or 32 years.
const TIMESTAMP: i64 = 1_000_000_000;
/// How the name of a parameter starts when `&amp;` stands before it.
const ENTITY: &str = "amp;";

impl UrlInfo<'_> {
    /// What is wrong with the URL at `now`, in Unix seconds; the causes come before what they cause.
    ///
    /// Nothing found does not mean that it works: only the service knows the secret. Of a URL of
    /// unknown style little can be said, and nothing of its expiry.
    pub fn problems(&self, now: i64) -> Vec<Problem> {
        let mut found = Vec::new();
        let escaped = self.is_html_escaped();
        if escaped {
            found.push(Problem::HtmlEscaped);
        }
        if let Some(names) = self.style().names() {
            self.find_version(&mut found);
            self.find_parameters(names, escaped, &mut found);
            self.find_signature(names, &mut found);
            self.find_credential(names, &mut found);
            self.find_times(names, &mut found);
            self.find_headers(&mut found);
            self.find_lifetime(now, &mut found);
        }
        if is_internal(self.host()) {
            found.push(Problem::InternalEndpoint);
        }
        if !self.is_https() {
            found.push(Problem::PlainHttp);
        }
        found
    }

    fn is_html_escaped(&self) -> bool {
        let known = |name: &str| {
            let styles = [UrlStyle::V4, UrlStyle::V1, UrlStyle::AmzV4];
            let mut names = styles.iter().filter_map(|style| style.names());
            names.any(|names| {
                names.required.iter().chain(names.optional).any(|known| equals(name, known))
            })
        };
        // Some other server may have such a parameter, so there it must be one of a signature.
        self.query.parameters().any(|(name, _)| {
            name.strip_prefix(ENTITY)
                .is_some_and(|rest| self.style() != UrlStyle::Unknown || known(rest))
        })
    }

    fn find_version(&self, found: &mut Vec<Problem>) {
        if self.style() != UrlStyle::V4 {
            return;
        }
        match self.query.get(VERSION) {
            Some(version) if !equals(version, V4_ALGORITHM) => {
                found.push(Problem::SignatureVersion);
            }
            None if self.query.has(MISSPELT_VERSION) => found.push(Problem::MisspeltVersion),
            _ => {}
        }
    }

    fn find_parameters(&self, names: &Names, escaped: bool, found: &mut Vec<Problem>) {
        for name in names.required {
            let explained = escaped || (*name == VERSION && self.query.has(MISSPELT_VERSION));
            if !explained && !self.query.has(name) {
                found.push(Problem::MissingParameter(name));
            }
        }
        for name in names.required.iter().chain(names.optional) {
            if self.query.repeats(name) {
                found.push(Problem::RepeatedParameter(name));
            }
        }
    }

    fn find_signature(&self, names: &Names, found: &mut Vec<Problem>) {
        let is_hmac_sha256 = match self.style() {
            UrlStyle::V4 => true,
            // S3 has algorithms with signatures of another form.
            UrlStyle::AmzV4 => {
                self.query.get("X-Amz-Algorithm").is_some_and(|raw| equals(raw, "AWS4-HMAC-SHA256"))
            }
            _ => false,
        };
        let signature = self.query.get(names.signature);
        if is_hmac_sha256 && signature.is_some_and(|raw| !is_hex_sha256(raw)) {
            found.push(Problem::SignatureForm(names.signature));
        }
    }

    fn find_credential(&self, names: &Names, found: &mut Vec<Problem>) {
        let Some(raw) = self.query.get(names.credential).filter(|_| self.style() == UrlStyle::V4)
        else {
            return;
        };
        let text = decode(raw);
        let Some(day) = day_of_credential(&text) else {
            return found.push(Problem::CredentialForm);
        };
        let date = names.date.and_then(|name| self.query.get(name)).and_then(timestamp);
        if date.is_some_and(|date| date[..8] != *day.as_bytes()) {
            found.push(Problem::CredentialDay);
        }
    }

    fn find_times(&self, names: &Names, found: &mut Vec<Problem>) {
        if let Some(date) = names.date
            && self.query.get(date).is_some_and(|raw| instant(raw).is_none())
        {
            found.push(Problem::DateForm(date));
        }
        let Some(expires) = self.query.get(names.expires) else {
            return;
        };
        let v4 = self.style() == UrlStyle::V4;
        match number(expires) {
            // Some signers let a negative validity through.
            None if v4 && number(&expires.replacen('-', "", 1)).is_some() => {
                found.push(Problem::ExpiresOutOfRange);
            }
            None => found.push(Problem::ExpiresNotANumber(names.expires)),
            Some(TIMESTAMP..) if v4 => found.push(Problem::ExpiresIsTimestamp),
            Some(seconds) if v4 && !(1..=MAX_VALIDITY).contains(&seconds) => {
                found.push(Problem::ExpiresOutOfRange);
            }
            Some(_) => {}
        }
    }

    fn find_headers(&self, found: &mut Vec<Problem>) {
        if self.style() == UrlStyle::V4
            && let Some(raw) = self.query.get(ADDITIONAL_HEADERS)
        {
            let list = decode(raw);
            let names = || list.split(';');
            let is_name = |name: &str| {
                !name.is_empty()
                    && name.bytes().all(|b| is_token_byte(b) && !b.is_ascii_uppercase())
            };
            if !names().all(is_name) || !names().is_sorted() {
                found.push(Problem::AdditionalHeaders);
            }
        }
    }

    fn find_lifetime(&self, now: i64, found: &mut Vec<Problem>) {
        if let Some(at) = self.expires_at().filter(|at| *at < now) {
            found.push(Problem::Expired { seconds: now.saturating_sub(at) });
        }
        if let Some(at) = self.signed_at().filter(|at| *at > now.saturating_add(TOLERANCE)) {
            found.push(Problem::NotYetValid { seconds: at.saturating_sub(now) });
        }
    }
}

/// The day in `ID/YYYYMMDD/REGION/PRODUCT/aliyun_v4_request`, if it has that form. Only an ID may
/// have slashes of its own.
fn day_of_credential(text: &str) -> Option<&str> {
    let mut parts = text.rsplitn(5, '/');
    let terminator = parts.next()?;
    let (product, region, day, id) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let is_day = day.len() == 8 && day.bytes().all(|byte| byte.is_ascii_digit());
    let complete = ![id, region, product].contains(&"") && terminator == "aliyun_v4_request";
    (is_day && complete).then_some(day)
}

fn is_internal(host: &str) -> bool {
    const SUFFIX: &str = "-internal.aliyuncs.com";
    let host = host.strip_suffix('.').unwrap_or(host).as_bytes();
    let end = host.len().saturating_sub(SUFFIX.len());
    host[end..].eq_ignore_ascii_case(SUFFIX.as_bytes())
}
