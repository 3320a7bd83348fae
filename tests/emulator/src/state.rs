//! All that requests share.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::address::Hosts;
use crate::clock::SharedClock;
use crate::fault::FaultScript;
use crate::record::Records;
use crate::server::Connections;
use crate::signature;
use crate::store::Store;

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) authority: signature::Authority,
    pub(crate) hosts: Hosts,
    pub(crate) clock: SharedClock,
    pub(crate) store: Store,
    pub(crate) faults: FaultScript,
    pub(crate) records: Records,
    pub(crate) connections: Connections,
    pub(crate) http_addr: SocketAddr,
    pub(crate) https_addr: SocketAddr,
    pub(crate) slow: Mutex<Option<SlowConnections>>,
    pub(crate) request_ids: AtomicU64,
}

/// Every `nth` connection is slow.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SlowConnections {
    pub(crate) nth: u64,
    pub(crate) bytes_per_second: u64,
}

impl State {
    pub(crate) fn speed_of_connection(&self, number: u64) -> Option<u64> {
        let slow = (*self.slow.lock().unwrap_or_else(PoisonError::into_inner))?;
        number.is_multiple_of(slow.nth).then_some(slow.bytes_per_second)
    }

    /// An id in the form of OSS's: 24 hexadecimal digits.
    pub(crate) fn next_request_id(&self) -> String {
        format!("{:024X}", self.request_ids.fetch_add(1, Ordering::Relaxed) + (0x65_u64 << 56))
    }
}
