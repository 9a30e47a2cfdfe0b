//! Whether work goes on: counters that the working threads move, and a thread that tells the
//! parent for how long they have not. The parent ends a child whose work stands still.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::parent::Parent;
use crate::control::Event;
use crate::error::Error;

/// Between two beats.
const BEAT: Duration = Duration::from_millis(500);

/// One kind of work.
#[derive(Debug, Default)]
pub(super) struct Part {
    at_work: AtomicU64,
    moves: AtomicU64,
}

/// All kinds.
#[derive(Debug, Default)]
pub(super) struct Pulse {
    /// Batches and tokens of the computing thread.
    pub(super) computing: Part,
    /// Requests being read: templates, tokens, grammars.
    pub(super) preparing: Part,
}

/// Work under way, until it is dropped.
pub(super) struct AtWork<'a>(&'a Part);

impl Part {
    pub(super) fn begin(&self) -> AtWork<'_> {
        self.moved();
        self.at_work.fetch_add(1, Ordering::Relaxed);
        AtWork(self)
    }

    pub(super) fn moved(&self) {
        self.moves.fetch_add(1, Ordering::Relaxed);
    }
}

impl Drop for AtWork<'_> {
    fn drop(&mut self) {
        self.0.moved();
        self.0.at_work.fetch_sub(1, Ordering::Relaxed);
    }
}

/// For how long one part has stood still. Beats are counted, not time: when the whole machine
/// stands still, so does this.
#[derive(Debug, Default)]
struct Still {
    moves: u64,
    beats: u32,
}

impl Still {
    fn look(&mut self, part: &Part) -> Duration {
        let moves = part.moves.load(Ordering::Relaxed);
        let idle = part.at_work.load(Ordering::Relaxed) == 0;
        self.beats = if idle || moves != self.moves { 0 } else { self.beats.saturating_add(1) };
        self.moves = moves;
        BEAT.saturating_mul(self.beats)
    }
}

/// Tells the parent from now on.
pub(super) fn start(mut parent: Parent, pulse: Arc<Pulse>) -> Result<(), Error> {
    let beat = move || {
        let (mut computing, mut preparing) = (Still::default(), Still::default());
        loop {
            std::thread::park_timeout(BEAT);
            let stalled = computing.look(&pulse.computing).max(preparing.look(&pulse.preparing));
            let stalled_ms = u64::try_from(stalled.as_millis()).unwrap_or(u64::MAX);
            if parent.tell(&Event::Beat { stalled_ms }).is_err() {
                return;
            }
        }
    };
    let thread = std::thread::Builder::new().name("pulse".into()).stack_size(128 * 1024).spawn(beat);
    thread.map(|_| ()).map_err(|e| Error::io("starting a thread", e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_work_that_does_not_move_stands_still() {
        let (part, mut still) = (Part::default(), Still::default());
        let look = |still: &mut Still| still.look(&part).as_millis();
        assert_eq!([look(&mut still), look(&mut still)], [0, 0], "idle");
        let work = part.begin();
        assert_eq!([look(&mut still), look(&mut still), look(&mut still)], [0, 500, 1000]);
        part.moved();
        assert_eq!([look(&mut still), look(&mut still)], [0, 500]);
        let more = part.begin();
        drop(work);
        assert_eq!([look(&mut still), look(&mut still)], [0, 500], "something is left to do");
        drop(more);
        assert_eq!([look(&mut still), look(&mut still)], [0, 0]);
    }
}
