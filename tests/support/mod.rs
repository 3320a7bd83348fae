//! A loopback OSS with one bucket, and a folder for targets.

#![allow(dead_code, reason = "each test file uses its own share")]

pub mod leftovers;

use leftovers::Leftovers;
use oss_emulator::{Emulator, Object};
use oss_presign::{
    Credentials, DownloadRequest, Downloaded, Error, ErrorKind, Phase, PresignRequest,
    PresignedUrl, Progress, download, presign_get,
};
use std::env;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;

pub const BUCKET: &str = "examplebucket";
pub const KEY: &str = "dir/object.bin";
pub const SECRET: &str = "canary-secret";

/// Where a test that runs by itself has its file system.
const FOLDER: &str = "OSS_PRESIGN_SMALL_DISK";

/// Sizes around the write buffer.
pub const SIZES: [usize; 6] = [0, 1, 262_143, 262_144, 262_145, 3_000_000];
/// The smallest part, and the size of an object that has some.
pub const PART: u64 = 128 * 1024;
pub const SIZE: usize = 10 * PART as usize + 12345;

/// Everything a test needs; all of it goes with it.
pub struct World {
    pub oss: Emulator,
    pub folder: TempDir,
    target: PathBuf,
    address: String,
    /// Last, so that it sees what is left when all else is gone.
    _leftovers: Leftovers,
}

impl World {
    /// The object `KEY` has this content.
    pub fn with(content: &[u8]) -> Self {
        let leftovers = Leftovers::watch();
        let oss = Emulator::builder()
            .credential("id", SECRET)
            .sts_credential("canary-id", SECRET, "canary-token")
            .start()
            .unwrap();
        oss.put(BUCKET, KEY, Object::new(content.to_vec()));
        let address = oss.http_addr().to_string();
        let folder = TempDir::new().unwrap();
        let target = folder.path().join("target");
        Self { oss, folder, target, address, _leftovers: leftovers }
    }

    pub fn target(&self) -> PathBuf {
        self.target.clone()
    }

    /// A download to the target from the loopback OSS, not tried again. Of signed headers none.
    pub fn get<'a>(&'a self, presigned: &'a PresignedUrl) -> DownloadRequest<'a> {
        self.get_to(presigned, &self.target)
    }

    /// The same to another file.
    pub fn get_to<'a>(
        &'a self,
        presigned: &'a PresignedUrl,
        file: &'a Path,
    ) -> DownloadRequest<'a> {
        DownloadRequest::new(&presigned.url, file).connect_to(&self.address).retries(0)
    }

    /// Forgets the requests so far. A download that broke off may have left one on its way, which
    /// would take the faults of the next.
    pub fn forget_requests(&self) {
        while self.oss.open_connections() > 0 {
            std::thread::yield_now();
        }
        self.oss.clear_requests();
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

    /// The file of the authority behind the https server.
    pub fn ca_file(&self) -> PathBuf {
        let file = self.folder.path().join("ca.pem");
        fs::write(&file, self.oss.ca_pem()).unwrap();
        file
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

/// The ranges that were asked for, in order of their start.
pub fn asked(world: &World) -> Vec<String> {
    let requests = world.oss.requests();
    let mut ranges: Vec<String> =
        requests.iter().filter_map(|request| request.header("range").map(str::to_owned)).collect();
    ranges.sort_by_key(|range| {
        range["bytes=".len()..].split('-').next().unwrap().parse::<u64>().unwrap()
    });
    ranges
}

/// Bytes of the object that were sent.
pub fn object_bytes(world: &World) -> u64 {
    let requests = world.oss.requests();
    let good = requests.iter().filter(|request| matches!(request.status, Some(200 | 206)));
    good.map(|request| request.body_sent).sum()
}

/// Every way to fail leaves the old target as it was, and nothing beside it.
#[track_caller]
pub fn refuses(world: &World, kind: ErrorKind, phase: Phase) -> Error {
    fs::write(world.target(), "old").unwrap();
    let error = world.fetch(&world.presign()).unwrap_err();
    assert_eq!((error.kind(), error.phase()), (kind, phase), "{error}");
    assert_eq!(fs::read(world.target()).unwrap(), b"old");
    assert_eq!(world.files(), ["target"]);
    error
}

pub fn parts(request: DownloadRequest<'_>) -> DownloadRequest<'_> {
    request.part_size(PART).connections(4)
}

/// A handler that does nothing.
pub fn idle(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// Downloads within a time that is too short, and gives the error. On a machine that is too slow to
/// reach this phase in that time, within a longer one.
#[track_caller]
pub fn too_late(
    world: &World,
    phase: Phase,
    shortest: u64,
    attempt: impl Fn(Option<Duration>) -> Result<Downloaded, Error>,
) -> Error {
    for doubled in 0..9 {
        world.forget_requests();
        let error = attempt(Some(Duration::from_millis(shortest << doubled))).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
        if error.phase() == phase {
            return error;
        }
    }
    panic!("it never came to {phase:?}");
}

/// Runs the test of that name once more, in a process of its own that sees what `unshare` and the
/// script, which is given the folder, program and name, let it see; there, `body` runs.
pub fn apart(name: &str, unshare: &[&str], script: &str, body: impl FnOnce(&Path)) {
    if let Some(folder) = env::var_os(FOLDER) {
        return body(folder.as_ref());
    }
    let folder = TempDir::new().unwrap();
    let output = Command::new("unshare")
        .args(unshare)
        .args(["sh", "-c", script, "sh"])
        .arg(folder.path())
        .arg(env::current_exe().unwrap())
        .arg(name)
        .env(FOLDER, folder.path())
        .output()
        .unwrap();
    let out = [output.stdout, output.stderr].concat();
    let out = String::from_utf8_lossy(&out);
    assert!(output.status.success() && out.contains("1 passed"), "{out}");
}

/// The numbers of the connections that requests came over, each once, in order.
pub fn connections(world: &World) -> Vec<u64> {
    let requests = world.oss.requests();
    let mut numbers: Vec<u64> = requests.iter().map(|request| request.connection).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// A port whose queue of connections is full: the next one hangs.
pub fn full_listener() -> (TcpListener, Vec<TcpStream>, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    rustix::net::listen(&listener, 0).unwrap();
    let mut held = Vec::new();
    while let Ok(stream) = TcpStream::connect_timeout(&address, Duration::from_millis(100)) {
        held.push(stream);
        assert!(held.len() < 1000);
    }
    (listener, held, address.to_string())
}
