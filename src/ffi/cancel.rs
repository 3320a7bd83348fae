//! Cancelling from another thread.

use super::guard;
use crate::stop::CancelToken;

/// A switch that cancels downloads: opaque, usable from any thread, made by oss_cancel_new.
pub struct oss_cancel {
    token: CancelToken,
}

impl oss_cancel {
    pub(super) fn token(&self) -> &CancelToken {
        &self.token
    }
}

/// Makes a switch. Never NULL; free it with oss_cancel_free when no download uses it any more.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn oss_cancel_new() -> *mut oss_cancel {
    Box::into_raw(Box::new(oss_cancel { token: CancelToken::new() }))
}

/// Cancels every download that was given the switch, now and later: each returns OSS_E_CANCELLED,
/// within milliseconds unless it is resolving a host name. Any thread, any number of times; not from
/// a signal handler. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_cancel_request(cancel: *const oss_cancel) {
    // SAFETY: NULL or a live switch, by this function's contract.
    if let Some(cancel) = unsafe { cancel.as_ref() } {
        guard::quietly(|| cancel.token.cancel());
    }
}

/// Whether the switch was thrown. NULL: false.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_cancel_is_requested(cancel: *const oss_cancel) -> bool {
    // SAFETY: NULL or a live switch, by this function's contract.
    unsafe { cancel.as_ref() }.is_some_and(|cancel| cancel.token.is_cancelled())
}

/// Frees a switch, once, when no download uses it any more. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_cancel_free(cancel: *mut oss_cancel) {
    if !cancel.is_null() {
        // SAFETY: it came from oss_cancel_new, and is freed once by contract.
        drop(unsafe { Box::from_raw(cancel) });
    }
}
