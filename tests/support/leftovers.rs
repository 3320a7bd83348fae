//! No thread, socket or descriptor outlives a download. Tests that run beside each other cannot count
//! them, so each test program runs its tests once more, by themselves, and counts around each.

use std::io::Write;
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs, thread};
use tempfile::NamedTempFile;

/// Where a program that runs its tests by themselves notes its counts.
const NOTES: &str = "OSS_PRESIGN_LEFTOVERS";

/// Threads and descriptors of this process.
fn count() -> (usize, usize) {
    let entries = |folder| fs::read_dir(folder).unwrap().count();
    (entries("/proc/self/task"), entries("/proc/self/fd"))
}

/// Compares what there is when it is dropped with what there was before.
pub struct Leftovers(Option<(usize, usize)>);

impl Leftovers {
    pub fn watch() -> Self {
        Self(env::var_os(NOTES).map(|_| count()))
    }
}

impl Drop for Leftovers {
    fn drop(&mut self) {
        let Some(before) = self.0.filter(|_| !thread::panicking()) else { return };
        // What another test left may go meanwhile; a thread that was joined may be seen a little longer.
        let is_more = |now: (usize, usize)| now.0 > before.0 || now.1 > before.1;
        let patience = Instant::now();
        while is_more(count()) && patience.elapsed() < Duration::from_secs(5) {
            thread::yield_now();
        }
        let now = count();
        assert!(!is_more(now), "threads and descriptors: {now:?} after {before:?}");
        let notes = fs::File::options().append(true).open(env::var_os(NOTES).unwrap());
        writeln!(notes.unwrap(), "{before:?}").unwrap();
    }
}

/// The test `nothing_outlives_a_download` of each program whose tests download.
pub fn check() {
    let notes = NamedTempFile::new().unwrap();
    let output = Command::new(env::current_exe().unwrap())
        .args(["--test-threads=1", "--skip=nothing_outlives_a_download"])
        .env(NOTES, notes.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(!fs::read_to_string(notes.path()).unwrap().is_empty(), "nothing was counted");
}
