//! Receipts for their owners, and the published form of the ledger.

use std::net::IpAddr;
use std::sync::Arc;

use http::HeaderMap;
use realm::AppId;
use realm::record::Record;

use super::body::Reply;
use crate::code::Code;
use crate::error::Refused;
use crate::gateway::Shared;
use crate::journal::JournalError;
use crate::pipeline::authenticate;
use crate::pipeline::respond::{self, Ids};

/// `GET /api/v1/receipts/<log-id>/<index>` for the app whose request it was, also while it is suspended: the proof of
/// what happened is not taken away with the use.
pub(super) async fn receipt(shared: &Arc<Shared>, peer: IpAddr, headers: &HeaderMap, rest: &str) -> Reply {
    match owned(shared, peer, headers, rest).await {
        Ok(proof) => respond::text(proof),
        Err(refused) => respond::refused(&refused, Ids::default()),
    }
}

async fn owned(shared: &Arc<Shared>, peer: IpAddr, headers: &HeaderMap, rest: &str) -> Result<Vec<u8>, Refused> {
    let epoch = shared.epoch.load_full();
    let caller = authenticate::authenticate(shared, &epoch, headers, peer)?;
    // Whose an entry is stays unsaid: to a stranger it does not exist.
    let missing = || Refused::new(Code::NotFound, "there is no such receipt of this app");
    let (log, index) = rest.split_once('/').ok_or_else(missing)?;
    // As it is written in the receipt: `015` and `+15` are no other names of 15.
    let index: u64 = index.parse().ok().filter(|known: &u64| known.to_string() == index).ok_or_else(missing)?;
    if log != shared.journal.log_id() {
        return Err(missing());
    }
    let entry = shared.journal.read(index).await.map_err(|_| missing())?;
    if owner(&entry).as_ref() != Some(&caller.app.id) {
        return Err(missing());
    }
    let pending = || Refused::new(Code::ReceiptPending, "no checkpoint covers the entry yet").retry_after(1);
    match tokio::time::timeout(shared.settings.receipt_wait, shared.journal.receipt(index)).await {
        Ok(Ok(proof)) => Ok(proof),
        Ok(Err(JournalError::Unavailable(_))) => Err(Refused::ledger()),
        Ok(Err(JournalError::Missing)) => Err(missing()),
        Ok(Err(JournalError::Pending)) | Err(_) => Err(pending()),
    }
}

fn owner(entry: &[u8]) -> Option<AppId> {
    match Record::from_bytes(entry).ok()? {
        Record::Intent(intent) => Some(intent.app),
        Record::Outcome(outcome) => Some(outcome.app),
        Record::Refusal(refusal) => Some(refusal.app),
        Record::Change(_) => None,
    }
}

/// `GET /log/<log-id>/checkpoint` and `/log/<log-id>/tile/…`.
pub(super) async fn published(shared: &Arc<Shared>, rest: &str) -> Reply {
    let missing = || respond::refused(&Refused::new(Code::NotFound, "there is no such file of a log"), Ids::default());
    let Some((log, path)) = rest.split_once('/') else { return missing() };
    if log != shared.journal.log_id() || !is_published(path) {
        return missing();
    }
    if path.starts_with("tile/entries/") {
        let words = "entry bundles are read by auditors only, and this gateway knows no auditors yet";
        return respond::refused(&Refused::new(Code::NoPermit, words), Ids::default());
    }
    if !shared.epoch.load().world().head.ledger.public {
        return missing();
    }
    match shared.journal.published(path).await {
        Ok(bytes) if path == "checkpoint" => respond::text(bytes),
        Ok(bytes) => respond::tile(bytes),
        Err(JournalError::Unavailable(_)) => respond::refused(&Refused::ledger(), Ids::default()),
        Err(_) => missing(),
    }
}

/// Only what the format names: a path from outside never reaches the file system otherwise.
fn is_published(path: &str) -> bool {
    let tile = path.strip_prefix("tile/").is_some_and(|rest| {
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.');
        rest.split('/').all(|part| plain(part) && !part.contains("..") && !part.starts_with('.'))
    });
    path == "checkpoint" || tile
}

#[cfg(test)]
mod tests {
    use super::is_published;

    #[test]
    fn only_the_formats_own_paths_are_files() {
        for path in ["checkpoint", "tile/0/000", "tile/0/x001/234.p/17", "tile/entries/000"] {
            assert!(is_published(path), "{path}");
        }
        for path in ["", "tile/", "tile/../checkpoint", "tile/0//1", "../key", "tile/0/.hidden", "segments/0"] {
            assert!(!is_published(path), "{path}");
        }
    }
}
