//! Taking what may be a secret out of a text by somebody who was sent it.

use super::query::decode;
use crate::encoding::push_query;

/// Parameters and headers whose names end so are secrets, if they are no shorter than that.
const SECRET_NAMES: [&str; 8] =
    ["signature", "sig", "sign", "token", "credential", "accesskeyid", "authorization", "cookie"];
const SHORTEST_NAMED: usize = 6;
/// Any other may be one when it is as long as this.
const SHORTEST_SECRET: usize = 20;

/// A text without the value of a parameter, in any letter case, and escaped up to twice. `raw` is the
/// value as it stands in the URL.
pub(super) fn hide_value(mut text: String, name: &str, raw: &str) -> String {
    let shortest = shortest(name);
    let value = decode(raw);
    let key_id = value.split('/').next().unwrap_or_default();
    let (once, twice) = (escape(&value), escape(&escape(&value)));
    // As some libraries escape, and some forms are read.
    let (with_slashes, with_blanks) = (once.replace("%2F", "/"), value.replace('+', " "));
    for secret in [&twice, &once, &with_slashes, raw, &value, &with_blanks, key_id] {
        if secret.len() >= shortest {
            text = without(&text, secret);
        }
    }
    text
}

/// A text without the value of a header, whole or word by word where the name tells of a secret.
pub(crate) fn hide_header(text: String, name: &str, value: &str) -> String {
    let text = hide_value(text, name, value);
    if shortest(name) != SHORTEST_NAMED {
        return text;
    }
    let words = value.split([' ', '=', ',', ';', '"']).filter(|word| !is_scheme(word));
    words.fold(text, |text, word| hide_value(text, name, word))
}

/// The first words of Authorization are no secrets, and say much in a complaint.
fn is_scheme(word: &str) -> bool {
    ["Bearer", "Digest"].iter().any(|scheme| scheme.eq_ignore_ascii_case(word))
}

fn shortest(name: &str) -> usize {
    let name = name.to_ascii_lowercase();
    match SECRET_NAMES.iter().any(|end| name.ends_with(end)) {
        true => SHORTEST_NAMED,
        false => SHORTEST_SECRET,
    }
}

fn escape(text: &str) -> String {
    let mut out = String::new();
    push_query(&mut out, text);
    out
}

/// A text with something taken out wherever it stands, in any letter case.
fn without(text: &str, what: &str) -> String {
    let (lower, what) = (text.to_ascii_lowercase(), what.to_ascii_lowercase());
    let (mut out, mut end) = (String::new(), 0);
    for (at, found) in lower.match_indices(&what) {
        out.push_str(&text[end..at]);
        out.push_str("[redacted]");
        end = at + found.len();
    }
    out.push_str(&text[end..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::url::inspect;

    #[test]
    fn what_of_a_url_is_secret_is_hidden_however_it_is_repeated() {
        let url = "http://b.h/k?x-oss-signature=abcdef&x-oss-security-token=a%2Fb%2Bcd%3D&sig=Zz1234\
            &x-oss-credential=Canary/2026&x=5";
        let info = inspect(url).unwrap();
        for text in [
            "abcdef",
            "ABCDEF",
            "a/b+cd=",
            "A/B+CD=",
            "a%2Fb%2Bcd%3D",
            "a%2fb%2bcd%3d",
            "a/b%2Bcd%3D",
            "a/b cd=",
            "a%252Fb%252Bcd%253D",
            "Zz1234",
            "zZ1234",
            "Canary",
            "CANARY",
            "canary/2026",
        ] {
            let hidden = info.hide_in(&format!("é {text} 5"));
            assert_eq!(hidden, "é [redacted] 5", "{text}");
        }
        assert_eq!(info.hide_in("abcdeg x=5"), "abcdeg x=5");
    }

    #[test]
    fn the_value_of_a_header_is_hidden_if_it_can_be_a_secret() {
        for (name, value, text, hidden) in [
            ("x-oss-security-token", "Zz1234", "the token zz1234.", "the token [redacted]."),
            ("Authorization", "Bearer Zz1234", "not Bearer Zz1234", "not [redacted]"),
            ("Authorization", "Bearer Zz1234", "no Zz1234 here", "no [redacted] here"),
            ("Cookie", "session=Zz1234; a=b", "of Zz1234", "of [redacted]"),
            ("x-oss-meta-a", "of twenty characters", "Of Twenty Characters", "[redacted]"),
            ("content-type", "text/plain", "not text/plain", "not text/plain"),
        ] {
            assert_eq!(hide_header(text.to_owned(), name, value), hidden, "{name}");
        }
    }
}
