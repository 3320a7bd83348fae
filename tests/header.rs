//! The committed header is what the sources say.
//!
//! `OSS_PRESIGN_BLESS=1 cargo test --test header` writes it anew.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::{env, fs};

/// In the order in which the header is read.
const SOURCES: [&str; 12] = [
    "presign",
    "download",
    "inspect",
    "cancel",
    "client",
    "result",
    "presigned",
    "downloaded",
    "inspected",
    "code",
    "version",
    "input",
];

const MACROS: &str = "
#ifndef OSS_PRESIGN_API
#if defined(_WIN32) && defined(OSS_PRESIGN_DLL)
#define OSS_PRESIGN_API __declspec(dllimport)
#else
#define OSS_PRESIGN_API
#endif
#endif
#if defined(__GNUC__)
#define OSS_PRESIGN_MUST_USE __attribute__((warn_unused_result))
#else
#define OSS_PRESIGN_MUST_USE
#endif

/// Zeroes an options struct and records its size as the caller compiled it.
#define OSS_OPTIONS_INIT(options) \\
  ((void)(memset((options), 0, sizeof *(options)), (options)->struct_size = sizeof *(options)))
";

fn generate() -> String {
    let mut config = cbindgen::Config::from_file("cbindgen.toml").unwrap();
    let version = |part| env::var(format!("CARGO_PKG_VERSION_{part}")).unwrap();
    config.after_includes = Some(format!(
        "/// The version of this header; oss_presign_version tells the library's.\n\
         #define OSS_PRESIGN_VERSION_MAJOR {}\n\
         /// Its second number.\n\
         #define OSS_PRESIGN_VERSION_MINOR {}\n\
         /// Its third number.\n\
         #define OSS_PRESIGN_VERSION_PATCH {}\n\
         /// The version of the ABI; also the suffix of the shared library's SONAME.\n\
         #define OSS_PRESIGN_ABI_VERSION {}\n{MACROS}",
        version("MAJOR"),
        version("MINOR"),
        version("PATCH"),
        oss_presign::ABI_VERSION,
    ));
    let builder = cbindgen::Builder::new().with_config(config);
    let sources = SOURCES.iter().fold(builder, |b, name| b.with_src(format!("src/ffi/{name}.rs")));
    let mut header = Vec::new();
    sources.generate().unwrap().write(&mut header);
    String::from_utf8(header).unwrap()
}

#[test]
fn the_committed_header_is_the_generated_one() {
    let path = "include/oss_presign.h";
    let generated = generate();
    if env::var_os("OSS_PRESIGN_BLESS").is_some() {
        fs::write(path, &generated).unwrap();
    }
    let committed = fs::read_to_string(path).unwrap();
    assert!(
        committed == generated,
        "{path} is stale: OSS_PRESIGN_BLESS=1 cargo test --test header"
    );
}

#[test]
fn every_exported_function_is_in_the_header_and_the_other_way_round() {
    let mut exported: Vec<String> = Vec::new();
    for entry in fs::read_dir("src/ffi").unwrap() {
        let source = fs::read_to_string(entry.unwrap().path()).unwrap();
        for (_, after) in
            source.match_indices("extern \"C\" fn ").map(|m| source.split_at(m.0 + 14))
        {
            exported.push(after.split('(').next().unwrap().to_owned());
        }
    }
    exported.retain(|name| name != "oss_test_panic");
    exported.sort();
    let header = generate();
    let mut declared: Vec<String> = header
        .split("OSS_PRESIGN_API")
        .skip(1)
        .filter_map(|declaration| {
            let name = declaration.split('(').next()?.rsplit([' ', '*', '\n']).next()?;
            name.starts_with("oss_").then(|| name.to_owned())
        })
        .collect();
    declared.sort();
    assert!(exported.len() > 20, "{exported:?}");
    assert_eq!(declared, exported);
}
