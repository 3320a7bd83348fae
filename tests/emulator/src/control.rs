//! The control surface, for tests in other languages.

use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::body::AnswerBody;
use crate::clock::Clock;
use crate::fault::{Fault, FaultRule};
use crate::state::State;

pub(crate) const PREFIX: &str = "/-/emulator/";

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum SetTime {
    Unix(i64),
    Advance(i64),
    System(bool),
}

#[derive(Deserialize)]
struct ObjectName {
    bucket: String,
    key: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QueueFaults {
    bucket: String,
    key: String,
    faults: Vec<Fault>,
    times: Option<u64>,
    #[serde(default)]
    always: bool,
    #[serde(default)]
    after: u64,
    range_start: Option<u64>,
}

impl QueueFaults {
    fn rule(self) -> FaultRule {
        let mut rule = FaultRule::from(self.faults).after(self.after);
        if let Some(times) = self.times {
            rule = rule.times(times);
        }
        if self.always {
            rule = rule.always();
        }
        if let Some(offset) = self.range_start {
            rule = rule.at_range_start(offset);
        }
        rule
    }
}

pub(crate) async fn serve(
    state: &State,
    operation: &str,
    request: Request<Incoming>,
) -> Response<AnswerBody> {
    let method = request.method().clone();
    let body = request.into_body().collect().await;
    let body = body.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let answer = run(state, &method, operation, &body);
    let (status, text) = match answer {
        Ok(text) => (StatusCode::OK, text),
        Err(Refusal(status, text)) => (status, text),
    };
    let mut response = Response::new(Full::from(text).boxed_unsync());
    *response.status_mut() = status;
    response
}

struct Refusal(StatusCode, String);

fn run(state: &State, method: &Method, operation: &str, body: &[u8]) -> Result<String, Refusal> {
    match (method.as_str(), operation) {
        ("POST", "time") => match read(body)? {
            SetTime::Unix(unix) => state.clock.set(Clock::fixed(unix)),
            SetTime::Advance(seconds) => state.clock.advance(seconds),
            SetTime::System(true) => state.clock.set(Clock::system()),
            SetTime::System(false) => state.clock.set(Clock::fixed(state.clock.unix())),
        },
        ("POST", "faults") => {
            let queue: QueueFaults = read(body)?;
            let (bucket, key) = (queue.bucket.clone(), queue.key.clone());
            state.faults.add(&bucket, &key, queue.rule());
        }
        ("DELETE", "faults") => {
            let ObjectName { bucket, key } = read(body)?;
            state.faults.clear(&bucket, &key);
        }
        ("GET", "requests") => {
            let text = serde_json::to_string(&state.records.all());
            return text.map_err(|e| Refusal(StatusCode::INTERNAL_SERVER_ERROR, e.to_string()));
        }
        ("DELETE", "requests") => state.records.clear(),
        _ => return Err(Refusal(StatusCode::NOT_FOUND, format!("no {method} {operation}"))),
    }
    Ok("{}".to_owned())
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|e| Refusal(StatusCode::BAD_REQUEST, e.to_string()))
}
