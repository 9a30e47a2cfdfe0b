//! `freehold exposure` and `freehold drill …` as typed.

use std::path::PathBuf;

use ::plan::demand::Represents;
use clap::{Args as ClapArgs, Subcommand, ValueEnum};
use drill::Level;
use jiff::civil::Date;

use super::content::{HandArgs, reason};
use super::{FromRecords, parse_date};
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
        #[arg(long, value_name = "REPORT")]
        before: Option<PathBuf>,
    },
    Start(DrillStartArgs),
    Approve(DrillApproveArgs),
    Abort {
        id: String,
        #[arg(long, value_parser = reason)]
        reason: String,
    },
    Status {
        id: Option<String>,
        #[arg(long, value_name = "REPORT", requires = "id")]
        before: Option<PathBuf>,
    },
    Bundle {
        id: String,
        #[arg(long)]
        out: PathBuf,
    },
    Verify {
        bundle: PathBuf,
        #[arg(long = "key")]
        pubkey: Vec<String>,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct DrillStartArgs {
    pub(crate) scenario: PathBuf,
    #[arg(long, value_enum)]
    pub(crate) mode: LiveMode,
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=99))]
    pub(crate) percent: Option<u8>,
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1_440))]
    pub(crate) minutes: u32,
    #[arg(long, value_parser = reason)]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) hand: HandArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct DrillApproveArgs {
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) hand: HandArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LiveMode {
    Full,
    Canary,
    Shadow,
}

impl From<LiveMode> for store::drill::Mode {
    fn from(mode: LiveMode) -> Self {
        match mode {
            LiveMode::Full => Self::Full,
            LiveMode::Canary => Self::Canary,
            LiveMode::Shadow => Self::Shadow,
        }
    }
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ImpactArgs {
    pub(crate) scenario: PathBuf,
    #[arg(long)]
    case: Option<PathBuf>,
    #[arg(long, default_value = "1", requires = "case", value_parser = super::plan::parse_represents)]
    represents: Represents,
    #[arg(long, requires = "case", value_delimiter = ',', value_parser = super::plan::parse_growth)]
    growth: Vec<(i32, f64)>,
    #[arg(long, requires = "case")]
    everywhere: bool,
    #[arg(long, requires = "case", value_parser = super::plan::parse_mfu)]
    mfu: Option<Represents>,
    #[arg(long, requires = "case")]
    pub(crate) forecast: Option<PathBuf>,
}

impl ImpactArgs {
    /// How the work is put into a case of a plan, where one is given.
    pub(crate) fn from(&self) -> Option<FromRecords> {
        let (represents, growth, everywhere) = (self.represents, self.growth.clone(), self.everywhere);
        Some(FromRecords { case: self.case.clone()?, represents, growth, everywhere, mfu: self.mfu })
    }
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
