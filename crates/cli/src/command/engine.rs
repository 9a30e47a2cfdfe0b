//! `freehold engine`: the child that runs one model; started by the supervisor, not by people.

use anyhow::Result;
use engine::ChildArgs;

use crate::args::EngineArgs;
use crate::ended::Ended;

pub(crate) fn run(args: EngineArgs) -> Result<Ended> {
    let child =
        ChildArgs { model: args.model, context_tokens: args.context, parallel: args.parallel, threads: args.threads };
    engine::child::run(child)?;
    Ok(Ended::Done)
}
