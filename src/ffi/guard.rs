//! No panic crosses into C.

use super::code::{Failure, oss_code};
use super::result::{Outcome, oss_result};
use crate::error::{Error, ErrorKind, Phase};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs one operation and wraps what it returns.
pub(super) fn operation(run: impl FnOnce() -> Result<Outcome, Failure>) -> *mut oss_result {
    Box::into_raw(Box::new(oss_result::new(caught(run))))
}

/// Runs what may fail. A panic becomes OSS_E_INTERNAL.
pub(super) fn caught<T>(run: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    // What a panic leaves half done is dropped with the closure; nothing of it is looked at again.
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| {
        let message = "a bug in the library: it panicked";
        let error = Error::new(ErrorKind::Internal, Phase::Check, message);
        Err(Failure { code: oss_code::OSS_E_INTERNAL, error })
    })
}

/// Runs what cannot fail; a panic ends it.
pub(super) fn quietly(run: impl FnOnce()) {
    // There is nobody to tell.
    let _ = catch_unwind(AssertUnwindSafe(run));
}

/// Panics inside an operation: for the test that a panic in the library as it is shipped becomes a
/// code. Only with the feature `panic-test`, never in the header.
#[cfg(feature = "panic-test")]
#[unsafe(no_mangle)]
pub extern "C" fn oss_test_panic() -> *mut oss_result {
    operation(|| std::panic::panic_any("asked for by a test"))
}
