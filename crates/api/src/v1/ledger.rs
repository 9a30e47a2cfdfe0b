//! The ledger: where it stands, what was changed, entries and their proofs.

use realm::record::Change;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::answer::{ErrorBody, Refused, json, typed};
use super::call::Call;
use super::routes::{Answered, Scope};
use crate::belong;
use crate::trouble::Trouble;

/// Changes that one call tells at most.
const CHANGES_MAX: usize = 1_000;
const CHANGES: usize = 100;

/// Where the log stands.
#[derive(Serialize, ToSchema)]
pub struct Head {
    /// Its name in receipts.
    pub log: String,
    /// Whether it can be written; where not, no traffic is taken.
    pub writable: bool,
    /// Why it cannot.
    pub reason: Option<String>,
    /// Entries that are on the disk.
    pub durable: u64,
    /// Entries that a signed checkpoint covers.
    pub published: Option<u64>,
    /// The root of that checkpoint, in base64.
    pub root: Option<String>,
}

/// Changes.
#[derive(Serialize, ToSchema)]
pub struct Changes {
    /// The youngest first.
    pub changes: Vec<ChangeInfo>,
}

/// What somebody changed.
#[derive(Serialize, ToSchema)]
pub struct ChangeInfo {
    /// The entry that says so.
    pub index: u64,
    #[schema(format = DateTime)]
    pub at: String,
    /// What was done: `key.create`, `realm.load`…
    pub what: String,
    /// To what: `key:…`, `app:…`, `snapshot:…`.
    pub subject: String,
    pub by: String,
    pub note: Option<String>,
}

/// How many changes.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Most {
    /// How many to tell, 100 where it is not said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
}

/// An entry.
#[derive(Serialize, ToSchema)]
pub struct Entry {
    pub log: String,
    pub index: u64,
    /// The record as it lies there; a text where it is no record of ours.
    pub record: Value,
}

/// Where the log stands.
#[utoipa::path(get, path = "/api/v1/ledger", tag = "ledger", params(Scope), responses(
    (status = 200, body = Head), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) fn get_ledger(call: &Call<'_>) -> Answered {
    call.plain()?;
    let parts = call.desk.parts;
    let (head, health) = (parts.log.head(), parts.log.health());
    let published = head.published.as_ref();
    Ok(json(&Head {
        log: parts.log_id.clone(),
        writable: health.writable,
        reason: health.reason.filter(|_| !health.writable),
        durable: head.durable.0,
        published: published.map(|head| head.size.0),
        root: published.map(|head| head.root.to_base64()),
    }))
}

/// The last changes, as far as they are of the organisation or of all.
#[utoipa::path(get, path = "/api/v1/ledger/changes", tag = "ledger", params(Scope, Most), responses(
    (status = 200, body = Changes), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn list_changes(call: &Call<'_>) -> Answered {
    let asked: Most = call.query()?;
    let most = asked.limit.unwrap_or(CHANGES);
    if !(1..=CHANGES_MAX).contains(&most) {
        return Err(Refused::about("limit", format!("from 1 to {CHANGES_MAX}, not {most}")));
    }
    let (snapshot, scope) = (call.desk.snapshot.clone(), call.desk.guest.scope.clone());
    let known = call.desk.ledger(move |index| {
        let open = |(_, change): &&(u64, Change)| belong::change(change, &snapshot.world).is_open_to(&scope);
        index.changes().filter(open).take(most).cloned().collect::<Vec<_>>()
    });
    let info = |(index, change): (u64, Change)| ChangeInfo {
        index,
        at: change.at.to_string(),
        what: change.what.to_string(),
        subject: change.subject.to_string(),
        by: change.by.to_string(),
        note: change.note.map(|note| note.to_string()),
    };
    Ok(json(&Changes { changes: known.await?.value.into_iter().map(info).collect() }))
}

/// One entry, as it lies there. Needs the role of an auditor.
#[utoipa::path(get, path = "/api/v1/ledger/entries/{index}", tag = "ledger", params(("index" = u64, Path, description = "Its place in the log"), Scope),
    responses((status = 200, body = Entry), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn get_entry(call: &Call<'_>) -> Answered {
    call.plain()?;
    let index = call.index()?;
    let bytes = call.desk.entry(index).await?.ok_or(Trouble::NotFound)?;
    let record = serde_json::from_slice(&bytes).unwrap_or_else(|_| Value::from(String::from_utf8_lossy(&bytes)));
    Ok(json(&Entry { log: call.desk.parts.log_id.clone(), index, record }))
}

/// The proof that an entry is in the log, for `freehold receipt verify` and anything else that reads C2SP tlog-proof. Needs
/// the role of an auditor.
#[utoipa::path(get, path = "/api/v1/ledger/entries/{index}/receipt", tag = "ledger",
    params(("index" = u64, Path, description = "Its place in the log"), Scope), responses(
    (status = 200, body = String, content_type = "text/plain"), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn get_receipt(call: &Call<'_>) -> Answered {
    call.plain()?;
    let receipt = call.desk.receipt(call.index()?).await?;
    Ok(typed("text/plain; charset=utf-8", receipt.into_bytes().into()))
}
