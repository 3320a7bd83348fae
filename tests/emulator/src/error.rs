//! Errors as OSS tells them.

use http::StatusCode;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

/// An answer of the service that refuses a request.
///
/// `ec` is the documented error cause; it is absent where none is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OssError {
    /// HTTP status.
    pub status: u16,
    /// OSS error code, such as `SignatureDoesNotMatch`.
    pub code: String,
    /// Sentence for people.
    pub message: String,
    /// OSS error cause, such as `0002-00000201`.
    pub ec: Option<String>,
    /// Further elements of the error body, in order.
    pub fields: Vec<(&'static str, String)>,
}

impl OssError {
    /// An error without an EC and without further fields.
    pub fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            code: code.to_owned(),
            message: message.into(),
            ec: None,
            fields: Vec::new(),
        }
    }

    pub(crate) fn ec(mut self, ec: &str) -> Self {
        self.ec = Some(ec.to_owned());
        self
    }

    pub(crate) fn field(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.fields.push((name, value.into()));
        self
    }

    pub(crate) fn access_denied(message: &str) -> Self {
        Self::new(403, "AccessDenied", message)
    }

    pub(crate) fn invalid_argument(message: impl Into<String>) -> Self {
        Self::new(400, "InvalidArgument", message)
    }

    pub(crate) fn not_implemented() -> Self {
        Self::new(501, "NotImplemented", "The emulator does not have this operation.")
    }

    pub(crate) fn precondition_failed(condition: &'static str) -> Self {
        let message = "At least one of the pre-conditions you specified did not hold.";
        Self::new(412, "PreconditionFailed", message).field("Condition", condition)
    }

    pub(crate) fn no_such_bucket(bucket: &str) -> Self {
        Self::new(404, "NoSuchBucket", "The specified bucket does not exist.")
            .ec("0015-00000101")
            .field("BucketName", bucket)
    }

    pub(crate) fn no_such_key(key: &str) -> Self {
        Self::new(404, "NoSuchKey", "The specified key does not exist.")
            .ec("0026-00000001")
            .field("Key", key)
    }

    pub(crate) fn no_such_version(key: &str, id: &str) -> Self {
        Self::new(404, "NoSuchVersion", "The specified version does not exist.")
            .field("Key", key)
            .field("VersionId", id)
    }

    pub(crate) fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The error body.
    pub(crate) fn to_xml(&self, request_id: &str, host_id: &str) -> Vec<u8> {
        let mut elements = vec![
            ("Code", self.code.as_str()),
            ("Message", self.message.as_str()),
            ("RequestId", request_id),
            ("HostId", host_id),
        ];
        elements.extend(self.fields.iter().map(|(name, value)| (*name, value.as_str())));
        elements.extend(self.ec.as_deref().map(|ec| ("EC", ec)));

        let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
        let declaration = Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None));
        let written = writer.write_event(declaration).and_then(|()| {
            writer.create_element("Error").write_inner_content(|writer| {
                elements.iter().try_for_each(|(name, text)| {
                    let text = xml_text(text);
                    let text = BytesText::new(&text);
                    writer.create_element(*name).write_text_content(text).map(drop)
                })
            })
        });
        debug_assert!(written.is_ok(), "writing to memory does not fail");
        writer.into_inner()
    }
}

/// XML 1.0 has no way to write most control characters.
fn xml_text(text: &str) -> String {
    let legal = |c| c >= ' ' || matches!(c, '\t' | '\n' | '\r');
    text.chars().map(|c| if legal(c) { c } else { char::REPLACEMENT_CHARACTER }).collect()
}
