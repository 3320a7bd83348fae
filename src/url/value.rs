//! The values of parameters.

use percent_encoding::percent_decode_str;
use time::{Date, Month, PrimitiveDateTime, Time};

/// A raw number without sign; what is greater than an `i64` becomes the greatest. None if it is no
/// number.
pub(super) fn number(raw: &str) -> Option<i64> {
    let mut digits = percent_decode_str(raw).peekable();
    digits.peek()?;
    let digit = |byte: u8| byte.is_ascii_digit().then(|| i64::from(byte - b'0'));
    digits.try_fold(0_i64, |sum, byte| Some(sum.saturating_mul(10).saturating_add(digit(byte)?)))
}

/// The 16 bytes of a raw time, if it has the form `YYYYMMDDThhmmssZ`.
pub(super) fn timestamp(raw: &str) -> Option<[u8; 16]> {
    let mut text = [0; 16];
    let mut bytes = percent_decode_str(raw);
    for (at, place) in text.iter_mut().enumerate() {
        *place = bytes.next().filter(|byte| match at {
            8 => *byte == b'T',
            15 => *byte == b'Z',
            _ => byte.is_ascii_digit(),
        })?;
    }
    bytes.next().is_none().then_some(text)
}

/// The Unix seconds of a raw time `YYYYMMDDThhmmssZ`; none if there is no such instant.
pub(super) fn instant(raw: &str) -> Option<i64> {
    let text = timestamp(raw)?;
    let two = |at: usize| (text[at] - b'0') * 10 + (text[at + 1] - b'0');
    let year = i32::from(two(0)) * 100 + i32::from(two(2));
    let date = Date::from_calendar_date(year, Month::try_from(two(4)).ok()?, two(6)).ok()?;
    let time = Time::from_hms(two(9), two(11), two(13)).ok()?;
    Some(PrimitiveDateTime::new(date, time).assume_utc().unix_timestamp())
}

/// Whether a raw value is a SHA-256 in lower-case hex.
pub(super) fn is_hex_sha256(raw: &str) -> bool {
    let hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    percent_decode_str(raw).all(hex) && percent_decode_str(raw).count() == 64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;

    #[test]
    fn numbers_have_digits_only() {
        for (raw, want) in [
            ("0", Some(0)),
            ("900", Some(900)),
            ("%39%30%30", Some(900)),
            ("9223372036854775807", Some(i64::MAX)),
            ("9223372036854775808", Some(i64::MAX)),
            ("99999999999999999999999", Some(i64::MAX)),
            ("", None),
            ("-1", None),
            ("+1", None),
            ("9e2", None),
            ("900s", None),
            ("%2", None),
        ] {
            assert_eq!(number(raw), want, "{raw}");
        }
    }

    #[test]
    fn times_read_as_they_are_written() {
        for unix in [0, -1, 1_702_743_657, 1_709_164_800, 253_402_300_799, -62_135_596_800] {
            let text = Timestamp::from_unix("x", unix).unwrap();
            assert_eq!(instant(text.as_str()), Some(unix));
        }
        assert_eq!(instant("20231216%54162057Z"), Some(1_702_743_657));
    }

    #[test]
    fn times_that_are_none() {
        for raw in [
            "",
            "20231216T162057",
            "20231216T162057Z0",
            "20231216t162057Z",
            "20231216T162057z",
            "20231316T162057Z",
            "20231200T162057Z",
            "20230229T162057Z",
            "20231216T242057Z",
            "20231216T166057Z",
            "20231216T162060Z",
            "2023121xT162057Z",
            "1702743657",
            "2023-12-16T16:20:57Z",
        ] {
            assert_eq!(instant(raw), None, "{raw}");
        }
    }

    #[test]
    fn hashes_are_64_lower_hex_digits() {
        let good = "0123456789abcdef".repeat(4);
        assert!(is_hex_sha256(&good));
        assert!(!is_hex_sha256(&good[1..]) && !is_hex_sha256(&format!("{good}0")));
        assert!(!is_hex_sha256(&good.replace('a', "A")) && !is_hex_sha256(&good.replace('f', "g")));
        assert!(!is_hex_sha256(""));
    }
}
