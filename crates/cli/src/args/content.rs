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

/// The longest reason for opening content.
const REASON_CHARS_MAX: usize = 1_000;

#[derive(Debug, ClapArgs)]
pub(crate) struct LsArgs {
    #[arg(long)]
    pub(crate) app: Option<String>,
    #[arg(long, default_value = "50", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) limit: u32,
    #[arg(long, conflicts_with = "app")]
    pub(crate) openings: bool,
}

/// Who puts their hand to what takes two people, and the file of their key.
#[derive(Debug, ClapArgs)]
pub(crate) struct HandArgs {
    #[arg(long)]
    pub(crate) by: String,
    #[arg(long)]
    pub(crate) signer: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct RequestArgs {
    pub(crate) req: String,
    #[arg(long, value_parser = reason)]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) hand: HandArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ApproveArgs {
    pub(crate) opening: String,
    #[command(flatten)]
    pub(crate) hand: HandArgs,
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

/// What stands in the ledger for good: a line of at most a thousand characters.
pub(super) fn reason(text: &str) -> Result<String, String> {
    let chars = text.trim().chars().count();
    match (1..=REASON_CHARS_MAX).contains(&chars) && !text.chars().any(char::is_control) {
        true => Ok(text.trim().to_owned()),
        false => Err(format!("a reason is one line of 1 to {REASON_CHARS_MAX} characters; this has {chars}")),
    }
}
