//! Benches: ratios beside a named peer in the same run, judged on CPU time.

pub mod gateway;
mod process;
mod spread;

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

/// The ledger's own bench: appending beside raw group commit, then recovery of a large log, on the disk of the tree.
pub fn ledger(root: &Path) -> Result<ExitCode> {
    let dir = root.join("target/bench-ledger");
    std::fs::create_dir_all(&dir)?;
    let dir = dir.to_str().context("the path of the tree is not UTF-8")?;
    for what in ["append", "recover"] {
        let code = cargo(root, &["run", "--release", "--locked", "-p", "ledger", "--example", "bench", "--", what, dir])?;
        if code != ExitCode::SUCCESS {
            return Ok(code);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The engine's own bench.
pub fn engine(root: &Path) -> Result<ExitCode> {
    cargo(root, &["run", "--release", "--locked", "-p", "engine", "--features", "bench", "--bin", "engine-bench"])
}

fn cargo(root: &Path, args: &[&str]) -> Result<ExitCode> {
    let status = Command::new("cargo").args(args).current_dir(root).status()?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
