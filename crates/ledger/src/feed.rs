//! What the writer made durable and the publisher has not hashed yet: the tree is not on the path of an append.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// From so many bytes on the publisher hashes before its time has come.
const EAGER_BYTES: usize = 1 << 18;
/// From so many bytes on the writer waits for the publisher: the bound of this queue.
const BYTES_MAX: usize = 32 << 20;
/// Buffers kept for the writer's next batches.
const POOL_MAX: usize = 4;
/// Buffers beyond this capacity are not kept.
const POOL_BYTES_MAX: usize = 4 << 20;

/// Durable frames on their way to the publisher.
#[derive(Default)]
pub(crate) struct Feed {
    state: Mutex<State>,
    wake: Condvar,
}

#[derive(Default)]
struct State {
    frames: Vec<Vec<u8>>,
    bytes: usize,
    pool: Vec<Vec<u8>>,
    end: Option<End>,
}

/// Why nothing more comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The log is closed: publish the rest.
    Drain,
    /// Storage failed: publish nothing.
    Abort,
}

/// What the publisher is to do next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Hash these frames.
    Absorb(Vec<Vec<u8>>),
    /// Hash these frames and publish.
    Publish(Vec<Vec<u8>>),
    /// Hash these frames, publish, and end.
    Last(Vec<Vec<u8>>),
    /// End.
    Stop,
}

// === impl Feed ===

impl Feed {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands durable frames over and returns an empty buffer for the next ones.
    pub(crate) fn give(&self, frames: Vec<u8>) -> Vec<u8> {
        let mut state = self.lock();
        while state.bytes > BYTES_MAX && state.end.is_none() {
            state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let first = state.frames.is_empty();
        state.bytes += frames.len();
        state.frames.push(frames);
        if first || state.bytes >= EAGER_BYTES {
            self.wake.notify_all();
        }
        state.pool.pop().unwrap_or_default()
    }

    /// Says that nothing more comes.
    pub(crate) fn end(&self, end: End) {
        self.lock().end = Some(end);
        self.wake.notify_all();
    }

    /// Waits for something to hash or publish. `due` is when the oldest unpublished entry must be published.
    pub(crate) fn next(&self, due: &mut Option<Instant>, publish: Duration) -> Next {
        let mut state = self.lock();
        loop {
            match state.end {
                Some(End::Abort) => return Next::Stop,
                Some(End::Drain) => return Next::Last(self.take(&mut state)),
                None => {}
            }
            let now = Instant::now();
            if !state.frames.is_empty() {
                due.get_or_insert(now + publish);
            }
            match *due {
                Some(at) if at <= now => {
                    *due = None;
                    return Next::Publish(self.take(&mut state));
                }
                _ if state.bytes >= EAGER_BYTES => return Next::Absorb(self.take(&mut state)),
                Some(at) => {
                    let waited = self.wake.wait_timeout(state, at - now);
                    state = waited.map_or_else(|poisoned| poisoned.into_inner().0, |(state, _)| state);
                }
                None => state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }

    fn take(&self, state: &mut State) -> Vec<Vec<u8>> {
        let full = state.bytes > BYTES_MAX;
        state.bytes = 0;
        if full {
            self.wake.notify_all();
        }
        std::mem::take(&mut state.frames)
    }

    /// Gives a buffer back for reuse.
    pub(crate) fn recycle(&self, mut buffer: Vec<u8>) {
        let mut state = self.lock();
        if state.pool.len() < POOL_MAX && buffer.capacity() <= POOL_BYTES_MAX {
            buffer.clear();
            state.pool.push(buffer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashing_is_eager_and_publishing_is_timely() {
        let feed = Feed::default();
        let mut due = None;
        let publish = Duration::from_millis(5);
        feed.give(vec![1; EAGER_BYTES]);
        assert_eq!(feed.next(&mut due, publish), Next::Absorb(vec![vec![1; EAGER_BYTES]]));
        assert!(due.is_some());
        feed.give(vec![2]);
        assert_eq!(feed.next(&mut due, publish), Next::Publish(vec![vec![2]]));
        assert_eq!(due, None);
        feed.give(vec![3]);
        feed.end(End::Drain);
        assert_eq!(feed.next(&mut due, publish), Next::Last(vec![vec![3]]));
        feed.end(End::Abort);
        assert_eq!(feed.next(&mut due, publish), Next::Stop);
    }

    #[test]
    fn buffers_come_back_empty() {
        let feed = Feed::default();
        feed.recycle(vec![1, 2, 3]);
        let buffer = feed.give(vec![4]);
        assert!(buffer.is_empty() && buffer.capacity() >= 3);
    }
}
