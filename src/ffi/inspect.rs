//! Reading a URL.

use super::guard;
use super::input::required;
use super::inspected::Inspected;
use super::result::{Outcome, oss_result};
use crate::clock::unix_now;
use crate::url::inspect;
use std::ffi::c_char;

/// Reads a URL that anybody may have made, presigned or not: what it is, when it expires, which
/// headers it demands, whether it may be fetched in parts, and what is wrong with it at now, in Unix
/// seconds (0: the system clock's time).
///
/// A URL that is doubtful, expired or not signed at all is no failure: oss_result_problem_count and
/// its kind have all that. On failure (what could not be sent as it is: not http or https, not
/// printable ASCII, no host, user info, a fragment): OSS_E_NULL_ARGUMENT, OSS_E_INVALID_ARGUMENT or
/// OSS_E_INVALID_UTF8. oss_download reads its URL in the same way before it sends anything. No
/// network, no file. Never NULL; free it with oss_result_free. Any thread.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_url_inspect(url: *const c_char, now: i64) -> *mut oss_result {
    guard::operation(|| {
        // SAFETY: this function's own contract.
        let url = unsafe { required("url", url) }?;
        let now = if now == 0 { unix_now() } else { now };
        Ok(Outcome::Inspected(Box::new(Inspected::new(&inspect(url)?, now))))
    })
}
