//! Presigns an object in the five ways of the OSS document and downloads it by each URL.
//!
//! `cargo run --release --example quickstart` does so on a loopback OSS that it starts itself. With
//! `--region R --bucket B --object K`, and credentials in `OSS_ACCESS_KEY_ID`,
//! `OSS_ACCESS_KEY_SECRET` and, if temporary, `OSS_SESSION_TOKEN`, it does the same on OSS;
//! `--version-id V` and `--custom-domain HOST` name what only your bucket has.

use oss_emulator::{Emulator, Object};
use oss_presign::{
    Addressing, Credentials, DownloadRequest, PresignRequest, PresignedUrl, Progress, Verified,
    download, presign_get,
};
use std::error::Error;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::{env, fs, process};

type Fallible<T> = Result<T, Box<dyn Error>>;

/// The scenario that fetches the older version.
const VERSION: &str = "A version";

/// The object, and how to reach it.
#[derive(Default)]
struct Place {
    region: String,
    bucket: String,
    object: String,
    version_id: Option<String>,
    custom_domain: Option<String>,
    /// Loopback only: the key to sign with, where to connect, whom to trust.
    credentials: Option<(&'static str, &'static str)>,
    connect_to: Option<String>,
    ca_file: Option<PathBuf>,
    /// What must come, newest version first.
    contents: Option<[Vec<u8>; 2]>,
}

fn main() -> Fallible<()> {
    let folder = env::temp_dir().join(format!("oss-presign-quickstart-{}", process::id()));
    // One that a killed run has left: numbers of processes come again.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir(&folder)?;
    let outcome = arguments().and_then(|place| match place {
        Some(place) => run(&place, &folder),
        None => {
            let (_emulator, place) = loopback(&folder)?;
            run(&place, &folder)
        }
    });
    fs::remove_dir_all(&folder)?;
    outcome
}

/// The place the arguments name; none without arguments.
fn arguments() -> Fallible<Option<Place>> {
    use lexopt::prelude::*;
    let mut place = Place::default();
    let mut given = false;
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        given = true;
        match argument {
            Long("region") => place.region = parser.value()?.string()?,
            Long("bucket") => place.bucket = parser.value()?.string()?,
            Long("object") => place.object = parser.value()?.string()?,
            Long("version-id") => place.version_id = Some(parser.value()?.string()?),
            Long("custom-domain") => place.custom_domain = Some(parser.value()?.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(given.then_some(place))
}

/// Starts an OSS on loopback and stores an object of 4 MiB in it, in two versions.
fn loopback(folder: &Path) -> Fallible<(Emulator, Place)> {
    const CREDENTIALS: (&str, &str) = ("quickstart-id", "quickstart-secret");
    let emulator = Emulator::builder().credential(CREDENTIALS.0, CREDENTIALS.1).start()?;
    let content = |seed: u32| -> Vec<u8> {
        (0..4_u32 << 20).map(|i| ((i ^ seed).wrapping_mul(2_654_435_761) >> 24) as u8).collect()
    };
    let contents = [content(2), content(1)];
    let (bucket, object) = ("examplebucket", "exampledir/示例 object.bin");
    let version_id = emulator.put(bucket, object, Object::new(contents[1].clone()));
    emulator.put(bucket, object, Object::new(contents[0].clone()));
    emulator.bind_domain("static.example.com", bucket);
    let ca_file = folder.join("ca.pem");
    fs::write(&ca_file, emulator.ca_pem())?;
    println!("A loopback OSS listens on {}.\n", emulator.https_addr());
    let place = Place {
        region: "cn-hangzhou".into(),
        bucket: bucket.into(),
        object: object.into(),
        version_id: Some(version_id),
        custom_domain: Some("static.example.com".into()),
        credentials: Some(CREDENTIALS),
        connect_to: Some(emulator.https_addr().to_string()),
        ca_file: Some(ca_file),
        contents: Some(contents),
    };
    Ok((emulator, place))
}

fn run(place: &Place, folder: &Path) -> Fallible<()> {
    let mut plain = PresignRequest::new(&place.region, &place.bucket, &place.object);
    if let Some((id, secret)) = place.credentials {
        plain = plain.credentials(Credentials::new(id, secret));
    }
    let attachment = "attachment; filename=\"report 2026.bin\"";
    let mut scenarios = vec![("Plain", plain.clone())];
    match &place.version_id {
        Some(id) => scenarios.push((VERSION, plain.clone().version_id(id))),
        None => println!("{VERSION}: left out, no --version-id.\n"),
    }
    scenarios
        .push(("Forced download name", plain.clone().response_content_disposition(attachment)));
    scenarios.push((
        "Signed headers",
        plain.clone().traffic_limit(838_860_800).header("Cache-Control", "no-cache"),
    ));
    match &place.custom_domain {
        Some(domain) => scenarios.push((
            "Custom domain",
            plain.clone().endpoint(domain).addressing(Addressing::CustomDomain),
        )),
        None => println!("Custom domain: left out, no --custom-domain.\n"),
    }
    for (name, request) in &scenarios {
        println!("{name}");
        let presigned = presign_get(request)?;
        print(&presigned)?;
        let contents = place.contents.as_ref();
        let content = contents.map(|contents| &contents[usize::from(*name == VERSION)][..]);
        fetch(place, &presigned, &folder.join("object"), content)?;
    }
    let count = scenarios.len();
    println!("Done: {count} URLs presigned, {count} objects downloaded and verified.");
    Ok(())
}

fn print(presigned: &PresignedUrl) -> Fallible<()> {
    let expiration = time::OffsetDateTime::from_unix_timestamp(presigned.expires_at)?;
    let expiration = expiration.format(&time::format_description::well_known::Rfc3339)?;
    println!("  method:     {}", presigned.method);
    println!("  expiration: {expiration}");
    println!("  url:        {}", presigned.url);
    for (name, value) in &presigned.signed_headers {
        println!("  header:     {name}: {value}");
    }
    Ok(())
}

fn fetch(
    place: &Place,
    presigned: &PresignedUrl,
    path: &Path,
    content: Option<&[u8]>,
) -> Fallible<()> {
    let mut request = DownloadRequest::new(&presigned.url, path);
    for (name, value) in &presigned.signed_headers {
        request = request.header(name, value);
    }
    if let Some(address) = &place.connect_to {
        request = request.connect_to(address);
    }
    if let Some(file) = &place.ca_file {
        request = request.ca_file(file);
    }
    let downloaded = download(&request, &mut bar)?;
    eprintln!();
    if downloaded.verified != Verified::Crc64 {
        return Err(format!("only verified: {:?}", downloaded.verified).into());
    }
    if let Some(content) = content
        && content != fs::read(path)?
    {
        return Err("the file differs from the object".into());
    }
    println!("  downloaded: {} bytes, CRC-64 {} verified\n", downloaded.bytes, downloaded.crc64);
    Ok(())
}

/// Draws `[####----] 50 %` on standard error.
fn bar(progress: Progress) -> ControlFlow<()> {
    const WIDTH: u64 = 40;
    let total = progress.total.unwrap_or(progress.done).max(1);
    let (filled, percent) = (progress.done * WIDTH / total, progress.done * 100 / total);
    let bar: String = (0..WIDTH).map(|i| if i < filled { '#' } else { '-' }).collect();
    eprint!("\r  [{bar}] {percent:>3} %");
    // A bar that cannot be drawn is no reason to stop.
    let _ = std::io::stderr().flush();
    ControlFlow::Continue(())
}
