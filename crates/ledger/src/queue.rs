//! Where appends meet the one writer: everything that arrives while the disk is busy becomes the next batch.
//!
//! An append costs one lock, one copy and no allocation of its own; a batch wakes its waiters together. Bounded by the
//! options' `queue`.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Poll, Waker};
use std::time::{Duration, Instant};

use crate::commit::Batch;
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
    /// Whether the writer waits for the first entry.
    asleep: bool,
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
            asleep: false,
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
        if std::mem::take(&mut state.asleep) {
            self.wake.notify_all();
        }
        Ok(Ticket { group, number })
    }

    /// Waits for entries and swaps them into `batch`, which must be empty.
    pub(crate) fn take(&self, batch: &mut Batch) -> Next {
        let mut state = lock(&self.state);
        loop {
            if state.refusal.is_some() {
                return Next::Recover;
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
