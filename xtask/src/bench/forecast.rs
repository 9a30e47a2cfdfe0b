//! A forecast of a million draws with Sobol's indices, beside the same model in numpy and SALib, one after the other.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::spread::Figures;
use super::{cargo, process, run};

const DRAWS: &str = "1000000";
const BASE: &str = "32768";
/// Fewest pairs; an odd number has a middle one.
const PAIRS: usize = 9;
/// What the goal allows.
const CPU_S_MAX: f64 = 10.0;
const TIMES_MIN: f64 = 10.0;

/// Runs pairs and says medians; fails where the goal is missed or the two disagree.
pub fn forecast(root: &Path, pairs: usize) -> Result<ExitCode> {
    let python = peer(root)?;
    ensure!(
        cargo(root, &["build", "--release", "--locked", "-p", "forecast", "--example", "bench_forecast"])?
            == ExitCode::SUCCESS,
        "the example does not build"
    );
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(root.join("target"), PathBuf::from);
    let ours = target.join("release/examples/bench_forecast");
    println!(
        "forecast: {}\n{DRAWS} draws, 10 years, 30 correlated inputs, {BASE} points of Sobol's design",
        process::machine()
    );
    let (mut our_cpu, mut peer_cpu, mut times) = (Figures::default(), Figures::default(), Figures::default());
    let (mut our_mb, mut peer_mb) = (Figures::default(), Figures::default());
    for _ in 0..pairs {
        let one = measured(Command::new(&ours).args([DRAWS, BASE]))?;
        let other =
            measured(Command::new(&python).arg(root.join("crates/forecast/bench/peer.py")).args([DRAWS, BASE]))?;
        agree(&one, &other)?;
        let cpu = |it: &Value| it["cpu_s"].as_f64().context("cpu_s");
        our_cpu.push(cpu(&one)?);
        peer_cpu.push(cpu(&other)?);
        times.push(cpu(&other)? / cpu(&one)?);
        our_mb.push(one["rss_mb"].as_f64().context("rss_mb")?);
        peer_mb.push(other["rss_mb"].as_f64().context("rss_mb")?);
    }
    println!("{:<16} {:>24} {:>24}", "", "CPU s", "peak MB");
    println!("{:<16} {:>24} {:>24}", "freehold", our_cpu.to_string(), our_mb.to_string());
    println!("{:<16} {:>24} {:>24}", "numpy + SALib", peer_cpu.to_string(), peer_mb.to_string());
    println!("times less CPU: {times}, {pairs} pairs");
    let good = our_cpu.median() <= CPU_S_MAX && times.median() >= TIMES_MIN;
    println!("{}: at most {CPU_S_MAX} CPU s, at least {TIMES_MIN} times less", if good { "held" } else { "MISSED" });
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// How many pairs unless told otherwise.
pub const fn pairs() -> usize {
    PAIRS
}

/// A Python with the peer's packages, made once.
fn peer(root: &Path) -> Result<PathBuf> {
    let home = std::env::var_os("HOME").context("HOME is not set")?;
    let venv = Path::new(&home).join(".cache/freehold/forecast");
    let python = venv.join("bin/python");
    if !python.exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
    }
    let wanted = root.join("crates/forecast/bench/requirements.txt");
    run(Command::new(&python).args(["-m", "pip", "-q", "install", "-r"]).arg(wanted))?;
    Ok(python)
}

fn measured(command: &mut Command) -> Result<Value> {
    let output = command.output().with_context(|| format!("{command:?}"))?;
    ensure!(output.status.success(), "{command:?} failed: {}", String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Both computed the same: the fan's mean and ends within a hundredth, the indices within what their intervals allow.
fn agree(one: &Value, other: &Value) -> Result<()> {
    for name in ["mean", "p5", "p95"] {
        let (a, b) = (one[name].as_f64().context(name)?, other[name].as_f64().context(name)?);
        ensure!((a / b - 1.0).abs() < 0.01, "{name}: {a} and {b}");
    }
    let all = |it: &Value| it["indices"].as_array().cloned().unwrap_or_default();
    let (left, right) = (all(one), all(other));
    ensure!(left.len() == 30 && right.len() == 30, "thirty indices each");
    for (a, b) in left.iter().zip(&right) {
        for kind in 0..2 {
            let (a, b) = (a[kind].as_f64().context("an index")?, b[kind].as_f64().context("an index")?);
            ensure!((a - b).abs() < 0.03, "an index: {a} and {b}");
        }
    }
    Ok(())
}
