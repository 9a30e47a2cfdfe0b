//! Benches: ratios beside a named peer in the same run, judged on CPU time.

pub mod gateway;
mod process;
mod spread;

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::Result;

/// The ledger's own bench.
pub fn ledger(root: &Path) -> Result<ExitCode> {
    cargo(root, &["run", "--release", "--locked", "-p", "ledger", "--example", "bench"])
}

/// The engine's own bench.
pub fn engine(root: &Path) -> Result<ExitCode> {
    cargo(root, &["run", "--release", "--locked", "-p", "engine", "--features", "bench", "--bin", "engine-bench"])
}

fn cargo(root: &Path, args: &[&str]) -> Result<ExitCode> {
    let status = Command::new("cargo").args(args).current_dir(root).status()?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
