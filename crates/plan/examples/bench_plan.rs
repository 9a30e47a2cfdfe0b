//! Solves one case, checks the plan and compares the objective: `bench_plan CASE OBJECTIVE LIMIT_S`.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use plan::case::Case;
use plan::solve::{self, Options, Step};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [dir, expected, limit] = words.as_slice() else {
        eprintln!("usage: bench_plan CASE OBJECTIVE LIMIT_S");
        return ExitCode::from(2);
    };
    let case = match plan::case::load(Path::new(dir)) {
        Ok(case) => case,
        Err(problems) => {
            eprint!("{}", realm::load::render(&problems, plan::Lang::En, false));
            return ExitCode::from(2);
        }
    };
    measure(&case, Path::new(dir), expected.parse().unwrap_or(f64::NAN), limit.parse().ok())
}

/// Builds, solves and checks; says what each took.
fn measure(case: &Case, dir: &Path, expected: f64, time_limit_s: Option<f64>) -> ExitCode {
    let begun = Instant::now();
    let before = cpu_s();
    solve::build_only(case);
    let (build_cpu_s, build_mb) = (cpu_s() - before, peak_mb());
    let log = Some(dir.join("highs.log"));
    let options = Options { time_limit_s, log, ..Options::default() };
    let solving = cpu_s();
    let tell = &mut |step: Step| eprintln!("{step:?}");
    let plan = match solve::solve(case, &options, tell) {
        Ok(plan) => plan,
        Err(failure) => {
            println!("{}: {failure:?} after {:.1} s", case.name, begun.elapsed().as_secs_f64());
            return ExitCode::FAILURE;
        }
    };
    let solve_cpu_s = cpu_s() - solving;
    let checked = plan::check::check(case, &plan);
    let off = ((plan.objective - expected) / expected).abs();
    println!(
        "{}: objective {:.6} (off by {off:.1e}), build {build_cpu_s:.3} CPU-s {build_mb:.0} MB, solve {solve_cpu_s:.2} CPU-s, {:.1} s, peak {:.0} MB, {} conditions checked",
        case.name,
        plan.objective,
        begun.elapsed().as_secs_f64(),
        peak_mb(),
        checked.conditions
    );
    for finding in &checked.findings {
        println!("  {finding:?}");
    }
    if off <= 1e-6 && checked.findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Processor seconds of this process.
fn cpu_s() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks: f64 = fields.get(11..13).into_iter().flatten().filter_map(|it| it.parse::<f64>().ok()).sum();
    ticks / 100.0
}

/// Most memory that this process has held, in MiB.
fn peak_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|it| it.trim().trim_end_matches(" kB").parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}
