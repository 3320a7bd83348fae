//! The Range header, as OSS reads it.

use std::ops::Range;

use crate::error::OssError;

/// What a Range header asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spec {
    /// From `start` to `end`, both included.
    Closed {
        start: u64,
        end: u64,
    },
    From {
        start: u64,
    },
    Last {
        len: u64,
    },
}

impl Spec {
    /// Of several ranges the first counts.
    fn parse(header: &str) -> Option<Self> {
        let first = header.strip_prefix("bytes=")?.split(',').next()?.trim();
        let (start, end) = first.split_once('-')?;
        let number = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| text.parse().unwrap_or(u64::MAX))
        };
        match (start.is_empty(), end.is_empty()) {
            (false, true) => Some(Self::From { start: number(start)? }),
            (true, false) => Some(Self::Last { len: number(end)? }),
            (false, false) => {
                let (start, end) = (number(start)?, number(end)?);
                (start <= end).then_some(Self::Closed { start, end })
            }
            (true, true) => None,
        }
    }
}

/// The first byte a Range header asks for, if it names one.
pub(crate) fn start(header: &str) -> Option<u64> {
    match Spec::parse(header)? {
        Spec::Closed { start, .. } | Spec::From { start } => Some(start),
        Spec::Last { .. } => None,
    }
}

/// The part of an object of `size` bytes to send; `None` is the whole with status 200.
///
/// By default a range that does not lie in the object is ignored; with
/// `x-oss-range-behavior: standard` it is cut to the object, or refused when nothing is left.
/// A malformed one is ignored always.
pub(crate) fn select(
    header: &str,
    size: u64,
    standard: bool,
) -> Result<Option<Range<u64>>, OssError> {
    let Some(spec) = Spec::parse(header) else { return Ok(None) };
    let (start, end, fits) = match spec {
        Spec::Closed { start, end } => (start, end.saturating_add(1), end < size),
        Spec::From { start } => (start, size, start < size),
        Spec::Last { len } => (size.saturating_sub(len), size, (1..=size).contains(&len)),
    };
    if fits {
        return Ok(Some(start..end));
    }
    if !standard {
        return Ok(None);
    }
    let end = end.min(size);
    if start < end {
        return Ok(Some(start..end));
    }
    let message = "The requested range cannot be satisfied";
    Err(OssError::new(416, "InvalidRange", message)
        .field("ActualObjectSize", size.to_string())
        .field("RangeRequested", header))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_a_thousand_bytes() {
        // Header, answer by default, answer in standard behaviour (`Err` is 416).
        type Part = Option<Range<u64>>;
        let cases: &[(&str, Part, Result<Part, ()>)] = &[
            ("bytes=0-499", Some(0..500), Ok(Some(0..500))),
            ("bytes=0-0", Some(0..1), Ok(Some(0..1))),
            ("bytes=999-999", Some(999..1000), Ok(Some(999..1000))),
            ("bytes=0-999", Some(0..1000), Ok(Some(0..1000))),
            ("bytes=500-", Some(500..1000), Ok(Some(500..1000))),
            ("bytes=0-", Some(0..1000), Ok(Some(0..1000))),
            ("bytes=-500", Some(500..1000), Ok(Some(500..1000))),
            ("bytes=-1000", Some(0..1000), Ok(Some(0..1000))),
            ("bytes=0-99,200-299", Some(0..100), Ok(Some(0..100))),
            ("bytes=0-1000", None, Ok(Some(0..1000))),
            ("bytes=500-2000", None, Ok(Some(500..1000))),
            ("bytes=500-99999999999999999999999", None, Ok(Some(500..1000))),
            ("bytes=-2000", None, Ok(Some(0..1000))),
            ("bytes=1000-2000", None, Err(())),
            ("bytes=1000-", None, Err(())),
            ("bytes=-0", None, Err(())),
            ("bytes=5-3", None, Ok(None)),
            ("byte=0-499", None, Ok(None)),
            ("bytes=", None, Ok(None)),
            ("bytes=-", None, Ok(None)),
            ("bytes=a-b", None, Ok(None)),
            ("bytes=+1-5", None, Ok(None)),
            ("", None, Ok(None)),
        ];
        for (header, default, standard) in cases {
            assert_eq!(select(header, 1000, false).unwrap(), *default, "{header}");
            assert_eq!(select(header, 1000, true).map_err(drop), *standard, "{header} standard");
        }
    }

    #[test]
    fn an_empty_object_has_no_ranges() {
        for header in ["bytes=0-", "bytes=0-0", "bytes=-1"] {
            assert_eq!(select(header, 0, false).unwrap(), None);
            assert_eq!(select(header, 0, true).unwrap_err().status, 416);
        }
    }
}
