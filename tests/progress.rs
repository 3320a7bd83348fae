//! Reports of progress, and the rate limit.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use oss_emulator::Fault;
use oss_presign::{DownloadRequest, ErrorKind, Handler, Phase, Progress, Target, download};
use std::fs;
use std::ops::ControlFlow;
use std::thread;
use std::time::{Duration, Instant};
use support::{BUCKET, KEY, PART, SIZE, SIZES, World, content, idle, parts};

/// All reports of a download that succeeds, each made on the thread that called.
fn reports(request: &DownloadRequest<'_>) -> Vec<Progress> {
    let (mut reports, caller) = (Vec::new(), thread::current().id());
    download(request, &mut |progress: Progress| {
        assert_eq!(thread::current().id(), caller);
        reports.push(progress);
        ControlFlow::Continue(())
    })
    .unwrap();
    reports
}

/// In one piece and in parts, reported as often as can be.
#[test]
fn progress_is_monotone_on_the_callers_thread_and_ends_with_the_whole() {
    for size in SIZES {
        let world = World::with(&content(size));
        let presigned = world.presign();
        let request = world.get(&presigned).progress_interval(Duration::ZERO);
        for request in [request.clone(), parts(request)] {
            let reports = reports(&request);
            assert!(reports.is_sorted_by_key(|report| report.done));
            let last = reports.last().unwrap();
            assert_eq!((last.done, last.total), (size as u64, Some(size as u64)));
        }
    }
}

/// After bytes that came wrong, all of them come again.
#[test]
fn progress_does_not_go_back_when_bytes_are_fetched_again() {
    let world = World::with(&content(SIZE));
    world.oss.fault(BUCKET, KEY, Fault::CorruptByte(5).at_range_start(0));
    let presigned = world.presign();
    let request = parts(world.get(&presigned)).progress_interval(Duration::ZERO);
    let reports = reports(&request);
    assert!(reports.is_sorted_by_key(|report| report.done));
    assert!(reports.iter().all(|report| report.done <= SIZE as u64));
}

#[test]
fn progress_is_reported_ten_times_a_second_while_data_comes() {
    let world = World::with(&content(1000));
    let presigned = world.presign();
    for connections in [1, 4] {
        world.oss.fault(BUCKET, KEY, Fault::Trickle { bytes: 10, every_ms: 5 });
        let started = Instant::now();
        let reports = reports(&world.get(&presigned).connections(connections));
        let tenths = started.elapsed().as_millis() as usize / 100;
        // Of a hundred pieces that took half a second and more; at the end there is one extra.
        assert!(tenths >= 5 && (3..=tenths + 1).contains(&reports.len()), "{}", reports.len());
        let rates: Vec<f64> = reports.iter().map(|report| report.bytes_per_second).collect();
        assert!(rates.iter().all(|rate| (1.0..=2000.0).contains(rate)), "{rates:?}");
    }
}

