//! A journal that is wrong on purpose.

use std::time::Duration;

use gateway::{Journal, JournalError, JournalHealth, LogJournal, Tasks, Wait};
use realm::record::Record;

/// What is acknowledged before it is appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Early {
    Intents,
    Outcomes,
}

/// Acknowledges first and appends a little later.
pub struct Hasty {
    pub inner: LogJournal,
    pub early: Early,
    pub tasks: Tasks,
}

const LATER: Duration = Duration::from_millis(20);

impl Journal for Hasty {
    fn log_id(&self) -> &str {
        self.inner.log_id()
    }

    fn head(&self) -> u64 {
        self.inner.head()
    }

    fn append(&self, entry: Vec<u8>) -> Wait<'_, Result<u64, JournalError>> {
        let early = match Record::from_bytes(&entry).unwrap() {
            Record::Intent(_) => self.early == Early::Intents,
            Record::Outcome(_) => self.early == Early::Outcomes,
            Record::Refusal(_) | Record::Change(_) => false,
        };
        if !early {
            return self.inner.append(entry);
        }
        let inner = self.inner.clone();
        self.tasks.spawn(async move {
            tokio::time::sleep(LATER).await;
            let _ = inner.append(entry).await;
        });
        let guessed = self.head();
        Box::pin(async move { Ok(guessed) })
    }

    fn read(&self, index: u64) -> Wait<'_, Result<Vec<u8>, JournalError>> {
        self.inner.read(index)
    }

    fn scan(&self, from: u64, see: &mut dyn FnMut(u64, &[u8])) -> Result<(), JournalError> {
        self.inner.scan(from, see)
    }

    fn receipt(&self, index: u64) -> Wait<'_, Result<Vec<u8>, JournalError>> {
        self.inner.receipt(index)
    }

    fn published<'a>(&'a self, path: &'a str) -> Wait<'a, Result<Vec<u8>, JournalError>> {
        self.inner.published(path)
    }

    fn health(&self) -> JournalHealth {
        self.inner.health()
    }
}
