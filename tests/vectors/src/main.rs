//! Prints the cases of a vector file in a form that any language reads with a `split`: one case a
//! line, items between tabs; `same` or `refuse`, the id, then `name=value` with every byte of the
//! value but `A-Za-z0-9-._~` as `%XX`. Names are those of the C options; `want.` starts an
//! expectation. Skipped cases are counted on standard error.

use presign_vectors::{Case, Demand, Request, Want};
use std::fmt::Write as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("presign-vectors: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let file = std::env::args().nth(1).ok_or("usage: presign-vectors FILE")?;
    let text = std::fs::read_to_string(&file).map_err(|error| format!("{file}: {error}"))?;
    let mut skipped = 0;
    for case in presign_vectors::read(&text)? {
        match line(&case) {
            Some(line) => println!("{line}"),
            None => skipped += 1,
        }
    }
    eprintln!("presign-vectors: {skipped} cases not expressible");
    Ok(())
}

fn line(case: &Case) -> Option<String> {
    let request = case.request.as_ref()?;
    let class = match &case.demand {
        Demand::Same(_) => "same",
        Demand::Refuse(_) => "refuse",
        Demand::Skip(_) => return None,
    };
    let mut line = format!("{class}\t{}", case.id);
    push_request(&mut line, request);
    if let Demand::Same(want) = &case.demand {
        push_want(&mut line, want);
    }
    Some(line)
}

fn push_request(line: &mut String, request: &Request) {
    push(line, "region", request.region.as_bytes());
    let texts = [
        ("bucket", request.bucket.as_deref()),
        ("endpoint", request.endpoint.as_deref()),
        ("access_key_id", Some(request.access_key_id.as_str())),
        ("access_key_secret", Some(request.access_key_secret.as_str())),
        ("security_token", request.security_token.as_deref()),
    ];
    for (name, value) in texts {
        if let Some(value) = value {
            push(line, name, value.as_bytes());
        }
    }
    if let Some(key) = &request.key {
        push(line, "key", key);
    }
    for (name, value) in &request.fields {
        push(line, name, value.as_bytes());
    }
    let numbers = [
        ("signing_time", Some(request.signing_time)),
        ("expires_in", request.expires_in),
        ("expires_at", request.expires_at),
        ("traffic_limit", request.traffic_limit),
        ("addressing", Some(request.addressing as i64)),
        ("endpoint_kind", Some(request.endpoint_kind as i64)),
        ("flags", Some(i64::from(request.http))),
    ];
    for (name, value) in numbers {
        if let Some(value) = value {
            push(line, name, value.to_string().as_bytes());
        }
    }
    push_pairs(line, "query", &request.query);
    push_pairs(line, "header", &request.headers);
}

fn push_want(line: &mut String, want: &Want) {
    push(line, "want.url", want.url.as_bytes());
    push(line, "want.expires_at", want.expires_at.to_string().as_bytes());
    push(line, "want.string_to_sign", want.string_to_sign.as_bytes());
    push_pairs(line, "want.header", &want.headers);
}

fn push(line: &mut String, name: &str, value: &[u8]) {
    line.push('\t');
    line.push_str(name);
    line.push('=');
    push_escaped(line, value);
}

fn push_pairs(line: &mut String, item: &str, pairs: &[(String, String)]) {
    for (name, value) in pairs {
        push(line, item, name.as_bytes());
        line.push('=');
        push_escaped(line, value.as_bytes());
    }
}

fn push_escaped(line: &mut String, value: &[u8]) {
    for byte in value {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                line.push(char::from(*byte));
            }
            // Writing to a String cannot fail.
            _ => _ = write!(line, "%{byte:02X}"),
        }
    }
}
