use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use gateway::{Journal, JournalError, JournalHealth, Wait};
use realm::record::Record;

use super::Events;

/// A journal in memory that says when an entry became durable, and that can be out of order.
pub struct FakeJournal {
    events: Events,
    entries: Mutex<Vec<Vec<u8>>>,
    delay: Duration,
    down: AtomicBool,
    /// How many appends succeed before it goes down by itself.
    going_down: Mutex<VecDeque<bool>>,
    pub published: AtomicBool,
}

impl FakeJournal {
    pub fn new(events: &Events, delay_ms: u64) -> Self {
        Self {
            events: events.clone(),
            entries: Mutex::default(),
            delay: Duration::from_millis(delay_ms),
            down: AtomicBool::new(false),
            going_down: Mutex::default(),
            published: AtomicBool::new(true),
        }
    }

    pub fn set_down(&self, down: bool) {
        self.down.store(down, Ordering::SeqCst);
    }

    /// The next appends succeed (true) or fail (false), one after the other; then as usual.
    pub fn script(&self, appends: impl IntoIterator<Item = bool>) {
        self.going_down.lock().unwrap().extend(appends);
    }

    pub fn entries(&self) -> Vec<Vec<u8>> {
        self.entries.lock().unwrap().clone()
    }

    pub fn preload(&self, records: &[Record]) {
        self.entries.lock().unwrap().extend(records.iter().map(Record::to_bytes));
    }
}

impl Journal for FakeJournal {
    fn log_id(&self) -> &str {
        "test"
    }

    fn head(&self) -> u64 {
        self.entries.lock().unwrap().len() as u64
    }

    fn append(&self, entry: Vec<u8>) -> Wait<'_, Result<u64, JournalError>> {
        Box::pin(async move {
            let scripted = self.going_down.lock().unwrap().pop_front();
            if self.down.load(Ordering::SeqCst) || scripted == Some(false) {
                return Err(JournalError::Unavailable("no space left".into()));
            }
            if !self.delay.is_zero() {
                tokio::time::sleep(self.delay).await;
            }
            let kind = match Record::from_bytes(&entry).unwrap() {
                Record::Intent(_) => "intent",
                Record::Outcome(_) => "outcome",
                Record::Refusal(_) => "refusal",
                Record::Change(_) => "change",
            };
            let mut entries = self.entries.lock().unwrap();
            entries.push(entry);
            self.events.push(format!("durable {kind}"));
            Ok(entries.len() as u64 - 1)
        })
    }

    fn read(&self, index: u64) -> Wait<'_, Result<Vec<u8>, JournalError>> {
        let found = self.entries.lock().unwrap().get(index as usize).cloned();
        Box::pin(async move { found.ok_or(JournalError::Missing) })
    }

    fn scan(&self, from: u64, see: &mut dyn FnMut(u64, &[u8])) -> Result<(), JournalError> {
        for (index, entry) in self.entries().iter().enumerate().skip(from as usize) {
            see(index as u64, entry);
        }
        Ok(())
    }

    fn receipt(&self, index: u64) -> Wait<'_, Result<Vec<u8>, JournalError>> {
        Box::pin(async move {
            while !self.published.load(Ordering::SeqCst) {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            Ok(format!("proof of {index}").into_bytes())
        })
    }

    fn published<'a>(&'a self, path: &'a str) -> Wait<'a, Result<Vec<u8>, JournalError>> {
        Box::pin(async move { Ok(format!("file {path}").into_bytes()) })
    }

    fn health(&self) -> JournalHealth {
        let trouble = self.down.load(Ordering::SeqCst).then(|| "no space left".to_owned());
        JournalHealth { trouble, warning: None, sync: Some((1.5, 3)), ..JournalHealth::default() }
    }
}
