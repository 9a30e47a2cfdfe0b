//! `freehold ledger accept-head`: goes on with a log whose last signed head was lost, at a size that a person stands for.

use std::sync::Arc;

use anyhow::{Result, bail};
use ledger::checkpoint::Keys;
use ledger::verify::{Options, log_dir};
use ledger::{AcceptError, TreeSize};
use serde_json::json;
use store::Made;

use super::super::{Run, block_on, user};
use super::{Opened, keys_beside};
use crate::clock::now;
use crate::ended::{Ended, Wrong};
use crate::foreign;
use crate::lang::say;
use crate::output;

pub(super) fn run(run: &Run, size: u64, named: Option<&str>) -> Result<Ended> {
    let data = run.existing_data()?;
    let log = Opened::choose(&data, named)?;
    // Before anything is signed again, everything that was signed must hold.
    let keys = Keys { logs: keys_beside(&data.public_key(&log.id))?, witnesses: Vec::new() };
    if let Err(failure) = log_dir(&log.dir, &Options { keys, ..Options::default() }) {
        let why = foreign::words(&failure, run.lang);
        bail!(say(run.lang, "log-not-verified", &[("log", log.id), ("why", why)]));
    }
    let options = ledger::Options::new(data.path(), &log.id, log.checkpoint().origin.clone());
    let accepted = ledger::accept_head(Arc::new(ledger::storage::Disk), options, TreeSize(size));
    let head = accepted.map_err(|error| match error {
        AcceptError::Log(error) => anyhow::Error::from(error),
        wrong => Wrong(foreign::words(&wrong, run.lang)).into(),
    })?;
    let note = Some(format!("{} entries, root {}: the last signed head was missing", head.size, head.root.to_base64()));
    let made = Made { what: "ledger.accept_head", subject: format!("log:{}", log.id), note };
    block_on(async { Ok(run.store(&data).await?.record_made(made, &user(), now()).await?) })?;
    if run.json {
        output::json(&json!({ "log": log.id, "size": head.size.0, "root": head.root.to_base64() }))?;
    } else {
        let args = [("log", log.id), ("size", head.size.to_string())];
        output::text(&format!("{}\n", say(run.lang, "ledger-head-accepted", &args)))?;
    }
    Ok(Ended::Done)
}
