//! The threads of an open log. Each stretch between two storage errors is a life of its own: recover, then commit,
//! publish and keep house side by side until the first error or the end.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::commit::{self, Batch, Writer};
use crate::context::Context;
use crate::core::Core;
use crate::error::Error;
use crate::feed::{self, End, Feed};
use crate::publish::{Published, Publisher};
use crate::queue::{self, Queue};
use crate::recover;
use crate::space::{Forecast, Growth};
use crate::storage::Lease;
use crate::types::TreeSize;
use crate::{keep, keys};

/// How long recovery waits after it failed, at first and at most.
const BACKOFF_MS: (u64, u64) = (50, 2_000);
/// How often housekeeping looks around when nobody calls.
const HOUSEKEEPING: Duration = Duration::from_secs(10);

/// What the threads and the handles of a log share.
pub(crate) struct Shared {
    pub(crate) context: Arc<Context>,
    pub(crate) queue: Queue,
    pub(crate) published: watch::Sender<Option<Arc<Published>>>,
    /// Becomes true when the threads have ended and the lease is free.
    pub(crate) ended: watch::Sender<bool>,
    pub(crate) durable: AtomicU64,
    pub(crate) fatal: AtomicBool,
    pub(crate) space: Mutex<(Growth, Option<Forecast>)>,
    /// Trouble of the housekeeping: the log writes nevertheless.
    pub(crate) warning: Mutex<Option<String>>,
    bell: Bell,
}

/// Wakes the housekeeping.
#[derive(Default)]
struct Bell {
    rung: Mutex<bool>,
    wake: Condvar,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs a log until it is closed. Holds the lease as long.
pub(crate) fn run(shared: &Shared, core: Core, lease: Box<dyn Lease>) {
    let mut next = Some(core);
    while let Some(core) = next.take() {
        let Err(error) = live(shared, core) else { break };
        tracing::error!(%error, "the log stopped writing and recovers");
        next = recover_until_closed(shared, error);
    }
    drop(lease);
    shared.ended.send_replace(true);
}

/// Recovers with growing pauses; `None` if the log was closed, or only a person can help.
fn recover_until_closed(shared: &Shared, mut error: Error) -> Option<Core> {
    let (mut pause_ms, most_ms) = BACKOFF_MS;
    loop {
        shared.queue.fail_again(&error);
        if error.is_fatal() {
            shared.fatal.store(true, Ordering::Release);
            return None;
        }
        if shared.queue.pause(Duration::from_millis(pause_ms)) {
            return None;
        }
        shared.context.meters.recoveries.fetch_add(1, Ordering::Relaxed);
        match recover::recover(&shared.context) {
            Ok((core, report)) => {
                tracing::warn!(?report, "the log was re-read from the disk and writes again");
                shared.show(&core);
                shared.queue.reopen();
                return Some(core);
            }
            Err(again) => {
                tracing::warn!(error = %again, "the log cannot be recovered yet");
                error = again;
                pause_ms = (pause_ms * 2).min(most_ms);
            }
        }
    }
}

/// Commits, publishes and keeps house until the log is closed or storage fails.
fn live(shared: &Shared, core: Core) -> Result<(), Error> {
    let (mut writer, mut publisher) = core.into_parts();
    let feed = Feed::default();
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let publishing = spawn(scope, "ledger-publish", || publish_loop(shared, &mut publisher, &feed));
        let keeping = spawn(scope, "ledger-keep", || keep_loop(shared, &stop));
        let committed = commit_loop(shared, &mut writer, &feed);
        feed.end(if committed.is_ok() { End::Drain } else { End::Abort });
        stop.store(true, Ordering::Release);
        shared.bell.ring();
        let published = publishing.and_then(|thread| join(thread)?);
        let kept = keeping.and_then(join);
        // The first error is what the queue was failed with; whichever is left explains the rest.
        committed.and(published).and(kept)
    })
}

fn spawn<'scope, T: Send + 'scope>(
    scope: &'scope thread::Scope<'scope, '_>,
    name: &str,
    run: impl FnOnce() -> T + Send + 'scope,
) -> Result<thread::ScopedJoinHandle<'scope, T>, Error> {
    let spawned = thread::Builder::new().name(name.to_owned()).spawn_scoped(scope, run);
    spawned.map_err(|error| Error::Unavailable(error.to_string().into()))
}

fn join<T>(thread: thread::ScopedJoinHandle<'_, T>) -> Result<T, Error> {
    thread.join().map_err(|_| Error::Unavailable("a thread of the log panicked".into()))
}

fn commit_loop(shared: &Shared, writer: &mut Writer, feed: &Feed) -> Result<(), Error> {
    let mut batch = Batch::default();
    loop {
        let (group, waited) = match shared.queue.take(&mut batch) {
            queue::Next::Commit(group, waited) => (group, waited),
            queue::Next::Close => return Ok(()),
            queue::Next::Recover => return Err(shared.queue.refusal().unwrap_or(Error::Closed)),
        };
        let meters = &shared.context.meters;
        meters.wait_us.record(waited);
        match writer.append(&mut batch) {
            Ok(first) => {
                shared.durable.store(writer.size().0, Ordering::Release);
                group.finish(Ok(first));
            }
            Err(error) => {
                shared.queue.fail(&error);
                group.finish(Err(error.as_refusal()));
                return Err(error);
            }
        }
        meters.appended_bytes.fetch_add(batch.bytes().len() as u64, Ordering::Relaxed);
        let buffer = feed.give(batch.take_bytes(Vec::new()));
        batch.take_bytes(buffer);
        if shared.context.wants_spare() {
            shared.bell.ring();
        }
    }
}

