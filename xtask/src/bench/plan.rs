//! The planner on the reference cases: the same optimum as PyPSA's, to 1e-6, checked without the solver; and what it takes.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::plan_case::convert;

/// Cases from the smallest on; the last takes long and has a limit.
const CASES: [&str; 7] =
    ["small", "small_multi", "small_tight", "small_multi_tight", "medium_tight", "medium", "large_a"];
/// How far an objective may be off, as a share.
pub(super) const OBJECTIVE: f64 = 1e-6;

/// Whether the reference cases are there; says so where not.
pub(super) fn are_there(data: &Path) -> bool {
    let there = data.join("small/case.json").is_file();
    if !there {
        println!("plan: the reference cases are not in {}; nothing was measured", data.display());
    }
    there
}

/// Converts each case, solves and checks it, and compares its objective. `only`: one of them; `method`: `auto`, `simplex`,
/// `ipx` or `hipo`.
pub fn run(root: &Path, data: &Path, only: Option<&str>, method: &str) -> Result<ExitCode> {
    if !are_there(data) {
        return Ok(ExitCode::FAILURE);
    }
    let ours = example(root)?;
    println!("plan: {}, method {method}", super::process::machine());
    println!("{:<18} {:>9} {:>9} {:>8} {:>8} {:>8}", "case", "columns", "rows", "off by", "CPU s", "peak MB");
    let mut ended = ExitCode::SUCCESS;
    for case in CASES.into_iter().filter(|case| only.is_none_or(|only| only == *case)) {
        let dir = converted(root, data, case)?;
        let limit_s = if case == "large_a" { "14400" } else { "1200" };
        let one = measured(Command::new(&ours).arg(&dir).args([method, limit_s]))?;
        let off = off_by(data, case, &one)?;
        println!(
            "{case:<18} {:>9} {:>9} {off:>8.0e} {:>8.2} {:>8.0}  {}",
            one["columns"],
            one["rows"],
            number(&one, "cpu_s").unwrap_or(f64::NAN),
            number(&one, "peak_mb").unwrap_or(f64::NAN),
            if one["failure"].is_null() { one["findings"].to_string() } else { one["failure"].to_string() },
        );
        let holds = off <= OBJECTIVE && one["findings"].as_array().is_some_and(Vec::is_empty);
        if !holds {
            ended = ExitCode::FAILURE;
        }
    }
    Ok(ended)
}

/// The example, built.
pub(super) fn example(root: &Path) -> Result<PathBuf> {
    let build = ["build", "--release", "--locked", "-q", "-p", "plan", "--example", "bench_plan"];
    ensure!(super::cargo(root, &build)? == ExitCode::SUCCESS, "the example does not build");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(root.join("target"), PathBuf::from);
    Ok(target.join("release/examples/bench_plan"))
}

/// A reference case as a case of ours.
pub(super) fn converted(root: &Path, data: &Path, case: &str) -> Result<PathBuf> {
    let to = root.join("target/bench-plan").join(case);
    convert(&data.join(case), &to)?;
    Ok(to)
}

/// What a program says in its last line.
pub(super) fn measured(command: &mut Command) -> Result<Value> {
    let output = command.output().with_context(|| format!("{command:?}"))?;
    ensure!(output.status.success(), "{command:?} failed: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout)?;
    let last = text.lines().last().context("it said nothing")?;
    serde_json::from_str(last).with_context(|| last.to_owned())
}

/// A number of what was said.
pub(super) fn number(of: &Value, name: &str) -> Result<f64> {
    of[name].as_f64().with_context(|| format!("{name} in {of}"))
}

/// How far an objective is from the reference's, as a share; one that is missing is no number.
pub(super) fn off_by(data: &Path, case: &str, one: &Value) -> Result<f64> {
    let expected: Value = serde_json::from_slice(&std::fs::read(data.join(case).join("expected.json"))?)?;
    let expected = number(&expected, "objective")?;
    Ok(number(one, "objective").map_or(f64::NAN, |found| ((found - expected) / expected).abs()))
}
