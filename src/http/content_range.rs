//! The `Content-Range` header: RFC 9110, section 14.4.

/// What a 206 holds, or a 416 knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ContentRange {
    /// First byte and byte behind the last; none in a 416.
    pub(crate) range: Option<(u64, u64)>,
    /// Size of the whole object; none for `*`.
    pub(crate) total: Option<u64>,
}

/// Reads `bytes 0-99/1000`, `bytes 0-99/*` or `bytes */1000`; nothing else is one.
pub(crate) fn parse(value: &str) -> Option<ContentRange> {
    let (unit, rest) = value.trim().split_once(' ')?;
    if !unit.eq_ignore_ascii_case("bytes") {
        return None;
    }
    let (range, total) = rest.trim_start().split_once('/')?;
    let total = match total {
        "*" => None,
        digits => Some(number(digits)?),
    };
    if range == "*" {
        return total.map(|total| ContentRange { range: None, total: Some(total) });
    }
    let (first, last) = range.split_once('-')?;
    let (first, end) = (number(first)?, number(last)?.checked_add(1)?);
    let fits = first < end && total.is_none_or(|total| end <= total);
    fits.then_some(ContentRange { range: Some((first, end)), total })
}

/// Digits only: what `str::parse` takes beyond them is no number here.
fn number(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_and_totals() {
        let some = |range, total| Some(ContentRange { range, total });
        for (value, expected) in [
            ("bytes 0-99/1000", some(Some((0, 100)), Some(1000))),
            ("Bytes  0-0/1", some(Some((0, 1)), Some(1))),
            ("bytes 5-9/*", some(Some((5, 10)), None)),
            ("bytes */1000", some(None, Some(1000))),
            (" bytes 0-99/100 ", some(Some((0, 100)), Some(100))),
        ] {
            assert_eq!(parse(value), expected, "{value}");
        }
    }

    #[test]
    fn what_contradicts_itself_is_none() {
        for value in [
            "",
            "bytes",
            "bytes 0-99",
            "items 0-99/100",
            "bytes 0-99/99",
            "bytes 9-8/10",
            "bytes -9/10",
            "bytes 0-/10",
            "bytes +0-9/10",
            "bytes 0 - 9/10",
            "bytes */*",
            "bytes 0-18446744073709551615/*",
            "bytes 0-99999999999999999999/*",
            "bytes 0-9/10, 20-29/30",
        ] {
            assert_eq!(parse(value), None, "{value}");
        }
    }
}
