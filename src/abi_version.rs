// The ABI version; see src/ffi/version.rs. Shared with build.rs.
0
