//! Percent-encoding as OSS V4 signs it. Nothing else in the crate escapes anything.
//!
//! Everything but `A-Z a-z 0-9 - . _ ~` becomes `%XX` in upper-case hex; a path keeps its slashes.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::cmp::Ordering;

const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const PATH: &AsciiSet = &QUERY.remove(b'/');

/// Appends `text` escaped as a query name or value.
pub(crate) fn push_query(out: &mut String, text: &str) {
    out.extend(utf8_percent_encode(text, QUERY));
}

/// Appends `text` escaped as a path: slashes stay.
pub(crate) fn push_path(out: &mut String, text: &str) {
    out.extend(utf8_percent_encode(text, PATH));
}

/// Orders two texts as their query-escaped forms would be, without making these.
///
/// `%` sorts before every unreserved byte and hex digits sort as the bytes they stand for, so the
/// first differing byte decides.
pub(crate) fn cmp_escaped(a: &str, b: &str) -> Ordering {
    let rank = |byte: u8| (is_unreserved(byte), byte);
    match a.bytes().zip(b.bytes()).find(|(a, b)| a != b) {
        Some((a, b)) => rank(a).cmp(&rank(b)),
        None => a.len().cmp(&b.len()),
    }
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// Whether a byte may stand in a header name: RFC 9110, section 5.6.2.
pub(crate) fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(text: &str) -> String {
        let mut out = String::new();
        push_query(&mut out, text);
        out
    }

    fn path(text: &str) -> String {
        let mut out = String::new();
        push_path(&mut out, text);
        out
    }

    #[test]
    fn only_unreserved_bytes_stay() {
        assert_eq!(query("AZaz09-._~"), "AZaz09-._~");
        assert_eq!(query(" !\"#$%&'()*+,/:;<=>?@[\\]^`{|}\0\x7f"), {
            "%20%21%22%23%24%25%26%27%28%29%2A%2B%2C%2F%3A%3B%3C%3D%3E%3F%40%5B%5C%5D%5E%60%7B%7C%7D%00%7F"
        });
        assert_eq!(query("空😀"), "%E7%A9%BA%F0%9F%98%80");
    }

    #[test]
    fn a_path_keeps_slashes_and_dots() {
        assert_eq!(path("a//b/../c d+e"), "a//b/../c%20d%2Be");
    }

    #[test]
    fn order_is_that_of_the_escaped_text() {
        let samples = [
            "", "a", "a|", "a|b", "p", "|p", "~", "-", "/", "%", "é", "A", "a b", "ab", "😀",
            "\u{1}",
        ];
        for a in samples {
            for b in samples {
                assert_eq!(cmp_escaped(a, b), query(a).cmp(&query(b)), "{a:?} {b:?}");
            }
        }
    }
}
