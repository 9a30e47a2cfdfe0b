//! Has a log's head cosigned, and keeps it beside the log.

use std::path::Path;

use anyhow::{Context, Result, bail};
use ledger::TreeSize;
use ledger::note::{Algorithm, Note, VerifierKey};
use ledger::proof::TileNodes;
use ledger::tile;
use ledger::verify::Remember;
use ledger::witness::client::{Answer, judge, request};

use super::super::http::agent;
use super::super::{Opened, public_key};
use crate::ended::wrong;
use crate::lang::{path_arg, tell};

/// Rounds of being told another size: two suffice unless two askers race.
const ROUNDS: usize = 4;
/// The longest answer that is read, in bytes: a few lines.
const ANSWER_BYTES_MAX: u64 = 64 << 10;

/// Whom to ask.
#[derive(Debug, Clone)]
pub(crate) struct Witness {
    pub(crate) url: String,
    pub(crate) key: VerifierKey,
}

impl Witness {
    /// One at an address, with its key as it prints it.
    pub(crate) fn new(url: &str, key: &str) -> Result<Self> {
        let witness = public_key(key)?;
        if witness.algorithm() != Algorithm::CosignatureV1 {
            return Err(wrong("witness-key-of-log", &[("key", key.to_owned())]));
        }
        Ok(Self { url: url.to_owned(), key: witness })
    }
}

/// Asks each witness for the log's head, and keeps the head with the cosignatures that came: what became of each, in
/// the order asked. A head that nobody cosigned is not kept.
pub(crate) fn cosign(log: &Opened, kept: &Path, witnesses: &[&Witness]) -> Result<Vec<Result<()>>> {
    let mut witnessed = Remember::load(kept).with_context(|| tell("cannot-read", &[path_arg(kept)]))?;
    let old = witnessed.head(&log.checkpoint().origin).map_or(TreeSize::ZERO, |(size, _)| size);
    let mut note = log.signed.note.clone();
    let became: Vec<Result<()>> = witnesses.iter().map(|witness| ask(log, witness, old, &mut note)).collect();
    if became.iter().any(Result::is_ok) {
        witnessed.update(&note).with_context(|| tell("verify-cannot-remember", &[]))?;
        witnessed.save(kept).with_context(|| tell("cannot-write", &[path_arg(kept)]))?;
    }
    Ok(became)
}

/// Adds a witness's cosignature to the head, going on from the size that it knows.
fn ask(log: &Opened, witness: &Witness, mut old: TreeSize, note: &mut Note) -> Result<()> {
    for _ in 0..ROUNDS {
        let Some(body) = ask_from(log, old)? else {
            let args = [("old", old.to_string()), ("size", log.checkpoint().size.to_string())];
            bail!(tell("witness-rolled-back", &args));
        };
        let endpoint = format!("{}/add-checkpoint", witness.url.trim_end_matches('/'));
        let mut response = agent()
            .post(&endpoint)
            .send(&body[..])
            .with_context(|| tell("witness-unreachable", &[("url", endpoint.clone())]))?;
        let status = response.status().as_u16();
        let answer = response.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_vec()?;
        match judge(&log.signed.note, status, &answer, std::slice::from_ref(&witness.key))? {
            Answer::Knows(size) => old = size,
            Answer::Cosigned(lines) => {
                lines.into_iter().for_each(|line| note.add(line));
                return Ok(());
            }
        }
    }
    bail!(tell("witness-races", &[]))
}

/// The request that continues from a size; none if the log is smaller than that.
fn ask_from(log: &Opened, old: TreeSize) -> Result<Option<Vec<u8>>> {
    let mut nodes = TileNodes::new(log.checkpoint().size, |id: ledger::layout::TileId| -> Result<tile::Tile> {
        let path = log.dir.join(id.to_string());
        let bytes = std::fs::read(&path).with_context(|| tell("cannot-read", &[path_arg(&path)]))?;
        tile::decode(id, &bytes).with_context(|| path.display().to_string())
    });
    let made = request(old, &log.signed.note, &mut nodes)
        .map_err(|e| anyhow::anyhow!(tell("witness-no-request", &[("why", e.to_string())])))?;
    Ok(made.map(|request| request.to_string().into_bytes()))
}