fn publish_loop(shared: &Shared, publisher: &mut Publisher, feed: &Feed) -> Result<(), Error> {
    let interval = Duration::from_millis(shared.context.options.publish_ms);
    let mut due: Option<Instant> = None;
    let absorb = |publisher: &mut Publisher, frames: Vec<Vec<u8>>| {
        for buffer in frames {
            publisher.absorb(&buffer);
            feed.recycle(buffer);
        }
    };
    loop {
        let (frames, publish, last) = match feed.next(&mut due, interval) {
            feed::Next::Absorb(frames) => (frames, false, false),
            feed::Next::Publish(frames) => (frames, true, false),
            feed::Next::Last(frames) => (frames, true, true),
            feed::Next::Stop => return Ok(()),
        };
        absorb(publisher, frames);
        if publish {
            match publisher.publish() {
                Ok(Some(head)) => shared.show_published(head),
                Ok(None) => {}
                Err(error) => {
                    shared.queue.fail(&error);
                    feed.end(End::Abort);
                    return Err(error);
                }
            }
        }
        if last {
            return Ok(());
        }
    }
}

// === housekeeping ===

fn keep_loop(shared: &Shared, stop: &AtomicBool) {
    // Whoever waits for an answer goes first; on Linux this is the thread's own priority.
    let _ = rustix::process::setpriority_process(None, 10);
    let stopped = || stop.load(Ordering::Acquire);
    while !stopped() {
        let trouble = keep_once(shared, &stopped).err();
        if let Some(error) = &trouble {
            tracing::warn!(%error, "housekeeping of the log failed and is tried again");
        }
        *lock(&shared.warning) = trouble.map(|error| error.to_string());
        shared.bell.wait(HOUSEKEEPING);
    }
}

/// Prepares the next segment, seals full ones, looks at the disk space. None of it is needed for the next append: an
/// error here is a warning, and what was left half done has no name in the log.
fn keep_once(shared: &Shared, stopped: &dyn Fn() -> bool) -> Result<(), Error> {
    let context = &shared.context;
    let measured = measure_space(shared);
    commit::prepare_spare(context)?;
    if let Some(entry) = keys::pending_rotation(context)? {
        let _upkeep = lock(&context.upkeep);
        shared.append_blocking(&entry.encode())?;
        keys::finish_rotation(context)?;
    }
    while context.options.seal && !stopped() {
        let _upkeep = lock(&context.upkeep);
        let published = shared.published.borrow().as_ref().map_or(TreeSize::ZERO, |head| head.size);
        let Some(sealed) = keep::seal_next(context, published, stopped)? else { break };
        let index = shared.append_blocking(&sealed.entry().encode())?;
        while !shared.published.borrow().as_ref().is_some_and(|head| head.size.contains(index)) {
            if stopped() {
                return measured;
            }
            commit::prepare_spare(context)?;
            shared.bell.wait(HOUSEKEEPING);
        }
        keep::finish(context, sealed)?;
    }
    commit::prepare_spare(context)?;
    measured
}

fn measure_space(shared: &Shared) -> Result<(), Error> {
    let context = &shared.context;
    let load = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    let meters = &context.meters;
    let (raw, stored) = (load(&meters.sealed_raw_bytes), load(&meters.sealed_stored_bytes));
    let appended = load(&meters.appended_bytes);
    // Sealing shrinks what is appended, in the proportion seen so far; hashes add a fixed share that this leaves out.
    let kept = if raw == 0 { appended } else { (u128::from(appended) * u128::from(stored) / u128::from(raw)) as u64 };
    let dir = &context.options.dir;
    let free = context.storage.free_bytes(dir).map_err(|error| Error::storage(dir, error))?;
    let mut space = lock(&shared.space);
    space.0.record(context.now_ms(), kept);
    space.1 = Some(space.0.forecast(free, context.options.segment_bytes, context.options.space_warn_days));
    Ok(())
}

// === impl Bell ===

impl Bell {
    fn ring(&self) {
        let mut rung = lock(&self.rung);
        if !*rung {
            *rung = true;
            self.wake.notify_all();
        }
    }

    fn wait(&self, most: Duration) {
        let rung = lock(&self.rung);
        let waited = self.wake.wait_timeout_while(rung, most, |rung| !*rung);
        let (mut rung, _) = waited.unwrap_or_else(PoisonError::into_inner);
        *rung = false;
    }
}

// === impl Shared ===

impl Shared {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        let queue = Queue::new(context.options.queue);
        Self {
            context,
            queue,
            published: watch::Sender::new(None),
            ended: watch::Sender::new(false),
            durable: AtomicU64::new(0),
            fatal: AtomicBool::new(false),
            space: Mutex::default(),
            warning: Mutex::default(),
            bell: Bell::default(),
        }
    }

    /// Shows what recovery found.
    pub(crate) fn show(&self, core: &Core) {
        self.durable.store(core.size().0, Ordering::Release);
        self.published.send_replace(core.published().cloned());
    }

    fn show_published(&self, head: Arc<Published>) {
        self.published.send_replace(Some(head));
        // A segment may have become sealable.
        self.bell.ring();
    }

    /// Appends from a thread that may block, the ledger's own entries included.
    pub(crate) fn append_blocking(&self, entry: &[u8]) -> Result<crate::types::EntryIndex, Error> {
        let waker = std::task::Waker::from(Arc::new(Unpark(thread::current())));
        let ticket = self.queue.push(entry, &waker)?;
        loop {
            if let std::task::Poll::Ready(outcome) = self.queue.poll(&ticket, &waker) {
                return outcome;
            }
            thread::park();
        }
    }
}

/// Wakes a blocked thread.
struct Unpark(thread::Thread);

impl std::task::Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
