//! No text makes the reader of URLs panic, and what it says agrees with itself.
//!
//! `cargo +nightly fuzz run inspect`

#![no_main]

use libfuzzer_sys::fuzz_target;
use oss_presign::inspect;
use std::hint::black_box;

fuzz_target!(|data: &[u8]| {
    // The first bytes are the time, so that both ends of an i64 come up.
    let (time, url) = data.split_at(data.len().min(8));
    let now = time.iter().fold(0_i64, |now, byte| now.wrapping_shl(8) | i64::from(*byte));
    let Ok(url) = str::from_utf8(url) else { return };
    let info = match inspect(url) {
        Ok(info) => info,
        Err(error) => {
            black_box(error.to_string());
            return;
        }
    };
    assert!(url.ends_with(info.path_and_query()));
    assert!(info.authority().starts_with(info.host()));
    assert_eq!(info.port().is_some(), info.authority() != info.host());
    let names: Vec<_> = info.demanded_headers().collect();
    assert!(names.iter().all(|name| name != "host" && info.demands(name)));
    assert!(info.check_headers(names.iter().map(|name| &**name)).is_ok());
    assert_eq!(info.check_headers([]).is_ok(), names.is_empty());
    let pinned = info.signs_range() || info.signs_if_match() || info.has_process();
    assert_eq!(info.may_split(), !pinned);
    black_box((info.style(), info.signed_at(), info.expires_at(), info.signs_host()));
    black_box((info.version_id(), info.is_https(), format!("{info:?}")));
    let redacted = info.redacted();
    assert!(!redacted.contains('?') || redacted.ends_with("?[redacted]"));
    for problem in info.problems(now) {
        assert!(!problem.to_string().is_empty());
        black_box(problem.severity());
    }
});
