//! Memory of a large download over many connections.
//!
//! `OSS_PRESIGN_GIB=4 cargo test --release --test memory -- --nocapture` takes that size; a quarter
//! of a GiB is the default share.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
#![cfg(target_os = "linux")]

mod support;

use oss_emulator::Object;
use oss_presign::{Scheme, presign_get};
use std::process::{Command, Stdio};
use std::{env, fs};
use support::{BUCKET, World, example};

/// The most memory, in KiB, that the example needed for an object.
fn peak(world: &World, key: &str, https: bool, connections: u32) -> u64 {
    let ca = world.folder.path().join("ca.pem");
    fs::write(&ca, world.oss.ca_pem()).unwrap();
    let (scheme, address) = match https {
        true => (Scheme::Https, world.oss.https_addr()),
        false => (Scheme::Http, world.oss.http_addr()),
    };
    let presigned = presign_get(&world.request(key).scheme(scheme)).unwrap();
    let mut child = Command::new(example("download"))
        .arg(&presigned.url)
        .arg(world.target())
        .args(["--connect-to", &address.to_string(), "--connections", &connections.to_string()])
        .args(["--part-size", "1048576"])
        .arg("--ca-file")
        .arg(&ca)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    loop {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with("VmHWM:"));
        let now = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
        most = most.max(now.unwrap_or(0));
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success());
            fs::remove_file(world.target()).unwrap();
            return most;
        }
        std::thread::yield_now();
    }
}

#[test]
fn memory_does_not_grow_with_the_object() {
    let gib: f64 = env::var("OSS_PRESIGN_GIB").map_or(0.25, |size| size.parse().unwrap());
    let world = World::with(b"");
    world.oss.put(BUCKET, "small", Object::sparse(1));
    world.oss.put(BUCKET, "large", Object::sparse((gib * 1_073_741_824.0) as u64));
    // As many connections as there can be need more for the stacks of their threads.
    let stacks = if cfg!(debug_assertions) { 11 } else { 4 };
    for (https, connections, most) in
        [(false, 16, 12), (true, 16, 12), (false, 64, 12 + stacks), (true, 64, 12 + stacks)]
    {
        let small = peak(&world, "small", https, connections);
        let large = peak(&world, "large", https, connections);
        let growth = large.saturating_sub(small);
        println!(
            "memory: {gib} GiB, {connections} connections, https {https}: {small} KiB + {growth} KiB"
        );
        assert!(growth < most * 1024, "{growth} KiB");
    }
}
