//! What the emulator saw and answered.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde::Serialize;

/// One request and its answer.
#[derive(Clone, Debug, Serialize)]
pub struct RequestRecord {
    /// HTTP method.
    pub method: String,
    /// Request target byte for byte as received (a fragment, which no client may send, is not
    /// kept).
    pub target: String,
    /// Headers in the order they came; names in lower case.
    pub headers: Vec<(String, String)>,
    /// Number of the connection, from 1 in the order of arrival.
    pub connection: u64,
    /// The client's address.
    pub peer: SocketAddr,
    /// Whether the request came over TLS.
    pub tls: bool,
    /// HTTP status of the answer; `None` while there is none.
    pub status: Option<u16>,
    /// OSS error code of the answer.
    pub error_code: Option<String>,
    /// Bytes of body handed to the network so far.
    pub body_sent: u64,
}

impl RequestRecord {
    /// The value of a request header; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let (_, value) = self.headers.iter().find(|(other, _)| other == name)?;
        Some(value)
    }
}

/// A record that still grows.
#[derive(Debug)]
pub(crate) struct Entry {
    request: RequestRecord,
    answer: OnceLock<(u16, Option<String>)>,
    body_sent: AtomicU64,
}

impl Entry {
    pub(crate) fn answered(&self, status: u16, error_code: Option<String>) {
        // A second answer to one request does not happen.
        let _ = self.answer.set((status, error_code));
    }

    pub(crate) fn sent(&self, bytes: u64) {
        self.body_sent.fetch_add(bytes, Ordering::Relaxed);
    }

    fn snapshot(&self) -> RequestRecord {
        let (status, error_code) = self.answer.get().cloned().unzip();
        RequestRecord {
            status,
            error_code: error_code.flatten(),
            body_sent: self.body_sent.load(Ordering::Relaxed),
            ..self.request.clone()
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Records(Mutex<Vec<Arc<Entry>>>);

impl Records {
    pub(crate) fn add(&self, request: RequestRecord) -> Arc<Entry> {
        let (answer, body_sent) = (OnceLock::new(), AtomicU64::new(0));
        let entry = Arc::new(Entry { request, answer, body_sent });
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&entry));
        entry
    }

    pub(crate) fn all(&self) -> Vec<RequestRecord> {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.iter().map(|entry| entry.snapshot()).collect()
    }

    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
