//! `freehold content`: keys for sealing and for people, what is kept, and letting it go for good.

mod compare;
mod forget;
mod in_force;
mod keygen;
mod ls;
mod opening;

use std::path::Path;

use anyhow::Result;
use realm::regular;
use store::Store;
use store::content::Contents;

use super::Run;
use crate::args::ContentCommand;
use crate::data::DataDir;
use crate::ended::{Ended, wrong};
use crate::lang::path_arg;

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

/// The text of a key's file.
fn key_text(path: &Path) -> Result<String> {
    /// More than any key is long.
    const BYTES_MAX: u64 = 4 << 10;
    let bytes = regular::read(path, BYTES_MAX);
    let bytes = bytes.map_err(|error| wrong("cannot-read-why", &[path_arg(path), ("why", error.to_string())]))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
