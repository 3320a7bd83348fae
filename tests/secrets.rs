//! Signature, token and credential are a bearer's: canaries are planted in all of them, and looked
//! for in all that a download shows or leaves behind. And nothing is taken from the environment.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use log::{LevelFilter, Log, Metadata, Record};
use oss_emulator::{Fault, Object};
use oss_presign::{
    Credentials, DownloadRequest, Handler, Link, PresignedUrl, Progress, Scheme, download,
    presign_get,
};
use std::fmt::Write;
use std::fs;
use std::net::TcpListener;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::time::Duration;
use support::{BUCKET, KEY, PART, SECRET, SIZE, World, content, example, parts};

/// All that was shown: by the log, by errors, by progress, in files and names.
struct Shown(Mutex<String>);

impl Log for Shown {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let line = format!("{} {} {}", record.level(), record.target(), record.args());
        self.add(&line);
    }

    fn flush(&self) {}
}

impl Shown {
    fn add(&self, what: &dyn std::fmt::Display) {
        writeln!(self.0.lock().unwrap(), "{what}").unwrap();
    }
}

static SHOWN: Shown = Shown(Mutex::new(String::new()));

/// Signed with canaries wherever a secret can be.
fn presign(world: &World, scheme: Scheme) -> PresignedUrl {
    let credentials = Credentials::new("canary-id", SECRET).security_token("canary-token");
    let request = world.request(KEY).scheme(scheme).credentials(credentials);
    let request = request.header("x-oss-meta-a", "canary-header").query("a", "canary-query");
    presign_get(&request).unwrap()
}

fn signature(presigned: &PresignedUrl) -> &str {
    presigned.url.split("x-oss-signature=").nth(1).unwrap().split('&').next().unwrap()
}

/// Shows what there is while a download goes on.
struct Watch<'a>(&'a World, &'a PresignedUrl);

impl Handler for Watch<'_> {
    fn progress(&mut self, progress: Progress) -> ControlFlow<()> {
        SHOWN.add(&format_args!("{progress:?}"));
        for name in self.0.files() {
            SHOWN.add(&name);
            let record = self.0.folder.path().join(&name);
            if name.ends_with(".resume") {
                SHOWN.add(&fs::read_to_string(record).unwrap_or_default());
            }
        }
        ControlFlow::Continue(())
    }

    fn refresh_url(&mut self) -> Option<Link> {
        let headers = self.1.signed_headers.clone();
        let link = Link { url: self.1.url.clone(), headers };
        SHOWN.add(&format_args!("{link:?}"));
        Some(link)
    }
}

/// Runs a download and shows how it ended.
fn run(world: &World, presigned: &PresignedUrl, request: &DownloadRequest<'_>) -> bool {
    SHOWN.add(&format_args!("{request:?} {presigned:?}"));
    match download(request, &mut Watch(world, presigned)) {
        Ok(done) => {
            SHOWN.add(&format_args!("{done:?}"));
            true
        }
        Err(error) => {
            SHOWN.add(&format_args!("{error} {error:?} {error:#?} {:?}", error.service()));
            false
        }
    }
}

fn signed<'a>(world: &'a World, presigned: &'a PresignedUrl) -> DownloadRequest<'a> {
    let request = parts(world.get(presigned)).resume(true).progress_interval(Duration::ZERO);
    presigned
        .signed_headers
        .iter()
        .fold(request, |request, (name, value)| request.header(name, value))
}

