//! Changes made beside the server, on their way from the store to the ledger; each arrives once.

use std::collections::HashSet;

use anyhow::Result;
use gateway::{Gateway, Journal, LogJournal};
use realm::record::{Change, Record};
use store::{Pending, Store};

use crate::clock::now;

/// The longest entry of a ledger, in bytes.
const ENTRY_BYTES_MAX: usize = 65_535;
/// What is kept of each text of a change that is longer.
const CUT_CHARS: usize = 1_024;
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

/// A change that the ledger takes. One that an older version let grow too long is cut, and says so, rather than that it
/// holds up every change after it.
fn fitting(mut change: Change) -> Change {
    let bytes = Record::Change(change.clone()).to_bytes().len();
    if bytes > ENTRY_BYTES_MAX {
        let cut = |text: &str| text.chars().take(CUT_CHARS).collect::<String>();
        change.subject = cut(&change.subject);
        change.by = cut(&change.by);
        change.note = change.note.map(|note| format!("{} … (cut: its record had {bytes} bytes)", cut(&note)));
    }
    change
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
                Record::Change(change) => drop(gateway.record_change(fitting(change)).await?),
                other => tracing::error!(?other, "the outbox holds a record that is no change; it is dropped"),
            }
            store.settle(&id).await?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use realm::UnixMs;

    #[test]
    fn a_change_that_no_ledger_takes_is_cut_and_says_so() {
        let change = |note: &str| Change {
            at: UnixMs(1),
            what: "content.request".to_owned(),
            subject: "content:req-1".to_owned(),
            by: "ann".to_owned(),
            note: Some(note.to_owned()),
            id: None,
        };
        assert_eq!(fitting(change("short")), change("short"));
        let cut = fitting(change(&"ж".repeat(70_000)));
        assert!(cut.note.as_deref().unwrap().ends_with("(cut: its record had 140099 bytes)"), "{:?}", cut.note);
        assert!(Record::Change(cut).to_bytes().len() < ENTRY_BYTES_MAX);
    }
}