/// A connection that stalls: what it has sent so far is written, and the reports go on.
#[test]
fn what_came_before_a_stall_is_written_and_reported() {
    let world = World::with(&content(SIZE));
    world.oss.fault(BUCKET, KEY, Fault::Stall { after: 1000 }.always());
    let presigned = world.presign();
    let patient = Some(Duration::from_secs(10));
    let request = world.get(&presigned).idle_timeout(patient);
    for request in [request.clone().connections(1), parts(request.clone())] {
        let mut reports = 0;
        let error = download(&request, &mut |progress: Progress| {
            reports += u32::from(progress.done >= 1000);
            if reports == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert_eq!(error.unwrap_err().kind(), ErrorKind::Cancelled);
    }

    struct Takes(usize);
    impl Handler for Takes {
        fn write(&mut self, bytes: &[u8]) -> ControlFlow<()> {
            assert!(!bytes.is_empty());
            self.0 += bytes.len();
            if self.0 == 1000 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        }
    }
    let address = world.oss.http_addr().to_string();
    let stream = DownloadRequest::to(&presigned.url, Target::Stream).connect_to(&address);
    let error = download(&stream.idle_timeout(patient), &mut Takes(0)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Callback);
}

#[test]
fn a_download_that_fails_reports_how_far_it_came() {
    let world = World::with(&content(SIZE));
    let presigned = world.presign();
    let request = world.get(&presigned).progress_interval(Duration::MAX);
    for request in [request.clone().connections(1), parts(request)] {
        world.oss.fault(BUCKET, KEY, Fault::CutAfter(1000).at_range_start(0));
        let mut reports = Vec::new();
        download(&request, &mut |progress: Progress| {
            reports.push(progress.done);
            ControlFlow::Continue(())
        })
        .unwrap_err();
        assert_eq!(reports.len(), 1);
        assert!((1000..SIZE as u64).contains(&reports[0]), "{reports:?}");
    }
}

/// However often something is written.
#[test]
fn progress_is_reported_no_more_than_ten_times_a_second() {
    let size: u64 = 4 << 20;
    let world = World::with(&content(size as usize));
    let presigned = world.presign();
    let request = world.get(&presigned).rate_limit(2 * size);
    for request in [request.clone().connections(1), parts(request)] {
        let started = Instant::now();
        let reports = reports(&request);
        let tenths = started.elapsed().as_millis() as usize / 100;
        assert!(reports.len() <= tenths + 1, "{} in {tenths} tenths", reports.len());
    }
}

#[test]
fn progress_counts_what_was_there_before_and_says_so() {
    let world = World::with(&content(SIZE));
    world.oss.fault(BUCKET, KEY, Fault::CutAfter(1000).at_range_start(5 * PART));
    let presigned = world.presign();
    let request = parts(world.get(&presigned)).resume(true).progress_interval(Duration::ZERO);
    download(&request, &mut idle).unwrap_err();
    let reports = reports(&request);
    assert!(reports[0].resumed >= PART);
    assert!(reports.iter().all(|report| report.resumed == reports[0].resumed));
    assert!(reports.iter().all(|report| report.done >= report.resumed));
}

#[test]
fn progress_can_cancel_and_nothing_is_left() {
    for size in SIZES {
        let world = World::with(&content(size));
        fs::write(world.target(), "old").unwrap();
        let presigned = world.presign();
        for request in [world.get(&presigned), parts(world.get(&presigned))] {
            let error = download(&request, &mut |_: Progress| ControlFlow::Break(())).unwrap_err();
            assert_eq!((error.kind(), error.phase()), (ErrorKind::Cancelled, Phase::Body));
            assert_eq!(fs::read(world.target()).unwrap(), b"old");
            assert_eq!(world.files(), ["target"]);
        }
    }
}

/// Of all connections together; what comes in the first tenth of a second may come at once.
#[test]
fn the_rate_limit_is_for_the_whole_call() {
    let world = World::with(&content(SIZE));
    let presigned = world.presign();
    for request in [world.get(&presigned), parts(world.get(&presigned)).connections(8)] {
        let started = Instant::now();
        download(&request.rate_limit(SIZE as u64), &mut idle).unwrap();
        assert!(started.elapsed() >= Duration::from_millis(890), "{:?}", started.elapsed());
    }
}

/// No report is further from the one before than what may come in a tenth of a second, and what may
/// be ahead of the rate.
#[test]
fn a_slow_rate_limit_holds_nothing_back() {
    const RATE: u64 = 100_000;
    let world = World::with(&content(50_000));
    let presigned = world.presign();
    let request = world.get(&presigned).connections(1).rate_limit(RATE);
    let reports = reports(&request.progress_interval(Duration::ZERO));
    let done: Vec<u64> = [0].into_iter().chain(reports.iter().map(|r| r.done)).collect();
    assert!(done.windows(2).all(|two| two[1] - two[0] <= RATE / 5), "{done:?}");
}

#[test]
fn nothing_outlives_a_download() {
    support::leftovers::check();
}
