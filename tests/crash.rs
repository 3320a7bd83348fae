//! Downloads that are killed at random instants, and gone on with.
//!
//! `OSS_PRESIGN_KILLS=N cargo test --release --test crash` kills N times; 24 is the default share.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use std::ops::Range;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs};
use support::{World, content, example};

const PART: u64 = 128 * 1024;
const SIZE: usize = 64 * PART as usize + 4321;
const CONNECTIONS: u64 = 4;

/// The ranges that the record of an unfinished download says are there.
fn recorded(world: &World) -> Vec<Range<u64>> {
    let path = world.folder.path().join("target.part.resume");
    let text = fs::read_to_string(path).unwrap_or_default();
    let done = text.lines().filter_map(|line| line.strip_prefix("done "));
    done.map(|line| {
        let numbers: Vec<u64> = line.split(' ').map(|number| number.parse().unwrap()).collect();
        numbers[0]..numbers[1]
    })
    .collect()
}

/// The ranges that were asked for.
fn asked(world: &World) -> Vec<Range<u64>> {
    let requests = world.oss.requests();
    let ranges = requests.iter().filter_map(|request| request.header("range"));
    ranges
        .map(|range| {
            let (first, last) = range["bytes=".len()..].split_once('-').unwrap();
            first.parse().unwrap()..last.parse::<u64>().unwrap() + 1
        })
        .collect()
}

#[test]
fn a_killed_download_loses_no_finished_part_and_never_shows_half_a_file() {
    let kills: u32 = env::var("OSS_PRESIGN_KILLS").map_or(24, |count| count.parse().unwrap());
    let (mut killed, mut rounds, mut seed) = (0, 0, 1_u64);
    while killed < kills {
        rounds += 1;
        let world = World::with(&content(SIZE));
        world.oss.slow_connections(1, 4 << 20);
        fs::write(world.target(), "old").unwrap();
        let presigned = world.presign();
        // It grows, so that a slow machine comes to an end too.
        let mut longest = 300_000;
        loop {
            longest += longest / 16;
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let patience = Duration::from_micros(500 + (seed >> 33) % longest);
            let done = recorded(&world);
            world.forget_requests();
            let started = Instant::now();
            let mut child = Command::new(example("download"))
                .arg(&presigned.url)
                .arg(world.target())
                .args(["--connect-to", &world.oss.http_addr().to_string()])
                .args(["--part-size", &PART.to_string()])
                .args(["--connections", &CONNECTIONS.to_string()])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            let ended = loop {
                if let Some(status) = child.try_wait().unwrap() {
                    break Some(status);
                }
                if started.elapsed() >= patience {
                    break None;
                }
                std::thread::yield_now();
            };
            if ended.is_none() {
                child.kill().unwrap();
                child.wait().unwrap();
                killed += 1;
            }
            // Killed when all was there, it asks for one byte: is the object still the same?
            let all = done.iter().map(|range| range.end - range.start).sum::<u64>() == SIZE as u64;
            for range in asked(&world) {
                if all && range.end - range.start == 1 {
                    continue;
                }
                let again =
                    done.iter().find(|done| range.start < done.end && done.start < range.end);
                assert_eq!(again, None, "{range:?} was there, and is asked for again");
            }
            let target = fs::read(world.target()).unwrap();
            if let Some(status) = ended {
                assert!(status.success());
                assert!(target == content(SIZE), "the target is not the object");
                assert_eq!(world.files(), ["target"]);
                break;
            }
            assert!(target == b"old" || target == content(SIZE), "the target is half a file");
            if target == content(SIZE) {
                break;
            }
        }
    }
    println!("crash: {killed} kills in {rounds} downloads");
}
