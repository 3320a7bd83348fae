//! Downloads against curl, aria2c and libcurl on the same server, in one run. Quote ratios: machines
//! are noisy.
//!
//! `cargo bench --bench download` prints the tables; `-- --chart docs/download-bench.svg` draws the
//! ratios too. Targets go to the folder of cargo's target directory, which should be on a disk.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a benchmark")]

mod chart;
mod client;
mod measure;
#[path = "../../tests/support/nginx.rs"]
mod nginx;

use client::{Kept, Program, ours};
use measure::{Figures, interleave};
use nginx::Nginx;
use oss_emulator::{Emulator, Fault, Object};
use oss_presign::{Credentials, PresignRequest, Scheme, presign_get};
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

const MIB: usize = 1 << 20;

/// A ratio, and what it should be.
struct Goal {
    name: &'static str,
    measured: f64,
    target: f64,
    /// Whether more is better.
    more: bool,
}

impl Goal {
    fn at_least(name: &'static str, measured: f64, target: f64) -> Self {
        Self { name, measured, target, more: true }
    }

    fn at_most(name: &'static str, measured: f64, target: f64) -> Self {
        Self { name, measured, target, more: false }
    }

    fn is_met(&self) -> bool {
        if self.more { self.measured >= self.target } else { self.measured <= self.target }
    }

