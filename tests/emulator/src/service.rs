//! From a request to its answer.

use std::sync::Arc;

use http::header::{self, HeaderName, HeaderValue};
use http::{HeaderMap, Method, Request, Response, Uri};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::address::{Parameter, host_name, parameter, parameters};
use crate::body::{AnswerBody, Payload, Sending};
use crate::clock::http_date;
use crate::error::OssError;
use crate::record::RequestRecord;
use crate::server::Connection;
use crate::signature::SignedRequest;
use crate::{control, put, respond};

const EXPOSED: &str = "Accept-Ranges, Content-Disposition, Content-Length, Content-Range, \
    Content-Type, Date, ETag, Last-Modified, x-oss-ec, x-oss-hash-crc64ecma, x-oss-object-type, \
    x-oss-request-id, x-oss-server-time, x-oss-version-id";

/// Operations on an object that are not the object itself.
const OTHER_OPERATIONS: [&str; 7] =
    ["acl", "append", "restore", "symlink", "tagging", "uploadId", "uploads"];

/// A request that may be served: its signature is right.
pub(crate) struct Accepted<'a> {
    pub(crate) method: &'a Method,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) parameters: &'a [Parameter],
    pub(crate) bucket: &'a str,
    pub(crate) key: &'a str,
}

impl Accepted<'_> {
    /// A header's value as text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        parameter(self.parameters, name)
    }
}

/// Serves one request.
pub(crate) async fn serve(
    connection: Arc<Connection>,
    request: Request<Incoming>,
) -> Response<AnswerBody> {
    let state = &connection.state;
    let host = host(&request);
    let name = host_name(&host);
    let path = request.uri().path();
    if let Some(operation) = path.strip_prefix(control::PREFIX)
        && (name == "localhost" || name.parse::<std::net::IpAddr>().is_ok())
    {
        let operation = operation.to_owned();
        return control::serve(state, &operation, request).await;
    }

    let headers = received_headers(request.headers());
    let lossy = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    let entry = state.records.add(RequestRecord {
        method: request.method().to_string(),
        target: target(request.uri()),
        headers: headers.iter().map(|(name, value)| (name.clone(), lossy(value))).collect(),
        connection: connection.number,
        peer: connection.peer,
        tls: connection.tls,
        status: None,
        error_code: None,
        body_sent: 0,
    });

    let request_id = state.next_request_id();
    let origin = request.headers().contains_key(header::ORIGIN);
    let is_head = request.method() == Method::HEAD;
    let answer = match *request.method() {
        Method::CONNECT => Ok(tunnel(&connection, request)),
        Method::OPTIONS => Ok(preflight(request.headers())),
        _ => dispatch(&connection, request, &host, &headers).await,
    };
    let (mut answer, code) = match answer {
        Ok(answer) => (answer, None),
        Err(error) => {
            let code = error.code.clone();
            (respond::error(&error, &request_id, &name, is_head), Some(code))
        }
    };
    let code = code.or_else(|| answer.extensions_mut().remove::<respond::ErrorCode>().map(|c| c.0));

    set_common_headers(answer.headers_mut(), &request_id, state.clock.unix(), origin);
    let declared = answer.body().declared.filter(|_| has_body(answer.status()));
    if let Some(declared) = declared {
        answer.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(declared));
    }
    entry.answered(answer.status().as_u16(), code);
    answer.map(|payload| {
        let wire = Arc::clone(&connection.wire);
        Sending::new(payload, entry, wire).boxed_unsync()
    })
}

