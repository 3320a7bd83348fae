//! An OSS on loopback, as a program. It runs until its standard input closes.

use std::error::Error;
use std::io::{Read, Write};
use std::net::SocketAddr;
use std::path::PathBuf;

use lexopt::prelude::*;
use oss_emulator::{Clock, Emulator, Object};

const HELP: &str = "\
An OSS on loopback, for tests. Prints one line of JSON with its addresses when it listens,
and runs until its standard input closes.

    oss-emulator [OPTION]...

    --http ADDR:PORT           where to serve http  (default 127.0.0.1, a free port)
    --https ADDR:PORT          where to serve https (default 127.0.0.1, a free port)
    --access-key-id ID         an access key; may be repeated, each with
    --access-key-secret SECRET     its secret and, if temporary,
    --security-token TOKEN         its token
    --region REGION            region of the signatures (default cn-hangzhou)
    --cloud-box ID             accept signatures for this cloud box too
    --endpoint HOST            a further endpoint; may be repeated
    --domain HOST=BUCKET       a custom domain of a bucket; may be repeated
    --bucket BUCKET            create a bucket; may be repeated
    --put BUCKET/KEY=FILE      put a file; may be repeated
    --put-sparse BUCKET/KEY=N  put N bytes of noise; may be repeated
    --time UNIX                stand still at this time
    --ca-out FILE              write the CA certificate (PEM) there
    --help                     print this
";

#[derive(Default)]
struct Options {
    http: Option<SocketAddr>,
    https: Option<SocketAddr>,
    access_keys: Vec<AccessKey>,
    region: Option<String>,
    cloud_box: Option<String>,
    endpoints: Vec<String>,
    domains: Vec<(String, String)>,
    buckets: Vec<String>,
    puts: Vec<(String, String)>,
    sparse_puts: Vec<(String, String)>,
    time: Option<i64>,
    ca_out: Option<PathBuf>,
}

struct AccessKey {
    id: String,
    secret: Option<String>,
    token: Option<String>,
}

impl Options {
    /// `None` when help was asked for.
    fn parse() -> Result<Option<Self>, lexopt::Error> {
        let mut options = Self::default();
        let mut parser = lexopt::Parser::from_env();
        while let Some(arg) = parser.next()? {
            let Long(name) = arg else { return Err(arg.unexpected()) };
            let name = name.to_owned();
            if name == "help" {
                return Ok(None);
            }
            let value = parser.value()?;
            options.set(&name, value)?;
        }
        Ok(Some(options))
    }

    fn set(&mut self, name: &str, value: std::ffi::OsString) -> Result<(), lexopt::Error> {
        match name {
            "http" => self.http = Some(value.parse()?),
            "https" => self.https = Some(value.parse()?),
            "access-key-id" => {
                let id = value.string()?;
                self.access_keys.push(AccessKey { id, secret: None, token: None });
            }
            "access-key-secret" => self.last_key(name)?.secret = Some(value.string()?),
            "security-token" => self.last_key(name)?.token = Some(value.string()?),
            "region" => self.region = Some(value.string()?),
            "cloud-box" => self.cloud_box = Some(value.string()?),
            "endpoint" => self.endpoints.push(value.string()?),
            "domain" => self.domains.push(split(name, value.string()?)?),
            "bucket" => self.buckets.push(value.string()?),
            "put" => self.puts.push(split(name, value.string()?)?),
            "put-sparse" => self.sparse_puts.push(split(name, value.string()?)?),
            "time" => self.time = Some(value.parse()?),
            "ca-out" => self.ca_out = Some(value.into()),
            _ => return Err(format!("unknown option --{name}").into()),
        }
        Ok(())
    }

    fn last_key(&mut self, name: &str) -> Result<&mut AccessKey, lexopt::Error> {
        let key = self.access_keys.last_mut();
        key.ok_or_else(|| format!("--{name} goes after --access-key-id").into())
    }

    fn start(self) -> Result<Emulator, Box<dyn Error>> {
        let mut builder = Emulator::builder();
        for AccessKey { id, secret, token } in &self.access_keys {
            let secret = secret.as_deref().ok_or("--access-key-id without --access-key-secret")?;
            builder = match token {
                Some(token) => builder.sts_credential(id, secret, token),
                None => builder.credential(id, secret),
            };
        }
        if let Some(addr) = self.http {
            builder = builder.http_addr(addr);
        }
        if let Some(addr) = self.https {
            builder = builder.https_addr(addr);
        }
        if let Some(region) = &self.region {
            builder = builder.region(region);
        }
        if let Some(id) = &self.cloud_box {
            builder = builder.cloud_box_id(id);
        }
        for host in &self.endpoints {
            builder = builder.endpoint(host);
        }
        if let Some(unix) = self.time {
            builder = builder.clock(Clock::fixed(unix));
        }
        let oss = builder.start()?;
        for (host, bucket) in &self.domains {
            oss.bind_domain(host, bucket);
        }
        for bucket in &self.buckets {
            oss.create_bucket(bucket);
        }
        for (name, file) in &self.puts {
            let (bucket, key) = name.split_once('/').ok_or("--put takes BUCKET/KEY=FILE")?;
            let bytes = std::fs::read(file).map_err(|e| format!("{file}: {e}"))?;
            oss.put(bucket, key, Object::new(bytes));
        }
        for (name, len) in &self.sparse_puts {
            let (bucket, key) = name.split_once('/').ok_or("--put-sparse takes BUCKET/KEY=N")?;
            oss.put(bucket, key, Object::sparse(len.parse()?));
        }
        if let Some(file) = &self.ca_out {
            std::fs::write(file, oss.ca_pem())?;
        }
        Ok(oss)
    }
}

/// Splits at the last `=`: a key may have one, a number, a bucket and most files have none.
fn split(name: &str, value: String) -> Result<(String, String), lexopt::Error> {
    let parts = value.rsplit_once('=').map(|(a, b)| (a.to_owned(), b.to_owned()));
    parts.ok_or_else(|| format!("--{name} needs a =").into())
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut stdout = std::io::stdout().lock();
    let Some(options) = Options::parse()? else {
        stdout.write_all(HELP.as_bytes())?;
        return Ok(());
    };
    let oss = options.start()?;
    let addresses = serde_json::json!({
        "http": oss.http_addr(),
        "https": oss.https_addr(),
        "stalled": oss.stalled_addr()?,
    });
    writeln!(stdout, "{addresses}")?;
    stdout.flush()?;

    let mut ignored = [0; 256];
    let mut stdin = std::io::stdin().lock();
    while stdin.read(&mut ignored)? > 0 {}
    Ok(())
}
