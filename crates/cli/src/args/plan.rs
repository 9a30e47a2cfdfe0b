//! `freehold plan …` as typed.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand, ValueEnum};

#[derive(Debug, Subcommand)]
pub(crate) enum PlanCommand {
    Solve(PlanSolveArgs),
    Check {
        dir: PathBuf,
    },
    Explain {
        case: PathBuf,
    },
    Pypsa {
        dir: PathBuf,
        #[arg(long)]
        out: PathBuf,
        #[arg(long, default_value = "EUR")]
        currency: String,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct PlanSolveArgs {
    pub(crate) case: PathBuf,
    #[arg(long)]
    pub(crate) out: Option<PathBuf>,
    #[arg(long, value_enum, default_value = "auto")]
    pub(crate) solver: Solver,
    #[arg(long)]
    pub(crate) crossover: bool,
    #[arg(long, default_value = "0.0001", value_parser = super::parse_share)]
    pub(crate) gap: f64,
    #[arg(long)]
    pub(crate) limit_s: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Solver {
    Auto,
    Simplex,
    Ipm,
}
