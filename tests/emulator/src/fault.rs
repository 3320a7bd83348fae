//! The fault script: what goes wrong with the next answers for an object.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde::Deserialize;

/// Something that goes wrong with the answer to a GET whose signature is right.
///
/// A fault is used once; [`times`](Self::times), [`always`](Self::always) and the methods of
/// [`FaultRule`] say otherwise. In the JSON of the control surface a fault is its name in snake
/// case, with its argument: `"no_etag"`, `{"cut_after": 100}`,
/// `{"redirect": {"status": 302, "location": "/"}}`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fault {
    /// The Range header is ignored: 200 and the whole object.
    IgnoreRange,
    /// A Range is read as RFC 9110 has it, not as OSS does by default: what of it is in the object,
    /// or 416.
    StandardRange,
    /// Content-Range of a 206 has this value.
    WrongContentRange(String),
    /// A 206 has no Content-Range.
    NoContentRange,
    /// The connection closes after this many bytes of body, all of which are sent.
    CutAfter(u64),
    /// The connection is reset (TCP RST) after this many bytes of body. The reset may overtake
    /// the last of them.
    ResetAfter(u64),
    /// After this many bytes of body nothing comes any more, until the client goes away.
    Stall {
        /// Bytes sent before.
        after: u64,
    },
    /// No byte of the answer ever comes.
    StallBeforeHeaders,
    /// The body comes in pieces of `bytes`, each after a pause.
    Trickle {
        /// Bytes in a piece.
        bytes: usize,
        /// Pause before each piece, in milliseconds.
        every_ms: u64,
    },
    /// From now on this connection carries at most that many bytes a second.
    SpeedLimit {
        /// Bytes per second.
        bytes_per_second: u64,
    },
    /// The answer is this error, as OSS would write it.
    Status {
        /// HTTP status.
        status: u16,
        /// OSS error code.
        code: String,
        /// Error message.
        #[serde(default)]
        message: String,
        /// OSS error cause.
        #[serde(default)]
        ec: Option<String>,
        /// Value of the Retry-After header.
        #[serde(default)]
        retry_after: Option<String>,
    },
    /// The answer has this status and this body, whatever it is.
    RawBody {
        /// HTTP status.
        status: u16,
        /// Body bytes.
        body: Vec<u8>,
    },
    /// The answer is a redirect.
    Redirect {
        /// HTTP status.
        status: u16,
        /// Value of the Location header.
        location: String,
    },
    /// The ETag is another strong one.
    #[serde(rename = "changed_etag")]
    ChangedETag,
    /// There is no ETag.
    #[serde(rename = "no_etag")]
    NoETag,
    /// The ETag is weak.
    #[serde(rename = "weak_etag")]
    WeakETag,
    /// There is no x-oss-hash-crc64ecma.
    NoCrc64,
    /// x-oss-hash-crc64ecma is not that of the object.
    WrongCrc64,
    /// The byte at this offset of the object is sent inverted.
    CorruptByte(u64),
    /// There is no Content-Length; the body is chunked.
    NoContentLength,
    /// Content-Length and body are this much longer than the object or range.
    ExtraBytes(u64),
    /// This many bytes follow the end of the body on the connection, which then closes.
    BytesAfterBody(usize),
    /// Content-Length, and with it the body, is this much shorter than the object or range.
    ShortContentLength(u64),
    /// Content-Length is this much longer than the body; the connection closes when that is sent.
    LongContentLength(u64),
    /// The whole object compressed on the fly, without ETag, CRC and length, whatever was asked.
    Gzip,
    /// The Date header is this text.
    Date(String),
}

impl Fault {
    /// Uses the fault for the next `n` requests.
    #[must_use]
    pub fn times(self, n: u64) -> FaultRule {
        FaultRule::from(self).times(n)
    }

    /// Uses the fault for all further requests.
    #[must_use]
    pub fn always(self) -> FaultRule {
        FaultRule::from(self).always()
    }

    /// Lets `n` requests pass first.
    #[must_use]
    pub fn after(self, n: u64) -> FaultRule {
        FaultRule::from(self).after(n)
    }

    /// Uses the fault only for requests whose Range starts at `offset`.
    #[must_use]
    pub fn at_range_start(self, offset: u64) -> FaultRule {
        FaultRule::from(self).at_range_start(offset)
    }

    /// Uses both faults for the same request.
    #[must_use]
    pub fn and(self, other: Self) -> FaultRule {
        FaultRule::from(self).and(other)
    }
}

/// Faults, and the requests they are for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultRule {
    faults: Vec<Fault>,
    /// `None`: for ever.
    times: Option<u64>,
    after: u64,
    range_start: Option<u64>,
}

impl From<Fault> for FaultRule {
    fn from(fault: Fault) -> Self {
        Self::from(vec![fault])
    }
}

impl From<Vec<Fault>> for FaultRule {
    /// All of these for the same request.
    fn from(faults: Vec<Fault>) -> Self {
        Self { faults, times: Some(1), after: 0, range_start: None }
    }
}

impl FaultRule {
    /// Uses the rule for `n` requests.
    #[must_use]
    pub fn times(mut self, n: u64) -> Self {
        self.times = Some(n);
        self
    }

    /// Uses the rule for all further requests.
    #[must_use]
    pub fn always(mut self) -> Self {
        self.times = None;
        self
    }

    /// Lets `n` requests pass first.
    #[must_use]
    pub fn after(mut self, n: u64) -> Self {
        self.after = n;
        self
    }

    /// Uses the rule only for requests whose Range starts at `offset`.
    #[must_use]
    pub fn at_range_start(mut self, offset: u64) -> Self {
        self.range_start = Some(offset);
        self
    }

    /// Adds a fault for the same request.
    #[must_use]
    pub fn and(mut self, other: Fault) -> Self {
        self.faults.push(other);
        self
    }
}

/// The queues of all objects.
#[derive(Debug, Default)]
pub(crate) struct FaultScript(Mutex<HashMap<(String, String), Vec<FaultRule>>>);

impl FaultScript {
    pub(crate) fn add(&self, bucket: &str, key: &str, rule: FaultRule) {
        let mut queues = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        queues.entry((bucket.to_owned(), key.to_owned())).or_default().push(rule);
    }

    pub(crate) fn clear(&self, bucket: &str, key: &str) {
        let mut queues = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        queues.remove(&(bucket.to_owned(), key.to_owned()));
    }

    /// The faults for one request: those of the first rule that is for it.
    pub(crate) fn take(&self, bucket: &str, key: &str, range_start: Option<u64>) -> Vec<Fault> {
        let mut queues = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(queue) = queues.get_mut(&(bucket.to_owned(), key.to_owned())) else {
            return Vec::new();
        };
        queue.retain(|rule| rule.times != Some(0));
        for rule in queue {
            if rule.range_start.is_some() && rule.range_start != range_start {
                continue;
            }
            if rule.after > 0 {
                rule.after -= 1;
                continue;
            }
            rule.times = rule.times.map(|times| times - 1);
            return rule.faults.clone();
        }
        Vec::new()
    }
}
