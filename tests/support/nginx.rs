//! nginx as a file server on loopback, over http and https.

#![allow(dead_code, reason = "the tests and the benchmark each use their own share")]

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustix::io::{FdFlags, fcntl_setfd};
use rustix::process::{Pid, Signal, kill_process};
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use tempfile::TempDir;

/// A running nginx. It and its files go with it.
///
/// | path | is the object NAME |
/// |---|---|
/// | `/NAME` | as it is |
/// | `/rate/RATE/NAME` | at that speed for each connection: `512k`, `20m` |
/// | `/gzip/NAME` | compressed, for those who accept that |
/// | `/no-etag/NAME` | without ETag |
pub struct Nginx {
    process: Child,
    folder: TempDir,
    http: SocketAddr,
    https: SocketAddr,
}

/// A request that nginx answered.
#[derive(Debug)]
pub struct Request {
    pub connection: u64,
    pub status: u16,
    /// The headers of the request; `-` if there was none.
    pub range: String,
    pub if_match: String,
    /// Whether its connection went on with an earlier TLS session.
    pub resumed: bool,
}

impl Nginx {
    /// Starts it, with its files in a new folder in `place`.
    pub fn start_in(place: &Path) -> Self {
        let folder = TempDir::new_in(place).unwrap();
        let path = folder.path();
        fs::create_dir(path.join("objects")).unwrap();
        let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(names).unwrap();
        fs::write(path.join("cert.pem"), cert.pem()).unwrap();
        fs::write(path.join("key.pem"), signing_key.serialize_pem()).unwrap();
        // Made here and handed down, as in an upgrade of nginx: no port is lost to somebody else,
        // and a connection made before nginx is up waits in the queue.
        let sockets = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
        let [http, https] = [0, 1].map(|i: usize| sockets[i].local_addr().unwrap());
        fs::write(path.join("nginx.conf"), config(http, https)).unwrap();
        let mut handed_down = String::new();
        for socket in &sockets {
            fcntl_setfd(socket, FdFlags::empty()).unwrap();
            handed_down += &format!("{};", socket.as_raw_fd());
        }
        let process = Command::new(program())
            .args(["-e", "error.log", "-c", "nginx.conf", "-p"])
            .arg(path)
            .env("NGINX", handed_down)
            .spawn()
            .unwrap();
        Self { process, folder, http, https }
    }

    pub fn start() -> Self {
        Self::start_in(&std::env::temp_dir())
    }

    /// Seconds of CPU time that its worker, which is one, has taken.
    pub fn cpu(&self) -> f64 {
        let id = self.process.id();
        let worker = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap();
        let taken = fs::read_to_string(format!("/proc/{}/schedstat", worker.trim())).unwrap();
        taken.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
    }

    /// Makes or replaces an object, at once.
    pub fn put(&self, name: &str, content: &[u8]) {
        let new = self.folder.path().join("new");
        fs::write(&new, content).unwrap();
        fs::rename(new, self.folder.path().join("objects").join(name)).unwrap();
    }

    pub fn http(&self, path: &str) -> String {
        format!("http://{}{path}", self.http)
    }

    pub fn https(&self, path: &str) -> String {
        format!("https://{}{path}", self.https)
    }

    /// The certificate to trust.
    pub fn ca_file(&self) -> PathBuf {
        self.folder.path().join("cert.pem")
    }

    /// Lets it finish what it does; the requests it answered, in order of their end.
    pub fn stop(mut self) -> Vec<Request> {
        kill_process(Pid::from_child(&self.process), Signal::QUIT).unwrap();
        let status = self.process.wait().unwrap();
        let log = |name| fs::read_to_string(self.folder.path().join(name)).unwrap();
        assert!(status.success(), "{}", log("error.log"));
        log("requests.log").lines().map(Request::from_line).collect()
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        if self.process.try_wait().unwrap().is_none() {
            // The worker goes with its master, which a kill would not let tell it.
            kill_process(Pid::from_child(&self.process), Signal::TERM).unwrap();
            self.process.wait().unwrap();
        }
    }
}

impl Request {
    fn from_line(line: &str) -> Self {
        let [connection, status, range, if_match, session] =
            line.split('\t').collect::<Vec<_>>()[..]
        else {
            panic!("not a line of the log: {line:?}");
        };
        Self {
            connection: connection.parse().unwrap(),
            status: status.parse().unwrap(),
            range: range.to_owned(),
            if_match: if_match.to_owned(),
            resumed: session == "r",
        }
    }
}

/// Debian has it where only the superuser's PATH leads.
pub fn program() -> &'static str {
    let usual = "/usr/sbin/nginx";
    if Path::new(usual).exists() { usual } else { "nginx" }
}

/// Paths are below its folder. The user counts only for the superuser, whose files the worker reads.
fn config(http: SocketAddr, https: SocketAddr) -> String {
    format!(
        r#"
daemon off;
worker_processes 1;
user root;
pid nginx.pid;
error_log error.log;
events {{ worker_connections 512; }}
http {{
  log_format requests escape=none "$connection\t$status\t${{range}}\t${{if_match}}\t$ssl_session_reused";
  access_log requests.log requests buffer=64k;
  map $http_range $range {{ default $http_range; "" -; }}
  map $http_if_match $if_match {{ default $http_if_match; "" -; }}
  client_body_temp_path temporary; proxy_temp_path temporary; fastcgi_temp_path temporary;
  scgi_temp_path temporary; uwsgi_temp_path temporary;
  sendfile on;
  keepalive_requests 1000000;
  server {{
    listen {http};
    listen {https} ssl;
    ssl_certificate cert.pem;
    ssl_certificate_key key.pem;
    root objects;
    location ~ ^/rate/(?<rate>[0-9]+[km])/(?<name>.+)$ {{ alias objects/$name; limit_rate $rate; }}
    location ~ ^/gzip/(?<name>.+)$ {{ alias objects/$name; gzip on; gzip_types *; }}
    location ~ ^/no-etag/(?<name>.+)$ {{ alias objects/$name; etag off; }}
  }}
}}
"#
    )
}
