//! What the disk can do to a download: typed errors, nothing lost.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
#![cfg(target_os = "linux")]

mod support;

use crc_fast::{CrcAlgorithm, checksum};
use oss_emulator::Fault;
use oss_presign::ErrorKind;
use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;
use support::{BUCKET, KEY, World, content, example};

/// A full disk: a file system of 1 MiB, mounted where only the child sees it.
#[test]
fn a_full_disk_is_its_own_error_and_leaves_the_target_alone() {
    let world = World::with(&content(3 << 20));
    let presigned = world.presign();
    let script = "mount -t tmpfs -o size=1m none \"$1\" && echo old > \"$1/target\" && \
        \"$2\" \"$3\" \"$1/target\" --connect-to \"$4\" --connections \"$5\"; code=$?; \
        cat \"$1/target\"; ls \"$1\"; exit $code";
    for connections in ["1", "4"] {
        let output = Command::new("unshare")
            .args(["--map-root-user", "--mount", "sh", "-c", script, "sh"])
            .arg(world.folder.path())
            .arg(example("download"))
            .arg(&presigned.url)
            .args([&world.oss.http_addr().to_string(), connections])
            .output()
            .unwrap();
        let (out, err) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(!output.status.success(), "{out} {err}");
        assert!(err.contains("No space left on device"), "{out} {err}");
        assert!(out.starts_with("old\n"), "{out} {err}");
    }
}

#[test]
fn a_folder_that_vanishes_is_an_io_error() {
    let world = World::with(&content(1 << 20));
    let folder = world.folder.path().join("gone");
    fs::create_dir(&folder).unwrap();
    let (presigned, target) = (world.presign(), folder.join("target"));
    let address = world.oss.http_addr().to_string();
    let request = oss_presign::DownloadRequest::new(&presigned.url, &target).connect_to(&address);
    let error = oss_presign::download(&request, &mut |_: oss_presign::Progress| {
        fs::remove_dir_all(&folder).unwrap();
        fs::create_dir(&folder).unwrap();
        fs::remove_dir(&folder).unwrap();
        std::ops::ControlFlow::Continue(())
    });
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Io);
}

#[test]
fn a_part_file_or_record_that_is_a_link_is_not_followed() {
    for name in ["target.part", "target.part.resume"] {
        let world = World::with(&content(1000));
        let victim = world.folder.path().join("victim");
        fs::write(&victim, "precious").unwrap();
        symlink(&victim, world.folder.path().join(name)).unwrap();
        let outcome = world.fetch_with(&world.presign(), |request| request.resume(true));
        assert_eq!(fs::read(&victim).unwrap(), b"precious", "{name} {outcome:?}");
        if name == "target.part" {
            assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Io);
        }
    }
}

/// As it is when a download that must not overwrite is killed between its last two steps.
#[test]
fn a_part_file_that_is_the_target_too_is_not_written() {
    let world = World::with(&content(1 << 20));
    let presigned = world.presign();
    fs::write(world.target(), "old").unwrap();
    fs::hard_link(world.target(), world.folder.path().join("target.part")).unwrap();
    world.oss.fault(BUCKET, KEY, Fault::CutAfter(1000));
    world.fetch_with(&presigned, |request| request.resume(true)).unwrap_err();
    assert!(fs::read(world.target()).unwrap() == b"old", "the target is written to");
    world.fetch_with(&presigned, |request| request.resume(true)).unwrap();
    assert!(fs::read(world.target()).unwrap() == content(1 << 20));
    assert_eq!(world.files(), ["target"]);
}

/// With the one sum that an empty file has too.
#[test]
fn what_is_recorded_behind_the_end_of_the_part_file_is_not_there() {
    let world = World::with(&content(1000));
    let record = "oss-presign resume 1\netag \"x\"\nsize 1000\nwanted 0 1000\ndone 0 1000 0\n";
    let sum = checksum(CrcAlgorithm::Crc64Xz, record.as_bytes());
    fs::write(world.folder.path().join("target.part.resume"), format!("{record}sum {sum}\n"))
        .unwrap();
    let done = world.fetch_with(&world.presign(), |request| request.resume(true)).unwrap();
    assert!(fs::read(world.target()).unwrap() == content(1000));
    assert_eq!(done.resumed, 0);
}