async fn dispatch(
    connection: &Connection,
    request: Request<Incoming>,
    host: &str,
    headers: &[(String, Vec<u8>)],
) -> Result<Response<Payload>, OssError> {
    let state = &connection.state;
    let (parts, body) = request.into_parts();
    let query = parts.uri.query().unwrap_or_default();
    let address = state.hosts.resolve(host, parts.uri.path())?;
    let signed = SignedRequest { method: parts.method.as_str(), address: &address, query, headers };
    let anonymous = matches!(parts.method, Method::GET | Method::HEAD)
        && state.store.is_public(&address.bucket)
        && !crate::signature::is_signed(&signed);
    if !anonymous {
        crate::signature::verify(&signed, &state.authority, state.clock.unix())?;
    }

    state.store.check_bucket(&address.bucket)?;
    let parameters = parameters(query);
    let other = OTHER_OPERATIONS.iter().any(|name| parameter(&parameters, name).is_some());
    if address.key.is_empty() || other {
        return Err(OssError::not_implemented());
    }
    let accepted = Accepted {
        method: &parts.method,
        headers: &parts.headers,
        parameters: &parameters,
        bucket: &address.bucket,
        key: address.object_key()?,
    };
    check_traffic_limit(&accepted)?;
    match parts.method {
        Method::GET | Method::HEAD => respond::object(connection, &accepted).await,
        Method::PUT => put::put(state, &accepted, body).await,
        Method::DELETE => Ok(put::delete(state, &accepted)),
        _ => Err(OssError::not_implemented()),
    }
}

fn check_traffic_limit(request: &Accepted<'_>) -> Result<(), OssError> {
    const NAME: &str = "x-oss-traffic-limit";
    let limits = [request.header(NAME), request.parameter(NAME)];
    for limit in limits.into_iter().flatten() {
        if !matches!(limit.parse(), Ok(245_760..=838_860_800_u64)) {
            let message = "The traffic limit must be from 245760 to 838860800 bit/s.";
            return Err(OssError::invalid_argument(message)
                .field("ArgumentName", NAME)
                .field("ArgumentValue", limit));
        }
    }
    Ok(())
}

fn host(request: &Request<Incoming>) -> String {
    // A target in absolute form overrides the Host header.
    if let Some(authority) = request.uri().authority() {
        return authority.to_string();
    }
    let host = request.headers().get(header::HOST);
    host.map(|host| String::from_utf8_lossy(host.as_bytes()).into_owned()).unwrap_or_default()
}

fn target(uri: &Uri) -> String {
    match uri.path_and_query() {
        Some(path_and_query) if uri.authority().is_none() => path_and_query.to_string(),
        _ => uri.to_string(),
    }
}

fn received_headers(headers: &HeaderMap) -> Vec<(String, Vec<u8>)> {
    let pairs = headers.iter();
    pairs.map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec())).collect()
}

fn has_body(status: http::StatusCode) -> bool {
    !status.is_informational() && !matches!(status.as_u16(), 204 | 304)
}

fn set_common_headers(headers: &mut HeaderMap, request_id: &str, now: i64, origin: bool) {
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.entry(name).or_insert(value);
        }
    };
    set(header::SERVER, "AliyunOSS");
    set(header::DATE, &http_date(now));
    set(HeaderName::from_static("x-oss-request-id"), request_id);
    set(HeaderName::from_static("x-oss-server-time"), "1");
    if origin {
        set(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        set(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    }
}

/// Any web page may do anything.
fn preflight(request: &HeaderMap) -> Response<Payload> {
    let mut answer = Response::new(Payload::bytes(""));
    let headers = answer.headers_mut();
    let methods = HeaderValue::from_static("GET, HEAD, PUT, DELETE");
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
    if let Some(names) = request.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, names.clone());
    }
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("100"));
    answer
}

/// Every tunnel ends at the emulator itself.
fn tunnel(connection: &Connection, request: Request<Incoming>) -> Response<Payload> {
    let state = &connection.state;
    let https = state.https_addr;
    let to_https = request.uri().port_u16().is_some_and(|port| port == 443 || port == https.port());
    let to = if to_https { https } else { state.http_addr };
    tokio::spawn(async move {
        let (Ok(upgraded), Ok(mut stream)) =
            (hyper::upgrade::on(request).await, TcpStream::connect(to).await)
        else {
            return;
        };
        // Either side may go away at any time.
        let _ = tokio::io::copy_bidirectional(&mut TokioIo::new(upgraded), &mut stream).await;
    });
    let mut payload = Payload::bytes("");
    payload.declared = None;
    Response::new(payload)
}
