//! `freehold ledger witness`: runs a witness, or asks one.

mod ask;
mod cosign;
mod serve;

pub(crate) use cosign::{Witness, cosign, is_cosigned};

use anyhow::Result;

use super::super::Run;
use crate::args::WitnessCommand;
use crate::ended::Ended;

pub(super) fn run(run: &Run, command: WitnessCommand) -> Result<Ended> {
    match command {
        WitnessCommand::Serve { listen, name, state, log_key } => serve::run(run, listen, &name, &state, &log_key),
        WitnessCommand::Ask { url, key, log } => ask::run(run, &url, &key, log.as_deref()),
    }
}
