//! Taking what may be a secret out of a text by somebody who was sent it.

use super::query::decode;
use crate::encoding::push_query;

/// Parameters and headers whose names end so are secrets, if they are no shorter than that.
const SECRET_NAMES: [&str; 12] = [
    "signature",
    "sig",
    "sign",
    "token",
    "credential",
    "accesskeyid",
    "authorization",
    "cookie",
    "api-key",
    "apikey",
    "password",
    "secret",
];
const SHORTEST_NAMED: usize = 6;
/// Any other may be one when it is as long as this.
const SHORTEST_SECRET: usize = 20;

/// What may be secrets, in all the forms in which they are repeated.
#[derive(Clone, Default)]
pub(crate) struct Secrets(Vec<String>);

impl Secrets {
    /// Adds the value of a parameter as it stands in a URL; escaped up to twice it is the same.
    pub(super) fn add_parameter(&mut self, name: &str, raw: &str) {
        let shortest = shortest(name);
        let value = decode(raw);
        let key_id = value.split('/').next().unwrap_or_default().to_owned();
        let (once, twice) = (escape(&value), escape(&escape(&value)));
        // As some libraries escape, and some forms are read.
        let (with_slashes, with_blanks) = (once.replace("%2F", "/"), value.replace('+', " "));
        let raw = raw.to_owned();
        let forms = [twice, once, with_slashes, raw, value.into_owned(), with_blanks, key_id];
        self.0.extend(forms.into_iter().filter(|form| form.len() >= shortest));
    }

    /// Adds the value of a header, whole, and word by word where the name tells of a secret.
    pub(crate) fn add_header(&mut self, name: &str, value: &str) {
        // As it is read: without blanks around it, and what is no blank but looks so made one.
        let value = value.trim().replace('\t', " ");
        self.add_parameter(name, &value);
        if shortest(name) == SHORTEST_NAMED {
            let mut words = value.split([' ', ',', ';']);
            // The scheme of Authorization is no secret, and says much in a complaint.
            let is_scheme = value.contains(' ') && !value.contains(';');
            if is_scheme {
                words.next();
            }
            words.for_each(|word| self.add_parameter(name, secret_of(word)));
        }
    }

    /// Adds those of another URL.
    pub(crate) fn add(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// A text without them, in any letter case.
    pub(crate) fn hide_in(&self, text: &str) -> String {
        // The longest first: another may be a part of it.
        let mut secrets: Vec<&String> = self.0.iter().collect();
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        secrets.iter().fold(text.to_owned(), |text, secret| without(&text, secret))
    }
}

/// What stands behind the name in `name=value`; of Base64, `=` is a part.
fn secret_of(word: &str) -> &str {
    let value = word.split_once('=').map(|(_, value)| value.trim_matches(['=', '"']));
    value.filter(|value| !value.is_empty()).unwrap_or(word).trim_end_matches('=')
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
            let hidden = info.secrets().hide_in(&format!("é {text} 5"));
            assert_eq!(hidden, "é [redacted] 5", "{text}");
        }
        assert_eq!(info.secrets().hide_in("abcdeg x=5"), "abcdeg x=5");
        let cdn = "http://h/202312161620/d41d8cd98f00b204e9800998ecf8427e/k";
        let hidden = inspect(cdn).unwrap().secrets().hide_in(&cdn[8..]);
        assert_eq!(hidden, "/202312161620/[redacted]/k");
        let nested = inspect("http://b.h/k?sig=abcdef&token=abcdefCanary").unwrap();
        assert_eq!(nested.secrets().hide_in("abcdefCanary abcdef"), "[redacted] [redacted]");
    }

    #[test]
    fn the_value_of_a_header_is_hidden_if_it_can_be_a_secret() {
        for (name, value, text, hidden) in [
            ("x-oss-security-token", "Zz1234", "the token zz1234.", "the token [redacted]."),
            ("Authorization", "Bearer Zz1234", "not Bearer Zz1234", "not [redacted]"),
            ("Authorization", "Bearer Zz1234", "no Zz1234 here", "no [redacted] here"),
            ("Cookie", "session=Zz1234; a=b", "session of Zz1234", "session of [redacted]"),
            ("x-token", " \tZz\t1234 ", "the token Zz 1234", "the token [redacted]"),
            ("x-api-key", "Zz1234", "no Zz1234", "no [redacted]"),
            ("Authorization", "Basic dXNlcjpw==", "not Basic dXNlcjpw", "not Basic [redacted]"),
            ("Cookie", "session=QwErTy; a=b", "bad session QwErTy", "bad session [redacted]"),
            ("x-oss-meta-a", "of twenty characters", "Of Twenty Characters", "[redacted]"),
            ("content-type", "text/plain", "not text/plain", "not text/plain"),
        ] {
            let mut secrets = Secrets::default();
            secrets.add_header(name, value);
            assert_eq!(secrets.hide_in(text), hidden, "{name}: {value}");
        }
    }
}
