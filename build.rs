//! Names the shared library: cargo gives a cdylib no SONAME of its own.

use std::env;

/// Segments on pages of 16 KiB, which Android and some arm64 kernels have.
const PAGES: &str = "-Wl,-z,max-page-size=16384";

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=src/abi_version.rs");
    let abi = include!("src/abi_version.rs");
    let link = |arg: String| println!("cargo:rustc-cdylib-link-arg={arg}");
    match env::var("CARGO_CFG_TARGET_OS").as_deref() {
        Ok("linux" | "freebsd" | "netbsd" | "openbsd") => {
            link(format!("-Wl,-soname,liboss_presign.so.{abi}"));
            // Unloading a library whose threads may still run their exit handlers crashes.
            link("-Wl,-z,nodelete".into());
            link(PAGES.into());
        }
        Ok("android") => {
            link("-Wl,-soname,liboss_presign.so".into());
            link(PAGES.into());
        }
        Ok("macos" | "ios") => {
            link(format!("-Wl,-install_name,@rpath/liboss_presign.{abi}.dylib"));
        }
        _ => {}
    }
}
