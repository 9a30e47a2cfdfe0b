//! `freehold eval …` as typed.

use std::path::PathBuf;

use clap::{ArgGroup, Args as ClapArgs, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum EvalCommand {
    Run(Box<EvalRunArgs>),
    Ls,
    Show {
        id: String,
        #[arg(long)]
        suite: Option<PathBuf>,
    },
    Compare {
        first: String,
        second: String,
        #[arg(long, default_value = "0.05", value_parser = super::plan::parse_share)]
        margin: f64,
    },
    Import {
        file: PathBuf,
    },
}

#[derive(Debug, ClapArgs)]
#[command(group = ArgGroup::new("whom").required(true).args(["route", "deployment"]))]
pub(crate) struct EvalRunArgs {
    pub(crate) suite: PathBuf,
    #[arg(long)]
    pub(crate) route: Option<String>,
    #[arg(long)]
    pub(crate) deployment: Option<String>,
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    pub(crate) url: String,
    #[arg(long, env = "FREEHOLD_KEY", hide_env_values = true)]
    pub(crate) key: String,
    #[arg(long)]
    pub(crate) judge: Option<String>,
    #[arg(long, default_value = "4", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub(crate) concurrency: u16,
    #[arg(long)]
    pub(crate) resume: Option<String>,
}
