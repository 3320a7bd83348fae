//! What the disk can do to a download: typed errors, nothing lost.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
#![cfg(target_os = "linux")]

mod support;

use crc_fast::{CrcAlgorithm, checksum};
use oss_emulator::Fault;
use oss_presign::{Error, ErrorKind, Phase, Progress, download};
use rustix::process::{PidfdFlags, PidfdGetfdFlags, getpid, pidfd_getfd, pidfd_open};
use std::fs;
use std::io::Write;
use std::ops::ControlFlow;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use support::{
    BUCKET, KEY, PART, SIZE, World, apart, asked, content, example, idle, object_bytes, parts,
};

/// Runs the test of that name once more, in a process of its own that sees a file system of 2 MiB in
/// `folder`; there, `body` runs.
fn on_a_small_disk(name: &str, body: impl FnOnce(&Path)) {
    let script = "mount -t tmpfs -o size=2m none \"$1\" && exec \"$2\" --exact \"$3\"";
    apart(name, &["--map-root-user", "--mount"], script, body);
}

/// The same as somebody whom permissions bind, which they do not bind the superuser.
fn as_a_user(name: &str, body: impl FnOnce(&Path)) {
    apart(name, &["--map-user=1000"], "exec \"$2\" --exact \"$3\"", body);
}

