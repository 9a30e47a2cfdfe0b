//! Where appends meet the one writer: everything that arrives while the disk is busy becomes the next batch.
//!
//! An append costs one lock, one copy and no allocation of its own; a batch wakes its waiters together. Bounded by the
//! options' `queue`.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Poll, Waker};
use std::time::{Duration, Instant};

use crate::commit::Batch;
use crate::company::Wait;
use crate::error::Error;
use crate::types::EntryIndex;

/// The entries that wait for the disk.
pub(crate) struct Queue {
    state: Mutex<State>,
    wake: Condvar,
    limit: usize,
}

struct State {
    batch: Batch,
    group: Arc<Group>,
    /// When the first entry of the batch came.
    since: Option<Instant>,
    /// How many entries wake the writer; 0 while it does not wait.
    wanted: usize,
    /// Why nothing is taken now.
    refusal: Option<Error>,
    closing: bool,
}

/// The waiters of one batch.
#[derive(Default)]
pub(crate) struct Group {
    outcome: OnceLock<Result<u64, Error>>,
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
            wanted: 0,
            refusal: None,
            closing: false,
        };
        Self { state: Mutex::new(state), wake: Condvar::new(), limit }
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
        if state.wanted > 0 && number + 1 >= state.wanted {
            state.wanted = 0;
            // The writer would only wait for the lock.
            drop(state);
            self.wake.notify_all();
        }
        Ok(Ticket { group, number })
    }

    /// Waits for entries, for company as `wait` says, and swaps them into `batch`, which must be empty.
    pub(crate) fn take(&self, batch: &mut Batch, mut wait: Option<Wait>) -> Next {
        let began = Instant::now();
        let mut state = lock(&self.state);
        loop {
            if state.refusal.is_some() {
                return Next::Recover;
            }
            let known = state.batch.len();
            if let Some(bound) = wait.filter(|bound| known < bound.wanted && !state.closing) {
                let left = bound.most.saturating_sub(began.elapsed());
                let silent;
                (state, silent) = self.wait_for(state, bound.wanted, bound.quiet.min(left));
                let over = left <= bound.quiet || state.batch.len() == known;
                wait = wait.filter(|_| !(silent && over));
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
            state.wanted = 1;
            state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Waits for so many entries, or so long; reports whether the time passed.
    fn wait_for<'s>(
        &self,
        mut state: MutexGuard<'s, State>,
        wanted: usize,
        most: Duration,
    ) -> (MutexGuard<'s, State>, bool) {
        state.wanted = wanted;
        let (mut state, timeout) = self.wake.wait_timeout(state, most).unwrap_or_else(PoisonError::into_inner);
        state.wanted = 0;
        (state, timeout.timed_out())
    }

    /// Refuses everything that waits or comes, until `reopen`. The first reason stays.
    pub(crate) fn fail(&self, error: &Error) {
        let mut state = lock(&self.state);
        let refusal = state.refusal.get_or_insert_with(|| error.as_refusal()).clone();
        state.batch.clear();
        let group = std::mem::take(&mut state.group);
        state.wanted = 0;
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
        state.wanted = 0;
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
        let _ = self.outcome.set(first.map(|first| first.0));
        let wakers = std::mem::take(&mut *lock(&self.wakers));
        wakers.into_iter().for_each(Waker::wake);
    }
}

// === impl Ticket ===

impl Ticket {
    pub(crate) fn poll(&self, waker: &Waker) -> Poll<Result<EntryIndex, Error>> {
        if let Some(outcome) = self.outcome() {
            return Poll::Ready(outcome);
        }
        let mut wakers = lock(&self.group.wakers);
        if let Some(outcome) = self.outcome() {
            return Poll::Ready(outcome);
        }
        if let Some(known) = wakers.get_mut(self.number) {
            known.clone_from(waker);
        }
        Poll::Pending
    }

    fn outcome(&self) -> Option<Result<EntryIndex, Error>> {
        let outcome = self.group.outcome.get()?;
        Some(outcome.clone().map(|first| EntryIndex(first + self.number as u64)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3_600);
    const MOMENT: Duration = Duration::from_millis(5);

    fn queue_of(entries: usize) -> Queue {
        let queue = Queue::new(100);
        (0..entries).for_each(|_| drop(queue.push(b"entry", Waker::noop()).unwrap()));
        queue
    }

    fn taken(queue: &Queue, wait: Option<Wait>) -> usize {
        let mut batch = Batch::default();
        let next = queue.take(&mut batch, wait);
        assert!(matches!(next, Next::Commit(..)));
        batch.len()
    }

    #[test]
    fn without_company_to_wait_for_the_writer_takes_what_is_there() {
        assert_eq!(taken(&queue_of(1), None), 1);
        // As many as are wanted are there: an hour's wait would show.
        assert_eq!(taken(&queue_of(3), Some(Wait { wanted: 3, most: HOUR, quiet: HOUR })), 3);
    }

    #[test]
    fn the_writer_goes_as_soon_as_enough_have_come() {
        let queue = queue_of(1);
        let wait = Some(Wait { wanted: 4, most: HOUR, quiet: HOUR });
        let taken = std::thread::scope(|scope| {
            let writer = scope.spawn(|| taken(&queue, wait));
            for _ in 0..3 {
                std::thread::park_timeout(MOMENT);
                assert!(!writer.is_finished(), "the writer went with less company than it was to wait for");
                drop(queue.push(b"entry", Waker::noop()).unwrap());
            }
            writer.join().unwrap()
        });
        assert_eq!(taken, 4);
    }

    #[test]
    fn silence_or_the_longest_wait_or_closing_ends_a_wait() {
        let wait = Wait { wanted: 9, most: HOUR, quiet: HOUR };
        assert_eq!(taken(&queue_of(2), Some(Wait { quiet: MOMENT, ..wait })), 2);
        assert_eq!(taken(&queue_of(2), Some(Wait { most: MOMENT, ..wait })), 2);
        let queue = queue_of(2);
        queue.close();
        assert_eq!(taken(&queue, Some(wait)), 2);
        let failed = queue_of(2);
        failed.fail(&Error::Closed);
        assert!(matches!(failed.take(&mut Batch::default(), Some(wait)), Next::Recover));
    }

    #[test]
    fn a_wait_that_nobody_ended_does_not_hold_up_who_comes_later() {
        let queue = queue_of(0);
        let wait = Some(Wait { wanted: 9, most: MOMENT, quiet: MOMENT });
        let taken = std::thread::scope(|scope| {
            let writer = scope.spawn(|| taken(&queue, wait));
            std::thread::park_timeout(MOMENT * 4);
            drop(queue.push(b"entry", Waker::noop()).unwrap());
            writer.join().unwrap()
        });
        assert_eq!(taken, 1);
    }
}
