//! Asks a witness to cosign what this ledger has published, and keeps the cosigned checkpoint beside the log.

use anyhow::{Context, Result, bail};
use ledger::TreeSize;
use ledger::note::{Algorithm, VerifierKey};
use ledger::proof::TileNodes;
use ledger::tile;
use ledger::verify::Remember;
use ledger::witness::client::{Answer, judge, request};
use serde_json::json;

use super::super::super::Run;
use super::super::Opened;
use super::super::http::agent;
use crate::ended::{Ended, Wrong};
use crate::output;

/// Rounds of being told another size: two suffice unless two askers race.
const ROUNDS: usize = 4;

pub(super) fn run(run: &Run, url: &str, key: &str, log: Option<&str>) -> Result<Ended> {
    let data = run.existing_data()?;
    let log = Opened::choose(&data, log)?;
    let witness = VerifierKey::parse(key).map_err(|e| Wrong(format!("`{key}` is no public key (vkey): {e}")))?;
    if witness.algorithm() != Algorithm::CosignatureV1 {
        return Err(Wrong(format!("`{key}` is a log's key: a witness has a key for cosignatures")).into());
    }
    let kept = data.ledger_state(&log.id).join("witnessed");
    let mut witnessed = Remember::load(&kept).with_context(|| format!("cannot read {}", kept.display()))?;
    let origin = &log.checkpoint().origin;
    let mut old = witnessed.head(origin).map_or(TreeSize::ZERO, |(size, _)| size);
    for _ in 0..ROUNDS {
        let Some(body) = ask_from(&log, old)? else {
            bail!("the witness saw {old} entries and the log has {}: it was rolled back", log.checkpoint().size);
        };
        let endpoint = format!("{}/add-checkpoint", url.trim_end_matches('/'));
        let mut response =
            agent().post(&endpoint).send(&body[..]).with_context(|| format!("cannot reach {endpoint}"))?;
        let status = response.status().as_u16();
        let answer = response.body_mut().read_to_vec()?;
        match judge(&log.signed.note, status, &answer, std::slice::from_ref(&witness))? {
            Answer::Knows(size) => old = size,
            Answer::Cosigned(lines) => {
                let mut note = log.signed.note.clone();
                lines.into_iter().for_each(|line| note.add(line));
                witnessed.update(&note).context("the cosigned checkpoint cannot be kept")?;
                witnessed.save(&kept).with_context(|| format!("cannot write {}", kept.display()))?;
                let size = log.checkpoint().size;
                if run.json {
                    output::json(&json!({ "witness": witness.name(), "log": log.id, "size": size.0 }))?;
                } else {
                    output::text(&format!("{} cosigned {size} entries of {origin}\n", witness.name()))?;
                }
                return Ok(Ended::Done);
            }
        }
    }
    bail!("the witness keeps naming other sizes; somebody else is asking it about the same log")
}

/// The request that continues from a size; none if the log is smaller than that.
fn ask_from(log: &Opened, old: TreeSize) -> Result<Option<Vec<u8>>> {
    let mut nodes = TileNodes::new(log.checkpoint().size, |id: ledger::layout::TileId| -> Result<tile::Tile> {
        let path = log.dir.join(id.to_string());
        let bytes = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        tile::decode(id, &bytes).with_context(|| path.display().to_string())
    });
    let made =
        request(old, &log.signed.note, &mut nodes).map_err(|e| anyhow::anyhow!("no request can be made: {e}"))?;
    Ok(made.map(|request| request.to_string().into_bytes()))
}
