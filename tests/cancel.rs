//! Cancelling, in every state a download can be in but the resolving of a host name.
//!
//! `OSS_PRESIGN_CANCELS=200 cargo test --release --test cancel -- --nocapture` cancels so many times
//! in each state and prints how long the call took to return; 10 is the default share.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
#![cfg(target_os = "linux")]

mod support;

use oss_emulator::Fault;
use oss_presign::{
    CancelToken, DownloadRequest, ErrorKind, Handler, Link, Phase, Progress, Target, download,
    presign_get,
};
use std::cell::RefCell;
use std::net::{TcpListener, TcpStream};
use std::ops::ControlFlow;
use std::panic::AssertUnwindSafe;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};
use std::{env, fs, thread};
use support::{BUCKET, KEY, World, content, full_listener, parts};

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
        world.forget_requests();
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
        state(
            "refusal",
            Some(Phase::Headers),
            &oss,
            Box::new(|| {
                let refusal = Fault::RawBody { status: 404, body: vec![b'x'; 5000] };
                world.oss.fault(BUCKET, KEY, refusal.and(Fault::Stall { after: 1000 }).always());
            }),
            Box::new(asked),
        ),
        state("back-off", Some(Phase::Headers), &oss, Box::new(fault(status)), Box::new(asked)),
        State {
            adjust: |request| request.rate_limit(1000),
            ..state("rate limit", None, &oss, nothing(), Box::new(asked))
        },
    ];
    println!("cancel:      median      p99    worst   ({runs} runs)");
    for state in &states {
        let times = measure(&world, state, runs);
        let (median, p99) = (times[runs / 2], times[(runs * 99 / 100).min(runs - 1)]);
        println!("{:<10} {median:>9.1?} {p99:>9.1?} {:>9.1?}", state.name, times[runs - 1]);
        assert!(times[runs - 1] < Duration::from_secs(1), "{}: {times:?}", state.name);
    }
}

/// Cancels from within the callback of that name.
struct CancelIn<'a> {
    callback: &'static str,
    token: &'a CancelToken,
    link: Link,
}

impl CancelIn<'_> {
    fn called(&self, callback: &str) -> ControlFlow<()> {
        if callback == self.callback {
            self.token.cancel();
        }
        ControlFlow::Continue(())
    }
}

impl Handler for CancelIn<'_> {
    fn progress(&mut self, _: Progress) -> ControlFlow<()> {
        self.called("progress")
    }

    fn write(&mut self, _: &[u8]) -> ControlFlow<()> {
        self.called("write")
    }

    fn refresh_url(&mut self) -> Option<Link> {
        _ = self.called("refresh");
        Some(self.link.clone())
    }
}

#[test]
fn every_callback_can_cancel() {
    let world = World::with(&content(3 << 20));
    let expired = Fault::Status {
        status: 403,
        code: "AccessDenied".into(),
        message: "Request has expired.".into(),
        ec: None,
        retry_after: None,
    };
    let (presigned, address) = (world.presign(), world.oss.http_addr().to_string());
    let stream = DownloadRequest::to(&presigned.url, Target::Stream).connect_to(&address);
    // Comes whole with the headers.
    let small = stream.clone().range(0, Some(1000));
    let (file, mut refused) = (world.get(&presigned), 0);
    for (callback, request) in [
        ("progress", parts(file.clone())),
        ("progress", file.clone().connections(1)),
        ("write", stream),
        ("write", small),
        ("refresh", file.clone().connections(1)),
        ("refresh", parts(file)),
    ] {
        world.forget_requests();
        world.oss.clear_faults(BUCKET, KEY);
        if callback == "refresh" {
            // The first request, and that of some worker.
            world.oss.fault(BUCKET, KEY, expired.clone().after(refused));
            refused += 2;
        }
        let token = CancelToken::new();
        let link = Link { url: presigned.url.clone(), headers: Vec::new() };
        let mut handler = CancelIn { callback, token: &token, link };
        let request = request.progress_interval(Duration::ZERO).cancel_token(&token);
        let error = download(&request, &mut handler).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cancelled, "{callback}: {error}");
        assert!(token.is_cancelled() && world.files().is_empty());
    }
}

/// Where a refresh that gives no URL throws the switch, that is why.
#[test]
fn a_refresh_that_cancels_and_gives_no_url_has_cancelled() {
    struct Refuses<'a>(&'a CancelToken);
    impl Handler for Refuses<'_> {
        fn refresh_url(&mut self) -> Option<Link> {
            self.0.cancel();
            None
        }
    }
    let world = World::with(&content(3 << 20));
    let presigned = world.presign();
    for request in [world.get(&presigned).connections(1), parts(world.get(&presigned))] {
        let expired = Fault::Status {
            status: 403,
            code: "SecurityTokenExpired".into(),
            message: "The security token you provided has expired.".into(),
            ec: None,
            retry_after: None,
        };
        world.oss.fault(BUCKET, KEY, expired);
        let token = CancelToken::new();
        let error = download(&request.cancel_token(&token), &mut Refuses(&token)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cancelled, "{error}");
    }
}

/// A handler that panics, in the middle of a parallel download, ends it: the panic comes through.
#[test]
fn a_handler_that_panics_ends_the_download() {
    let world = World::with(&content(3 << 20));
    let presigned = world.presign();
    world.oss.fault(BUCKET, KEY, Fault::Stall { after: 1000 }.after(1).always());
    let request = parts(world.get(&presigned)).progress_interval(Duration::ZERO);
    let panics = |_: Progress| -> ControlFlow<()> { panic!("the handler's own") };
    let run = AssertUnwindSafe(|| download(&request, &mut { panics }));
    let panicked = std::panic::catch_unwind(run);
    assert_eq!(panicked.unwrap_err().downcast_ref(), Some(&"the handler's own"));
    assert!(world.files().is_empty());
}

/// The last report comes when all is there: what is to be hashed is not, and the target stays away.
#[test]
fn a_download_that_is_cancelled_before_its_target_is_in_place_leaves_none() {
    let world = World::with(&content(3 << 20));
    let presigned = world.presign();
    let address = world.oss.http_addr().to_string();
    let memory = DownloadRequest::to(&presigned.url, Target::Memory(4 << 20)).connect_to(&address);
    for request in [
        world.get(&presigned),
        world.get(&presigned).expect_sha256([0; 32]),
        memory.expect_sha256([0; 32]),
    ] {
        let token = CancelToken::new();
        let error = download(&request.cancel_token(&token), &mut |progress: Progress| {
            if progress.total == Some(progress.done) {
                token.cancel();
            }
            ControlFlow::Continue(())
        })
        .unwrap_err();
        assert_eq!((error.kind(), error.phase()), (ErrorKind::Cancelled, Phase::Verify));
        assert!(world.files().is_empty());
    }
}

#[test]
fn nothing_outlives_a_download() {
    support::leftovers::check();
}
