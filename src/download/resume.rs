//! The record of a download that is not finished: a small text beside the part file.
//!
//! It says which object the data is of, and which ranges are on the disk, each with its CRC-64; never
//! a URL, a token or a signature. It ends with a checksum of itself: a record that is torn, foreign
//! or of another version is no record. A range is written down only after its data was synced.

use super::answer::is_strong;
use crate::crc64::Crc64;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::fmt::Write;
use std::ops::Range;

/// First line; changes with the format.
const MAGIC: &str = "oss-presign resume 2";
/// No record is longer: 2^16 ranges of 60 bytes.
pub(super) const MAX_BYTES: u64 = 4 << 20;

/// Ranges are joined up to this share of what is wanted: it bounds the record, and what is fetched
/// again where the disk has lost a byte.
const SHARES: u64 = 256;

/// Longer ETags are not resumed by.
const MAX_ETAG: usize = 1024;

/// Bytes that are there, and their CRC-64.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) start: u64,
    pub(crate) end: u64,
    pub(crate) crc64: u64,
}

impl Segment {
    pub(crate) fn range(&self) -> Range<u64> {
        self.start..self.end
    }

    pub(crate) fn len(&self) -> u64 {
        self.end - self.start
    }
}

/// A segment that grows.
pub(crate) struct Stretch {
    pub(crate) segment: Segment,
    crc: Crc64,
}

impl Stretch {
    pub(crate) fn new(start: u64) -> Self {
        Self { segment: Segment { start, end: start, crc64: 0 }, crc: Crc64::new() }
    }

    pub(crate) fn add(&mut self, bytes: &[u8]) {
        self.crc.update(bytes);
        self.segment.end += bytes.len() as u64;
    }

    /// Ends the segment; the next one starts behind it.
    pub(crate) fn cut(&mut self) -> Segment {
        let done = Segment { crc64: self.crc.value(), ..self.segment };
        *self = Self::new(done.end);
        done
    }
}

/// What is known of an unfinished download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record {
    /// Stands for the object's name: no other object of this ETag is taken for it.
    pub(crate) name: u64,
    /// Strong ETag of the object.
    pub(crate) etag: String,
    /// Size of the whole object.
    pub(crate) size: u64,
    /// CRC-64 of the whole object, if the service stated it.
    pub(crate) crc64: Option<u64>,
    /// What is wanted of the object.
    pub(crate) wanted: Range<u64>,
    /// What of it is there: sorted, disjoint, small neighbours joined.
    pub(crate) done: Vec<Segment>,
}

impl Record {
    /// Adds a segment, joining it with small neighbours. One that overlaps is not taken.
    pub(crate) fn add(&mut self, segment: Segment) {
        let at = self.done.partition_point(|other| other.start < segment.start);
        let free_before = at == 0 || self.done[at - 1].end <= segment.start;
        let free_behind = self.done.get(at).is_none_or(|next| segment.end <= next.start);
        if segment.start >= segment.end || !free_before || !free_behind {
            return;
        }
        self.done.insert(at, segment);
        self.join(at);
        if at > 0 {
            self.join(at - 1);
        }
    }

    /// Joins the segment at `at` with the next if they touch and are small.
    fn join(&mut self, at: usize) {
        if let Some(&next) = self.done.get(at + 1)
            && self.belong_together(&self.done[at], &next)
        {
            let first = &mut self.done[at];
            first.crc64 = Crc64::combine(first.crc64, next.crc64, next.len());
            first.end = next.end;
            self.done.remove(at + 1);
        }
    }

    fn belong_together(&self, first: &Segment, next: &Segment) -> bool {
        let longest = (self.wanted.end - self.wanted.start) / SHARES;
        first.end == next.start && next.end - first.start <= longest
    }

    pub(crate) fn done_bytes(&self) -> u64 {
        self.done.iter().map(Segment::len).sum()
    }

    /// The CRC-64 of all that is wanted, once it is all there.
    pub(crate) fn complete(&self) -> Option<u64> {
        let start = Segment { start: 0, end: self.wanted.start, crc64: 0 };
        let all = self.done.iter().try_fold(start, |all, next| {
            let crc64 = Crc64::combine(all.crc64, next.crc64, next.len());
            (all.end == next.start).then_some(Segment { end: next.end, crc64, ..all })
        })?;
        (all.end == self.wanted.end).then_some(all.crc64)
    }

