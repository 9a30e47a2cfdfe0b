//! Where appends meet the one writer: everything that arrives while the disk is busy becomes the next batch.
//!
//! An append costs one lock, one copy and no allocation of its own; a batch wakes its waiters together. Bounded by the
//! options' `queue`.
//!
//! Where the processors are busy, a waiter that is woken runs only after many others. Then nobody gains by a flush for the
//! few entries that came during the last one, and every flush takes time from those that would run: flushes keep a
//! distance, a small part of what waiters wait for their turn anyway. Where waiters run at once, they keep none.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Poll, Waker};
use std::time::{Duration, Instant};

use crate::commit::Batch;
use crate::error::Error;
use crate::types::EntryIndex;

/// The part of a waiter's way back that two flushes may be apart.
const DISTANCE_PART: u64 = 8;
/// The least and the longest distance of two flushes: about one flush; and what nobody notices.
const LEAST_DISTANCE: Duration = Duration::from_micros(80);
const LONGEST_DISTANCE: Duration = Duration::from_millis(1);
/// How slowly the mean of the ways back follows the last one.
const MEAN_OF: u64 = 8;

/// The entries that wait for the disk.
pub(crate) struct Queue {
    state: Mutex<State>,
    wake: Condvar,
    limit: usize,
    /// What it takes until a waiter that was woken runs, in nanoseconds: a moving mean.
    back_ns: AtomicU64,
    longest_distance: Duration,
}

struct State {
    batch: Batch,
    group: Arc<Group>,
    /// When the first entry of the batch came.
    since: Option<Instant>,
    /// Whether the writer waits for the first entry.
    asleep: bool,
    /// Why nothing is taken now.
    refusal: Option<Error>,
    closing: bool,
}

/// The waiters of one batch.
#[derive(Default)]
pub(crate) struct Group {
    /// What became of them, and when.
    outcome: OnceLock<(Result<u64, Error>, Instant)>,
    wakers: Mutex<Vec<Waker>>,
}

/// One entry's place in a batch.
pub(crate) struct Ticket {
    group: Arc<Group>,
    number: usize,
}

/// What the writer is to do next.
pub(crate) enum Next {
    /// Make the batch durable; the time since its first entry came.
    Commit(Arc<Group>, Duration),
    /// Everything is done and nothing comes any more.
    Close,
    /// Somebody else met an error: recover.
    Recover,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

// === impl Queue ===

impl Queue {
    pub(crate) fn new(limit: usize) -> Self {
        let state = State {
            batch: Batch::default(),
            group: Arc::default(),
            since: None,
            asleep: false,
            refusal: None,
            closing: false,
        };
        let (state, wake, back_ns) = (Mutex::new(state), Condvar::new(), AtomicU64::new(0));
        Self { state, wake, limit, back_ns, longest_distance: LONGEST_DISTANCE }
    }

    /// Puts an entry into the next batch.
    pub(crate) fn push(&self, entry: &[u8], waker: &Waker) -> Result<Ticket, Error> {
        let mut state = lock(&self.state);
        if let Some(refusal) = &state.refusal {
            return Err(refusal.clone());
        }
        if state.closing {
            return Err(Error::Closed);
        }
        let number = state.batch.len();
        if number >= self.limit {
            return Err(Error::Busy);
        }
        if number == 0 {
            state.since = Some(Instant::now());
        }
        state.batch.push(entry);
        let group = Arc::clone(&state.group);
        lock(&group.wakers).push(waker.clone());
        if std::mem::take(&mut state.asleep) || number + 1 == self.limit / 2 {
            self.wake.notify_all();
        }
        Ok(Ticket { group, number })
    }

    /// Asks for an entry's index.
    pub(crate) fn poll(&self, ticket: &Ticket, waker: &Waker) -> Poll<Result<EntryIndex, Error>> {
        let Some((outcome, at)) = ticket.poll(waker) else { return Poll::Pending };
        // One of a batch speaks for all.
        if ticket.number == 0 {
            let (mean, last) = (self.back_ns.load(Ordering::Relaxed), at.elapsed().as_nanos() as u64);
            // Two at a time may lose one: it is a mean.
            self.back_ns.store(mean - mean / MEAN_OF + last / MEAN_OF, Ordering::Relaxed);
        }
        Poll::Ready(outcome)
    }

