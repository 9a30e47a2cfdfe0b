//! `freehold drill`: what would have become of the recorded traffic in another world, and what becomes of the live one.

mod bundle;
mod desk;
mod live;
mod measured;
mod proposal;
mod status;

use std::path::Path;

use ::drill::{Before, Scenario};
use anyhow::{Context, Result};
use realm::regular;
use sha2::{Digest, Sha256};

use super::Run;
use crate::args::DrillCommand;
use crate::ended::{Ended, Problems, wrong};
use crate::lang::{path_arg, tell};

pub(crate) use bundle::binding;
pub(crate) use desk::{known, replayed};
pub(crate) use measured::drilled_live;

/// More than anybody writes into a scenario.
const SCENARIO_BYTES_MAX: u64 = 1 << 20;

pub(crate) fn run(run: &Run, command: &DrillCommand) -> Result<Ended> {
    match command {
        DrillCommand::Run { scenario, out, before } => desk::run(run, scenario, out.as_deref(), before.as_deref()),
        DrillCommand::Start(args) => live::start(run, args),
        DrillCommand::Approve(args) => live::approve(run, args),
        DrillCommand::Abort { id, reason } => live::abort(run, id, reason),
        DrillCommand::Bundle { id, out } => bundle::bundle(run, id, out),
        DrillCommand::Verify { bundle, pubkey } => bundle::verify(run, bundle, pubkey),
        DrillCommand::Status { id, before } => status::run(run, id.as_deref(), before.as_deref()),
    }
}

/// More than a report of a drill has.
const REPORT_BYTES_MAX: u64 = 64 << 20;

/// The report of the drill before, as somebody kept it.
fn before(path: Option<&Path>) -> Result<Option<Before>> {
    let Some(path) = path else { return Ok(None) };
    let unread = |why: String| wrong("drill-before-unread", &[path_arg(path), ("why", why)]);
    let bytes = regular::read(path, REPORT_BYTES_MAX).map_err(|error| unread(error.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|error| unread(error.to_string()))?;
    Ok(Some(Before::parse(&text).map_err(unread)?))
}

/// A scenario's file: its text, its hash, and what it says.
struct Read {
    text: String,
    sha256: String,
    scenario: Scenario,
}

fn read(path: &Path) -> Result<Read> {
    let bytes = regular::read(path, SCENARIO_BYTES_MAX);
    let bytes = bytes.map_err(|error| wrong("cannot-read-why", &[path_arg(path), ("why", error.to_string())]))?;
    let sha256 = hex::encode(Sha256::digest(&bytes));
    let text = String::from_utf8(bytes).with_context(|| tell("cannot-read", &[path_arg(path)]))?;
    let scenario = Scenario::parse(path, &text).map_err(Problems)?;
    Ok(Read { text, sha256, scenario })
}
