//! curl and we, with the same presigned URLs, on the same loopback OSS.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

#[path = "support/curl.rs"]
mod curl;
mod support;

use oss_emulator::Object;
use oss_presign::{
    Credentials, DownloadRequest, Error, ErrorKind, PresignedUrl, Progress, Scheme, download,
    presign_get,
};
use std::fs;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::Output;
use support::{BUCKET, KEY, SECRET, World, content};

/// Where the URL's scheme is served, and the certificate to trust.
fn server(world: &World, presigned: &PresignedUrl) -> (String, PathBuf) {
    let ca = world.folder.path().join("ca.pem");
    fs::write(&ca, world.oss.ca_pem()).unwrap();
    let https = presigned.url.starts_with("https:");
    let address = if https { world.oss.https_addr() } else { world.oss.http_addr() };
    (address.to_string(), ca)
}

fn theirs(world: &World, presigned: &PresignedUrl, arguments: &[&str]) -> Output {
    let (address, ca) = server(world, presigned);
    let connect_to = format!("::{address}");
    let headers = presigned.signed_headers.iter().map(|(name, value)| format!("{name}: {value}"));
    let headers: Vec<String> = headers.collect();
    let fixed = ["--connect-to", &connect_to, "--cacert", ca.to_str().unwrap()];
    let headers = headers.iter().flat_map(|header| ["--header", header]);
    let all = fixed.into_iter().chain(headers).chain(arguments.iter().copied());
    curl::curl(&presigned.url, all)
}

fn ours(world: &World, presigned: &PresignedUrl) -> Result<Vec<u8>, Error> {
    let (address, ca) = server(world, presigned);
    let target = world.target();
    let mut request = DownloadRequest::new(&presigned.url, &target)
        .connect_to(&address)
        .ca_file(&ca)
        .part_size(128 * 1024)
        .retries(0);
    for (name, value) in &presigned.signed_headers {
        request = request.header(name, value);
    }
    download(&request, &mut |_: Progress| ControlFlow::Continue(()))?;
    Ok(fs::read(target).unwrap())
}

#[test]
fn curl_gets_what_we_get() {
    const KEYS: [&str; 4] = [KEY, "a//b/../c/./d", "a b+c%2F/?#&=[]{}", "中文/😀"];
    let world = World::with(b"");
    let body = content(1_000_000);
    for key in KEYS {
        world.oss.put(BUCKET, key, Object::new(body.clone()));
    }
    let sts = || Credentials::new("canary-id", SECRET).security_token("canary-token");
    for key in KEYS {
        for request in [
            world.request(key),
            world.request(key).scheme(Scheme::Https),
            world.request(key).credentials(sts()),
            world.request(key).header("Cache-Control", "no-cache").request_payer("requester"),
            world.request(key).response_content_type("a/b c"),
        ] {
            let presigned = presign_get(&request).unwrap();
            let output = theirs(&world, &presigned, &["--fail-with-body"]);
            assert!(
                output.status.success(),
                "{} {}",
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            );
            assert!(output.stdout == body, "{} bytes", output.stdout.len());
            assert!(ours(&world, &presigned).unwrap() == body);
        }
    }
}

/// Both are refused, with the same status and code.
#[track_caller]
fn refuses_both(world: &World, presigned: &PresignedUrl, status: u16, code: &str) {
    let output = theirs(world, presigned, &["--write-out", "%{http_code}"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.ends_with(&status.to_string()), "{text}");
    assert!(text.contains(&format!("<Code>{code}</Code>")), "{text}");

    let error = ours(world, presigned).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden, "{error}");
    let service = error.service().unwrap();
    assert_eq!((service.status, service.code.as_str()), (status, code));
}

#[test]
fn one_wrong_character_in_the_signature_is_refused_to_both() {
    let world = World::with(&content(1000));
    for scheme in [Scheme::Http, Scheme::Https] {
        let mut presigned = presign_get(&world.request(KEY).scheme(scheme)).unwrap();
        let at = presigned.url.find("x-oss-signature=").unwrap() + "x-oss-signature=".len() + 7;
        let wrong = if &presigned.url[at..=at] == "0" { "1" } else { "0" };
        presigned.url.replace_range(at..=at, wrong);
        refuses_both(&world, &presigned, 403, "SignatureDoesNotMatch");
    }
}

#[test]
fn a_signed_header_with_another_value_is_refused_to_both() {
    let world = World::with(&content(1000));
    let request = world.request(KEY).header("Cache-Control", "no-cache");
    let mut presigned = presign_get(&request).unwrap();
    presigned.signed_headers[0].1 = "no-store".to_owned();
    refuses_both(&world, &presigned, 403, "SignatureDoesNotMatch");
}
