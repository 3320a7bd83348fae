//! What OSS says when it refuses a request: an XML body, and headers.

use crate::error::ServiceError;
use quick_xml::Reader;
use quick_xml::events::Event;

/// Error bodies are a few hundred bytes; more is not read.
pub(crate) const MAX_BODY: u64 = 64 * 1024;
/// Longest text kept of one field, in characters.
const MAX_TEXT: usize = 512;

/// Reads an error answer. Any junk gives what can be had of it: the body may be cut short, not be
/// XML, or not be OSS's. `hide` takes the secrets that the caller knows out of a text.
pub(crate) fn service_error<'a>(
    status: u16,
    body: &[u8],
    header: impl Fn(&str) -> Option<&'a str>,
    hide: impl Fn(&str) -> String,
) -> ServiceError {
    let mut error = ServiceError { status, ..ServiceError::default() };
    read_xml(body, &mut error);
    let from_header = |field: &mut String, name| {
        if field.is_empty() {
            header(name).filter(|id| is_id(id)).unwrap_or_default().clone_into(field);
        }
    };
    from_header(&mut error.request_id, "x-oss-request-id");
    from_header(&mut error.ec, "x-oss-ec");
    let ServiceError { code, message, request_id, host_id, ec, .. } = &mut error;
    for text in [code, message, request_id, host_id, ec] {
        // Bounded last: of a secret that was cut, nothing would be found.
        *text = hide(&clean(text)).chars().take(MAX_TEXT).collect();
    }
    error
}

/// No id is as long as a signature, or written like one in Base64.
fn is_id(text: &str) -> bool {
    text.len() <= 48 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// Fills in the children of the root `Error` that are wanted, up to the first flaw.
fn read_xml(body: &[u8], error: &mut ServiceError) {
    let body = String::from_utf8_lossy(body);
    let mut reader = Reader::from_str(&body);
    let mut path: Vec<String> = Vec::new();
    let mut text = String::new();
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(tag) => {
                text.clear();
                path.push(tag.name().as_ref().to_owned());
            }
            Event::Text(piece) => text.push_str(&piece),
            Event::CData(piece) => text.push_str(&piece),
            Event::GeneralRef(name) => text.push_str(&entity(&name)),
            Event::End(_) => {
                if let [root, child] = path.as_slice()
                    && root == "Error"
                    && let Some(field) = field(error, child)
                {
                    text.clone_into(field);
                }
                path.pop();
            }
            Event::Eof => return,
            _ => {}
        }
    }
}

fn field<'a>(error: &'a mut ServiceError, element: &str) -> Option<&'a mut String> {
    match element {
        "Code" => Some(&mut error.code),
        "Message" => Some(&mut error.message),
        "RequestId" => Some(&mut error.request_id),
        "HostId" => Some(&mut error.host_id),
        "EC" => Some(&mut error.ec),
        _ => None,
    }
}

/// The text of `&name;`; nothing for an entity XML does not have of itself.
fn entity(name: &quick_xml::events::BytesRef<'_>) -> String {
    if let Ok(Some(c)) = name.resolve_char_ref() {
        return c.to_string();
    }
    quick_xml::escape::resolve_predefined_entity(name).unwrap_or_default().to_owned()
}

/// Trims, replaces control characters, and takes out what looks like a secret: a server may repeat the
/// request in its complaint.
fn clean(text: &str) -> String {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    let text: String = text.trim().chars().map(plain).collect();
    text.split(' ').map(without_secret).collect::<Vec<_>>().join(" ")
}

