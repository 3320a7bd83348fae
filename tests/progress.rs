//! Reports of progress.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use oss_emulator::Fault;
use oss_presign::{DownloadRequest, ErrorKind, Phase, Progress, download};
use std::fs;
use std::ops::ControlFlow;
use support::{BUCKET, KEY, SIZES, World, content};

#[test]
fn progress_is_monotone_and_ends_with_the_whole() {
    for size in SIZES {
        let world = World::with(&content(size));
        let (presigned, target) = (world.presign(), world.target());
        let address = world.oss.http_addr().to_string();
        let request = DownloadRequest::new(&presigned.url, &target).connect_to(&address);
        let mut reports = Vec::new();
        download(&request, &mut |progress: Progress| {
            reports.push((progress.done, progress.total));
            ControlFlow::Continue(())
        })
        .unwrap();
        assert!(reports.is_sorted());
        assert_eq!(reports.last(), Some(&(size as u64, Some(size as u64))));
    }
}

#[test]
fn progress_is_reported_while_the_body_comes() {
    let world = World::with(&content(100));
    world.oss.fault(BUCKET, KEY, Fault::Trickle { bytes: 10, every_ms: 50 });
    let (presigned, target) = (world.presign(), world.target());
    let address = world.oss.http_addr().to_string();
    let request = DownloadRequest::new(&presigned.url, &target).connect_to(&address);
    let mut reports = 0;
    download(&request, &mut |_: Progress| {
        reports += 1;
        ControlFlow::Continue(())
    })
    .unwrap();
    assert!(reports >= 2, "{reports}");
}

#[test]
fn progress_can_cancel_and_nothing_is_left() {
    let world = World::with(&content(500_000));
    fs::write(world.target(), "old").unwrap();
    let (presigned, target) = (world.presign(), world.target());
    let address = world.oss.http_addr().to_string();
    let request = DownloadRequest::new(&presigned.url, &target).connect_to(&address);
    let error = download(&request, &mut |_: Progress| ControlFlow::Break(())).unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Cancelled, Phase::Body));
    assert_eq!(fs::read(&target).unwrap(), b"old");
    assert_eq!(world.files(), ["target"]);
}
