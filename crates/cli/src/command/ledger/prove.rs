//! `freehold ledger prove`: the receipt of one entry, made from the files.

use anyhow::{Context, Result};
use ledger::proof::{TileNodes, inclusion};
use ledger::receipt::Receipt;
use ledger::witnessed;
use ledger::{EntryIndex, checkpoint, read_tile};
use serde_json::{Value, json};

use super::super::Run;
use super::{Opened, keys_beside};
use crate::data::DataDir;
use crate::ended::{Ended, wrong};
use crate::lang::tell;
use crate::output;

pub(super) fn run(run: &Run, index: u64, log: Option<&str>) -> Result<Ended> {
    let data = run.existing_data()?;
    let log = Opened::choose(&data, log)?;
    let receipt = receipt_of(&data, &log, index)?;
    let size = checkpoint::Checkpoint::parse(receipt.checkpoint.text())?.size;
    let entry = receipt.extra.clone().unwrap_or_default();
    let record: Value = serde_json::from_slice(&entry).unwrap_or_else(|_| String::from_utf8_lossy(&entry).into());
    if run.json {
        output::json(&json!({
            "log": log.id, "index": index, "size": size.0, "record": record, "receipt": receipt.to_string(),
        }))?;
    } else {
        output::text(&receipt.to_string())?;
    }
    Ok(Ended::Done)
}

/// The receipt of an entry of a log.
///
/// # Errors
/// No checkpoint covers it yet, or it was pruned.
pub(crate) fn receipt_of(data: &DataDir, log: &Opened, index: u64) -> Result<Receipt> {
    let (size, index) = (log.checkpoint().size, EntryIndex(index));
    if !size.contains(index) {
        let args = [("log", log.id.clone()), ("index", index.to_string()), ("size", size.to_string())];
        return Err(wrong("ledger-no-entry", &args));
    }
    let mut entry = None;
    log.each(|at, bytes| {
        if at == index {
            entry = Some(bytes.to_vec());
        }
        Ok(())
    })?;
    let entry = entry.with_context(|| tell("ledger-entry-pruned", &[("index", index.to_string())]))?;
    // Where witnesses cosigned a head that covers the entry, that one convinces more people than the newest.
    let (state, keys) = (data.ledger_state(&log.id), keys_beside(&data.public_key(&log.id))?);
    let cosigned = witnessed::load(&state, &log.checkpoint().origin, &keys, size)
        .with_context(|| tell("ledger-witnessed-unreadable", &[]))?;
    let signed = cosigned.filter(|cosigned| cosigned.checkpoint.size.contains(index));
    let signed = signed.as_ref().unwrap_or(&log.signed);
    let size = signed.checkpoint.size;
    let mut nodes = TileNodes::new(size, |id| read_tile(&log.dir, id));
    let proof = inclusion(&mut nodes, index, size)?.with_context(|| tell("ledger-tiles-short", &[]))?;
    Ok(Receipt { extra: Some(entry), index, proof, checkpoint: signed.note.clone() })
}
