//! `freehold ledger prove`: the receipt of one entry, made from the files.

use anyhow::{Context, Result};
use ledger::proof::{TileNodes, inclusion};
use ledger::receipt::Receipt;
use ledger::witnessed;
use ledger::{EntryIndex, read_tile};

use super::super::Run;
use super::{Opened, keys_beside};
use crate::ended::{Ended, Wrong};
use crate::output;

pub(super) fn run(run: &Run, index: u64, log: Option<&str>) -> Result<Ended> {
    let data = run.existing_data()?;
    let log = Opened::choose(&data, log)?;
    let (size, index) = (log.checkpoint().size, EntryIndex(index));
    if !size.contains(index) {
        return Err(Wrong(format!(
            "the checkpoint of {} covers {size} entries, from 0: {index} is not among them",
            log.id
        ))
        .into());
    }
    let mut entry = None;
    log.each(|at, bytes| {
        if at == index {
            entry = Some(bytes.to_vec());
        }
        Ok(())
    })?;
    let entry = entry.with_context(|| format!("entry {index} was pruned"))?;
    // Where witnesses cosigned a head that covers the entry, that one convinces more people than the newest.
    let (state, keys) = (data.ledger_state(&log.id), keys_beside(&data.public_key(&log.id))?);
    let cosigned = witnessed::load(&state, &log.checkpoint().origin, &keys, size).context("what witnesses cosigned")?;
    let signed = cosigned.filter(|cosigned| cosigned.checkpoint.size.contains(index)).unwrap_or(log.signed);
    let size = signed.checkpoint.size;
    let mut nodes = TileNodes::new(size, |id| read_tile(&log.dir, id));
    let proof = inclusion(&mut nodes, index, size)?.context("the tiles do not reach the entry")?;
    let receipt = Receipt { extra: Some(entry), index, proof, checkpoint: signed.note };
    output::text(&receipt.to_string())?;
    Ok(Ended::Done)
}
