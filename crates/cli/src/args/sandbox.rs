//! `freehold sandbox …` as typed.

use clap::{Args as ClapArgs, Subcommand};

use super::content::HandArgs;

#[derive(Debug, Subcommand)]
pub(crate) enum SandboxCommand {
    Ls,
    Sign(SandboxSignArgs),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct SandboxSignArgs {
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) hand: HandArgs,
}
