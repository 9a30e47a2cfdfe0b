//! Benches: ratios beside a named peer in the same run, judged on CPU time.

pub mod detect;
pub mod forecast;
pub mod gateway;
pub mod plan;
pub mod plan_beside;
mod plan_case;
pub mod plan_year;
mod process;
mod reading;
pub mod rules;
mod spread;

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};

/// The ledger's own bench: appending beside raw group commit, then recovery of a large log, on the disk of the tree.
pub fn ledger(root: &Path) -> Result<ExitCode> {
    let dir = root.join("target/bench-ledger");
    std::fs::create_dir_all(&dir)?;
    let dir = dir.to_str().context("the path of the tree is not UTF-8")?;
    for what in ["append", "recover"] {
        let code =
            cargo(root, &["run", "--release", "--locked", "-p", "ledger", "--example", "bench", "--", what, dir])?;
        if code != ExitCode::SUCCESS {
            return Ok(code);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The console's own bench: what each page costs over a ledger of a million records, on the disk of the tree.
pub fn console(root: &Path) -> Result<ExitCode> {
    let dir = root.join("target/bench-console");
    std::fs::create_dir_all(&dir)?;
    println!("console: {}\n", process::machine());
    let dir = dir.to_str().context("the path of the tree is not UTF-8")?;
    let pages =
        cargo(root, &["run", "--release", "--locked", "-p", "console", "--example", "bench_console", "--", dir])?;
    Ok(if reading::run(root)? { pages } else { ExitCode::FAILURE })
}

/// A desk drill over a million records of a real ledger, which a generator with a seed writes first.
pub fn drill(root: &Path) -> Result<ExitCode> {
    let dir = root.join("target/bench-drill");
    // A log of before would be continued.
    if dir.exists() {
        std::fs::remove_dir_all(&dir)?;
    }
    std::fs::create_dir_all(&dir)?;
    let path = dir.to_str().context("the path of the tree is not UTF-8")?;
    for what in ["write", "replay"] {
        let code = cargo(
            root,
            &["run", "--release", "--locked", "-p", "drill", "--example", "bench_drill", "--", what, path],
        )?;
        if code != ExitCode::SUCCESS {
            return Ok(code);
        }
    }
    std::fs::remove_dir_all(&dir)?;
    Ok(ExitCode::SUCCESS)
}

/// The engine's own bench, on a file of a 135M model's shape that `crates/engine/bench/make_shape.py` writes once.
pub fn engine(root: &Path) -> Result<ExitCode> {
    let dir = root.join("target/bench-engine");
    let (python, model) = (dir.join("venv/bin/python"), dir.join("shape-135m.gguf"));
    if !model.exists() {
        std::fs::create_dir_all(&dir)?;
        run(Command::new("python3").args(["-m", "venv"]).arg(dir.join("venv")))?;
        run(Command::new(&python).args(["-m", "pip", "-q", "install", "-r"]).arg(root.join(REQUIREMENTS)))?;
        run(Command::new(&python).arg(root.join("crates/engine/bench/make_shape.py")).arg(&model))?;
    }
    let model = model.to_str().context("the path of the tree is not UTF-8")?;
    let bench = ["run", "--release", "--locked", "-p", "engine", "--features", "bench", "--bin", "engine-bench"];
    cargo(root, &[bench.as_slice(), &["--", "--model", model]].concat())
}

/// What writing a model file needs; the toy's training has the same.
const REQUIREMENTS: &str = "models/demo-tiny/requirements.txt";

fn run(command: &mut Command) -> Result<()> {
    ensure!(command.status().with_context(|| format!("{command:?}"))?.success(), "{command:?} failed");
    Ok(())
}

fn cargo(root: &Path, args: &[&str]) -> Result<ExitCode> {
    let status = Command::new("cargo").args(args).current_dir(root).status()?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
