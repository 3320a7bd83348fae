//! curl, as a second opinion.

#![allow(dead_code, reason = "each test file uses its own share")]

use std::process::{Command, Output};

/// Runs curl without its settings file and without a proxy; the URL goes out as it is.
pub fn curl<'a>(url: &'a str, arguments: impl IntoIterator<Item = &'a str>) -> Output {
    Command::new("curl")
        .args(["-q", "--silent", "--show-error", "--globoff", "--path-as-is", "--noproxy", "*"])
        .args(arguments)
        .args(["--url", url])
        .output()
        .unwrap()
}

/// The body that curl gets.
#[track_caller]
pub fn body<'a>(url: &'a str, arguments: impl IntoIterator<Item = &'a str>) -> Vec<u8> {
    let output = curl(url, arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}
