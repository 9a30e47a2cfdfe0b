//! One case, built or solved and checked, with what it took, as JSON: `bench_plan CASE build|auto|simplex|ipx|hipo [LIMIT_S]`.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use plan::case::Case;
use plan::solve::{self, Method, Options, Step};
use serde_json::{Value, json};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (Some(dir), Some(mode)) = (words.first(), words.get(1)) else {
        eprintln!("usage: bench_plan CASE build|auto|simplex|ipx|hipo [LIMIT_S]");
        return ExitCode::from(2);
    };
    let case = match plan::case::load(Path::new(dir)) {
        Ok(case) => case,
        Err(problems) => {
            eprint!("{}", realm::load::render(&problems, plan::Lang::En, false));
            return ExitCode::from(2);
        }
    };
    let method = match mode.as_str() {
        "build" => None,
        "simplex" => Some(Method::Simplex),
        "ipx" => Some(Method::Ipm),
        "hipo" => Some(Method::Hipo),
        _ => Some(Method::Auto),
    };
    let ready = (cpu_s(), memory_mb("VmRSS:"));
    // What reading the case took no longer counts as the most.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    let begun = Instant::now();
    let told = match method {
        None => solve::build_only(&case).map(|size| json!({ "columns": size[0], "rows": size[1], "entries": size[2] })),
        Some(method) => solved(&case, Path::new(dir), method, words.get(2).and_then(|it| it.parse().ok())),
    };
    let mut told = match told {
        Ok(told) => told,
        Err(failure) => json!({ "failure": format!("{failure:?}") }),
    };
    told["read_cpu_s"] = ready.0.into();
    told["base_mb"] = ready.1.into();
    told["cpu_s"] = (cpu_s() - ready.0).into();
    told["wall_s"] = begun.elapsed().as_secs_f64().into();
    told["peak_mb"] = memory_mb("VmHWM:").into();
    println!("{told}");
    ExitCode::SUCCESS
}

/// The objective, and what the check makes of the plan. One thread, as the peer.
fn solved(case: &Case, dir: &Path, method: Method, time_limit_s: Option<f64>) -> Result<Value, solve::Failure> {
    let log = Some(dir.join("highs.log"));
    let options = Options { method, time_limit_s, log, threads: Some(1), ..Options::default() };
    let mut size = json!({});
    let tell = &mut |step: Step| {
        if let Step::Built { columns, rows, entries, .. } = step {
            size = json!({ "columns": columns, "rows": rows, "entries": entries });
        }
    };
    let plan = solve::solve(case, &options, tell)?;
    let checked = plan::check::check(case, &plan);
    let findings: Vec<String> = checked.findings.iter().map(|it| format!("{it:?}")).collect();
    size["objective"] = plan.objective.into();
    size["conditions"] = checked.conditions.into();
    size["findings"] = findings.into();
    Ok(size)
}

/// Processor seconds of this process, user and system.
fn cpu_s() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks: f64 = fields.get(11..13).into_iter().flatten().filter_map(|it| it.parse::<f64>().ok()).sum();
    ticks / 100.0
}

/// A line of what the kernel says of this process's memory, in MiB.
fn memory_mb(what: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(what));
    line.and_then(|it| it.trim().trim_end_matches(" kB").parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}
