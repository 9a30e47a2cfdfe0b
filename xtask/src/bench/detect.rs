//! Recall and precision of the detectors on generated text, and how fast they are.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result};

/// Builds the crate's example and lets `crates/gateway/bench/detect.py` ask it.
pub fn run(root: &Path, words: &[&str]) -> Result<ExitCode> {
    let Some(python) = python()? else {
        println!(
            "bench detect: needs python3 with the package Faker (PyPI), which could not be had here; nothing was measured"
        );
        return Ok(ExitCode::SUCCESS);
    };
    let build = ["build", "--release", "--locked", "-p", "gateway", "--example", "detect"];
    let code = super::cargo(root, &build)?;
    if code != ExitCode::SUCCESS {
        return Ok(code);
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let program = target.join("release/examples/detect");
    super::run(Command::new(python).arg(root.join("crates/gateway/bench/detect.py")).arg(program).args(words))?;
    Ok(ExitCode::SUCCESS)
}

/// A Python that has Faker, in an environment of its own that is made once in the user's cache.
fn python() -> Result<Option<PathBuf>> {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")));
    let dir = cache.context("neither XDG_CACHE_HOME nor HOME is set")?.join("freehold/bench-detect");
    let python = dir.join("bin/python");
    let has = || succeeds(Command::new(&python).args(["-c", "import faker"]));
    if has() {
        return Ok(Some(python));
    }
    let made = succeeds(Command::new("python3").args(["-m", "venv"]).arg(&dir))
        && succeeds(Command::new(&python).args(["-m", "pip", "-q", "install", FAKER]));
    Ok((made && has()).then_some(python))
}

/// Another version draws other values.
const FAKER: &str = "Faker==40.63.0";

fn succeeds(command: &mut Command) -> bool {
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}
