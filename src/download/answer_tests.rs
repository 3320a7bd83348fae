use super::*;

const ETAG: (&str, &str) = ("etag", "\"5B3C1A2E\"");
const CRC64: (&str, &str) = ("x-oss-hash-crc64ecma", "17");

fn object(ranges: bool) -> Object {
    let etag = Some(ETAG.1.to_owned());
    Object { etag, size: Some(1000), crc64: Some(17), ranges, part: None }
}

/// What the first answer makes of the object, or the kind of error.
fn first(
    status: u16,
    fields: &[(&'static str, &'static str)],
    asked: Option<Asked>,
) -> Result<(Object, Start), ErrorKind> {
    let fields = [&[ETAG, CRC64], fields].concat();
    Object::first(&Answer::made(status, &fields, b""), asked, None).map_err(|e| e.kind())
}

#[test]
fn the_first_answer_tells_the_object_and_whether_it_comes_in_ranges() {
    let part = |range| [("content-length", "100"), ("content-range", range)];
    let asked = Some((0, Some(100)));
    let known = Ok((object(true), Start::At(0)));
    assert_eq!(first(206, &part("bytes 0-99/1000"), asked), known);
    for (range, asked) in [
        ("bytes 0-99/1000", Some((1, Some(101)))),
        ("bytes 0-99/1000", Some((0, Some(101)))),
        ("bytes 0-99/1000", Some((0, Some(99)))),
        ("bytes 0-99/1000", Some((0, None))),
        ("bytes 0-98/1000", asked),
        ("bytes */1000", asked),
        ("bytes 0-99/1000", None),
        ("items 0-99/1000", asked),
    ] {
        assert_eq!(first(206, &part(range), asked), Err(ErrorKind::Protocol), "{range}");
    }
    assert_eq!(first(206, &[], asked), Err(ErrorKind::Protocol));
    assert_eq!(first(416, &[], asked), Err(ErrorKind::Range));
}

#[test]
fn a_200_means_no_ranges_but_for_one_that_ends_behind_the_object() {
    let whole = |asked, accepts| {
        let fields = [("content-length", "1000"), ("accept-ranges", accepts)];
        first(200, &fields, asked).map(|(object, start)| (object.ranges, start))
    };
    assert_eq!(whole(Some((0, Some(1001))), "bytes"), Ok((true, Start::Whole)));
    for (asked, accepts) in [
        (Some((0, Some(1001))), "none"),
        (Some((0, Some(1000))), "bytes"),
        (Some((1, Some(1001))), "bytes"),
        (Some((0, None)), "bytes"),
        (None, "bytes"),
    ] {
        assert_eq!(whole(asked, accepts), Ok((false, Start::Whole)), "{asked:?} {accepts}");
    }
}

#[test]
fn the_part_of_a_range_that_was_signed_is_held_against_it() {
    let part = |signed, range: &'static [(&'static str, &'static str)]| {
        let answer = Answer::made(206, range, b"");
        let found = Object::first(&answer, None, Some(signed));
        found.map(|(object, _)| object.size).map_err(|error| error.kind())
    };
    let ten = &[("content-range", "bytes 5-14/100")];
    for signed in ["bytes=5-14", "bytes=-10", "bytes=5-14,20-29"] {
        assert_eq!(part(signed, ten), Ok(Some(10)), "{signed}");
        assert_eq!(part(signed, &[]), Err(ErrorKind::Protocol), "{signed}");
    }
    for signed in ["bytes=5-13", "bytes=6-14", "bytes=5-"] {
        assert_eq!(part(signed, ten), Err(ErrorKind::Protocol), "{signed}");
    }
}

