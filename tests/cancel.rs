//! Cancelling, in every state a download can be in but the resolving of a host name.
//!
//! `OSS_PRESIGN_CANCELS=200 cargo test --release --test cancel -- --nocapture` cancels so many times
//! in each state and prints how long the call took to return; 10 is the default share.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
#![cfg(target_os = "linux")]

mod support;

use oss_emulator::Fault;
use oss_presign::{
    CancelToken, DownloadRequest, ErrorKind, Phase, Progress, download, presign_get,
};
use std::cell::RefCell;
use std::net::{TcpListener, TcpStream};
use std::ops::ControlFlow;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};
use std::{env, fs, thread};
use support::{BUCKET, KEY, World, content, full_listener};

/// Where a download hangs, and how to see that it does.
struct State<'a> {
    name: &'static str,
    /// What the error says, where `reached` tells that it can be no other.
    phase: Option<Phase>,
    address: String,
    https: bool,
    adjust: fn(DownloadRequest<'_>) -> DownloadRequest<'_>,
    /// Arms the fault; returns what waits until the download is there.
    arm: Box<dyn Fn() + 'a>,
    reached: Box<dyn Fn() -> bool + 'a>,
}

/// Cancels in a state so many times; the times until the call returned.
fn measure(world: &World, state: &State<'_>, runs: usize) -> Vec<Duration> {
    let scheme = match state.https {
        true => oss_presign::Scheme::Https,
        false => oss_presign::Scheme::Http,
    };
    let presigned = presign_get(&world.request(KEY).scheme(scheme)).unwrap();
    let target = world.target();
    let mut times = Vec::new();
    for _ in 0..runs {
        world.oss.clear_requests();
        world.oss.clear_faults(BUCKET, KEY);
        (state.arm)();
        let token = CancelToken::new();
        let request = DownloadRequest::new(&presigned.url, &target)
            .connect_to(&state.address)
            .cancel_token(&token);
        let request = (state.adjust)(request);
        let (returned, wait) = channel();
        let cancelled = thread::scope(|scope| {
            scope.spawn(|| {
                let error = download(&request, &mut |_: Progress| ControlFlow::Continue(()));
                returned.send((Instant::now(), error.unwrap_err())).unwrap();
            });
            let patience = Instant::now();
            while !(state.reached)() {
                assert!(patience.elapsed() < Duration::from_secs(10), "{}", state.name);
                thread::yield_now();
            }
            let at = Instant::now();
            token.cancel();
            at
        });
        let (at, error) = wait.recv().unwrap();
        assert_eq!(error.kind(), ErrorKind::Cancelled, "{}: {error}", state.name);
        assert_eq!(state.phase.unwrap_or(error.phase()), error.phase(), "{}", state.name);
        times.push(at.saturating_duration_since(cancelled));
        assert!(world.files().is_empty(), "{}", state.name);
    }
    times.sort();
    times
}

/// Whether a connection to that port waits for its server.
fn is_connecting_to(port: u16) -> bool {
    let table = fs::read_to_string("/proc/net/tcp").unwrap();
    let (remote, syn_sent) = (format!(":{port:04X}"), "02");
    table.lines().any(|line| {
        let mut fields = line.split_whitespace().skip(2);
        fields.next().is_some_and(|at| at.ends_with(&remote)) && fields.next() == Some(syn_sent)
    })
}

/// Whether a client has connected and begun to speak.
fn has_greeted(listener: &TcpListener, streams: &mut Vec<TcpStream>) -> bool {
    if let Ok((stream, _)) = listener.accept() {
        stream.set_nonblocking(true).unwrap();
        streams.push(stream);
    }
    streams.iter().any(|stream| stream.peek(&mut [0]).is_ok_and(|bytes| bytes > 0))
}

fn count(folder: &str) -> usize {
    fs::read_dir(folder).unwrap().count()
}

#[test]
fn a_cancelled_download_returns_at_once_and_leaves_nothing() {
    let runs: usize = env::var("OSS_PRESIGN_CANCELS").map_or(10, |count| count.parse().unwrap());
    let world = World::with(&content(3 << 20));
    let (_listener, _held, full) = full_listener();
    let oss = world.oss.http_addr().to_string();
    let port = full.rsplit(':').next().unwrap().parse().unwrap();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    silent.set_nonblocking(true).unwrap();
    let stalled = silent.local_addr().unwrap().to_string();
    let greeted = RefCell::new(Vec::new());
    let asked = || !world.oss.requests().is_empty();
    let sent = |bytes: u64| {
        move |world: &World| {
            world.oss.requests().iter().map(|request| request.body_sent).sum::<u64>() >= bytes
        }
    };
    let fault = |fault: Fault| {
        let oss = &world.oss;
        move || oss.fault(BUCKET, KEY, fault.clone().always())
    };
    fn plain(request: DownloadRequest<'_>) -> DownloadRequest<'_> {
        request
    }
    let state = |name, phase, address: &str, arm, reached| State {
        name,
        phase,
        address: address.to_owned(),
        https: false,
        adjust: plain,
        arm,
        reached,
    };
    let nothing = || Box::new(|| {});
    let status = Fault::Status {
        status: 503,
        code: "ServiceUnavailable".into(),
        message: String::new(),
        ec: None,
        retry_after: Some("60".into()),
    };
    let states = [
        state(
            "connect",
            Some(Phase::Connect),
            &full,
            nothing(),
            Box::new(|| is_connecting_to(port)),
        ),
        State {
            https: true,
            ..state(
                "tls",
                Some(Phase::Tls),
                &stalled,
                Box::new(|| greeted.borrow_mut().clear()),
                Box::new(|| has_greeted(&silent, &mut greeted.borrow_mut())),
            )
        },
        state(
            "headers",
            Some(Phase::Headers),
            &oss,
            Box::new(fault(Fault::StallBeforeHeaders)),
            Box::new(asked),
        ),
        state(
            "body",
            None,
            &oss,
            Box::new(fault(Fault::Stall { after: 100_000 })),
            Box::new(|| sent(100_000)(&world)),
        ),
        State {
            adjust: |request| request.part_size(128 << 10).connections(8),
            ..state(
                "parts",
                None,
                &oss,
                Box::new(fault(Fault::Stall { after: 1000 })),
                Box::new(|| sent(1000)(&world)),
            )
        },
        state("back-off", Some(Phase::Headers), &oss, Box::new(fault(status)), Box::new(asked)),
        State {
            adjust: |request| request.rate_limit(1000),
            ..state("rate limit", None, &oss, nothing(), Box::new(asked))
        },
    ];
    let before = (count("/proc/self/task"), count("/proc/self/fd"));
    println!("cancel:      median      p99    worst   ({runs} runs)");
    for state in &states {
        let times = measure(&world, state, runs);
        let (median, p99) = (times[runs / 2], times[(runs * 99 / 100).min(runs - 1)]);
        println!("{:<10} {median:>9.1?} {p99:>9.1?} {:>9.1?}", state.name, times[runs - 1]);
        assert!(times[runs - 1] < Duration::from_secs(1), "{}: {times:?}", state.name);
    }
    greeted.borrow_mut().clear();
    while world.oss.open_connections() > 0 {
        thread::yield_now();
    }
    assert_eq!((count("/proc/self/task"), count("/proc/self/fd")), before);
}
