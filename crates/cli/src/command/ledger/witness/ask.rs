//! Asks one witness to cosign what this ledger has published.

use anyhow::Result;
use serde_json::json;

use super::super::super::Run;
use super::super::Opened;
use super::cosign::{Witness, cosign};
use crate::ended::Ended;
use crate::lang::tell;
use crate::output;

pub(super) fn run(run: &Run, url: &str, key: &str, log: Option<&str>) -> Result<Ended> {
    let data = run.existing_data()?;
    let log = Opened::choose(&data, log)?;
    let witness = Witness::new(url, key)?;
    cosign(&log, &data.witnessed(&log.id), &[&witness])?.into_iter().collect::<Result<()>>()?;
    let (name, size) = (witness.key.name(), log.checkpoint().size);
    if run.json {
        output::json(&json!({ "witness": name, "log": log.id, "size": size.0 }))?;
    } else {
        let origin = log.checkpoint().origin.to_string();
        let args = [("witness", name.to_string()), ("size", size.to_string()), ("origin", origin)];
        output::text(&format!("{}\n", tell("witness-cosigned", &args)))?;
    }
    Ok(Ended::Done)
}
