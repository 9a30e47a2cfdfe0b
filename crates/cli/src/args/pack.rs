//! `freehold pack …` as typed.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};
use jiff::civil::Date;

use super::parse_date;

#[derive(Debug, Subcommand)]
pub(crate) enum PackCommand {
    Ls,
    Show {
        pack: String,
        #[arg(long, value_parser = parse_date)]
        at: Option<Date>,
    },
    Test {
        #[arg(required = true)]
        pack: Vec<String>,
    },
    Diff {
        was: String,
        is: String,
        #[arg(long)]
        prove: bool,
        #[arg(long, requires = "prove", value_parser = parse_date)]
        at: Option<Date>,
        #[arg(long, requires = "prove")]
        problems: Option<PathBuf>,
    },
    Duties(DutiesArgs),
    Score {
        pack: String,
        assessment: PathBuf,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct DutiesArgs {
    #[arg(long)]
    pub(crate) pack: Vec<String>,
    #[arg(long, value_parser = parse_date)]
    pub(crate) at: Option<Date>,
}