    /// Writes the record down.
    pub(crate) fn to_text(&self) -> String {
        let Self { name, etag, size, crc64, wanted, done } = self;
        let mut out = format!("{MAGIC}\nname {name}\netag {etag}\nsize {size}\n");
        // Writing to a String cannot fail.
        if let Some(crc64) = crc64 {
            _ = writeln!(out, "crc64 {crc64}");
        }
        _ = writeln!(out, "wanted {} {}", wanted.start, wanted.end);
        for Segment { start, end, crc64 } in done {
            _ = writeln!(out, "done {start} {end} {crc64}");
        }
        let sum = Crc64::of(out.as_bytes());
        _ = writeln!(out, "sum {sum}");
        out
    }

    /// Reads a record; none if it is not exactly what [`to_text`](Self::to_text) writes.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        let body = &text[..text.trim_end_matches('\n').rfind('\n')? + 1];
        let mut lines = body.strip_prefix(MAGIC)?.strip_prefix('\n')?.lines().peekable();
        let name = number(lines.next()?.strip_prefix("name ")?)?;
        let etag = lines.next()?.strip_prefix("etag ")?.to_owned();
        let size = number(lines.next()?.strip_prefix("size ")?)?;
        let crc64 = lines.next_if(|line| line.starts_with("crc64 "));
        let crc64 = crc64.map(|line| number(&line["crc64 ".len()..]));
        let [start, end] = numbers(lines.next()?.strip_prefix("wanted ")?)?;
        let mut record =
            Self { name, etag, size, crc64: crc64.flatten(), wanted: start..end, done: Vec::new() };
        for line in lines {
            let [start, end, crc64] = numbers(line.strip_prefix("done ")?)?;
            record.done.push(Segment { start, end, crc64 });
        }
        let sane = start <= end && end <= size && record.is_in_order() && is_pin(&record.etag);
        // Only what would be written just so is trusted: that covers the sum as well.
        (sane && record.to_text() == text).then_some(record)
    }

    /// Whether `done` is as [`add`](Self::add) would have made it.
    fn is_in_order(&self) -> bool {
        let Range { start, end } = self.wanted;
        let fits = |done: &Segment| start <= done.start && done.start < done.end && done.end <= end;
        let apart = |pair: &[Segment]| {
            pair[0].end <= pair[1].start && !self.belong_together(&pair[0], &pair[1])
        };
        self.done.iter().all(fits) && self.done.windows(2).all(apart)
    }
}