#[test]
fn an_answer_that_may_be_of_other_bytes_is_refused() {
    let (gzip, chunked) = (("content-encoding", "gzip"), ("transfer-encoding", "Chunked"));
    let (length, strong, weak) = (("content-length", "5"), ETAG, ("etag", "W/\"a\""));
    let range = ("content-range", "bytes 0-4/5");
    for (fields, is_good) in [
        (vec![chunked], true),
        (vec![("transfer-encoding", "gzip, chunked")], false),
        (vec![("transfer-encoding", "gzip")], false),
        (vec![gzip], false),
        (vec![gzip, weak, chunked], false),
        (vec![gzip, length], true),
        (vec![gzip, strong], true),
        (vec![gzip, CRC64], true),
        (vec![("content-encoding", "identity")], true),
        (vec![("content-encoding", "")], true),
        (vec![("content-encoding", "aws-chunked")], true),
        (vec![("content-encoding", "identity, br")], false),
        (vec![gzip, ("etag", "\"2d-5e\"")], true),
        (vec![gzip, ("etag", "\"2d-5e-gzip\"")], false),
        (vec![("transfer-encoding", "identity")], true),
        (vec![("transfer-encoding", "identity, chunked")], true),
        (vec![strong, strong], true),
        (vec![strong, weak], false),
        (vec![CRC64, ("x-oss-hash-crc64ecma", "18")], false),
        (vec![range, ("content-range", "bytes 0-4/6")], false),
    ] {
        let answer = Answer::made(200, &fields, b"");
        assert_eq!(Object::first(&answer, None, None).is_ok(), is_good, "{fields:?}");
    }
}

/// There the chunks would be taken for the object.
#[test]
fn an_old_server_knows_no_chunks() {
    for (coding, is_good) in [("identity", true), ("chunked", false)] {
        let mut answer = Answer::made(200, &[("transfer-encoding", coding)], b"");
        answer.is_old = true;
        assert_eq!(Object::first(&answer, None, None).is_ok(), is_good, "{coding}");
    }
}

#[test]
fn a_crc_that_is_no_number_is_refused() {
    let answer = Answer::made(200, &[("x-oss-hash-crc64ecma", "x")], b"");
    let error = Object::first(&answer, None, None).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
}

#[test]
fn only_a_strong_etag_of_an_object_in_ranges_is_pinned() {
    for (etag, ranges, pinned) in [
        ("\"a\"", true, true),
        ("\"a\"", false, false),
        ("W/\"a\"", true, false),
        ("\"\"", true, false),
        ("a", true, false),
    ] {
        let object = Object { etag: Some(etag.to_owned()), ..object(ranges) };
        assert_eq!(object.pin().is_some(), pinned, "{etag} {ranges}");
    }
}

#[test]
fn a_later_answer_is_of_the_same_object_or_an_error() {
    use ErrorKind::{ObjectChanged, Protocol};
    let other = ("etag", "\"other\"");
    let part = ("content-range", "bytes 100-199/1000");
    let larger = ("content-range", "bytes 100-199/1001");
    let length = ("content-length", "1000");
    let gzip = ("content-encoding", "gzip");
    for (ranges, status, fields, expected) in [
        (true, 206, vec![ETAG, part], Ok(Start::At(100))),
        (true, 206, vec![other, part], Err(ObjectChanged)),
        (true, 206, vec![part], Err(ObjectChanged)),
        (true, 206, vec![ETAG, larger], Err(ObjectChanged)),
        (true, 206, vec![ETAG], Err(Protocol)),
        (true, 200, vec![ETAG, length], Err(Protocol)),
        (true, 200, vec![other, length], Err(ObjectChanged)),
        (true, 416, vec![ETAG], Err(ObjectChanged)),
        (false, 200, vec![ETAG, length], Ok(Start::Whole)),
        (false, 200, vec![ETAG, ("content-length", "999")], Err(ObjectChanged)),
        (false, 200, vec![other, length], Err(ObjectChanged)),
        (false, 200, vec![length], Err(ObjectChanged)),
        (true, 206, vec![ETAG, part, ("x-oss-hash-crc64ecma", "18")], Err(ObjectChanged)),
        (true, 206, vec![ETAG, part, gzip], Ok(Start::At(100))),
        (true, 206, vec![ETAG, part, ("transfer-encoding", "gzip")], Err(Protocol)),
    ] {
        let answer = Answer::made(status, &fields, b"");
        let start = object(ranges).check_next(&answer, &(100..200)).map_err(|e| e.kind());
        assert_eq!(start, expected, "{ranges} {status} {fields:?}");
    }
    let weak = Object { etag: Some("W/\"a\"".to_owned()), ..object(false) };
    let answer = Answer::made(200, &[("etag", "W/\"a\""), length], b"");
    assert_eq!(weak.check_next(&answer, &(1..1000)).unwrap_err().kind(), ObjectChanged);
    assert_eq!(weak.check_next(&answer, &(0..1000)).unwrap(), Start::Whole);
}
