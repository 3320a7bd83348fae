//! The only place that reads a clock, and the time format of V4 signatures.

use crate::error::Error;
use std::time::{SystemTime, UNIX_EPOCH};
use time::OffsetDateTime;

/// The system clock, in whole seconds since 1970 (UTC), rounded down.
pub(crate) fn unix_now() -> i64 {
    unix_seconds(SystemTime::now())
}

fn unix_seconds(at: SystemTime) -> i64 {
    let whole = |seconds| i64::try_from(seconds).unwrap_or(i64::MAX);
    match at.duration_since(UNIX_EPOCH) {
        Ok(after) => whole(after.as_secs()),
        Err(before) => {
            let before = before.duration();
            -whole(before.as_secs()) - i64::from(before.subsec_nanos() > 0)
        }
    }
}

/// An instant as V4 writes it: `YYYYMMDDTHHMMSSZ`, UTC.
#[derive(Clone, Copy)]
pub(crate) struct Timestamp([u8; 16]);

impl Timestamp {
    /// Formats `unix` seconds. Errors, naming `field`, unless the year is 0 to 9999.
    pub(crate) fn from_unix(field: &'static str, unix: i64) -> Result<Self, Error> {
        let at = OffsetDateTime::from_unix_timestamp(unix)
            .ok()
            .filter(|at| (0..=9999).contains(&at.year()))
            .ok_or_else(|| Error::invalid(field, "must lie in the years 0 to 9999"))?;
        let mut text = *b"YYYYMMDDThhmmssZ";
        let year = at.year().unsigned_abs();
        put_digits(&mut text[0..4], year);
        put_digits(&mut text[4..6], u32::from(u8::from(at.month())));
        put_digits(&mut text[6..8], u32::from(at.day()));
        put_digits(&mut text[9..11], u32::from(at.hour()));
        put_digits(&mut text[11..13], u32::from(at.minute()));
        put_digits(&mut text[13..15], u32::from(at.second()));
        Ok(Self(text))
    }

    /// `YYYYMMDDTHHMMSSZ`.
    pub(crate) fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

fn put_digits(field: &mut [u8], mut number: u32) {
    for byte in field.iter_mut().rev() {
        *byte = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn timestamps_are_utc_and_zero_padded() {
        for (unix, text) in [
            (1_702_743_657, "20231216T162057Z"),
            (0, "19700101T000000Z"),
            (-1, "19691231T235959Z"),
            (1_709_164_800, "20240229T000000Z"),
            (253_402_300_799, "99991231T235959Z"),
            (-62_135_596_800, "00010101T000000Z"),
        ] {
            let stamp = Timestamp::from_unix("signing_time", unix).unwrap();
            assert_eq!(stamp.as_str(), text);
        }
    }

    #[test]
    fn years_outside_four_digits_are_refused() {
        for unix in [253_402_300_800, -62_167_219_201, i64::MAX, i64::MIN] {
            let error = Timestamp::from_unix("signing_time", unix).err().unwrap();
            assert_eq!(error.to_string(), "signing_time: must lie in the years 0 to 9999");
        }
    }

    #[test]
    fn seconds_are_rounded_down_before_1970_too() {
        let at = |milliseconds: u64| UNIX_EPOCH + Duration::from_millis(milliseconds);
        let before = |milliseconds: u64| UNIX_EPOCH - Duration::from_millis(milliseconds);
        assert_eq!([at(0), at(999), at(1000), at(5500)].map(unix_seconds), [0, 0, 1, 5]);
        assert_eq!([before(1), before(1000), before(1001)].map(unix_seconds), [-1, -1, -2]);
    }

    #[test]
    fn the_clock_is_past_2024() {
        assert!(unix_now() > 1_704_067_200);
    }
}
