//! `freehold forecast …` as typed.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};

use crate::lang::tell;

#[derive(Debug, Subcommand)]
pub(crate) enum ForecastCommand {
    Run(ForecastRunArgs),
    Diff(ForecastDiffArgs),
    Freeze {
        file: PathBuf,
        #[command(flatten)]
        draw: DrawArgs,
    },
    Ls,
    Score {
        resolved: PathBuf,
    },
}

/// How a forecast is drawn.
#[derive(Debug, Clone, Copy, ClapArgs)]
pub(crate) struct DrawArgs {
    #[arg(long, default_value = "100000", value_parser = parse_draws)]
    pub(crate) draws: usize,
    #[arg(long, default_value = "1")]
    pub(crate) seed: u64,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ForecastRunArgs {
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) draw: DrawArgs,
    #[arg(long, value_parser = parse_set)]
    pub(crate) set: Vec<(String, String)>,
    #[arg(long)]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ForecastDiffArgs {
    pub(crate) file: PathBuf,
    #[arg(long, value_parser = parse_set, required_unless_present = "with")]
    pub(crate) set: Vec<(String, String)>,
    #[arg(long, conflicts_with = "set")]
    pub(crate) with: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) draw: DrawArgs,
}

/// Reads `name=value`.
fn parse_set(text: &str) -> Result<(String, String), String> {
    let split = text.split_once('=').filter(|(name, value)| !name.trim().is_empty() && !value.trim().is_empty());
    let (name, value) = split.ok_or_else(|| tell("set-wrong", &[("text", text.to_owned())]))?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

fn parse_draws(text: &str) -> Result<usize, String> {
    let draws = text.replace('_', "").parse::<usize>().ok().filter(|draws| forecast::run::DRAWS.contains(draws));
    draws.ok_or_else(|| {
        let bounds = forecast::run::DRAWS;
        let (min, max) = (bounds.start().to_string(), bounds.end().to_string());
        tell("draws-wrong", &[("text", text.to_owned()), ("min", min), ("max", max)])
    })
}
