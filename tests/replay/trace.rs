//! What a program does to the files of one folder, in the order in which it is done, from strace.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// One opening of a file, or of the folder itself.
pub type Handle = usize;

/// A call that succeeded. Names are those of files in the folder.
#[derive(Debug)]
pub enum Call {
    /// No name: the folder.
    Open {
        handle: Handle,
        name: Option<String>,
        truncate: bool,
    },
    /// At the file's position, unless it says where.
    Write {
        handle: Handle,
        at: Option<usize>,
        data: Vec<u8>,
    },
    SetLen {
        handle: Handle,
        size: usize,
    },
    /// What is written from here on, the sync need not cover.
    SyncStart(Handle),
    SyncEnd(Handle),
    Rename {
        from: String,
        to: String,
    },
    Link {
        from: String,
        to: String,
    },
    Unlink(String),
}

/// All that change a file, a name or what a descriptor means.
const TRACED: &str = "trace=open,openat,openat2,creat,close,dup,dup2,dup3,write,pwrite64,writev,\
    pwritev,pwritev2,copy_file_range,sendfile,truncate,ftruncate,fallocate,fsync,fdatasync,syncfs,\
    sync_file_range,rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat";

/// Runs a program to its end, which must be a good one.
pub fn run(program: &Path, arguments: &[&str], folder: &Path) -> Vec<Call> {
    let log = tempfile::NamedTempFile::new().unwrap();
    let output = Command::new("strace")
        // Threads too; only these calls are stopped at; no padding; every text whole, and in hex.
        .args(["-f", "--seccomp-bpf", "-a1", "-s16777216", "-xx", "-e", TRACED, "-o"])
        .arg(log.path())
        .arg(program)
        .args(arguments)
        .stdout(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("strace (Debian package strace) cannot be run: {error}"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let log = fs::read_to_string(log.path()).unwrap();
    let folder = folder.to_str().unwrap();
    let mut trace = Trace { folder, open: HashMap::new(), opened: 0, calls: Vec::new() };
    let mut unfinished = HashMap::new();
    for line in log.lines() {
        let (thread, text) = line.split_once(' ').unwrap();
        let text = text.trim_start();
        if let Some((_, end)) = text.strip_prefix("<... ").and_then(|t| t.split_once(" resumed>")) {
            let start: &str = unfinished.remove(thread).unwrap();
            trace.end(&format!("{start}{end}"));
        } else if let Some(start) = text.strip_suffix(" <unfinished ...>") {
            trace.start(start);
            unfinished.insert(thread, start);
        } else if !text.starts_with("---") && !text.starts_with("+++") {
            trace.start(text);
            trace.end(text);
        }
    }
    trace.calls
}

struct Trace<'a> {
    folder: &'a str,
    /// What the descriptors mean that are open now.
    open: HashMap<String, Handle>,
    opened: usize,
    calls: Vec<Call>,
}

impl Trace<'_> {
    fn start(&mut self, text: &str) {
        let (call, arguments) = text.split_once('(').unwrap();
        let descriptor = arguments.split([',', ')']).next().unwrap_or_default();
        match (call, self.open.get(descriptor)) {
            // From here on the number may be given out again.
            ("close", Some(_)) => _ = self.open.remove(descriptor),
            ("fsync" | "fdatasync", Some(handle)) => self.calls.push(Call::SyncStart(*handle)),
            _ => {}
        }
    }

    fn end(&mut self, text: &str) {
        let (text, result) = text.rsplit_once(" = ").unwrap();
        let (call, arguments) = text.strip_suffix(')').unwrap().split_once('(').unwrap();
        let arguments: Vec<&str> = arguments.split(", ").collect();
        let result = result.split(' ').next().unwrap();
        if call == "close" || result.starts_with(['-', '?']) {
            return;
        }
        let names: Vec<Option<String>> = arguments
            .iter()
            .filter(|argument| argument.starts_with('"'))
            .filter_map(|argument| self.in_folder(&bytes(argument)))
            .collect();
        let handle = self.open.get(arguments[0]).copied();
        let size = |index: usize| arguments[index].parse().unwrap();
        let new = match (call, handle, names.as_slice()) {
            ("openat", None, [name]) => {
                let handle = self.opened;
                self.opened += 1;
                self.open.insert(result.to_owned(), handle);
                let truncate = arguments[2].contains("O_TRUNC");
                Call::Open { handle, name: name.clone(), truncate }
            }
            ("write" | "pwrite64", Some(handle), []) => {
                let mut data = bytes(arguments[1]);
                data.truncate(result.parse().unwrap());
                assert_eq!(data.len().to_string(), result, "the log has not all of it");
                let at = (call == "pwrite64").then(|| size(3));
                Call::Write { handle, at, data }
            }
            ("ftruncate", Some(handle), []) => Call::SetLen { handle, size: size(1) },
            ("fsync" | "fdatasync", Some(handle), []) => Call::SyncEnd(handle),
            ("rename" | "renameat" | "renameat2", None, [Some(from), Some(to)]) => {
                Call::Rename { from: from.clone(), to: to.clone() }
            }
            ("link" | "linkat", None, [Some(from), Some(to)]) => {
                Call::Link { from: from.clone(), to: to.clone() }
            }
            ("unlink" | "unlinkat", None, [Some(name)]) => Call::Unlink(name.clone()),
            // Neither size nor content changes.
            ("fallocate", Some(_), []) if arguments[1] == "FALLOC_FL_KEEP_SIZE" => return,
            (_, None, []) => return,
            _ => panic!("what is {call} with {names:?} and {arguments:.100?}?"),
        };
        self.calls.push(new);
    }

    /// The name of a file of the folder; none for the folder itself.
    fn in_folder(&self, path: &[u8]) -> Option<Option<String>> {
        let rest = str::from_utf8(path).ok()?.strip_prefix(self.folder)?;
        if rest.is_empty() { Some(None) } else { Some(Some(rest.strip_prefix('/')?.to_owned())) }
    }
}

/// Reads `"\x6f\x6c\x64"`.
fn bytes(text: &str) -> Vec<u8> {
    let hex = text.trim_matches('"').replace("\\x", "");
    hex::decode(hex).unwrap_or_else(|error| panic!("{text:.100}: {error}"))
}
