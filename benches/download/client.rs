//! The contenders, each a process of its own, so that its start counts for all and its CPU time can
//! be told.

use crate::measure::Sample;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use oss_presign::{DownloadRequest, Progress, download};
use std::ffi::OsStr;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// First arguments that make this program a contender.
pub const FETCH: &str = "fetch";
pub const FETCH_SMALL: &str = "fetch-small";
pub const FETCH_BARE: &str = "fetch-bare";

/// A command line that makes the target.
pub struct Program {
    name: PathBuf,
    arguments: Vec<PathBuf>,
    target: PathBuf,
}

impl Program {
    fn new(
        name: impl AsRef<Path>,
        target: &Path,
        arguments: &[&(impl AsRef<OsStr> + ?Sized)],
    ) -> Self {
        let arguments = arguments.iter().map(PathBuf::from).collect();
        Self { name: name.as_ref().into(), arguments, target: target.into() }
    }

    pub fn curl(url: &str, target: &Path, ca_file: &Path) -> Self {
        let (file, ca) = (target.to_str().unwrap(), ca_file.to_str().unwrap());
        let arguments = ["-q", "-s", "-S", "-f", "--noproxy", "*", "--cacert", ca, "-o", file, url];
        Self::new("curl", target, &arguments)
    }

    pub fn aria2c(url: &str, target: &Path) -> Self {
        let (folder, name) = (target.parent().unwrap(), target.file_name().unwrap());
        let (folder, name) = (folder.to_str().unwrap(), name.to_str().unwrap());
        let fixed = ["-x16", "-s16", "-k1M", "--no-conf", "-q", "--file-allocation=none"];
        Self::new("aria2c", target, &[&fixed[..], &["-d", folder, "-o", name, url]].concat())
    }

    /// Runs it and measures it from outside; the target must have that size, and is removed.
    pub fn run_timed(&self, size: usize) -> Sample {
        let (before, start) = (children_cpu(), Instant::now());
        self.run();
        let wall = start.elapsed().as_secs_f64();
        let cpu = children_cpu() - before;
        assert_eq!(fs::metadata(&self.target).unwrap().len(), size as u64);
        // Else the next run would write over pages that are there.
        fs::remove_file(&self.target).unwrap();
        Sample { wall, cpu }
    }

    /// Runs it; it tells the seconds that its work took, without its start.
    pub fn run_told(&self) -> Sample {
        let before = children_cpu();
        let told = self.run();
        Sample { wall: told.trim().parse().unwrap(), cpu: children_cpu() - before }
    }

    fn run(&self) -> String {
        let output = Command::new(&self.name)
            .args(&self.arguments)
            .stderr(Stdio::inherit())
            .output()
            .unwrap_or_else(|error| panic!("{}: {error}", self.name.display()));
        assert!(output.status.success(), "{}: {}", self.name.display(), output.status);
        String::from_utf8(output.stdout).unwrap()
    }
}

/// CPU seconds of all processes that were waited for.
fn children_cpu() -> f64 {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    micros as f64 / 1e6
}

/// A download of ours: to disk without fsync, as the others do it.
pub fn ours(url: &str, target: &Path, connections: u32, ca_file: &Path) -> Program {
    let (file, ca) = (target.to_str().unwrap(), ca_file.to_str().unwrap());
    let this = std::env::current_exe().unwrap();
    Program::new(this, target, &[FETCH, url, file, &connections.to_string(), ca])
}

pub fn fetch(arguments: &[&str]) {
    let [url, file, connections, ca_file] = arguments else { panic!("{arguments:?}") };
    let mut request = DownloadRequest::new(url, file.as_ref())
        .connections(connections.parse().unwrap())
        .sync(false);
    if url.starts_with("https") {
        request = request.ca_file(ca_file.as_ref());
    }
    download(&request, &mut |_: Progress| ControlFlow::Continue(())).unwrap();
}

