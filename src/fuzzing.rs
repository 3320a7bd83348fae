//! What the fuzzers hold every parser to: no part of the library.
//!
//! `cargo +nightly fuzz run NAME` calls the function of that name with whatever it thinks of;
//! `cargo test` calls it with every file of `fuzz/corpus/NAME`.

use crate::crc64::Crc64;
use crate::download::{Record, Segment};
use crate::error::ServiceError;
use crate::http::{ContentRange, content_range, service_error};
use std::hint::black_box;
use std::iter::zip;

/// What a URL says of itself agrees with itself.
pub fn inspect(data: &[u8]) {
    // The first bytes are the time, so that both ends of an i64 come up.
    let (time, url) = data.split_at(data.len().min(8));
    let now = number(time).cast_signed();
    let Ok(url) = str::from_utf8(url) else { return };
    let info = match crate::inspect(url) {
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
}

/// A Content-Range that is read makes sense, and says what is written there; one that is written and
/// makes sense is read.
pub fn content_range(data: &[u8]) {
    if let Ok(text) = str::from_utf8(data)
        && let Some(found) = content_range::parse(text)
    {
        let (range, total) = match found {
            ContentRange { range: None, total } => ("*".to_owned(), total),
            ContentRange { range: Some((first, end)), total } => {
                assert!(first < end && total.is_none_or(|total| end <= total), "{text}");
                (format!("{first}-{}", end - 1), total)
            }
        };
        let total = total.map_or("*".to_owned(), |total| total.to_string());
        let digits = |c: char| c.is_ascii_digit() || "-/*".contains(c);
        assert!(text.trim()["bytes".len()..].trim_start().chars().all(digits), "{text}");
        let canonical = format!("bytes {range}/{total}");
        assert_ne!(canonical, "bytes */*", "{text}");
        assert_eq!(content_range::parse(&canonical), Some(found), "{text}");
        let numbers = canonical.split(|c: char| !c.is_ascii_digit());
        numbers.for_each(|number| assert!(text.contains(number), "{text} has no {number}"));
    }
    let mut numbers = data.chunks(8).map(number);
    if let (Some(first), Some(last), Some(size)) = (numbers.next(), numbers.next(), numbers.next())
    {
        let expect = |text: String, sane: bool, range, total| {
            let expected = sane.then_some(ContentRange { range, total });
            assert_eq!(content_range::parse(&text), expected, "{text}");
        };
        let range = Some((first, last.wrapping_add(1)));
        let whole = first <= last && last < size;
        expect(format!("bytes {first}-{last}/{size}"), whole, range, Some(size));
        expect(format!("bytes {first}-{last}/*"), first <= last && last < u64::MAX, range, None);
        expect(format!("bytes */{size}"), true, None, Some(size));
    }
}

/// Whatever a server says in its refusal, what is kept of it is short, printable and without secrets;
/// headers fill in what the body lacks. What OSS says is read to the letter, as far as it came.
pub fn oss_error(data: &[u8]) {
    let header = str::from_utf8(data).ok();
    let (bare, filled) = (
        service_error(403, data, |_| None, str::to_owned),
        service_error(403, data, |_| header, str::to_owned),
    );
    for (bare, filled) in zip(texts(&bare), texts(&filled)) {
        check_text(bare);
        check_text(filled);
        assert!(bare.is_empty() || bare == filled, "{bare:?} became {filled:?}");
    }
    check_cut_error(data);
}

/// The fields in the order of their elements in [`check_cut_error`].
fn texts(error: &ServiceError) -> [&str; 5] {
    [&error.code, &error.message, &error.request_id, &error.host_id, &error.ec]
}

fn check_text(text: &str) {
    assert!(text.chars().count() <= 512, "{text}");
    assert!(!text.contains(char::is_control), "{text:?}");
    for word in text.split(' ') {
        let lower = word.to_ascii_lowercase();
        for name in ["signature=", "token=", "credential=", "accesskeyid="] {
            assert!(!lower.contains(name), "{word:?}");
        }
        assert!(word.split_once('?').is_none_or(|(_, query)| !query.contains('=')), "{word:?}");
    }
}

/// An error as OSS writes it, cut somewhere: an element that was complete is read, and no other.
fn check_cut_error(data: &[u8]) {
    let (cut, content) = data.split_at(data.len().min(2));
    let content = String::from_utf8_lossy(content);
    let mut content = content.split('|');
    let mut body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>".to_owned();
    let written = ["Code", "Message", "RequestId", "HostId", "EC"].map(|name| {
        let text = content.next().unwrap_or_default();
        body += &format!("\n  <{name}>{}</{name}>", quick_xml::escape::escape(text));
        (text.trim(), body.len())
    });
    body += "\n</Error>\n";
    let cut = number(cut) as usize % (body.len() + 1);
    let error = service_error(403, &body.as_bytes()[..cut], |_| None, str::to_owned);
    for (found, (text, end)) in zip(texts(&error), written) {
        let expected = if end <= cut { text } else { "" };
        // Of any other text, some is replaced.
        if expected.chars().count() <= 512
            && !expected.contains(|c: char| c.is_control() || c == '=')
        {
            assert_eq!(found, expected, "{body:?} cut at {cut}");
        }
    }
}

/// A record that is read is in order, and what would be written; one that is made by adding segments
/// is what a list of single bytes would be, and is read back.
pub fn resume_record(data: &[u8]) {
    if let Ok(text) = str::from_utf8(data) {
        let summed = format!("{text}sum {}\n", Crc64::of(data));
        for text in [text, &summed] {
            if let Some(record) = Record::from_text(text) {
                assert_eq!(record.to_text(), text);
                check_record(&record);
            }
        }
    }
    check_added(data);
}

fn check_record(record: &Record) {
    let Record { size, wanted, done, .. } = record;
    assert!(wanted.start <= wanted.end && wanted.end <= *size, "{record:?}");
    assert!(done.iter().all(|segment| segment.start < segment.end), "{record:?}");
    assert!(done.windows(2).all(|pair| pair[0].end <= pair[1].start), "{record:?}");
    if let (Some(first), Some(last)) = (done.first(), done.last()) {
        assert!(wanted.start <= first.start && last.end <= wanted.end, "{record:?}");
    }
    let all = record.done_bytes() == wanted.end - wanted.start;
    assert_eq!(record.complete().is_some(), all, "{record:?}");
}

/// The first bytes say where the object starts, the others, in pairs, which of its bytes come; 255 is
/// the end, which lies so far that up to 4 bytes are joined.
fn check_added(data: &[u8]) {
    const LENGTH: u64 = 1024;
    let (start, pairs) = data.split_at(data.len().min(8));
    let start = number(start).min(u64::MAX - LENGTH);
    let content: Vec<u8> = (0..LENGTH).map(|i| (i * 7 % 251) as u8).collect();
    let segment = |from: usize, to: usize| Segment {
        start: start + from as u64,
        end: start + to as u64,
        crc64: content.get(from..to).map_or(0, Crc64::of),
    };
    let mut record = Record {
        name: start,
        etag: format!("\"{start:X}\""),
        size: start + LENGTH,
        crc64: data.first().filter(|byte| **byte < 128).map(|_| Crc64::of(&content)),
        wanted: start..start + LENGTH,
        done: Vec::new(),
    };
    let mut listed = record.clone();
    let mut there = [false; LENGTH as usize];
    for pair in pairs.chunks_exact(2).take(32) {
        let (from, to) = (usize::from(pair[0]), usize::from(pair[1]));
        let to = if to == 255 { LENGTH as usize } else { to };
        listed.done.push(segment(from, to));
        record.add(segment(from, to));
        if from < to && !there[from..to].contains(&true) {
            there[from..to].fill(true);
        }
        let at = |position: u64| (position - start) as usize;
        assert!(record.done.iter().all(|done| *done == segment(at(done.start), at(done.end))));
        let covered = record.done.iter().flat_map(|done| at(done.start)..at(done.end));
        assert!(covered.eq((0..there.len()).filter(|at| there[*at])), "{record:?}");
        let long =
            |pair: &[Segment]| pair[0].end < pair[1].start || pair[0].len() + pair[1].len() > 4;
        assert!(record.done.windows(2).all(long), "{record:?}");
        check_record(&record);
    }
    if let Some(crc64) = record.complete() {
        assert_eq!(crc64, Crc64::of(&content));
    }
    // A list is a record just if adding gives that list.
    let expected = (listed == record).then_some(&listed);
    assert_eq!(Record::from_text(&listed.to_text()).as_ref(), expected);
    assert_eq!(Record::from_text(&record.to_text()), Some(record));
}

/// Big-endian, of at most eight bytes.
fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::panic::catch_unwind;
    use std::path::Path;

    fn replay(name: &str, check: fn(&[u8])) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
        let files: Vec<_> =
            fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
        assert!(!files.is_empty(), "the corpus is gone");
        let fails = |data: Vec<u8>| catch_unwind(|| check(&data)).is_err();
        let failed: Vec<_> = files.iter().filter(|file| fails(fs::read(file).unwrap())).collect();
        assert!(failed.is_empty(), "{failed:#?}");
    }

    #[test]
    fn the_corpus_of_inspect() {
        replay("inspect", super::inspect);
    }

    #[test]
    fn the_corpus_of_content_range() {
        replay("content_range", super::content_range);
    }

    #[test]
    fn the_corpus_of_oss_error() {
        replay("oss_error", super::oss_error);
    }

    #[test]
    fn the_corpus_of_resume_record() {
        replay("resume_record", super::resume_record);
    }
}
