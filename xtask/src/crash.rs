//! The crash test of the binary, with more rounds than `make test` has.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::Result;

/// Runs it.
pub fn run(root: &Path, rounds: &str) -> Result<ExitCode> {
    let status = Command::new("cargo")
        .args(["test", "--release", "--locked", "-p", "cli", "--test", "it", "--", "--nocapture", "crash::"])
        .env("FREEHOLD_CRASH_ROUNDS", rounds)
        .current_dir(root)
        .status()?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