#[test]
fn no_signature_token_or_credential_is_in_anything_that_is_shown() {
    log::set_logger(&SHOWN).unwrap();
    log::set_max_level(LevelFilter::Trace);
    let world = World::with(&content(SIZE));
    let presigned = presign(&world, Scheme::Http);
    let secret = signature(&presigned);
    assert!(run(&world, &presigned, &signed(&world, &presigned)));

    // A server that repeats all it was told.
    let target = &presigned.url[presigned.url.find("/dir").unwrap()..];
    let echo = format!("{target} / canary-id / canary-token / {secret} / x-oss-signature={secret}");
    let status = |status, message: &str| Fault::Status {
        status,
        code: echo[..40].to_owned(),
        message: message.to_owned(),
        ec: Some(secret.to_owned()),
        retry_after: None,
    };
    let short = format!("canary-id {secret} canary-token");
    for fault in [
        status(400, &echo),
        status(403, &short),
        status(404, &echo),
        status(412, &short),
        status(503, &echo),
        Fault::RawBody { status: 500, body: echo.clone().into_bytes() },
        Fault::Redirect { status: 302, location: format!("ftp://canary/{echo}") },
        Fault::CutAfter(9),
        Fault::ResetAfter(0),
        Fault::NoContentRange,
        Fault::ChangedETag,
        Fault::WrongContentRange(echo.clone()),
    ] {
        world.oss.fault(BUCKET, KEY, fault.at_range_start(5 * PART));
        let request = signed(&world, &presigned).follow_redirects(true);
        assert!(!run(&world, &presigned, &request));
        assert!(run(&world, &presigned, &signed(&world, &presigned)));
    }
    let expired = Fault::Status {
        status: 403,
        code: "AccessDenied".into(),
        message: "Request has expired.".into(),
        ec: None,
        retry_after: None,
    };
    world.oss.fault(BUCKET, KEY, expired.at_range_start(PART));
    assert!(run(&world, &presigned, &signed(&world, &presigned)));

    let request = signed(&world, &presigned);
    let missing = world.folder.path().join("missing/target");
    let https = presign(&world, Scheme::Https);
    let urls = ["http://user:canary@host/", "http://host/canary\r\nX: y", "canary://canary"];
    let mut failing = vec![
        request.clone().header("a", "canary\r\nb: c"),
        request.clone().proxy("ftp://canary:canary@host"),
        request.clone().connect_to("canary@host:80"),
        request.clone().idle_timeout(Some(Duration::ZERO)),
        world.get(&presigned).proxy("http://canary:canary@127.0.0.1:1"),
        DownloadRequest::new(&presigned.url, &missing),
        signed(&world, &https),
    ];
    failing.extend(urls.map(|url| DownloadRequest::new(url, &missing)));
    for request in failing {
        assert!(!run(&world, &presigned, &request));
    }
    SHOWN.add(&format_args!("{:?}", request.make_client().unwrap()));

    let shown = SHOWN.0.lock().unwrap();
    for part in ["ureq", "etag \"", "Progress", "target.part.resume", "DownloadRequest", "Link"] {
        assert!(shown.contains(part), "{part} was not shown");
    }
    let hidden = ["canary", secret, signature(&https), "x-oss-sig", "x-oss-cred", "x-oss-sec"];
    for line in shown.lines() {
        for canary in hidden {
            assert!(!line.contains(canary), "{canary} in {line}");
        }
    }
}

/// A server that repeats what it was sent in headers, and one that was told of them elsewhere.
#[test]
fn what_was_sent_to_any_host_on_the_way_is_hidden() {
    const TOKEN: &str = "Plain/Looking+Word";
    let world = World::with(b"content");
    world.oss.put(BUCKET, "away", Object::new(b"away".to_vec()));
    let sign = |key| {
        let request = world.request(key).header("x-oss-meta-token", TOKEN);
        presign_get(&request.header("content-type", "text/plain")).unwrap()
    };
    let (presigned, between, away) = (sign(KEY), sign("between"), sign("away"));
    let (secret, other) = (signature(&presigned), signature(&away).to_owned());
    let passed = signature(&between).to_owned();
    let fault = Fault::Status {
        status: 403,
        code: "AccessDenied".into(),
        message: format!("was sent {TOKEN}, {secret}, {passed}, {other} and text/plain"),
        ec: None,
        retry_after: None,
    };
    let request = world.get(&presigned).header("x-oss-meta-token", TOKEN);
    let request = request.header("content-type", "text/plain").follow_redirects(true);
    let [between, away] =
        [between, away].map(|to| Fault::Redirect { status: 302, location: to.url });
    for redirected in [false, true] {
        if redirected {
            world.oss.fault(BUCKET, KEY, between.clone());
            world.oss.fault(BUCKET, "between", away.clone());
            world.oss.fault(BUCKET, "away", fault.clone());
        } else {
            world.oss.fault(BUCKET, KEY, fault.clone());
        }
        let error = download(&request, &mut support::idle).unwrap_err();
        let said = &error.service().unwrap().message;
        assert!(said.starts_with("was sent [redacted], [redacted], "), "{said}");
        assert!(said.ends_with(" and text/plain"), "{said}");
        assert_eq!(said.contains(&other), !redirected, "{said}");
        assert_eq!(said.contains(&passed), !redirected, "{said}");
        assert!(!format!("{error} {error:?}").contains(TOKEN));
    }
}

