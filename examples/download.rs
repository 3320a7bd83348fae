//! Downloads by a presigned URL, with a progress bar. Ctrl-C cancels; the next run goes on from
//! there.
//!
//! `cargo run --release --example download -- URL FILE [--header 'NAME: VALUE']...
//! [--no-overwrite] [--no-sync]`

use oss_presign::{CancelToken, DownloadRequest, Progress, download};
use std::error::Error;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::PathBuf;

/// What the command line says.
#[derive(Default)]
struct Arguments {
    url: String,
    file: PathBuf,
    headers: Vec<(String, String)>,
    connect_to: Option<String>,
    ca_file: Option<PathBuf>,
    part_size: Option<u64>,
    connections: Option<u32>,
    no_overwrite: bool,
    no_sync: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = arguments()?;
    let token = CancelToken::new();
    let cancel = token.clone();
    ctrlc::set_handler(move || cancel.cancel())?;

    let mut request = DownloadRequest::new(&arguments.url, &arguments.file)
        .resume(true)
        .overwrite(!arguments.no_overwrite)
        .sync(!arguments.no_sync)
        .cancel_token(&token);
    for (name, value) in &arguments.headers {
        request = request.header(name, value);
    }
    if let Some(address) = &arguments.connect_to {
        request = request.connect_to(address);
    }
    if let Some(file) = &arguments.ca_file {
        request = request.ca_file(file);
    }
    if let Some(size) = arguments.part_size {
        request = request.part_size(size);
    }
    if let Some(count) = arguments.connections {
        request = request.connections(count);
    }
    let outcome = download(&request, &mut bar);
    eprintln!();
    let done = outcome.map_err(|error| error.to_string())?;
    println!("{} bytes, {} of them from before, {:?}", done.bytes, done.resumed, done.verified);
    Ok(())
}

fn arguments() -> Result<Arguments, Box<dyn Error>> {
    use lexopt::prelude::*;
    let mut arguments = Arguments::default();
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Value(url) if arguments.url.is_empty() => arguments.url = url.string()?,
            Value(file) => arguments.file = file.into(),
            Long("header") => {
                let header = parser.value()?.string()?;
                let (name, value) = header.split_once(':').ok_or("a header is NAME: VALUE")?;
                arguments.headers.push((name.to_owned(), value.trim().to_owned()));
            }
            Long("connect-to") => arguments.connect_to = Some(parser.value()?.string()?),
            Long("ca-file") => arguments.ca_file = Some(parser.value()?.into()),
            Long("part-size") => arguments.part_size = Some(parser.value()?.parse()?),
            Long("connections") => arguments.connections = Some(parser.value()?.parse()?),
            Long("no-overwrite") => arguments.no_overwrite = true,
            Long("no-sync") => arguments.no_sync = true,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(arguments)
}

/// Draws `[####----] 50 % of 100.0 MiB, 12.3 MiB/s` on standard error.
fn bar(progress: Progress) -> ControlFlow<()> {
    const WIDTH: u64 = 30;
    const MIB: f64 = 1_048_576.0;
    let total = progress.total.unwrap_or(progress.done).max(1);
    let filled = progress.done * WIDTH / total;
    let bar: String = (0..WIDTH).map(|i| if i < filled { '#' } else { '-' }).collect();
    let (percent, rate) = (progress.done * 100 / total, progress.bytes_per_second / MIB);
    eprint!("\r[{bar}] {percent:>3} % of {:.1} MiB, {rate:.1} MiB/s  ", total as f64 / MIB);
    // A bar that cannot be drawn is no reason to stop.
    let _ = std::io::stderr().flush();
    ControlFlow::Continue(())
}
