//! `freehold exposure` and `freehold drill …` as typed.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};
use drill::Level;
use jiff::civil::Date;

use super::parse_date;
use crate::lang::tell;

#[derive(Debug, ClapArgs)]
pub(crate) struct ExposureArgs {
    #[arg(long, value_parser = parse_level)]
    pub(crate) by: Option<Level>,
    #[arg(long, value_parser = parse_date)]
    pub(crate) since: Option<Date>,
    #[arg(long, value_parser = parse_date)]
    pub(crate) until: Option<Date>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DrillCommand {
    Run {
        scenario: PathBuf,
        #[arg(long)]
        out: Option<PathBuf>,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ImpactArgs {
    pub(crate) scenario: PathBuf,
}

/// Reads a level of dependence; `jurisdiction` alone means that of control, which decides who can take something away.
fn parse_level(text: &str) -> Result<Level, String> {
    let named = if text == "jurisdiction" { "control" } else { text };
    let found = Level::ALL.into_iter().find(|level| level.as_str() == named);
    found.ok_or_else(|| {
        let known = Level::ALL.map(Level::as_str).join(", ");
        tell("level-wrong", &[("text", text.to_owned()), ("known", known)])
    })
}
