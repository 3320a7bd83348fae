//! Power cuts: what a download does to the disk is logged, and at every call of the log, the worst
//! that a power cut may leave is made, looked at, and gone on with.
//!
//! `OSS_PRESIGN_REPLAYS=N cargo test --release --test replay` logs N downloads of each kind; 1 is the
//! default share.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
#![cfg(target_os = "linux")]

mod disk;
#[path = "../support/mod.rs"]
mod support;
mod trace;

use crc_fast::{CrcAlgorithm, checksum};
use disk::{Disk, Files};
use oss_emulator::{Fault, Object};
use oss_presign::{DownloadRequest, Downloaded, Error, Progress, download};
use std::collections::HashMap;
use std::ops::{ControlFlow, Range};
use std::path::Path;
use std::sync::LazyLock;
use std::time::Duration;
use std::{env, fs, thread};
use support::{BUCKET, KEY, World, content, example};
use trace::Call;

const PART: u64 = 128 * 1024;
const SIZE: usize = 6 * PART as usize + 4321;

/// Two versions of the object.
static OBJECT: LazyLock<Vec<u8>> = LazyLock::new(|| content(SIZE));
static OTHER: LazyLock<Vec<u8>> = LazyLock::new(|| content(SIZE + 1000).split_off(1000));

/// Downloads as the example does it, and gives the log of it.
fn logged(world: &World, flags: &[&str]) -> Vec<Call> {
    // So slow that not all parts are there at once.
    world.oss.slow_connections(1, 4 << 20);
    let (presigned, target) = (world.presign(), world.target());
    let (address, part_size) = (world.oss.http_addr().to_string(), PART.to_string());
    let arguments = [&presigned.url, target.to_str().unwrap(), "--connect-to", &address];
    let arguments = [&arguments[..], &["--part-size", &part_size], flags].concat();
    let calls = trace::run(&example("download"), &arguments, world.folder.path());
    world.oss.slow_connections(0, 0);
    calls
}

/// Downloads here, with resume, and `look`s in between.
fn resume(world: &World, look: &dyn Fn()) -> Result<Downloaded, Error> {
    let (presigned, target) = (world.presign(), world.target());
    let address = world.oss.http_addr().to_string();
    let request = DownloadRequest::new(&presigned.url, &target)
        .connect_to(&address)
        .part_size(PART)
        .retries(0)
        .resume(true)
        .sync(false)
        .progress_interval(Duration::from_millis(1));
    download(&request, &mut |_: Progress| {
        look();
        ControlFlow::Continue(())
    })
}

/// Leaves a download behind that is not finished.
fn interrupt(world: &World) {
    world.oss.fault(BUCKET, KEY, Fault::CutAfter(2 * PART + 1000));
    let presigned = world.presign();
    world.fetch_with(&presigned, |request| request.resume(true).connections(1)).unwrap_err();
    assert_eq!(world.files(), ["target", "target.part", "target.part.resume"]);
}

fn files(folder: &Path) -> HashMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries.map(|e| (e.file_name().into_string().unwrap(), fs::read(e.path()).unwrap())).collect()
}

/// Makes the folder what a power cut left.
fn make(folder: &Path, left: &Files) {
    for name in files(folder).keys() {
        fs::remove_file(folder.join(name)).unwrap();
    }
    let mut made = HashMap::new();
    for (name, (file, bytes)) in left {
        match made.insert(file, name) {
            Some(other) => fs::hard_link(folder.join(other), folder.join(name)).unwrap(),
            None => fs::write(folder.join(name), &**bytes).unwrap(),
        }
    }
}

/// The ranges that a record says are there; none if it is not one.
fn recorded(text: &[u8]) -> Option<Vec<Range<usize>>> {
    let text = str::from_utf8(text).ok()?;
    let (body, sum) = text.split_at(text.rfind("sum ")?);
    let expected = format!("sum {}\n", checksum(CrcAlgorithm::Crc64Xz, body.as_bytes()));
    let done = body.lines().filter_map(|line| line.strip_prefix("done "));
    let ranges = done.map(|line| {
        let mut numbers = line.split(' ').map(|number| number.parse().unwrap());
        numbers.next().unwrap()..numbers.next().unwrap()
    });
    (sum == expected).then(|| ranges.collect())
}

/// In a folder made by `prepare`, logs a download of `content(SIZE)`, and checks whatever a power cut
/// may leave of it. It is gone on with when the object is `next`. Gives the number of power cuts that
/// left a record.
fn replay(prepare: fn(&World), flags: &[&str], next: &'static [u8]) -> u32 {
    let rounds = env::var("OSS_PRESIGN_REPLAYS").map_or(1, |count| count.parse().unwrap());
    let (mut checked, mut with_record, mut renamed) = (0, 0, 0);
    for _ in 0..rounds {
        let world = World::with(&OBJECT);
        prepare(&world);
        let before = fs::read(world.target()).ok();
        let mut disk = Disk::new(files(world.folder.path()));
        let calls = logged(&world, flags);
        world.oss.put(BUCKET, KEY, Object::new(next.to_vec()));
        for number in 0..=calls.len() {
            for left in disk.after_power_cut() {
                let target = left.files.get("target").map(|(_, bytes)| &**bytes);
                assert!(target == before.as_ref() || target == Some(&OBJECT), "half a file");
                with_record += u32::from(left.files.contains_key("target.part.resume"));
                renamed += u32::from(target != before.as_ref());
                let there = check_record(&left.files, left.in_order, next);
                make(world.folder.path(), &left.files);
                let look = || assert!(fs::read(world.target()).ok().as_ref() == target, "touched");
                let resumed = resume(&world, &look).unwrap().resumed;
                assert!(fs::read(world.target()).unwrap() == next, "not the object");
                assert_eq!(world.files(), ["target"]);
                assert!(resumed <= there, "{resumed} bytes are trusted, and {there} are there");
                assert!(resumed == there || !left.in_order, "{resumed} of {there} bytes are used");
                checked += 1;
            }
            if let Some(call) = calls.get(number) {
                disk.play(call);
            }
        }
    }
    let kind = thread::current().name().unwrap_or_default().to_owned();
    println!("replay: {kind}: {checked} states, {with_record} with a record, {renamed} renamed");
    assert!(renamed > 0 && renamed < checked);
    with_record
}

