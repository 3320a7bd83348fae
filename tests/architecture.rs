//! Who may know whom, and who may do what: rules of the house that no compiler keeps.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::fs;
use std::path::Path;

/// Every source file of the library: path below `src`, and its code without comments and tests.
fn sources() -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|end| end == "rs")
                && !path.to_str().unwrap().ends_with("_tests.rs")
            {
                let name = path.strip_prefix("src").unwrap().to_str().unwrap().replace('\\', "/");
                let text = fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
                let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
                found.push((name, lines.collect::<Vec<_>>().join("\n")));
            }
        }
    }
    let mut found = Vec::new();
    walk(Path::new("src"), &mut found);
    assert!(found.len() > 20, "{found:?}");
    found
}

/// Fails for each file but `allowed` that has one of `words`.
#[track_caller]
fn only(allowed: &str, words: &[&str]) {
    let mut seen = false;
    for (name, code) in sources() {
        for word in words.iter().filter(|word| code.contains(**word)) {
            assert!(name.starts_with(allowed), "{name} has {word}: only {allowed} may");
            seen = true;
        }
    }
    assert!(seen || allowed.is_empty(), "nothing has {words:?}: the rule checks nothing");
}

#[test]
fn only_the_transport_names_ureq() {
    only("http/", &["ureq"]);
}

#[test]
fn only_the_c_abi_is_unsafe() {
    only("ffi/", &["unsafe ", "unsafe(", "unsafe_code"]);
}

#[test]
fn only_the_clock_reads_the_clock() {
    only("clock.rs", &["SystemTime"]);
}

#[test]
fn only_credentials_read_the_environment() {
    only("presign/credentials.rs", &["env::var"]);
}

#[test]
fn the_library_prints_nothing() {
    only("", &["println!", "eprintln!", "print!", "dbg!", "log::"]);
}

#[test]
fn the_core_knows_no_c() {
    for (name, code) in sources().into_iter().filter(|(name, _)| !name.starts_with("ffi/")) {
        for word in ["c_char", "c_void", "CStr", "extern \"C\"", "crate::ffi"] {
            assert!(!code.contains(word), "{name} has {word}");
        }
    }
}

#[test]
fn presigning_knows_no_network_and_no_file() {
    for (name, code) in sources().into_iter().filter(|(name, _)| name.starts_with("presign/")) {
        for word in ["crate::http", "crate::download", "std::fs", "std::io", "TcpStream"] {
            assert!(!code.contains(word), "{name} has {word}");
        }
    }
}

#[test]
fn reading_a_url_and_planning_are_pure() {
    let pure = ["url/", "download/plan.rs", "download/retry.rs", "download/limit.rs"];
    let pure = [&pure[..], &["download/progress.rs", "download/resume.rs"]].concat();
    let files: Vec<_> = sources()
        .into_iter()
        .filter(|(name, _)| pure.iter().any(|place| name.starts_with(place)))
        .collect();
    assert!(files.len() > pure.len(), "{files:?}");
    for (name, code) in files {
        for word in ["Instant", "SystemTime", "unix_now", "std::fs", "std::net", "random::"] {
            assert!(!code.contains(word), "{name} has {word}");
        }
    }
}

#[test]
fn the_emulator_knows_nothing_of_the_library() {
    let manifest = fs::read_to_string("tests/emulator/Cargo.toml").unwrap();
    assert!(!manifest.contains("oss-presign") && !manifest.contains("hmac"), "{manifest}");
}
