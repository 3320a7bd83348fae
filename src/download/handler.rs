//! The caller's code, as a download calls it.

use super::progress::Progress;
use super::source::Link;
use std::ops::ControlFlow;

/// What a download asks of its caller while it runs: always on the thread that called, one call at a
/// time, never after it returned. Any closure that takes a [`Progress`] is one.
pub trait Handler {
    /// Called about ten times a second while a body is read, and once at the end; `Break` cancels. A
    /// failure is an end too, unless the download was cancelled or the handler refused the data.
    fn progress(&mut self, _progress: Progress) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    /// Called when the URL has expired, or is in the last tenth of its life (10 s at most): gives a
    /// new one for the same object (the same last segment of the path and the same version, unless the
    /// style is unknown), or `None` if there is none. The old one then serves to its end.
    fn refresh_url(&mut self) -> Option<Link> {
        None
    }

    /// Takes the next bytes of a download to [`Target::Stream`](super::Target::Stream); `Break` ends
    /// it with an error.
    fn write(&mut self, _bytes: &[u8]) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

impl<F: FnMut(Progress) -> ControlFlow<()>> Handler for F {
    fn progress(&mut self, progress: Progress) -> ControlFlow<()> {
        self(progress)
    }
}
