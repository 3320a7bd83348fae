//! Alone in its process, so that threads and sockets can be counted.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use std::io::Read;
use std::net::TcpStream;

use common::emulator;

#[cfg(target_os = "linux")]
fn count(folder: &str) -> usize {
    std::fs::read_dir(folder).unwrap().count()
}

#[test]
fn nothing_outlives_the_emulator() {
    #[cfg(target_os = "linux")]
    let before = (count("/proc/self/task"), count("/proc/self/fd"));
    let oss = emulator();
    let addresses = [oss.http_addr(), oss.https_addr(), oss.stalled_addr().unwrap()];
    let mut idle = addresses.map(|addr| TcpStream::connect(addr).unwrap());
    drop(oss);
    for stream in &mut idle {
        assert_eq!(stream.read(&mut [0]).unwrap_or(0), 0);
    }
    drop(idle);
    for addr in addresses {
        assert!(TcpStream::connect(addr).is_err(), "{addr}");
    }
    #[cfg(target_os = "linux")]
    {
        // A thread that was joined may be seen a little longer.
        let start = std::time::Instant::now();
        while count("/proc/self/task") > before.0 && start.elapsed().as_secs() < 10 {
            std::thread::yield_now();
        }
        assert_eq!((count("/proc/self/task"), count("/proc/self/fd")), before);
    }
}