#[track_caller]
fn assert_disk(error: &Error, kind: ErrorKind, os: i32) {
    assert_eq!((error.kind(), error.phase()), (kind, Phase::Disk), "{error}");
    assert_eq!(error.os_error(), Some(os), "{error}");
    assert!(!error.is_retryable());
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// It is found out before more than the first part is asked for.
#[test]
fn a_full_disk_is_its_own_error_and_leaves_the_target_alone() {
    on_a_small_disk("a_full_disk_is_its_own_error_and_leaves_the_target_alone", |folder| {
        let world = World::with(&content(3 << 20));
        let (presigned, target) = (world.presign(), folder.join("target"));
        fs::write(&target, "old").unwrap();
        for connections in [1, 4] {
            world.forget_requests();
            let request = parts(world.get_to(&presigned, &target)).connections(connections);
            assert_disk(&download(&request, &mut idle).unwrap_err(), ErrorKind::NoSpace, 28);
            assert_eq!(world.oss.requests().len(), 1);
            assert_eq!(fs::read(&target).unwrap(), b"old");
            assert_eq!(names(folder), ["target"]);
        }
    });
}

/// With no room for the record: what was recorded before is kept, and gone on with.
#[test]
fn a_full_disk_keeps_what_can_be_resumed() {
    on_a_small_disk("a_full_disk_keeps_what_can_be_resumed", |folder| {
        let world = World::with(&content(SIZE));
        let (presigned, target) = (world.presign(), folder.join("target"));
        let resume = || parts(world.get_to(&presigned, &target)).resume(true);
        world.oss.fault(BUCKET, KEY, Fault::CutAfter(0).at_range_start(5 * PART));
        download(&resume(), &mut idle).unwrap_err();
        let record = fs::read(folder.join("target.part.resume")).unwrap();

        // To the last byte: the record needs a page of its own.
        let filler = folder.join("filler");
        let mut file = fs::File::create(&filler).unwrap();
        while file.write_all(&[1; 4096]).is_ok() {}
        let error = download(&resume(), &mut idle).unwrap_err();
        assert_disk(&error, ErrorKind::NoSpace, 28);
        assert_eq!(fs::read(folder.join("target.part.resume")).unwrap(), record);
        assert_eq!(names(folder), ["filler", "target.part", "target.part.resume"]);

        drop(file);
        fs::remove_file(&filler).unwrap();
        world.forget_requests();
        let done = download(&resume(), &mut idle).unwrap();
        assert!(done.resumed >= PART, "{done:?}");
        assert_eq!(object_bytes(&world), SIZE as u64 - done.resumed);
        assert!(fs::read(&target).unwrap() == content(SIZE));
        assert_eq!(names(folder), ["target"]);
    });
}

#[test]
fn a_folder_that_is_read_only_is_found_out_before_a_byte_is_sent() {
    on_a_small_disk("a_folder_that_is_read_only_is_found_out_before_a_byte_is_sent", |folder| {
        let world = World::with(b"content");
        let (presigned, target) = (world.presign(), folder.join("target"));
        fs::write(&target, "old").unwrap();
        let remount = Command::new("mount").args(["-o", "remount,ro"]).arg(folder).status();
        assert!(remount.unwrap().success());
        for resume in [false, true] {
            let request = parts(world.get_to(&presigned, &target)).resume(resume);
            assert_disk(&download(&request, &mut idle).unwrap_err(), ErrorKind::Io, 30);
        }
        assert_eq!(world.oss.accepted_connections(), 0);
        assert_eq!(fs::read(&target).unwrap(), b"old");
        assert_eq!(names(folder), ["target"]);
    });
}

/// Names can be made in it, but what it holds cannot be synced.
#[test]
fn a_folder_that_cannot_be_read_is_found_out_before_the_target_is_there() {
    let name = "a_folder_that_cannot_be_read_is_found_out_before_the_target_is_there";
    as_a_user(name, |folder| {
        let world = World::with(b"content");
        let (presigned, target) = (world.presign(), folder.join("target"));
        let permit = |mode| fs::set_permissions(folder, fs::Permissions::from_mode(mode)).unwrap();
        for (sync, left) in [(true, &[][..]), (false, &["target"])] {
            permit(0o300);
            let done = download(&world.get_to(&presigned, &target).sync(sync), &mut idle);
            permit(0o700);
            assert_eq!(names(folder), left);
            match sync {
                true => assert_disk(&done.unwrap_err(), ErrorKind::Io, 13),
                false => _ = done.unwrap(),
            }
        }
    });
}

#[test]
fn space_is_reserved_for_the_whole_before_it_comes() {
    let world = World::with(&content(SIZE));
    world.oss.fault(BUCKET, KEY, Fault::CutAfter(1000));
    let presigned = world.presign();
    let request = world.get(&presigned).connections(1).resume(true);
    download(&request, &mut idle).unwrap_err();
    let part = fs::metadata(world.folder.path().join("target.part")).unwrap();
    assert_eq!(part.len(), 1000);
    assert!(part.blocks() * 512 >= SIZE as u64, "{}", part.blocks());
}

#[test]
fn a_folder_that_vanishes_is_an_io_error() {
    let world = World::with(&content(SIZE));
    let folder = world.folder.path().join("gone");
    fs::create_dir(&folder).unwrap();
    let (presigned, target) = (world.presign(), folder.join("target"));
    let error = download(&parts(world.get_to(&presigned, &target)), &mut |_: Progress| {
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        ControlFlow::Continue(())
    });
    assert_disk(&error.unwrap_err(), ErrorKind::Io, 2);
    assert!(world.files().is_empty());
}

/// All is there but the name: a later call asks for one byte, to see that the object is still the same.
#[test]
fn a_download_that_cannot_be_put_in_place_is_not_lost() {
    let world = World::with(&content(SIZE));
    let presigned = world.presign();
    let request = parts(world.get(&presigned)).resume(true);
    let error = download(&request, &mut |_: Progress| {
        if !world.target().exists() {
            fs::create_dir(world.target()).unwrap();
        }
        ControlFlow::Continue(())
    });
    assert_disk(&error.unwrap_err(), ErrorKind::Io, 21);
    assert_eq!(world.files(), ["target", "target.part", "target.part.resume"]);

    fs::remove_dir(world.target()).unwrap();
    world.forget_requests();
    let done = download(&request, &mut idle).unwrap();
    assert_eq!((done.resumed, done.http_status), (SIZE as u64, 0));
    assert_eq!(asked(&world), [format!("bytes={0}-{0}", SIZE - 1)]);
    assert!(fs::read(world.target()).unwrap() == content(SIZE));
    assert_eq!(world.files(), ["target"]);
}

#[test]
fn a_part_file_or_record_that_is_a_link_is_not_followed() {
    for name in ["target.part", "target.part.resume", "target.part.resume.new"] {
        let world = World::with(&content(1000));
        let victim = world.folder.path().join("victim");
        fs::write(&victim, "precious").unwrap();
        symlink(&victim, world.folder.path().join(name)).unwrap();
        let outcome = world.fetch_with(&world.presign(), |request| request.resume(true));
        assert_eq!(fs::read(&victim).unwrap(), b"precious", "{name} {outcome:?}");
        match outcome {
            Err(error) => assert_disk(&error, ErrorKind::Io, 40),
            Ok(_) => assert_eq!(world.files(), ["target", "victim"]),
        }
    }
}

/// The record is the owner's alone, and the data no more open than the target it replaces.
#[test]
fn side_files_leak_nothing() {
    let mode = |world: &World, name: &str| {
        fs::metadata(world.folder.path().join(name)).unwrap().permissions().mode() & 0o777
    };
    for resume in [false, true] {
        let world = World::with(&content(SIZE));
        fs::write(world.target(), "private").unwrap();
        fs::set_permissions(world.target(), fs::Permissions::from_mode(0o640)).unwrap();
        let presigned = world.presign();
        let request = parts(world.get(&presigned)).resume(resume);
        let mut seen = 0;
        download(&request, &mut |_: Progress| {
            for name in world.files() {
                let expected = if name.ends_with(".resume") { 0o600 } else { 0o640 };
                assert_eq!(mode(&world, &name), expected, "{name}");
                seen += 1;
            }
            ControlFlow::Continue(())
        })
        .unwrap();
        assert!(seen >= if resume { 3 } else { 2 });
        assert_eq!(mode(&world, "target"), 0o640);
        // One that replaces nothing is as open as any file that is made.
        fs::remove_file(world.target()).unwrap();
        download(&request, &mut idle).unwrap();
        fs::write(world.folder.path().join("any"), "").unwrap();
        assert_eq!(mode(&world, "target"), mode(&world, "any"));
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

/// Only the superuser can make such a file; of anybody else, what is seen here is their own.
#[test]
fn what_somebody_else_left_in_a_folder_of_everybody_is_not_gone_on_with() {
    let superuser = rustix::process::geteuid().is_root();
    for (mode, name) in [(0o1777, "part"), (0o1777, "part.resume"), (0o755, "part")] {
        let world = World::with(&content(SIZE));
        world.oss.fault(BUCKET, KEY, Fault::CutAfter(9).at_range_start(5 * PART));
        world.fetch_with(&world.presign(), |r| parts(r).resume(true)).unwrap_err();
        fs::set_permissions(world.folder.path(), fs::Permissions::from_mode(mode)).unwrap();
        let file = world.folder.path().join(format!("target.{name}"));
        if superuser {
            chown(&file, Some(12345), None).unwrap();
        }
        let done = world.fetch_with(&world.presign(), |r| parts(r).resume(true)).unwrap();
        assert_eq!(done.resumed == 0, superuser && mode == 0o1777, "{mode:o} {name}");
        assert_eq!(file.exists(), superuser && mode == 0o1777);
    }
}

/// With the one sum that an empty file has too.
#[test]
fn what_is_recorded_behind_the_end_of_the_part_file_is_not_there() {
    let world = World::with(&content(1000));
    let record =
        "oss-presign resume 2\nname 1\netag \"x\"\nsize 1000\nwanted 0 1000\ndone 0 1000 0\n";
    let sum = checksum(CrcAlgorithm::Crc64Xz, record.as_bytes());
    fs::write(world.folder.path().join("target.part.resume"), format!("{record}sum {sum}\n"))
        .unwrap();
    let done = world.fetch_with(&world.presign(), |request| request.resume(true)).unwrap();
    assert!(fs::read(world.target()).unwrap() == content(1000));
    assert_eq!(done.resumed, 0);
}

/// Only the data that this download has written may come to stand under the target's name.
#[test]
fn a_part_file_that_somebody_replaced_is_not_put_in_place() {
    for overwrite in [true, false] {
        let world = World::with(&content(1 << 20));
        let presigned = world.presign();
        let part = world.folder.path().join("target.part");
        let mut replace = |_: Progress| {
            let _ = fs::remove_file(&part);
            fs::write(&part, "of somebody else").unwrap();
            ControlFlow::Continue(())
        };
        let request = world.get(&presigned).resume(true).overwrite(overwrite);
        let error = download(&request.progress_interval(Duration::ZERO), &mut replace).unwrap_err();
        assert_eq!((error.kind(), error.phase()), (ErrorKind::Io, Phase::Disk), "{error}");
        assert!(error.to_string().starts_with("the part file was removed or replaced"));
        assert!(!world.target().exists());
        assert_eq!(fs::read(&part).unwrap(), b"of somebody else");
    }
}

/// A disk that cannot keep what it was given: no target, and the old one stays, but for the last of
/// them, of the folder.
#[test]
fn a_sync_that_fails_is_a_failure() {
    for (call, message, target) in [
        ("fdatasync:error=EIO:when=1", "the data cannot be synced", "old"),
        ("fsync:error=EIO:when=1", "the resume record cannot be written", "old"),
        ("fsync:error=EIO:when=2", "the data cannot be synced", "old"),
        ("fsync:error=EIO:when=3", "the folder cannot be synced", "new"),
    ] {
        let world = World::with(b"new");
        fs::write(world.target(), "old").unwrap();
        let output = Command::new("strace")
            .args(["-f", "-qq", "-e", "trace=fsync,fdatasync", "-e", &format!("inject={call}")])
            .arg(example("download"))
            .arg(world.presign().url)
            .arg(world.target())
            .args(["--connect-to", &world.oss.http_addr().to_string()])
            .output()
            .unwrap_or_else(|error| {
                panic!("strace (Debian package strace) cannot be run: {error}")
            });
        let shown = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && shown.contains(message), "{call}: {shown}");
        assert_eq!(fs::read_to_string(world.target()).unwrap(), target, "{call}");
    }
}

/// A second descriptor of a file that this process has open, as a child has that was just forked.
fn second_descriptor(path: &Path) -> OwnedFd {
    let open = fs::read_dir("/proc/self/fd").unwrap().map(|entry| entry.unwrap().path());
    let found = open.filter(|link| fs::read_link(link).is_ok_and(|to| to == path)).last().unwrap();
    let number = found.file_name().unwrap().to_str().unwrap().parse().unwrap();
    let process = pidfd_open(getpid(), PidfdFlags::empty()).unwrap();
    pidfd_getfd(process, number, PidfdGetfdFlags::empty()).unwrap()
}

#[test]
fn a_child_that_has_the_part_file_open_does_not_keep_it_locked() {
    let world = World::with(&content(3 << 20));
    let presigned = world.presign();
    let request = world.get(&presigned).connections(1).progress_interval(Duration::ZERO);
    let request = request.resume(true);
    let mut child = None;
    let error = download(&request, &mut |_: Progress| {
        child = Some(second_descriptor(&world.folder.path().join("target.part")));
        ControlFlow::Break(())
    });
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Cancelled);
    let done = download(&request, &mut idle).unwrap();
    assert!(done.resumed > 0 && child.is_some());
    assert_eq!(world.files(), ["target"]);
}

#[test]
fn nothing_outlives_a_download() {
    support::leftovers::check();
}