/// That of one place may be a part of another's.
#[test]
fn a_secret_that_holds_another_is_hidden_whole() {
    let world = World::with(b"content");
    world.oss.publish("public");
    for key in ["home", "away"] {
        world.oss.put("public", key, Object::new(Vec::new()));
    }
    let address = world.oss.http_addr();
    let place = |key, query| format!("http://{address}/public/{key}?{query}");
    let location = place("away", "sig=abcdef");
    world.oss.fault("public", "home", Fault::Redirect { status: 302, location });
    let refused = Fault::Status {
        status: 403,
        code: "AccessDenied".into(),
        message: "came with abcdefCANARY".into(),
        ec: None,
        retry_after: None,
    };
    world.oss.fault("public", "away", refused);
    let (home, target) = (place("home", "token=abcdefCANARY"), world.target());
    let request = DownloadRequest::new(&home, &target).retries(0).follow_redirects(true);
    let error = download(&request, &mut support::idle).unwrap_err();
    assert_eq!(error.service().unwrap().message, "came with [redacted]");
}

/// The example, in an environment that leads astray.
fn program(world: &World, presigned: &PresignedUrl, trap: &str) -> Command {
    let mut command = Command::new(example("download"));
    command.arg(&presigned.url).arg(world.target());
    for name in ["http_proxy", "https_proxy", "all_proxy"] {
        command.env(name, format!("http://{trap}")).env(name.to_uppercase(), trap);
    }
    let ca = world.ca_file();
    command.env("SSL_CERT_FILE", &ca).env("CURL_CA_BUNDLE", &ca).env("NO_PROXY", "");
    command.env("SSL_CERT_DIR", world.folder.path());
    command.env("SSLKEYLOGFILE", world.folder.path().join("keys"));
    command
}

#[test]
fn no_environment_variable_is_read() {
    let world = World::with(b"content");
    let trap = TcpListener::bind("127.0.0.1:0").unwrap();
    trap.set_nonblocking(true).unwrap();
    let address = trap.local_addr().unwrap().to_string();
    let plain = world.presign();
    let mut command = program(&world, &plain, &address);
    let http = world.oss.http_addr().to_string();
    let output = command.args(["--connect-to", &http]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    // Of TLS, the roots: those of the environment would do.
    let presigned = presign_get(&world.request(KEY).scheme(Scheme::Https)).unwrap();
    let https = world.oss.https_addr().to_string();
    let mut command = program(&world, &presigned, &address);
    let output = command.args(["--connect-to", &https]).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && error.contains("TLS failed"), "{error}");
    let mut command = program(&world, &presigned, &address);
    command.args(["--connect-to", &https, "--ca-file"]).arg(world.ca_file());
    assert!(command.output().unwrap().status.success());

    assert!(trap.accept().is_err(), "the trap was sprung");
    assert!(!Path::new(&world.folder.path().join("keys")).exists());
}

#[test]
fn nothing_outlives_a_download() {
    support::leftovers::check();
}
