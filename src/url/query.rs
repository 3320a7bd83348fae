//! The parameters of a query, found by their decoded names.

use percent_encoding::percent_decode_str;
use std::borrow::Cow;

/// A query as it stands in the URL. Looking something up scans it: nothing is stored.
#[derive(Clone, Copy)]
pub(super) struct Query<'a>(pub(super) &'a str);

impl<'a> Query<'a> {
    /// Names and values as they stand; a parameter without `=` has an empty value.
    pub(super) fn parameters(self) -> impl Iterator<Item = (&'a str, &'a str)> + Clone {
        self.0.split('&').map(|text| text.split_once('=').unwrap_or((text, "")))
    }

    fn all(self, name: &str) -> impl Iterator<Item = &'a str> {
        self.parameters().filter(move |(raw, _)| equals(raw, name)).map(|(_, value)| value)
    }

    /// The first value of `name`, as it stands.
    pub(super) fn get(self, name: &str) -> Option<&'a str> {
        self.all(name).next()
    }

    /// The value of `name`, if there is exactly one: which of several counts, services disagree on.
    pub(super) fn get_only(self, name: &str) -> Option<&'a str> {
        let mut values = self.all(name);
        values.next().filter(|_| values.next().is_none())
    }

    pub(super) fn has(self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub(super) fn has_any(self, names: &[&str]) -> bool {
        names.iter().any(|name| self.has(name))
    }

    pub(super) fn repeats(self, name: &str) -> bool {
        self.all(name).nth(1).is_some()
    }
}

/// Whether `raw` decodes to `text`.
pub(super) fn equals(raw: &str, text: &str) -> bool {
    percent_decode_str(raw).eq(text.bytes())
}

/// `raw` without its escapes. A `+` stays: no signer writes it for a blank.
pub(super) fn decode(raw: &str) -> Cow<'_, str> {
    if !raw.contains('%') {
        return Cow::Borrowed(raw);
    }
    let bytes: Vec<u8> = percent_decode_str(raw).collect();
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

/// Splits a raw list at each `;`, escaped or not, and leaves out what is empty.
#[derive(Clone)]
pub(super) struct List<'a>(pub(super) &'a str);

impl<'a> Iterator for List<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        while !self.0.is_empty() {
            let (item, rest) = split_first(self.0);
            self.0 = rest;
            if !item.is_empty() {
                return Some(item);
            }
        }
        None
    }
}

fn split_first(list: &str) -> (&str, &str) {
    for (at, byte) in list.bytes().enumerate() {
        let length = match byte {
            b';' => 1,
            b'%' if list.as_bytes()[at..]
                .get(1..3)
                .is_some_and(|hex| hex.eq_ignore_ascii_case(b"3b")) =>
            {
                3
            }
            _ => continue,
        };
        return (&list[..at], &list[at + length..]);
    }
    (list, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_found_by_decoded_name() {
        let query = Query("a=1&b&%61=2&c=x=y&&=z");
        assert_eq!(query.get("a"), Some("1"));
        assert_eq!(query.get_only("a"), None);
        assert_eq!(query.get_only("c"), Some("x=y"));
        assert_eq!(query.get("b"), Some(""));
        assert_eq!(query.get("A"), None);
        assert!(query.repeats("a") && !query.repeats("b") && !query.repeats("d"));
        assert!(query.has_any(&["d", "c"]) && !query.has_any(&["d", "e"]));
    }

    #[test]
    fn escapes_are_decoded_once() {
        assert_eq!(decode("a%2Fb%2f+%253B%"), "a/b/+%3B%");
        assert_eq!(decode("%E7%A9%BA%ff"), "空\u{fffd}");
        assert!(matches!(decode("plain"), Cow::Borrowed("plain")));
    }

    #[test]
    fn lists_split_at_semicolons_in_both_forms() {
        let list = |text| List(text).collect::<Vec<_>>();
        assert_eq!(list("a;b%3Bc%3bd"), ["a", "b", "c", "d"]);
        assert_eq!(list(";;a%3B%3B"), ["a"]);
        assert_eq!(list("a%253Bb"), ["a%253Bb"]);
        assert_eq!(list("%;%3"), ["%", "%3"]);
        assert!(list("").is_empty());
    }
}