/// A word, less its query string; nothing of one that names a signature, a token or a key.
fn without_secret(word: &str) -> &str {
    const NAMES: [&str; 6] =
        ["signature=", "sig=", "sign=", "token=", "credential=", "accesskeyid="];
    let word = match word.split_once('?') {
        Some((before, query)) if query.contains('=') => before,
        _ => word,
    };
    let lower = word.to_ascii_lowercase();
    if NAMES.iter().any(|name| lower.contains(name)) { "[redacted]" } else { word }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> ServiceError {
        let header = |name: &str| match name {
            "x-oss-request-id" => Some("header-id"),
            "x-oss-ec" => Some("header-ec"),
            _ => None,
        };
        service_error(403, body.as_bytes(), header, |text| text.replace("KNOWN", "hidden"))
    }

    fn expected(
        code: &str,
        message: &str,
        request_id: &str,
        host_id: &str,
        ec: &str,
    ) -> ServiceError {
        let owned = |text: &str| text.to_owned();
        ServiceError {
            status: 403,
            code: owned(code),
            message: owned(message),
            request_id: owned(request_id),
            host_id: owned(host_id),
            ec: owned(ec),
        }
    }

    #[test]
    fn what_is_no_id_is_taken_from_no_header() {
        let signature = "0123456789abcdef".repeat(4);
        for (header, id) in [("5C3D-0a", "5C3D-0a"), (&signature, ""), ("a b", ""), ("ab=", "")] {
            let error = service_error(206, b"", |_| Some(header), str::to_owned);
            assert_eq!((error.request_id.as_str(), error.ec.as_str()), (id, id));
        }
    }

    #[test]
    fn a_secret_is_hidden_before_a_text_is_cut() {
        let message = |before: usize| {
            let body = format!("<Error><Message>{}KNOWN</Message></Error>", "x".repeat(before));
            read(&body).message
        };
        assert_eq!(message(3), "xxxhidden");
        assert!(message(MAX_TEXT - 3).ends_with("xhid"));
        assert_eq!(read("<Error><Code>KNOWN</Code></Error>").code, "hidden");
    }

    #[test]
    fn an_error_of_oss() {
        let body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>\n  <Code>NoSuchKey</Code>\n  \
            <Message>The specified key &lt;a&amp;b&#x41;&gt; does <![CDATA[<not>]]> exist.</Message>\n  \
            <RequestId>5C3D</RequestId>\n  <HostId>b.oss.example</HostId>\n  <Key>k</Key>\n  \
            <EC>0026-00000001</EC>\n</Error>";
        let message = "The specified key <a&bA> does <not> exist.";
        let ec = "0026-00000001";
        assert_eq!(read(body), expected("NoSuchKey", message, "5C3D", "b.oss.example", ec));
    }

    #[test]
    fn what_the_body_lacks_comes_from_the_headers() {
        for body in [
            "",
            "plain text",
            "\0\u{1}",
            "<html><Code>x</Code></html>",
            "<Error><Deep><Code>x</Code></Deep></Error>",
            "<Error/>",
            "<Error><Code>x</Error>",
            "&#x110000;&lol;<",
        ] {
            assert_eq!(read(body), expected("", "", "header-id", "", "header-ec"), "{body}");
        }
    }

    #[test]
    fn a_cut_body_gives_what_was_complete() {
        let error = read("<Error><Code>AccessDenied</Code><Message>Request has exp");
        assert_eq!(error, expected("AccessDenied", "", "header-id", "", "header-ec"));
    }

    #[test]
    fn what_a_server_repeats_of_the_request_is_taken_out() {
        for (text, cleaned) in [
            ("bad query: /k?x-oss-signature=CANARY&amp;a=b here", "bad query: /k here"),
            ("X-Oss-Security-Token=CANARY", "[redacted]"),
            ("OSSAccessKeyId=CANARY and Signature=CANARY", "[redacted] and [redacted]"),
            ("x-oss-credential=CANARY/2026", "[redacted]"),
            ("Signature=CANARY?a=b", "[redacted]"),
            ("sig=CANARY", "[redacted]"),
            ("Is it there? Size=5", "Is it there? Size=5"),
        ] {
            let error = read(&format!("<Error><Message>{text}</Message></Error>"));
            assert_eq!(error.message, cleaned);
        }
    }

    #[test]
    fn texts_are_bounded_and_printable() {
        let body = format!(
            "<Error><Code>a\nb\u{7f}</Code><Message>{}</Message></Error>",
            "é".repeat(9999)
        );
        let error = read(&body);
        assert_eq!(error.code, "a b ");
        assert_eq!(error.message, "é".repeat(MAX_TEXT));
        let error = read(&format!("<Error><Code>{}</Code></Error>", "token= ".repeat(100)));
        assert_eq!(error.code.chars().count(), MAX_TEXT);
    }
}
