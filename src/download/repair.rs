//! What to do when the bytes that came are not those of the object.

use super::answer::Object;
use super::probe::Opened;
use super::progress::Meter;
use super::resume::{Record, Segment};
use super::run::Download;
use super::{Verified, verify};
use crate::error::{Error, Phase};
use std::sync::atomic::Ordering::Relaxed;

impl Download<'_> {
    /// Fetches again what the disk has lost, if anything; and if that was not it, all of it. What is
    /// wrong then is the source.
    pub(super) fn repair(
        &mut self,
        object: &mut Object,
        record: &mut Record,
        meter: &mut Meter,
    ) -> Result<Verified, Error> {
        if self.forget_bad(record)? && object.ranges {
            self.fetch(object, record, None, meter)?;
            if let Ok(verified) = verify::stated(self.request, object, record) {
                return Ok(verified);
            }
        }
        let opened = self.start_over(object, record)?;
        self.fetch(object, record, opened, meter)?;
        verify::stated(self.request, object, record)
    }

    /// Takes out of the record what the disk does not hold as it was written; says whether there was
    /// such a thing.
    fn forget_bad(&mut self, record: &mut Record) -> Result<bool, Error> {
        let base = record.wanted.start;
        let mut good = Vec::new();
        for segment in std::mem::take(&mut self.pieces) {
            let at = Segment { start: segment.start - base, end: segment.end - base, ..segment };
            if self.output.holds(&at, &|| self.shared.check(Phase::Verify))? {
                good.push(segment);
            }
        }
        let before = record.done_bytes();
        record.done.clear();
        good.iter().for_each(|segment| record.add(*segment));
        self.pieces = good;
        self.shared.done.store(record.done_bytes(), Relaxed);
        Ok(record.done_bytes() < before)
    }

    /// Forgets all that came.
    fn start_over(
        &mut self,
        object: &mut Object,
        record: &mut Record,
    ) -> Result<Option<Opened>, Error> {
        self.pieces.clear();
        self.resumed = 0;
        self.shared.done.store(0, Relaxed);
        self.output.restart()?;
        *record = self.blank();
        let opened;
        (*object, opened) = self.open(record, false)?;
        self.note_first(opened.as_ref());
        self.check_size(record)?;
        Ok(opened)
    }
}
