//! Connections that outlive a download.

use super::code::{Failure, oss_code};
use super::input::optional;
use super::{guard, options};
use crate::http::{Client, ClientOptions};
use std::ffi::c_char;
use std::path::Path;
use std::time::Duration;

/// How a client connects. Set it up with OSS_OPTIONS_INIT; every field may stay zero.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct oss_client_options {
    /// sizeof(oss_client_options); OSS_OPTIONS_INIT sets it.
    pub struct_size: usize,
    /// Optional: as oss_download_options.connect_to.
    pub connect_to: *const c_char,
    /// Optional: as oss_download_options.ca_file; read once.
    pub ca_file: *const c_char,
    /// Optional: as oss_download_options.proxy.
    pub proxy: *const c_char,
    /// As oss_download_options.connect_timeout_ms.
    pub connect_timeout_ms: i32,
    /// As oss_download_options.idle_timeout_ms.
    pub idle_timeout_ms: i32,
}

// SAFETY: repr(C), starts with a usize; pointers and integers may all be zero.
unsafe impl options::Options for oss_client_options {}

/// Connections, TLS roots and proxy that several downloads share: opaque, usable from any thread and
/// by several downloads at once, made by oss_client_new.
pub struct oss_client {
    client: Result<Client, Failure>,
}

impl oss_client {
    /// The client, or why it could not be made.
    pub(super) fn get(&self) -> Result<&Client, Failure> {
        self.client.as_ref().map_err(Failure::clone)
    }
}

/// Makes a client; options may be NULL. Never NULL: where the options are wrong, each download that
/// uses the client fails with the code and message that tell why. Free it with oss_client_free.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_client_new(options: *const oss_client_options) -> *mut oss_client {
    let client = guard::caught(|| {
        let mut connection = ClientOptions::default();
        if !options.is_null() {
            let mut from = options::zeroed();
            // SAFETY: not NULL, and a proper struct by this function's contract.
            unsafe { options::read(options, &mut from) }?;
            // SAFETY: as above; the texts live until this call returns.
            unsafe { fill(&mut connection, &from) }?;
        }
        Ok(Client::new(&connection)?)
    });
    Box::into_raw(Box::new(oss_client { client }))
}

/// Closes the connections it keeps, and frees a client, once, when no download uses it any more.
/// NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oss_client_free(client: *mut oss_client) {
    if !client.is_null() {
        // SAFETY: it came from oss_client_new, and is freed once by contract.
        drop(unsafe { Box::from_raw(client) });
    }
}

/// # Safety
/// As [`oss_client_new`]; the options borrow what `from` points to.
unsafe fn fill<'a>(
    connection: &mut ClientOptions<'a>,
    from: &oss_client_options,
) -> Result<(), Failure> {
    // SAFETY: the caller's promise, field by field.
    unsafe {
        connection.connect_to = optional("connect_to", from.connect_to)?;
        connection.ca_file = optional("ca_file", from.ca_file)?.map(Path::new);
        connection.proxy = optional("proxy", from.proxy)?;
    }
    connection.connect_timeout = timeout(from.connect_timeout_ms, connection.connect_timeout);
    connection.idle_timeout = timeout(from.idle_timeout_ms, connection.idle_timeout);
    Ok(())
}

/// Zero is the default, negative no limit.
pub(super) fn timeout(milliseconds: i32, default: Option<Duration>) -> Option<Duration> {
    match u64::try_from(milliseconds) {
        Ok(0) => default,
        Ok(limit) => Some(Duration::from_millis(limit)),
        Err(_) => None,
    }
}

/// The error of a field that stands beside a client, whose own options count.
pub(super) fn beside_client(field: &str) -> Failure {
    Failure::new(oss_code::OSS_E_INVALID_ARGUMENT, field, "is the client's, when one is given")
}
