//! `freehold approval …` as typed.

use clap::{Args as ClapArgs, Subcommand};

use super::content::reason;

#[derive(Debug, Subcommand)]
pub(crate) enum ApprovalCommand {
    Ls {
        #[arg(long)]
        app: Option<String>,
    },
    Approve(ApprovalSayArgs),
    Refuse(ApprovalSayArgs),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ApprovalSayArgs {
    pub(crate) id: String,
    #[arg(long, value_parser = reason)]
    pub(crate) reason: String,
}
