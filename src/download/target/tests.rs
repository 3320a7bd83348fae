use super::*;
use tempfile::TempDir;

const SIZE: u64 = 4;

fn record() -> Record {
    let segment = Segment { start: 0, end: SIZE, crc64: Crc64::of(b"half") };
    let (etag, wanted) = ("\"a\"".to_owned(), 0..2 * SIZE);
    Record { name: 0, etag, size: 2 * SIZE, crc64: None, wanted, done: vec![segment] }
}

/// Writes half a target, and its record.
fn begin(target: &Path) -> PartFile<'_> {
    let part = PartFile::open(target, true, false).unwrap().0;
    part.write_at(0, b"half").unwrap();
    part.save(&record()).unwrap();
    part
}

/// A download may still be ending when the next one of the same target has begun.
#[test]
fn the_record_of_the_next_download_stays() {
    let folder = TempDir::new().unwrap();
    let target = folder.path().join("target");
    let mut first = begin(&target);
    first.commit(SIZE, true).unwrap();
    let mut next = begin(&target);
    drop(first);
    next.keep();
    drop(next);
    let (last, found) = PartFile::open(&target, true, false).unwrap();
    assert_eq!(found, Some(record()));
    drop(last);
    let names: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names, ["target"]);
}
