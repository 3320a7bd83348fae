//! A loopback OSS with one bucket, and a folder for targets.

#![allow(dead_code, reason = "each test file uses its own share")]

use oss_emulator::{Emulator, Object};
use oss_presign::{
    Credentials, DownloadRequest, Downloaded, Error, PresignRequest, PresignedUrl, Progress,
    download, presign_get,
};
use std::fs;
use std::ops::ControlFlow;
use std::path::PathBuf;
use tempfile::TempDir;

pub const BUCKET: &str = "examplebucket";
pub const KEY: &str = "dir/object.bin";
pub const SECRET: &str = "canary-secret";

/// Everything a test needs; all of it goes with it.
pub struct World {
    pub oss: Emulator,
    pub folder: TempDir,
    address: String,
}

impl World {
    /// The object `KEY` has this content.
    pub fn with(content: &[u8]) -> Self {
        let oss = Emulator::builder()
            .credential("id", SECRET)
            .sts_credential("sts-id", SECRET, "canary-token")
            .start()
            .unwrap();
        oss.put(BUCKET, KEY, Object::new(content.to_vec()));
        let address = oss.http_addr().to_string();
        Self { oss, folder: TempDir::new().unwrap(), address }
    }

    pub fn target(&self) -> PathBuf {
        self.folder.path().join("target")
    }

    /// The names in the folder, sorted.
    pub fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// A request for an object here, at the region's endpoint over http.
    pub fn request<'a>(&self, key: &'a str) -> PresignRequest<'a> {
        PresignRequest::new("cn-hangzhou", BUCKET, key)
            .scheme(oss_presign::Scheme::Http)
            .credentials(Credentials::new("id", SECRET))
    }

    pub fn presign(&self) -> PresignedUrl {
        presign_get(&self.request(KEY)).unwrap()
    }

    /// Downloads to the target, connecting to the loopback OSS, after `adjust`.
    pub fn fetch_with(
        &self,
        presigned: &PresignedUrl,
        adjust: impl for<'a> FnOnce(DownloadRequest<'a>) -> DownloadRequest<'a>,
    ) -> Result<Downloaded, Error> {
        let target = self.target();
        let mut request =
            DownloadRequest::new(&presigned.url, &target).connect_to(&self.address).retries(0);
        for (name, value) in &presigned.signed_headers {
            request = request.header(name, value);
        }
        download(&adjust(request), &mut |_: Progress| ControlFlow::Continue(()))
    }

    pub fn fetch(&self, presigned: &PresignedUrl) -> Result<Downloaded, Error> {
        self.fetch_with(presigned, |request| request)
    }
}

/// An example, as cargo built it for this test.
pub fn example(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.parent().unwrap().parent().unwrap().join("examples").join(name)
}

/// Bytes in which any misplaced piece shows.
pub fn content(length: usize) -> Vec<u8> {
    (0..length as u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect()
}
