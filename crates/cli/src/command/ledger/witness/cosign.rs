//! Has a log's head cosigned, and keeps it beside the log.

use std::path::Path;

use anyhow::{Context, Result, bail};
use ledger::TreeSize;
use ledger::note::{Algorithm, Signature, VerifierKey};
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

/// Asks each witness for the log's head, all at once, and keeps each cosignature as it comes: what became of each, in
/// the order asked.
pub(crate) fn cosign(log: &Opened, kept: &Path, witnesses: &[&Witness]) -> Result<Vec<Result<()>>> {
    let old = load(kept)?.head(&log.checkpoint().origin).map_or(TreeSize::ZERO, |(size, _)| size);
    Ok(std::thread::scope(|scope| {
        let one = |witness: &&Witness| ask(log, witness, old).and_then(|lines| keep(log, kept, lines));
        let asking: Vec<_> = witnesses.iter().map(|witness| scope.spawn(move || one(witness))).collect();
        // One that panicked has said so.
        asking.into_iter().map(|it| it.join().unwrap_or_else(|_| bail!(tell("witness-races", &[])))).collect()
    }))
}

/// Whether all of these witnesses have cosigned the log's head.
pub(crate) fn is_cosigned(log: &Opened, kept: &Path, witnesses: &[&Witness]) -> Result<bool> {
    let known = load(kept)?;
    let Some(note) = known.note(&log.checkpoint().origin).filter(|note| note.text() == log.signed.note.text()) else {
        return Ok(false);
    };
    let signed = |key: &VerifierKey| note.verify(std::slice::from_ref(key)).is_ok();
    Ok(witnesses.iter().all(|witness| signed(&witness.key)))
}

fn load(kept: &Path) -> Result<Remember> {
    Remember::load(kept).with_context(|| tell("cannot-read", &[path_arg(kept)]))
}

/// Adds cosignatures of the log's head to what is kept, whoever else does so at the same moment. A larger head that was
/// cosigned meanwhile stays, and so do the cosignatures that the same head has already.
fn keep(log: &Opened, kept: &Path, lines: Vec<Signature>) -> Result<()> {
    let cannot = || tell("cannot-write", &[path_arg(kept)]);
    let turn = std::fs::File::create(kept.with_extension("lock")).with_context(cannot)?;
    turn.lock().with_context(cannot)?;
    let (mut witnessed, mut note) = (load(kept)?, log.signed.note.clone());
    match witnessed.note(&log.checkpoint().origin) {
        Some(known) if known.text() == note.text() => note = known.clone(),
        Some(_) if witnessed.head(&log.checkpoint().origin).is_some_and(|(size, _)| size > log.checkpoint().size) => {
            return Ok(());
        }
        _ => {}
    }
    lines.into_iter().for_each(|line| note.add(line));
    witnessed.update(&note).with_context(|| tell("verify-cannot-remember", &[]))?;
    witnessed.save(kept).with_context(cannot)
}

/// A witness's cosignature of the head, going on from the size that it knows.
fn ask(log: &Opened, witness: &Witness, mut old: TreeSize) -> Result<Vec<Signature>> {
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
            Answer::Cosigned(lines) => return Ok(lines),
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
