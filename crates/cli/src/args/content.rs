//! `freehold content …` as typed.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum ContentCommand {
    Keygen(KeygenArgs),
    Ls(LsArgs),
    Request(RequestArgs),
    Approve(ApproveArgs),
    Open(OpenArgs),
    Forget(ForgetArgs),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct KeygenArgs {
    #[arg(long)]
    pub(crate) out: PathBuf,
    #[arg(long)]
    pub(crate) person: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct LsArgs {
    #[arg(long)]
    pub(crate) app: Option<String>,
    #[arg(long, default_value = "50", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) limit: u32,
    #[arg(long, conflicts_with = "app")]
    pub(crate) openings: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct RequestArgs {
    pub(crate) req: String,
    #[arg(long)]
    pub(crate) reason: String,
    #[arg(long)]
    pub(crate) by: String,
    #[arg(long)]
    pub(crate) signer: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ApproveArgs {
    pub(crate) opening: String,
    #[arg(long)]
    pub(crate) by: String,
    #[arg(long)]
    pub(crate) signer: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct OpenArgs {
    pub(crate) opening: String,
    #[arg(long)]
    pub(crate) identity: PathBuf,
    #[arg(long)]
    pub(crate) even_so: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ForgetArgs {
    #[arg(long)]
    pub(crate) app: String,
    #[arg(long)]
    pub(crate) yes: bool,
}
