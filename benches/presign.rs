//! Nanoseconds for a presigned URL: the core, the C ABI, and the official SDKs in the same run.
//!
//! `cargo bench --bench presign` measures ours; `-- --peers` installs the peers (Go, Python,
//! Node.js) and measures them in turn with ours. Quote ratios: machines are noisy.

#![allow(unsafe_code, reason = "counts allocations, and calls the C ABI as C does")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a benchmark")]

use oss_presign::{Credentials, PresignRequest, presign_get};
use std::alloc::{GlobalAlloc, Layout, System};
use std::ffi::{CStr, c_char};
use std::hint::black_box;
use std::mem::zeroed;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;

const REGION: &CStr = c"cn-hangzhou";
const BUCKET: &CStr = c"examplebucket";
const KEY: &CStr = c"dir/object.txt";
const ID: &CStr = c"LTAI5tFakeAccessKeyId001";
const SECRET: &CStr = c"FakeSecretForTestsOnly0123456789";
const ROUNDS: usize = 15;
const ITERATIONS: u32 = 20_000;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

struct Counting;

// SAFETY: hands every call on to the system allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Relaxed);
        // SAFETY: the caller's contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's contract.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Relaxed);
        // SAFETY: the caller's contract.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The leading fields of oss_presign_options: an older program's struct is as good as a new one's.
#[repr(C)]
struct Options {
    struct_size: usize,
    region: *const c_char,
    bucket: *const c_char,
    key: *const c_char,
    endpoint: *const c_char,
    access_key_id: *const c_char,
    access_key_secret: *const c_char,
}

unsafe extern "C" {
    fn oss_presign_get(options: *const Options) -> *mut u8;
    fn oss_result_code(result: *const u8) -> i32;
    fn oss_result_url(result: *const u8) -> *const c_char;
    fn oss_result_free(result: *mut u8);
}

fn core() {
    let text = |text: &'static CStr| text.to_str().unwrap();
    let request = PresignRequest::new(text(REGION), text(BUCKET), text(KEY))
        .credentials(Credentials::new(text(ID), text(SECRET)));
    black_box(presign_get(black_box(&request)).unwrap());
}

fn c_abi() {
    // SAFETY: all zero is what OSS_OPTIONS_INIT makes; the texts are static; the result is freed
    // once.
    unsafe {
        let mut options: Options = zeroed();
        options.struct_size = size_of::<Options>();
        options.region = REGION.as_ptr();
        options.bucket = BUCKET.as_ptr();
        options.key = KEY.as_ptr();
        options.access_key_id = ID.as_ptr();
        options.access_key_secret = SECRET.as_ptr();
        let result = oss_presign_get(black_box(&raw const options));
        assert_eq!(oss_result_code(result), 0);
        black_box(oss_result_url(result));
        oss_result_free(result);
    }
}

/// What one contender needs for a URL, over the rounds.
struct Figures {
    name: String,
    nanoseconds: Vec<f64>,
    allocations: String,
}

impl Figures {
    fn median(&self) -> f64 {
        let mut sorted = self.nanoseconds.clone();
        sorted.sort_by(f64::total_cmp);
        sorted[sorted.len() / 2]
    }
}

/// Warm-up first, as the peers do at each call.
fn round(work: fn()) -> f64 {
    (0..ITERATIONS).for_each(|_| work());
    let start = Instant::now();
    for _ in 0..ITERATIONS {
        work();
    }
    start.elapsed().as_nanos() as f64 / f64::from(ITERATIONS)
}

fn allocations(work: fn()) -> u64 {
    let before = ALLOCATIONS.load(Relaxed);
    work();
    ALLOCATIONS.load(Relaxed) - before
}

/// One round of a peer: `name version median min max allocations`.
fn peer(which: &str) -> (String, f64, String) {
    let run = Command::new("bash")
        .args(["benches/peers/run.sh", "--one", which])
        .env("ROUNDS", "1")
        .output()
        .unwrap();
    assert!(run.status.success(), "{which}: {}", String::from_utf8_lossy(&run.stderr));
    let line = String::from_utf8(run.stdout).unwrap();
    let items: Vec<&str> = line.split_whitespace().collect();
    let [name, version, median, _, _, allocations] = items[..] else {
        panic!("{which} printed {line:?}");
    };
    (format!("{name} {version}"), median.parse().unwrap(), allocations.to_owned())
}

fn main() {
    let with_peers = std::env::args().any(|argument| argument == "--peers");
    let ours: [(&str, fn()); 2] = [("core", core), ("C ABI", c_abi)];
    let mut table: Vec<Figures> = ours
        .iter()
        .map(|(name, work)| {
            round(*work);
            let allocations = allocations(*work).to_string();
            Figures { name: (*name).to_owned(), nanoseconds: Vec::new(), allocations }
        })
        .collect();
    let peers: &[&str] = if with_peers { &["go", "python", "node"] } else { &[] };
    for number in 0..ROUNDS {
        for (figures, (_, work)) in table.iter_mut().zip(ours) {
            figures.nanoseconds.push(round(work));
        }
        for (i, which) in peers.iter().enumerate() {
            let (name, nanoseconds, allocations) = peer(which);
            if number == 0 {
                table.push(Figures { name, nanoseconds: Vec::new(), allocations });
            }
            table[ours.len() + i].nanoseconds.push(nanoseconds);
        }
    }
    let c_abi = table[1].median();
    println!(
        "{:<22} {:>10} {:>10} {:>10} {:>7} {:>9}",
        "", "median ns", "min", "max", "allocs", "x C ABI"
    );
    for figures in &table {
        let (name, allocations) = (&figures.name, &figures.allocations);
        let min = figures.nanoseconds.iter().copied().fold(f64::INFINITY, f64::min);
        let max = figures.nanoseconds.iter().copied().fold(0.0, f64::max);
        let (median, ratio) = (figures.median(), figures.median() / c_abi);
        println!(
            "{name:<22} {median:>10.0} {min:>10.0} {max:>10.0} {allocations:>7} {ratio:>8.2}x"
        );
    }
}
