//! The one error type of the crate.

use std::fmt;
use std::time::Duration;

/// What went wrong, as far as a program can act on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An input breaks a rule; the message names the field and the rule.
    InvalidArgument,
    /// The host name could not be resolved.
    Resolve,
    /// No connection to the server.
    Connect,
    /// TLS or a certificate failed.
    Tls,
    /// A timeout passed.
    Timeout,
    /// The connection broke.
    Network,
    /// The presigned URL is past its expiry.
    UrlExpired,
    /// The service refused the request (401, 403).
    Forbidden,
    /// No such object, version or bucket (404).
    NotFound,
    /// The object is another one than before, or than was asked for (412).
    ObjectChanged,
    /// The range lies past the end of the object (416).
    Range,
    /// The service asks to slow down (429, or 503 as OSS uses it).
    Throttled,
    /// The service answered with another error.
    Server,
    /// The answer contradicts HTTP, or what was asked.
    Protocol,
    /// A file could not be written.
    Io,
    /// The disk, or a quota, is full.
    NoSpace,
    /// The target exists and overwriting was refused.
    Exists,
    /// The object is larger than the caller allows.
    TooLarge,
    /// The caller's own code refused the data.
    Callback,
    /// The bytes do not have the checksum, or the size, that the service states or the caller
    /// expects.
    Checksum,
    /// The caller cancelled.
    Cancelled,
    /// A bug in this library.
    Internal,
}

/// How far an operation got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// Checking the input; nothing was sent, nothing touched.
    Check,
    /// Resolving the host name.
    Resolve,
    /// Connecting.
    Connect,
    /// The TLS handshake.
    Tls,
    /// Sending the request and waiting for the answer's headers.
    Headers,
    /// Reading the body.
    Body,
    /// Writing to the disk.
    Disk,
    /// Comparing length and checksum.
    Verify,
}

/// What the service said with a request that failed. Every text is bounded and free of control
/// characters; a field the answer lacks is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceError {
    /// HTTP status.
    pub status: u16,
    /// OSS's error code, for instance `NoSuchKey`.
    pub code: String,
    /// OSS's message.
    pub message: String,
    /// Id of the request, for a support ticket.
    pub request_id: String,
    /// The host that answered, as it names itself.
    pub host_id: String,
    /// OSS's finer error code, for instance `0026-00000001`.
    pub ec: String,
}

/// Why an operation failed.
///
/// No secret, signature, token or query string is ever part of it.
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    phase: Phase,
    message: String,
    service: Option<ServiceError>,
    os: Option<i32>,
    retry_after: Option<Duration>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, phase: Phase, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            phase,
            message: message.into(),
            service: None,
            os: None,
            retry_after: None,
        }))
    }

    /// Bad input: `field` as the caller knows it, and the rule it breaks.
    pub(crate) fn invalid(field: &str, rule: impl fmt::Display) -> Self {
        Self::new(ErrorKind::InvalidArgument, Phase::Check, format!("{field}: {rule}"))
    }

    /// What the service said with it, unless that is known already.
    pub(crate) fn of_answer(mut self, service: ServiceError) -> Self {
        self.0.service.get_or_insert(service);
        self
    }

    pub(crate) fn with_os(mut self, os: Option<i32>) -> Self {
        self.0.os = os;
        self
    }

    pub(crate) fn with_retry_after(mut self, wait: Option<Duration>) -> Self {
        self.0.retry_after = wait;
        self
    }

    /// How long the service asks to wait before the next attempt.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// What went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// How far the operation got.
    pub fn phase(&self) -> Phase {
        self.0.phase
    }

    /// One sentence for a person.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What the service said: when it answered with an error, or with what is of no use.
    pub fn service(&self) -> Option<&ServiceError> {
        self.0.service.as_ref()
    }

    /// The operating system's error number, when it was the cause.
    pub fn os_error(&self) -> Option<i32> {
        self.0.os
    }

    /// Whether the same call may well succeed later, unchanged.
    pub fn is_retryable(&self) -> bool {
        let service_is_to_blame = |answer: &ServiceError| {
            answer.status >= 500 || answer.status == 408 || answer.code == "RequestTimeTooSkewed"
        };
        match self.0.kind {
            ErrorKind::Resolve
            | ErrorKind::Connect
            | ErrorKind::Timeout
            | ErrorKind::Network
            | ErrorKind::Throttled => true,
            _ => self.service().is_some_and(service_is_to_blame),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("phase", &self.0.phase)
            .field("message", &self.0.message)
            .field("service", &self.0.service)
            .field("os", &self.0.os)
            .finish()
    }
}

impl std::error::Error for Error {}
