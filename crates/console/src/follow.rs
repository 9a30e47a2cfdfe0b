//! Reading the ledger on: a little of it with the page that asks, the rest beside, so that no page pays for a backlog.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::tz::TimeZone;
use ledger::Log;

use crate::context::{Known, Trouble};
use crate::index::Index;

/// Entries that a page reads on by itself.
const WITH_PAGE: usize = 10_000;
/// Entries read at a time beside the pages: they wait for one such part at most.
const BESIDE: usize = 4_000;
/// How long a page waits for what is read beside it, in steps.
const STEPS: u32 = 40;
const STEP: Duration = Duration::from_millis(50);

/// The index, and whether somebody reads on.
#[derive(Clone)]
pub struct Followed {
    index: Arc<Mutex<Index>>,
    reading: Arc<AtomicBool>,
    log: Log,
}

impl Followed {
    /// Nothing is read yet.
    pub fn new(log: Log) -> Self {
        Self { index: Arc::new(Mutex::new(Index::new(TimeZone::UTC))), reading: Arc::default(), log }
    }

    /// Reads on, and shows what is known. Where there is much to read, it goes on beside, and the page waits a moment.
    ///
    /// # Errors
    /// If the ledger cannot be read.
    pub async fn read<T: Send + 'static>(
        &self,
        zone: TimeZone,
        show: impl FnOnce(&Index) -> T + Send + 'static,
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
            let index = this.index.lock().unwrap_or_else(PoisonError::into_inner);
            Known { read_to: index.next(), size: this.log.head().durable.0, value: show(&index) }
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
            let zone = this.index.lock().unwrap_or_else(PoisonError::into_inner).zone().clone();
            let ended = loop {
                match this.read_on(&zone, BESIDE) {
                    Ok(true) => std::thread::yield_now(),
                    Ok(false) => break Ok(()),
                    Err(error) => break Err(error),
                }
            };
            this.reading.store(false, Ordering::Release);
            // The next page meets the same error, and says it.
            ended.unwrap_or_else(|error| tracing::error!(%error, "the ledger cannot be read for the console"));
        }));
    }

    /// Reads a part on; tells whether there is more. Blocking.
    fn read_on(&self, zone: &TimeZone, at_most: usize) -> Result<bool, ledger::Error> {
        let mut index = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        if index.zone() != zone {
            *index = Index::new(zone.clone());
        }
        index.catch_up(&self.log, at_most)?;
        Ok(index.next() < self.log.head().durable.0)
    }
}
