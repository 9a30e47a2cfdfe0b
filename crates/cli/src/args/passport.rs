//! `freehold passport …` as typed.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};
use jiff::civil::Date;

use super::parse_date;

#[derive(Debug, Subcommand)]
pub(crate) enum PassportCommand {
    Import(PassportImportArgs),
    Ls,
    Show {
        model: String,
    },
    Export {
        model: String,
        #[arg(long, required = true)]
        cyclonedx: bool,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct PassportImportArgs {
    pub(crate) file: PathBuf,
    #[arg(long)]
    pub(crate) model: Option<String>,
    #[arg(long)]
    pub(crate) component: Option<String>,
    #[arg(long, value_parser = parse_date)]
    pub(crate) date: Option<Date>,
    #[arg(long)]
    pub(crate) dry_run: bool,
}
