//! `freehold content`: keys for sealing and for people, what is kept, and letting it go for good.

mod compare;
mod forget;
mod keygen;
mod ls;
mod opening;

pub(super) use keygen::write_new;

use anyhow::Result;
use store::Store;
use store::content::Contents;

use super::Run;
use crate::args::ContentCommand;
use crate::data::DataDir;
use crate::ended::Ended;

pub(crate) fn run(run: &Run, command: ContentCommand) -> Result<Ended> {
    match command {
        ContentCommand::Keygen(args) => keygen::run(run, &args),
        ContentCommand::Ls(args) => ls::run(run, &args),
        ContentCommand::Request(args) => opening::request(run, &args),
        ContentCommand::Approve(args) => opening::approve(run, &args),
        ContentCommand::Open(args) => opening::open(run, &args),
        ContentCommand::Forget(args) => forget::run(run, &args),
    }
}

/// The two places that content lies in.
async fn places(run: &Run, data: &DataDir) -> Result<(Store, Contents)> {
    Ok((run.store(data).await?, Contents::open(&data.contents()).await?))
}
