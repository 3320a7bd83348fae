//! What errors and a program's log get to see of a download: no secret, no signature, no token.

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

/// Plants canaries in secret, token and URL, and looks for them in all that an error shows.
#[test]
fn nothing_secret_is_in_an_error() {
    let world = World::with(&content(500_000));
    let sts = Credentials::new("sts-id", SECRET).security_token("canary-token");
    let presigned = presign_get(&world.request(KEY).credentials(sts)).unwrap();
    let signature = presigned.url.split("x-oss-signature=").nth(1).unwrap();
    let signature = signature.split('&').next().unwrap();
    let wrong = presigned.url.replace(signature, &"a".repeat(64));
    let mut errors = Vec::new();
    for fault in [Fault::CutAfter(9), Fault::ResetAfter(0), Fault::NoCrc64] {
        world.oss.fault(BUCKET, KEY, fault);
        errors.extend(world.fetch(&presigned).err());
    }
    let mut altered = presigned.clone();
    altered.url = wrong;
    errors.push(world.fetch(&altered).unwrap_err());
    assert_eq!(errors.len(), 3);
    for error in errors {
        let shown = format!("{error} {error:?} {error:#?}");
        for canary in ["canary", signature, &"a".repeat(64)] {
            assert!(!shown.contains(canary), "{shown}");
        }
    }
}
