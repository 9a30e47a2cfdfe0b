//! The planner on the reference cases: the same optimum as PyPSA's, to 1e-6, checked without the solver; and what it takes.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use serde_json::Value;

use super::plan_case::convert;

/// Cases from the smallest on; the last takes long and has a limit.
const CASES: [&str; 7] =
    ["small", "small_multi", "small_tight", "small_multi_tight", "medium_tight", "medium", "large_a"];

/// Converts each case, solves and checks it, and compares its objective. `only`: one of them.
pub fn run(root: &Path, data: &Path, only: Option<&str>) -> Result<ExitCode> {
    if !data.join("small/case.json").is_file() {
        println!("plan: the reference cases are not in {}; nothing was measured", data.display());
        return Ok(ExitCode::FAILURE);
    }
    let dir = root.join("target/bench-plan");
    let mut ended = ExitCode::SUCCESS;
    println!("plan: {}", super::process::machine());
    for case in CASES.into_iter().filter(|case| only.is_none_or(|only| only == *case)) {
        let to = dir.join(case);
        convert(&data.join(case), &to)?;
        let expected: Value = serde_json::from_slice(&std::fs::read(data.join(case).join("expected.json"))?)?;
        let objective = expected["objective"].as_f64().unwrap_or(f64::NAN).to_string();
        let (path, limit) = (to.to_string_lossy().into_owned(), if case == "large_a" { "7200" } else { "600" });
        let bench = ["run", "--release", "--locked", "-q", "-p", "plan", "--example", "bench_plan", "--"];
        let code = super::cargo(root, &[bench.as_slice(), &[&path, &objective, limit]].concat())?;
        if code != ExitCode::SUCCESS {
            ended = code;
        }
    }
    Ok(ended)
}
