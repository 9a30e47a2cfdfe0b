//! The wall of faults: a test of the gateway that prints its table.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

pub fn run(root: &Path) -> Result<ExitCode> {
    let mut test = Command::new("cargo");
    test.args(["test", "--release", "--locked", "-p", "gateway", "--test", "it", "faults::", "--", "--nocapture"]);
    let status = test.current_dir(root).status().context("cannot run cargo")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