/// A record must be a whole one and true, unless changes of names came out of order. Gives how many
/// bytes of `next` are there.
fn check_record(left: &Files, in_order: bool, next: &[u8]) -> u64 {
    let (part, target) = (left.get("target.part"), left.get("target"));
    // One that is the target already is nobody's part file any more.
    let part = part.filter(|part| target.is_none_or(|target| target.0 != part.0));
    let part = part.map(|(_, bytes)| &**bytes);
    let record = left.get("target.part.resume");
    let ranges = record.and_then(|(_, text)| recorded(text));
    assert!(ranges.is_some() == record.is_some() || !in_order, "the record is torn");
    let ranges = ranges.unwrap_or_default();
    let holds = |content: &[u8], range: &Range<usize>| {
        part.and_then(|part| part.get(range.clone())) == content.get(range.clone())
    };
    // The record outlives its part file, which becomes the target.
    let is_true = part.is_none()
        || [&*OBJECT, &*OTHER]
            .iter()
            .any(|content| ranges.iter().all(|range| holds(content, range)));
    assert!(is_true || !in_order, "not all of {ranges:?} is there");
    let there = ranges.iter().filter(|range| holds(next, range));
    there.map(|range| range.len() as u64).sum()
}

fn old_target(world: &World) {
    fs::write(world.target(), "old").unwrap();
}

#[test]
fn a_power_cut_leaves_the_old_target_or_the_new_one_and_a_true_record() {
    assert!(replay(old_target, &[], &OBJECT) > 0);
}

#[test]
fn a_power_cut_in_a_download_that_was_gone_on_with() {
    let prepare = |world: &World| {
        old_target(world);
        interrupt(world);
    };
    assert!(replay(prepare, &[], &OBJECT) > 0);
}

#[test]
fn a_power_cut_after_the_object_changed() {
    let prepare = |world: &World| {
        old_target(world);
        world.oss.put(BUCKET, KEY, Object::new(OTHER.clone()));
        interrupt(world);
        world.oss.put(BUCKET, KEY, Object::new(OBJECT.clone()));
    };
    assert!(replay(prepare, &[], &OBJECT) > 0);
}

#[test]
fn a_power_cut_in_a_download_that_keeps_no_record() {
    let prepare = |world: &World| {
        old_target(world);
        world.oss.fault(BUCKET, KEY, Fault::WeakETag.always());
    };
    assert_eq!(replay(prepare, &[], &OBJECT), 0);
}

#[test]
fn a_power_cut_where_nothing_is_overwritten() {
    assert!(replay(|_| {}, &["--no-overwrite"], &OTHER) > 0);
}

#[test]
fn the_file_is_synced_before_its_name_is_and_the_folder_after() {
    let world = World::with(&OBJECT);
    old_target(&world);
    let calls = logged(&world, &[]);
    let handle = |wanted: Option<&str>| {
        let found = calls.iter().find_map(|call| match call {
            Call::Open { handle, name, .. } if name.as_deref() == wanted => Some(*handle),
            _ => None,
        });
        found.unwrap()
    };
    let is_synced = |calls: &[Call], wanted: usize| {
        let start = |call: &Call| matches!(call, Call::SyncStart(handle) if *handle == wanted);
        let end = |call: &Call| matches!(call, Call::SyncEnd(handle) if *handle == wanted);
        let start = calls.iter().position(start);
        start.is_some_and(|start| calls[start..].iter().any(end))
    };
    let (part, folder) = (handle(Some("target.part")), handle(None));
    let changes = |call: &Call| matches!(call, Call::Write { handle, .. } | Call::SetLen { handle, .. } if *handle == part);
    let changed = calls.iter().rposition(changes).unwrap();
    let renames = |call: &Call| matches!(call, Call::Rename { to, .. } if to == "target");
    let renamed = calls.iter().position(renames).unwrap();
    assert!(is_synced(&calls[changed..renamed], part), "{changed} {renamed}");
    assert!(is_synced(&calls[renamed..], folder), "{renamed}");
}

#[test]
fn without_sync_nothing_is_synced() {
    let world = World::with(&OBJECT);
    let calls = logged(&world, &["--no-sync"]);
    assert!(fs::read(world.target()).unwrap() == *OBJECT);
    assert!(calls.iter().any(|call| matches!(call, Call::Write { .. })));
    let syncs = |call: &&Call| matches!(call, Call::SyncStart(_) | Call::SyncEnd(_));
    assert_eq!(calls.iter().filter(syncs).count(), 0);
}
