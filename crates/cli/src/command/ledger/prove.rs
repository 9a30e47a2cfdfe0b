//! `freehold ledger prove`: the receipt of one entry, made from the files.

use anyhow::{Context, Result};
use ledger::EntryIndex;
use ledger::proof::{TileNodes, inclusion};
use ledger::receipt::Receipt;
use ledger::tile;

use super::super::Run;
use super::Opened;
use crate::ended::{Ended, Wrong};
use crate::output;

pub(super) fn run(run: &Run, index: u64, log: Option<&str>) -> Result<Ended> {
    let log = Opened::choose(&run.existing_data()?, log)?;
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
    let mut nodes = TileNodes::new(size, |id: ledger::layout::TileId| -> Result<tile::Tile> {
        let path = log.dir.join(id.to_string());
        let bytes = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        tile::decode(id, &bytes).with_context(|| path.display().to_string())
    });
    let proof = inclusion(&mut nodes, index, size)?.context("the tiles do not reach the entry")?;
    let receipt = Receipt { extra: Some(entry), index, proof, checkpoint: log.signed.note.clone() };
    output::text(&receipt.to_string())?;
    Ok(Ended::Done)
}
