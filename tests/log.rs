//! What a program's log gets to see of a download: no signature, no token.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use log::{LevelFilter, Log, Metadata, Record};
use oss_emulator::Fault;
use oss_presign::{Credentials, presign_get};
use std::sync::Mutex;
use support::{BUCKET, KEY, SECRET, World, content};

struct Capture(Mutex<String>);

impl Log for Capture {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let line = format!("{} {} {}\n", record.level(), record.target(), record.args());
        self.0.lock().unwrap().push_str(&line);
    }

    fn flush(&self) {}
}

static CAPTURE: Capture = Capture(Mutex::new(String::new()));

#[test]
fn the_most_talkative_log_has_no_signature_and_no_token() {
    log::set_logger(&CAPTURE).unwrap();
    log::set_max_level(LevelFilter::Trace);
    let world = World::with(&content(1000));
    let sts = Credentials::new("sts-id", SECRET).security_token("canary-token");
    let presigned = presign_get(&world.request(KEY).credentials(sts)).unwrap();
    world.fetch(&presigned).unwrap();
    world.oss.fault(BUCKET, KEY, Fault::CutAfter(10));
    world.fetch(&presigned).unwrap_err();
    let signature = presigned.url.split("x-oss-signature=").nth(1).unwrap();
    let seen = CAPTURE.0.lock().unwrap();
    assert!(seen.contains("ureq"), "nothing was captured");
    for canary in ["canary", &signature[..64], "x-oss-"] {
        assert!(!seen.contains(canary), "{canary} in\n{seen}");
    }
}