/// What stands for an object's name in a record, which shall not give it away.
pub(super) fn name_of((segment, version): (Vec<u8>, Option<Cow<'_, str>>)) -> u64 {
    let hash = Sha256::new().chain_update(segment).chain_update([0]);
    let hash = hash.chain_update(version.as_deref().unwrap_or_default()).finalize();
    hash.first_chunk().map_or(0, |start| u64::from_be_bytes(*start))
}

/// An ETag that If-Match can be sent with: no other has business here.
fn is_pin(etag: &str) -> bool {
    is_strong(etag) && etag.len() <= MAX_ETAG && etag.bytes().all(|b| matches!(b, b' '..=b'~'))
}

fn number(text: &str) -> Option<u64> {
    text.parse().ok()
}

fn numbers<const N: usize>(text: &str) -> Option<[u64; N]> {
    let numbers: Option<Vec<u64>> = text.split(' ').map(number).collect();
    numbers?.try_into().ok()
}

#[cfg(test)]
#[allow(clippy::single_range_in_vec_init, reason = "one range is one range here")]
mod tests {
    use super::*;

    fn content(range: Range<u64>) -> Vec<u8> {
        range.map(|i| (i * 7 % 251) as u8).collect()
    }

    fn segment(range: Range<u64>) -> Segment {
        Segment { start: range.start, end: range.end, crc64: Crc64::of(&content(range)) }
    }

    fn record(wanted: Range<u64>, done: &[Range<u64>]) -> Record {
        let etag = "\"5B3C1A2E053D763E1B002CC607C5A0FE\"".to_owned();
        let (name, crc64) = (9, Some(7));
        let mut record = Record { name, etag, size: 1000, crc64, wanted, done: Vec::new() };
        done.iter().for_each(|range| record.add(segment(range.clone())));
        record
    }

    const ORDERS: [[usize; 4]; 4] = [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1]];

    #[test]
    fn a_record_is_complete_once_all_is_there_in_any_order() {
        let pieces = [5..100, 100..101, 101..700, 700..1000];
        for order in ORDERS {
            let mut record = record(5..1000, &[]);
            for index in order {
                assert_eq!(record.complete(), None);
                record.add(segment(pieces[index].clone()));
            }
            assert_eq!(record.complete(), Some(Crc64::of(&content(5..1000))));
        }
        assert_eq!(record(5..5, &[]).complete(), Some(0));
        assert_eq!(record(5..9, &[5..7, 8..9]).complete(), None);
        assert_eq!(record(5..9, &[6..9]).complete(), None);
    }

    /// Here up to 1000 bytes.
    #[test]
    fn small_neighbours_join_in_any_order_and_their_crcs_with_them() {
        let wanted = 0..1000 * SHARES;
        let pieces = [0..100, 100..101, 101..700, 700..1000];
        for order in ORDERS {
            let mut record = record(wanted.clone(), &[]);
            order.iter().for_each(|index| record.add(segment(pieces[*index].clone())));
            assert_eq!(record.done, [segment(0..1000)]);
            record.add(segment(1000..1001));
            assert_eq!(record.done, [segment(0..1000), segment(1000..1001)]);
        }
        let mut record = record(wanted.clone(), &[]);
        for start in wanted.clone().step_by(501) {
            record.add(segment(start..wanted.end.min(start + 501)));
        }
        assert!(record.done.len() as u64 <= 2 * SHARES, "{}", record.done.len());
        assert_eq!(record.complete(), Some(Crc64::of(&content(wanted))));
    }

    #[test]
    fn overlaps_are_not_taken() {
        let mut record = record(0..1000, &[10..20, 30..40]);
        for bad in [15..16, 19..25, 5..11, 29..31, 0..1000, 50..50] {
            record.add(segment(bad));
        }
        assert_eq!(record.done, [segment(10..20), segment(30..40)]);
        assert_eq!(record.done_bytes(), 20);
    }

    #[test]
    fn what_is_written_is_read_back() {
        let mut without_crc = record(10..20, &[12..15]);
        without_crc.crc64 = None;
        for record in [record(0..1000, &[]), record(0..1000, &[0..5, 9..1000]), without_crc] {
            assert_eq!(Record::from_text(&record.to_text()), Some(record));
        }
    }

    /// Every cut, and every changed byte.
    #[test]
    fn a_record_that_is_torn_is_none() {
        let text = record(0..1000, &[0..5, 9..1000]).to_text();
        for at in 0..text.len() {
            assert_eq!(Record::from_text(&text[..at]), None, "cut at {at}");
            let mut changed = text.clone().into_bytes();
            changed[at] ^= 1;
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(Record::from_text(&changed), None, "changed at {at}");
        }
        assert_eq!(Record::from_text(&format!("{text}\n")), None);
    }

    /// With the sum in order, so that only the rule itself can refuse.
    #[test]
    fn a_record_that_makes_no_sense_is_none() {
        for (from, to) in [
            ("resume 2", "resume 1"),
            ("name 9", "name 09"),
            ("size 1000", "size 999"),
            ("wanted 0 1000", "wanted 1000 0"),
            ("wanted 0 1000", "wanted 6 1000"),
            ("done 0 5", "done 0 10"),
            ("done 0 5", "done 0 9\ndone 9 9"),
            ("wanted 0 1000\ndone 0 5 ", "wanted 0 1000\ndone 0 2 1\ndone 2 3 "),
            ("done 0 5", "done 5 5"),
            ("done 0 5", "done 00 5"),
            ("done 0 5", "dome 0 5"),
            ("etag \"5B3C", "etag W/\"5B3C"),
            ("etag \"5B3C", "etag \"\u{1}"),
            ("etag \"5B3C", "etag \"é"),
        ] {
            let text = record(0..1000, &[0..5, 9..1000]).to_text().replace(from, to);
            let body = &text[..text.rfind("sum ").unwrap()];
            let text = format!("{body}sum {}\n", Crc64::of(body.as_bytes()));
            assert_eq!(Record::from_text(&text), None, "{to}");
        }
    }
}
