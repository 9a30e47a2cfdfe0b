//! Asks a witness to cosign what this ledger has published, and keeps the cosigned checkpoint beside the log.

use anyhow::{Context, Result, bail};
use ledger::TreeSize;
use ledger::note::Algorithm;
use ledger::proof::TileNodes;
use ledger::tile;
use ledger::verify::Remember;
use ledger::witness::client::{Answer, judge, request};
use serde_json::json;

use super::super::super::Run;
use super::super::http::agent;
use super::super::{Opened, public_key};
use crate::ended::{Ended, wrong};
use crate::lang::{path_arg, tell};
use crate::output;

/// Rounds of being told another size: two suffice unless two askers race.
const ROUNDS: usize = 4;

pub(super) fn run(run: &Run, url: &str, key: &str, log: Option<&str>) -> Result<Ended> {
    let data = run.existing_data()?;
    let log = Opened::choose(&data, log)?;
    let witness = public_key(key)?;
    if witness.algorithm() != Algorithm::CosignatureV1 {
        return Err(wrong("witness-key-of-log", &[("key", key.to_owned())]));
    }
    let kept = data.ledger_state(&log.id).join("witnessed");
    let mut witnessed = Remember::load(&kept).with_context(|| tell("cannot-read", &[path_arg(&kept)]))?;
    let origin = &log.checkpoint().origin;
    let mut old = witnessed.head(origin).map_or(TreeSize::ZERO, |(size, _)| size);
    for _ in 0..ROUNDS {
        let Some(body) = ask_from(&log, old)? else {
            let args = [("old", old.to_string()), ("size", log.checkpoint().size.to_string())];
            bail!(tell("witness-rolled-back", &args));
        };
        let endpoint = format!("{}/add-checkpoint", url.trim_end_matches('/'));
        let mut response = agent()
            .post(&endpoint)
            .send(&body[..])
            .with_context(|| tell("witness-unreachable", &[("url", endpoint.clone())]))?;
        let status = response.status().as_u16();
        let answer = response.body_mut().read_to_vec()?;
        match judge(&log.signed.note, status, &answer, std::slice::from_ref(&witness))? {
            Answer::Knows(size) => old = size,
            Answer::Cosigned(lines) => {
                let mut note = log.signed.note.clone();
                lines.into_iter().for_each(|line| note.add(line));
                witnessed.update(&note).with_context(|| tell("verify-cannot-remember", &[]))?;
                witnessed.save(&kept).with_context(|| tell("cannot-write", &[path_arg(&kept)]))?;
                let size = log.checkpoint().size;
                if run.json {
                    output::json(&json!({ "witness": witness.name(), "log": log.id, "size": size.0 }))?;
                } else {
                    let args = [
                        ("witness", witness.name().to_string()),
                        ("size", size.to_string()),
                        ("origin", origin.to_string()),
                    ];
                    output::text(&format!("{}\n", tell("witness-cosigned", &args)))?;
                }
                return Ok(Ended::Done);
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
