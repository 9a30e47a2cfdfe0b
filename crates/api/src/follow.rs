//! Reading the ledger on: a little of it with the page that asks, the rest beside, so that no page pays for a backlog.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::tz::TimeZone;
use ledger::Log;

use crate::index::Index;
use crate::trouble::Trouble;

/// Entries that a page reads on by itself.
const WITH_PAGE: usize = 10_000;
/// Entries read at a time beside the pages: they wait for one such part at most.
const BESIDE: usize = 4_000;
/// How long a page waits for what is read beside it, in steps.
const STEPS: u32 = 40;
const STEP: Duration = Duration::from_millis(50);

/// What was found, and how much of the ledger was looked at for it.
#[derive(Debug)]
pub struct Known<T> {
    /// What was found.
    pub value: T,
    /// Entries that were read.
    pub read_to: u64,
    /// Entries that there are.
    pub size: u64,
}

/// What is folded from the ledger, entry by entry.
pub trait Fold: Send + 'static {
    /// Where days are told.
    fn zone(&self) -> &TimeZone;

    /// Begins anew, with days told elsewhere.
    fn renew(&mut self, zone: TimeZone);

    /// The first entry that was not read yet.
    fn next(&self) -> u64;

    /// Reads on, at most so many entries. Blocking.
    ///
    /// # Errors
    /// Whatever storage says; what was read stays read.
    fn catch_up(&mut self, log: &Log, at_most: usize) -> Result<(), ledger::Error>;
}

impl Fold for Index {
    fn zone(&self) -> &TimeZone {
        self.zone()
    }

    fn renew(&mut self, zone: TimeZone) {
        *self = Self::new(zone);
    }

    fn next(&self) -> u64 {
        self.next()
    }

    fn catch_up(&mut self, log: &Log, at_most: usize) -> Result<(), ledger::Error> {
        self.catch_up(log, at_most)
    }
}

/// What is folded, and whether somebody reads on.
pub struct Followed<F> {
    fold: Arc<Mutex<F>>,
    reading: Arc<AtomicBool>,
    log: Log,
}

impl<F> Clone for Followed<F> {
    fn clone(&self) -> Self {
        Self { fold: self.fold.clone(), reading: self.reading.clone(), log: self.log.clone() }
    }
}

impl<F: Fold> Followed<F> {
    /// Nothing is read yet.
    pub fn new(log: Log, fold: F) -> Self {
        Self { fold: Arc::new(Mutex::new(fold)), reading: Arc::default(), log }
    }

    /// Reads on, and shows what is known. Where there is much to read, it goes on beside, and the page waits a moment.
    ///
    /// # Errors
    /// If the ledger cannot be read.
    pub async fn read<T: Send + 'static>(
        &self,
        zone: TimeZone,
        show: impl FnOnce(&F) -> T + Send + 'static,
    ) -> Result<Known<T>, Trouble> {
        let this = self.clone();
        let mut behind = tokio::task::spawn_blocking(move || this.read_on(&zone, WITH_PAGE)).await??;
        if behind {
            self.begin_beside();
        }
        for _ in 0..STEPS {
            if !behind {
                break;
            }
            tokio::time::sleep(STEP).await;
            behind = self.reading.load(Ordering::Acquire);
        }
        let this = self.clone();
        let shown = tokio::task::spawn_blocking(move || {
            let fold = this.fold.lock().unwrap_or_else(PoisonError::into_inner);
            Known { read_to: fold.next(), size: this.log.head().durable.0, value: show(&fold) }
        });
        Ok(shown.await?)
    }

    /// Reads on beside, until everything is read. One at a time.
    pub fn begin_beside(&self) {
        if self.reading.swap(true, Ordering::AcqRel) {
            return;
        }
        let this = self.clone();
        drop(tokio::task::spawn_blocking(move || {
            let zone = this.fold.lock().unwrap_or_else(PoisonError::into_inner).zone().clone();
            let ended = loop {
                match this.read_on(&zone, BESIDE) {
                    Ok(true) => std::thread::yield_now(),
                    Ok(false) => break Ok(()),
                    Err(error) => break Err(error),
                }
            };
            this.reading.store(false, Ordering::Release);
            // The next page meets the same error, and says it.
            ended.unwrap_or_else(|error| tracing::error!(%error, "the ledger cannot be read for pages"));
        }));
    }

    /// Reads a part on; tells whether there is more. Blocking.
    fn read_on(&self, zone: &TimeZone, at_most: usize) -> Result<bool, ledger::Error> {
        let mut fold = self.fold.lock().unwrap_or_else(PoisonError::into_inner);
        if fold.zone() != zone {
            fold.renew(zone.clone());
        }
        fold.catch_up(&self.log, at_most)?;
        Ok(fold.next() < self.log.head().durable.0)
    }
}
