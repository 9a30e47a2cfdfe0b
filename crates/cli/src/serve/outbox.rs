//! Changes made beside the server, on their way from the store to the ledger; each arrives once.

use std::collections::HashSet;

use anyhow::Result;
use gateway::{Gateway, Journal, LogJournal};
use realm::record::Record;
use store::{Pending, Store};

use crate::clock::now;

/// Changes taken at a time.
const BATCH: u32 = 256;

/// At start, a change may be in the ledger already: the process died before it could say so to the store.
pub(crate) async fn relay_at_start(store: &Store, gateway: &Gateway, journal: &LogJournal) -> Result<()> {
    let pending = store.take_pending(journal.log_id(), now(), BATCH).await?;
    if !pending.is_empty() {
        let waiting: HashSet<&str> = pending.iter().map(|p| p.id.as_str()).collect();
        let mut arrived = HashSet::new();
        journal.scan(0, &mut |_, entry| {
            if let Ok(Record::Change(change)) = Record::from_bytes(entry) {
                arrived.extend(change.id.filter(|id| waiting.contains(id.as_str())));
            }
        })?;
        for id in arrived {
            store.settle(&id).await?;
        }
    }
    relay(store, gateway, journal.log_id()).await
}

/// Appends what waits, oldest first, and forgets each once it is durable.
pub(crate) async fn relay(store: &Store, gateway: &Gateway, log: &str) -> Result<()> {
    loop {
        let pending = store.take_pending(log, now(), BATCH).await?;
        if pending.is_empty() {
            return Ok(());
        }
        for Pending { id, body } in pending {
            match Record::from_bytes(&body)? {
                Record::Change(change) => drop(gateway.record_change(change).await?),
                other => tracing::error!(?other, "the outbox holds a record that is no change; it is dropped"),
            }
            store.settle(&id).await?;
        }
    }
}