    /// Waits for entries and swaps them into `batch`, which must be empty.
    pub(crate) fn take(&self, batch: &mut Batch) -> Next {
        let distance = distance(self.back_ns.load(Ordering::Relaxed), self.longest_distance);
        let apart = (!distance.is_zero()).then(|| Instant::now() + distance);
        let mut state = lock(&self.state);
        loop {
            if state.refusal.is_some() {
                return Next::Recover;
            }
            if let Some(apart) = apart
                && !state.batch.is_empty()
                && !state.closing
                && state.batch.len() < self.limit / 2
                && let left = apart.saturating_duration_since(Instant::now())
                && !left.is_zero()
            {
                // Those that come meanwhile do not wake it.
                state.asleep = false;
                state = self.wake.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
                continue;
            }
            if !state.batch.is_empty() {
                std::mem::swap(&mut state.batch, batch);
                let group = std::mem::take(&mut state.group);
                let waited = state.since.take().map(|since| since.elapsed());
                return Next::Commit(group, waited.unwrap_or_default());
            }
            if state.closing {
                return Next::Close;
            }
            state.asleep = true;
            state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Refuses everything that waits or comes, until `reopen`. The first reason stays.
    pub(crate) fn fail(&self, error: &Error) {
        let mut state = lock(&self.state);
        let refusal = state.refusal.get_or_insert_with(|| error.as_refusal()).clone();
        state.batch.clear();
        let group = std::mem::take(&mut state.group);
        state.asleep = false;
        drop(state);
        self.wake.notify_all();
        group.finish(Err(refusal));
    }

    /// Refuses with another reason: the trouble has become another one.
    pub(crate) fn fail_again(&self, error: &Error) {
        lock(&self.state).refusal = Some(error.as_refusal());
    }

    pub(crate) fn reopen(&self) {
        lock(&self.state).refusal = None;
    }

    /// Takes no more entries; those that wait are still written.
    pub(crate) fn close(&self) {
        let mut state = lock(&self.state);
        state.closing = true;
        state.asleep = false;
        self.wake.notify_all();
    }

    /// Waits so long, or until the log is closed; reports whether it is.
    pub(crate) fn pause(&self, duration: Duration) -> bool {
        let state = lock(&self.state);
        let paused = self.wake.wait_timeout_while(state, duration, |state| !state.closing);
        paused.map_or_else(|poisoned| poisoned.into_inner().0.closing, |(state, _)| state.closing)
    }

    pub(crate) fn len(&self) -> usize {
        lock(&self.state).batch.len()
    }

    pub(crate) fn refusal(&self) -> Option<Error> {
        let state = lock(&self.state);
        state.refusal.clone().or_else(|| state.closing.then_some(Error::Closed))
    }
}

// === impl Group ===

impl Group {
    /// Tells every waiter; the entries got the indexes from `first` on.
    pub(crate) fn finish(&self, first: Result<EntryIndex, Error>) {
        // Set before the wakers are taken: a waiter that comes later finds it.
        let _ = self.outcome.set((first.map(|first| first.0), Instant::now()));
        let wakers = std::mem::take(&mut *lock(&self.wakers));
        wakers.into_iter().for_each(Waker::wake);
    }
}

// === impl Ticket ===

impl Ticket {
    /// What became of the entry, and when; none yet.
    fn poll(&self, waker: &Waker) -> Option<(Result<EntryIndex, Error>, Instant)> {
        if let Some(outcome) = self.outcome() {
            return Some(outcome);
        }
        let mut wakers = lock(&self.group.wakers);
        if let Some(outcome) = self.outcome() {
            return Some(outcome);
        }
        if let Some(known) = wakers.get_mut(self.number) {
            known.clone_from(waker);
        }
        None
    }

    fn outcome(&self) -> Option<(Result<EntryIndex, Error>, Instant)> {
        let (outcome, at) = self.group.outcome.get()?;
        Some((outcome.clone().map(|first| EntryIndex(first + self.number as u64)), *at))
    }
}

/// How far two flushes are apart where a waiter that is woken runs after so long.
fn distance(back_ns: u64, longest: Duration) -> Duration {
    match Duration::from_nanos(back_ns / DISTANCE_PART) {
        part if part < LEAST_DISTANCE => Duration::ZERO,
        part => part.min(longest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commit(queue: &Queue, first: u64) -> Duration {
        let mut batch = Batch::default();
        match queue.take(&mut batch) {
            Next::Commit(group, waited) => {
                group.finish(Ok(EntryIndex(first)));
                waited
            }
            _ => panic!("nothing to commit"),
        }
    }

    /// A queue whose waiters take very long, so that flushes are as far apart as they may be.
    fn spaced(longest: Duration) -> Queue {
        let queue = Queue { longest_distance: longest, ..Queue::new(64) };
        queue.back_ns.store(u64::MAX / 2, Ordering::Relaxed);
        queue
    }

    #[test]
    fn flushes_keep_a_distance_only_where_waiters_are_late() {
        let of_us = |us: u64| distance(us * 1_000, LONGEST_DISTANCE);
        assert_eq!(of_us(0), Duration::ZERO);
        assert_eq!(of_us(100), Duration::ZERO, "they run at once: nobody waits for company");
        assert_eq!(of_us(5_000), Duration::from_micros(625));
        assert_eq!(of_us(1_000_000), Duration::from_millis(1), "and never longer than anybody notices");
    }

    #[test]
    fn who_comes_back_late_spaces_the_flushes_and_is_forgotten_once_others_are_quick() {
        let queue = Queue::new(64);
        let first = queue.push(b"a", Waker::noop()).unwrap();
        assert!(matches!(queue.take(&mut Batch::default()), Next::Commit(..)));
        // As if it had been durable for so long.
        first.group.outcome.set((Ok(0), Instant::now() - Duration::from_millis(40))).unwrap();
        assert!(queue.poll(&first, Waker::noop()).is_ready());
        // An eighth of 40 ms is the mean, an eighth of that the distance.
        let _second = queue.push(b"b", Waker::noop()).unwrap();
        assert!(commit(&queue, 1) >= Duration::from_micros(600));
        for at in 0..64 {
            let ticket = queue.push(b"d", Waker::noop()).unwrap();
            commit(&queue, 2 + at);
            assert!(queue.poll(&ticket, Waker::noop()).is_ready());
        }
        assert!(queue.back_ns.load(Ordering::Relaxed) < 640_000);
    }

    #[test]
    fn a_writer_that_keeps_its_distance_wakes_for_a_full_queue_an_end_and_an_error() {
        let far = Duration::from_secs(600);
        let queue = spaced(far);
        let _many: Vec<_> = (0..32).map(|_| queue.push(b"c", Waker::noop()).unwrap()).collect();
        assert!(commit(&queue, 0) < far, "half of what the queue takes does not wait for more");
        let woken_by = |what: &(dyn Fn(&Queue) + Sync)| {
            let queue = spaced(far);
            let _one = queue.push(b"d", Waker::noop()).unwrap();
            std::thread::scope(|scope| {
                let writer = scope.spawn(|| queue.take(&mut Batch::default()));
                what(&queue);
                writer.join().unwrap()
            })
        };
        let fill = |queue: &Queue| (0..31).for_each(|_| drop(queue.push(b"e", Waker::noop()).unwrap()));
        assert!(matches!(woken_by(&fill), Next::Commit(..)));
        assert!(matches!(woken_by(&|queue| queue.close()), Next::Commit(..)), "what waits is still written");
        assert!(matches!(woken_by(&|queue| queue.fail(&Error::Busy)), Next::Recover));
    }
}