/// What any client over plain sockets must do, and no more: read, and write 256 KiB at a time. No
/// checksum, no check of anything.
pub fn bare(url: &str, target: &Path) -> Program {
    let this = std::env::current_exe().unwrap();
    Program::new(this, target, &[FETCH_BARE, url, target.to_str().unwrap()])
}

pub fn fetch_bare(arguments: &[&str]) {
    let [url, file] = arguments else { panic!("{arguments:?}") };
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut server = TcpStream::connect(host).unwrap();
    write!(server, "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
    let mut target = fs::File::create(file).unwrap();
    let (mut buffer, mut filled) = (vec![0; 256 * 1024], 0);
    let mut is_head = true;
    loop {
        let read = server.read(&mut buffer[filled..]).unwrap();
        filled += read;
        if is_head && let Some(at) = buffer[..filled].windows(4).position(|end| end == b"\r\n\r\n")
        {
            buffer.copy_within(at + 4..filled, 0);
            (filled, is_head) = (filled - at - 4, false);
        }
        if filled == buffer.len() || read == 0 {
            target.write_all(&buffer[..filled]).unwrap();
            filled = 0;
        }
        if read == 0 {
            return;
        }
    }
}

/// Many small downloads of ours with one client.
pub fn run_small(url: &str, target: &Path, count: usize) -> Program {
    let this = std::env::current_exe().unwrap();
    let file = target.to_str().unwrap();
    Program::new(this, target, &[FETCH_SMALL, url, file, &count.to_string()])
}

pub fn fetch_small(arguments: &[&str]) {
    let [url, file, count] = arguments else { panic!("{arguments:?}") };
    let count: usize = count.parse().unwrap();
    let client = DownloadRequest::new(url, file.as_ref()).make_client().unwrap();
    let start = Instant::now();
    for _ in 0..count {
        let request = DownloadRequest::new(url, file.as_ref()).client(&client).sync(false);
        download(&request, &mut |_: Progress| ControlFlow::Continue(())).unwrap();
    }
    println!("{}", start.elapsed().as_secs_f64());
}

/// A C program that does the same with one libcurl handle.
pub struct Kept(PathBuf);

impl Kept {
    /// Compiles it; says what is missing, if something is: that and the other programs.
    pub fn compile(place: &Path) -> Option<Self> {
        let mut missing = Vec::new();
        for (name, package) in [("curl", "curl"), ("aria2c", "aria2"), ("nginx", "nginx-light")] {
            if version(name).is_none() {
                missing.push(format!("{name} (Debian package {package})"));
            }
        }
        let program = place.join("kept");
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/download/kept.c");
        let arguments = ["-O2", "-o", program.to_str().unwrap(), source, "-lcurl"];
        match Command::new("cc").args(arguments).output() {
            Err(_) => missing.push("cc (Debian package gcc)".to_owned()),
            Ok(output) if !output.status.success() => {
                eprint!("{}", String::from_utf8_lossy(&output.stderr));
                missing.push("libcurl to compile with (libcurl4-openssl-dev)".to_owned());
            }
            Ok(_) => {}
        }
        if missing.is_empty() {
            return Some(Self(program));
        }
        eprintln!("this benchmark needs, and there is not: {}", missing.join(", "));
        None
    }

    pub fn run(&self, url: &str, target: &Path, count: usize) -> Program {
        let file = target.to_str().unwrap();
        Program::new(&self.0, target, &[url, file, &count.to_string()])
    }
}

/// The first line of what a program says of itself, if it is there.
fn version(name: &str) -> Option<String> {
    let (program, argument) = match name {
        "nginx" => (crate::nginx::program(), "-v"),
        _ => (name, "--version"),
    };
    let output = Command::new(program).arg(argument).output().ok()?;
    let text = String::from_utf8([output.stdout, output.stderr].concat()).ok()?;
    Some(text.lines().next()?.to_owned())
}

/// All peers and their versions.
pub fn versions() -> String {
    let found = ["nginx", "curl", "aria2c"].map(|name| version(name).unwrap_or_default());
    found.join("; ")
}
