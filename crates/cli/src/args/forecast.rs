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
    Observatory(ForecastObservatoryArgs),
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

impl Default for DrawArgs {
    fn default() -> Self {
        Self { draws: 100_000, seed: 1 }
    }
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ForecastRunArgs {
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) draw: DrawArgs,
    #[arg(long, value_parser = parse_set)]
    pub(crate) set: Vec<(String, String)>,
    #[arg(long, conflicts_with = "records")]
    pub(crate) usage: Option<PathBuf>,
    #[arg(long)]
    pub(crate) records: bool,
    #[arg(long)]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ForecastDiffArgs {
    pub(crate) file: PathBuf,
    #[arg(long, value_parser = parse_set, required_unless_present_any = ["with", "delay"])]
    pub(crate) set: Vec<(String, String)>,
    #[arg(long, conflicts_with = "set")]
    pub(crate) with: Option<PathBuf>,
    #[arg(long, requires = "delay")]
    pub(crate) case: Option<PathBuf>,
    #[arg(long, requires = "case", conflicts_with = "with", value_parser = parse_delay)]
    pub(crate) delay: Option<(String, u8)>,
    #[command(flatten)]
    pub(crate) draw: DrawArgs,
}

/// Whose compute is looked at.
#[derive(Debug, ClapArgs)]
pub(crate) struct ForecastObservatoryArgs {
    #[arg(long)]
    pub(crate) case: Option<PathBuf>,
    #[arg(long, conflicts_with = "case")]
    pub(crate) capacity: Option<PathBuf>,
    #[arg(long)]
    pub(crate) of: Option<String>,
    #[arg(long)]
    pub(crate) out: Option<PathBuf>,
}

/// Reads `name=value`.
fn parse_set(text: &str) -> Result<(String, String), String> {
    let split = text.split_once('=').filter(|(name, value)| !name.trim().is_empty() && !value.trim().is_empty());
    let (name, value) = split.ok_or_else(|| tell("set-wrong", &[("text", text.to_owned())]))?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

/// Reads `technology=years`.
fn parse_delay(text: &str) -> Result<(String, u8), String> {
    let read = || {
        let (technology, years) = text.split_once('=')?;
        let years: u8 = years.trim().parse().ok().filter(|years| (1..=50).contains(years))?;
        Some((technology.trim().to_owned(), years)).filter(|(technology, _)| !technology.is_empty())
    };
    read().ok_or_else(|| tell("delay-wrong", &[("text", text.to_owned())]))
}

fn parse_draws(text: &str) -> Result<usize, String> {
    let draws = text.replace('_', "").parse::<usize>().ok().filter(|draws| forecast::run::DRAWS.contains(draws));
    draws.ok_or_else(|| {
        let bounds = forecast::run::DRAWS;
        let (min, max) = (bounds.start().to_string(), bounds.end().to_string());
        tell("draws-wrong", &[("text", text.to_owned()), ("min", min), ("max", max)])
    })
}