    /// The target in words.
    fn wanted(&self) -> String {
        let bound = if self.more { "at least" } else { "at most" };
        format!("{bound} {}x", self.target)
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let chart = match &words[..] {
        [] => None,
        ["--chart", path] => Some(Path::new(path)),
        [client::FETCH, rest @ ..] => return client::fetch(rest),
        [client::FETCH_BARE, rest @ ..] => return client::fetch_bare(rest),
        [client::FETCH_SMALL, rest @ ..] => return client::fetch_small(rest),
        _ => panic!("usage: cargo bench --bench download [-- --chart PATH]"),
    };
    let place = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let Some(kept) = Kept::compile(place.path()) else { std::process::exit(1) };
    let nginx = Nginx::start_in(place.path());
    println!("targets on {}; {}", file_system(place.path()), client::versions());

    let mut goals = Vec::new();
    goals.extend(one_stream(&nginx, place.path(), false));
    goals.extend(one_stream(&nginx, place.path(), true));
    goals.extend(limited_connections(&nginx, place.path()));
    goals.extend(a_slow_connection(place.path()));
    goals.extend(small_objects(&nginx, place.path(), &kept));

    println!("\n{:<52} {:>8}  {:<16}", "ratio", "measured", "target");
    for goal in &goals {
        let met = if goal.is_met() { "met" } else { "MISSED" };
        println!("{:<52} {:>7.2}x  {:<16} {met}", goal.name, goal.measured, goal.wanted());
    }
    if let Some(path) = chart {
        std::fs::write(path, chart::draw(&goals)).unwrap();
    }
}

fn file_system(place: &Path) -> String {
    let output = Command::new("df").arg("--output=fstype").arg(place).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().last().unwrap_or("?").to_owned()
}

/// Bytes that no file system and no server makes shorter.
fn content(length: usize) -> Vec<u8> {
    (0..length as u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect()
}

/// One connection, a large object, to disk.
fn one_stream(nginx: &Nginx, place: &Path, https: bool) -> [Goal; 2] {
    const SIZE: usize = 256 * MIB;
    nginx.put("large", &content(SIZE));
    let (title, url) = match https {
        true => ("one stream, https", nginx.https("/large")),
        false => ("one stream, http", nginx.http("/large")),
    };
    let target = place.join("target");
    let run = |program: Program| move || program.run_timed(SIZE);
    let contenders = [
        ("curl", run(Program::curl(&url, &target, &nginx.ca_file()))),
        ("oss-presign", run(ours(&url, &target, 1, &nginx.ca_file()))),
    ];
    let [curl, us] = interleave(title, 12, contenders);
    match https {
        false => bound(&url, &target, SIZE),
        true => {
            // A server encrypts for one connection on one core.
            let (program, before) = (ours(&url, &target, 1, &nginx.ca_file()), nginx.cpu());
            (0..8).for_each(|_| _ = program.run_timed(SIZE));
            let busy = (nginx.cpu() - before) / 8.0;
            let most = curl.wall() / busy;
            println!("the bound here: the server is busy for {busy:.3} s, {most:.2}x curl's speed");
        }
    }
    match https {
        false => [
            Goal::at_least("One stream, http: speed, in curl's", curl.wall() / us.wall(), 2.2),
            Goal::at_most("One stream, http: CPU time, in curl's", us.cpu() / curl.cpu(), 0.45),
        ],
        true => [
            Goal::at_least("One stream, https: speed, in curl's", curl.wall() / us.wall(), 1.7),
            Goal::at_most("One stream, https: CPU time, in curl's", us.cpu() / curl.cpu(), 0.5),
        ],
    }
}

/// What this machine allows at all: its kernel does most of the work in any client.
fn bound(url: &str, target: &Path, size: usize) {
    let run = |program: Program| move || program.run_timed(size);
    let curl = Program::curl(url, target, Path::new(""));
    let contenders = [("curl", run(curl)), ("bare", run(client::bare(url, target)))];
    let [curl, bare] = interleave("bare reads and writes, http", 8, contenders);
    let (speed, cpu) = (curl.wall() / bare.wall(), bare.cpu() / curl.cpu());
    println!("the bound here: {speed:.2}x curl's speed at {cpu:.2}x its CPU time");
}

/// A server that gives each connection 20 MiB a second.
fn limited_connections(nginx: &Nginx, place: &Path) -> [Goal; 2] {
    const SIZE: usize = 128 * MIB;
    nginx.put("medium", &content(SIZE));
    let (url, target) = (nginx.http("/rate/20m/medium"), place.join("target"));
    let run = |program: Program| move || program.run_timed(SIZE);
    let contenders = [
        ("oss-presign, 1", run(ours(&url, &target, 1, &nginx.ca_file()))),
        ("oss-presign, 16", run(ours(&url, &target, 16, &nginx.ca_file()))),
        ("aria2c -x16", run(Program::aria2c(&url, &target))),
    ];
    let [one, sixteen, aria2c] = interleave("20 MiB/s for each connection", 4, contenders);
    [
        Goal::at_least(
            "20 MiB/s each, 16 connections: speed, in one's",
            one.wall() / sixteen.wall(),
            15.0,
        ),
        Goal::at_least(
            "20 MiB/s each, 16 connections: speed, in aria2c's",
            aria2c.wall() / sixteen.wall(),
            1.0,
        ),
    ]
}

/// One connection in eight is ten times slower. Ideal is the size by the speed of all eight together,
/// as if work went over from one to another at no cost.
fn a_slow_connection(place: &Path) -> [Goal; 1] {
    const SIZE: usize = 128 * MIB;
    const FAST: u64 = 8 << 20;
    const SLOW: u64 = FAST / 10;
    let oss = Emulator::builder().credential("id", "secret").start().unwrap();
    let (target, address) = (place.join("target"), oss.http_addr().to_string());
    let url = |key: &str, size: usize| {
        oss.put("bucket", key, Object::sparse(size as u64));
        let limit = Fault::SpeedLimit { bytes_per_second: FAST };
        oss.fault("bucket", key, limit.always());
        let request = PresignRequest::new("cn-hangzhou", "bucket", key)
            .endpoint(&address)
            .scheme(Scheme::Http)
            .credentials(Credentials::new("id", "secret"));
        presign_get(&request).unwrap().url
    };
    let whole = url("whole", SIZE);
    let (for_fast, for_slow) = (url("for-fast", SIZE / 16), url("for-slow", SIZE / 160));
    let none = Path::new("");
    let program = |url: &str, connections| ours(url, &target, connections, none);
    let (eight, fast, slow) = (program(&whole, 8), program(&for_fast, 1), program(&for_slow, 1));
    type Run<'a> = Box<dyn FnMut() -> measure::Sample + 'a>;
    let run = |nth, program: Program, size| -> Run<'_> {
        let oss = &oss;
        Box::new(move || {
            oss.slow_connections(nth, SLOW);
            program.run_timed(size)
        })
    };
    let contenders = [
        ("one in eight slow, 8", run(8, eight, SIZE)),
        ("a fast one, 1/16", run(0, fast, SIZE / 16)),
        ("a slow one, 1/160", run(1, slow, SIZE / 160)),
    ];
    let [eight, fast, slow] = interleave("a slow connection among eight", 4, contenders);
    let speed = |figures: &Figures, size: usize| size as f64 / figures.wall();
    let together = 7.0 * speed(&fast, SIZE / 16) + speed(&slow, SIZE / 160);
    let ideal = SIZE as f64 / together;
    println!("ideal: {ideal:.3} s");
    [Goal::at_most("One connection in eight slow: time, in the ideal", eight.wall() / ideal, 1.25)]
}

/// Objects of 1 KiB, one after the other, over a kept connection.
fn small_objects(nginx: &Nginx, place: &Path, kept: &Kept) -> [Goal; 1] {
    const COUNT: usize = 1000;
    nginx.put("small", &content(1024));
    let (url, target) = (nginx.http("/small"), place.join("target"));
    let contenders = [
        ("libcurl", kept.run(&url, &target, COUNT)),
        ("oss-presign", client::run_small(&url, &target, COUNT)),
    ];
    let run = contenders.map(|(name, program)| (name, move || program.run_told()));
    let [libcurl, us] = interleave("1000 objects of 1 KiB, connection kept", 20, run);
    [Goal::at_most("1 KiB, connection kept: time, in libcurl's", us.wall() / libcurl.wall(), 1.2)]
}
