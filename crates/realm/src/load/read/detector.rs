use super::provider::address;
use super::{path, plain};
use crate::load::table::Table;
use crate::world::{Detector, OnFailure};

/// How long a request waits for a detector unless the realm says otherwise, and at most.
const TIMEOUT_MS: (u64, u64) = (500, 60_000);

/// `[[detector]]`.
pub(in crate::load) fn detector(table: &Table<'_>) -> Option<Detector> {
    let id = table.own_id();
    let url = table.require("url", address(table, "url"));
    let host = table.require("host", table.jurisdiction("host"));
    let words = [("refuse", OnFailure::Refuse), ("assume", OnFailure::Assume)];
    Some(Detector {
        ca_file: path(table, "ca_file"),
        timeout_ms: table.whole("timeout_ms", 1..=TIMEOUT_MS.1).map_or(TIMEOUT_MS.0, plain),
        on_failure: table.word("on_failure", &words).map_or(OnFailure::Refuse, plain),
        id: id?,
        url: url?,
        host: host?.value,
    })
}
