//! `freehold plan …` as typed.

use std::path::PathBuf;

use ::plan::demand::Represents;
use clap::{Args as ClapArgs, Subcommand, ValueEnum};

use crate::lang::tell;

#[derive(Debug, Subcommand)]
pub(crate) enum PlanCommand {
    Start(PlanStartArgs),
    Stock {
        case: PathBuf,
    },
    Demand(PlanDemandArgs),
    Solve(PlanSolveArgs),
    Check {
        dir: PathBuf,
    },
    Show(PlanShowArgs),
    Scenarios(PlanScenariosArgs),
    Diff(PlanDiffArgs),
    Explain(PlanExplainArgs),
    Reduce(PlanReduceArgs),
    Pypsa {
        dir: PathBuf,
        #[arg(long)]
        out: PathBuf,
        #[arg(long, default_value = "EUR")]
        currency: String,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct PlanStartArgs {
    #[arg(long)]
    pub(crate) out: PathBuf,
    #[arg(long, required = true, value_delimiter = ',', value_parser = clap::value_parser!(i32).range(1900..=2300))]
    pub(crate) years: Vec<i32>,
    #[arg(long, value_parser = parse_share)]
    pub(crate) discount_rate: Option<f64>,
    #[arg(long)]
    pub(crate) figures: Option<PathBuf>,
    #[arg(long)]
    pub(crate) estimated: bool,
    #[arg(long, value_delimiter = ',', value_parser = parse_rate)]
    pub(crate) rate: Vec<(String, f64)>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct PlanDemandArgs {
    #[command(flatten)]
    pub(crate) from: FromRecords,
    #[arg(long)]
    pub(crate) scenario: Option<PathBuf>,
    #[arg(long)]
    pub(crate) out: PathBuf,
}

/// How recorded work is put into a case.
#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct FromRecords {
    #[arg(long)]
    pub(crate) case: PathBuf,
    #[arg(long, default_value = "1", value_parser = parse_represents)]
    pub(crate) represents: Represents,
    #[arg(long, value_delimiter = ',', value_parser = parse_growth)]
    pub(crate) growth: Vec<(i32, f64)>,
    #[arg(long)]
    pub(crate) everywhere: bool,
    #[arg(long, value_parser = parse_mfu)]
    pub(crate) mfu: Option<Represents>,
}

/// Reads `100`, or `10..100..1000`: the low, the middle and the high.
pub(super) fn parse_represents(text: &str) -> Result<Represents, String> {
    let numbers: Vec<f64> = text.split("..").filter_map(|it| it.parse().ok()).collect();
    let found = match (numbers.as_slice(), text.split("..").count()) {
        ([mid], 1) => Some(Represents { low: *mid, mid: *mid, high: *mid }),
        ([low, mid, high], 3) => Some(Represents { low: *low, mid: *mid, high: *high }),
        _ => None,
    };
    let fits = |it: &Represents| it.low > 0.0 && it.low <= it.mid && it.mid <= it.high && it.high.is_finite();
    found.filter(fits).ok_or_else(|| tell("represents-wrong", &[("text", text.to_owned())]))
}

/// Reads shares of a peak: `0.4`, `0.3..0.5` with the middle halfway, or `0.3..0.4..0.5`.
pub(super) fn parse_mfu(text: &str) -> Result<Represents, String> {
    let numbers: Vec<f64> = text.split("..").filter_map(|it| it.parse().ok()).collect();
    let found = match (numbers.as_slice(), text.split("..").count()) {
        ([mid], 1) => Some(Represents { low: *mid, mid: *mid, high: *mid }),
        ([low, high], 2) => Some(Represents { low: *low, mid: f64::midpoint(*low, *high), high: *high }),
        ([low, mid, high], 3) => Some(Represents { low: *low, mid: *mid, high: *high }),
        _ => None,
    };
    let fits = |it: &Represents| it.low > 0.0 && it.low <= it.mid && it.mid <= it.high && it.high <= 1.0;
    found.filter(fits).ok_or_else(|| tell("mfu-wrong", &[("text", text.to_owned())]))
}

/// Reads `2030=4`.
pub(super) fn parse_growth(text: &str) -> Result<(i32, f64), String> {
    let read = || {
        let (year, factor) = text.split_once('=')?;
        let factor: f64 = factor.parse().ok()?;
        Some((year.parse().ok()?, factor)).filter(|_| factor.is_finite() && factor >= 0.0)
    };
    read().ok_or_else(|| tell("growth-wrong", &[("text", text.to_owned())]))
}

/// Reads `USD=0.9`: so many units of the realm's currency for one of another.
fn parse_rate(text: &str) -> Result<(String, f64), String> {
    let read = || {
        let (currency, rate) = text.split_once('=')?;
        let rate: f64 = rate.parse().ok()?;
        let is_code = currency.len() == 3 && currency.bytes().all(|it| it.is_ascii_uppercase());
        (is_code && rate > 0.0 && rate.is_finite()).then(|| (currency.to_owned(), rate))
    };
    read().ok_or_else(|| tell("rate-wrong", &[("text", text.to_owned())]))
}

#[derive(Debug, ClapArgs)]
pub(crate) struct PlanSolveArgs {
    pub(crate) case: PathBuf,
    #[arg(long)]
    pub(crate) out: Option<PathBuf>,
    #[arg(long, requires = "out")]
    pub(crate) parquet: bool,
    #[arg(long, value_enum, default_value = "auto")]
    pub(crate) solver: Solver,
    #[arg(long)]
    pub(crate) crossover: bool,
    #[arg(long, default_value = "0.0001", value_parser = parse_share)]
    pub(crate) gap: f64,
    #[arg(long)]
    pub(crate) limit_s: Option<u32>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct PlanShowArgs {
    pub(crate) dir: PathBuf,
    #[arg(long)]
    pub(crate) write: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct PlanScenariosArgs {
    pub(crate) case: PathBuf,
    #[arg(long)]
    pub(crate) out: Option<PathBuf>,
    #[arg(long)]
    pub(crate) before: Option<i32>,
    #[arg(long)]
    pub(crate) no_regret: bool,
    #[arg(long, default_value = "0.0001", value_parser = parse_share)]
    pub(crate) gap: f64,
    #[arg(long)]
    pub(crate) limit_s: Option<u32>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct PlanExplainArgs {
    pub(crate) case: PathBuf,
    #[arg(long)]
    pub(crate) iis: bool,
    #[arg(long)]
    pub(crate) limit_s: Option<u32>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct PlanDiffArgs {
    pub(crate) first: PathBuf,
    pub(crate) second: PathBuf,
    #[arg(long)]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct PlanReduceArgs {
    pub(crate) case: PathBuf,
    #[arg(long)]
    pub(crate) out: PathBuf,
    #[arg(long)]
    pub(crate) weeks: usize,
    #[arg(long, default_value = "168", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) hours: u16,
    #[arg(long, default_value = "0")]
    pub(crate) seed: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Solver {
    Auto,
    Simplex,
    Ipm,
    Hipo,
}

/// Reads a share, 0 to 1.
pub(super) fn parse_share(text: &str) -> Result<f64, String> {
    let share = text.parse::<f64>().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| tell("share-wrong", &[("text", text.to_owned())]))
}
