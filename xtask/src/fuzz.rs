//! Fuzzing, target by target: built with coverage by the toolchain that is here, run for a while, told in a table.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};

/// As `fuzz/src/main.rs` names them.
const TARGETS: [&str; 13] = [
    "sse",
    "streams",
    "events-for-anthropic",
    "events-for-responses",
    "answers",
    "requests",
    "redaction",
    "realm",
    "rules",
    "passports",
    "records",
    "ledger",
    "gguf",
];

/// What libFuzzer needs to see where an input leads.
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1";

/// Runs every target, or one, for so many seconds.
pub fn run(root: &Path, seconds: &str, only: Option<&str>) -> Result<ExitCode> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from).join("fuzz");
    let binary = build(root, &target)?;
    println!("{:<22} {:>12} {:>9} {:>9}  found", "target", "executions", "edges", "seconds");
    let mut sound = true;
    for name in TARGETS.iter().filter(|name| only.is_none_or(|only| only == **name)) {
        sound &= one(root, &binary, &target, name, seconds)?;
    }
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn build(root: &Path, target: &Path) -> Result<PathBuf> {
    let status = Command::new("cargo")
        .args(["build", "--release", "--manifest-path", "fuzz/Cargo.toml"])
        .env("CARGO_TARGET_DIR", target)
        .env("RUSTFLAGS", COVERAGE)
        // Build scripts and macros need no coverage: with a target named, they get none.
        .args(["--target", &host()?])
        .current_dir(root)
        .status()
        .context("cannot run cargo")?;
    ensure!(status.success(), "the fuzzing binary cannot be built");
    Ok(target.join(host()?).join("release/fuzz"))
}

fn host() -> Result<String> {
    let output = Command::new("rustc").arg("-vV").output().context("cannot run rustc")?;
    let text = String::from_utf8(output.stdout)?;
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("rustc names no host")
}

fn one(root: &Path, binary: &Path, target: &Path, name: &str, seconds: &str) -> Result<bool> {
    let corpus = target.join("corpus").join(name);
    let found = target.join("found").join(name);
    std::fs::create_dir_all(&corpus)?;
    std::fs::create_dir_all(&found)?;
    let output = Command::new(binary)
        .env("FUZZ_TARGET", name)
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-artifact_prefix={}/", found.display()))
        .args(["-max_len=16384", "-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1", "-use_value_profile=1"])
        .arg(&corpus)
        .args(seeds(root, name))
        .output()
        .context("cannot run the fuzzing binary")?;
    let log = String::from_utf8_lossy(&output.stderr);
    let after =
        |words: &str| log.lines().rev().find_map(|line| line.strip_prefix(words)).unwrap_or("?").trim().to_owned();
    let edges = log.lines().rev().find_map(|line| line.split(" cov: ").nth(1)?.split(' ').next());
    let verdict = if output.status.success() { "nothing".to_owned() } else { what(&log) };
    let runs = after("stat::number_of_executed_units:");
    println!("{name:<22} {runs:>12} {:>9} {seconds:>9}  {verdict}", edges.unwrap_or("?"));
    Ok(output.status.success())
}

/// What stopped it, and the input that did.
fn what(log: &str) -> String {
    let panic = log.lines().position(|line| line.contains("panicked at"));
    let words = panic.map(|at| log.lines().skip(at).take(3).collect::<Vec<_>>().join(" / "));
    let input = log.lines().find(|line| line.contains("Test unit written to")).unwrap_or_default();
    let error = log.lines().find(|line| line.contains("ERROR: libFuzzer")).unwrap_or_default().to_owned();
    format!("{} {input}", words.unwrap_or(error))
}

/// Folders of inputs to begin with, where the tree has some.
fn seeds(root: &Path, name: &str) -> Vec<PathBuf> {
    let own = root.join("fuzz/seeds").join(name);
    let more: &[&str] = match name {
        "realm" => &["examples/republic", "crates/gateway/tests/it/providers"],
        "rules" => &["examples/republic/policies", "packs/strategic-sectors"],
        "passports" => &["crates/passport/tests/data"],
        "records" => &["crates/realm/tests/data/v1"],
        _ => &[],
    };
    let all = std::iter::once(own).chain(more.iter().map(|path| root.join(path)));
    all.filter(|path| path.is_dir()).collect()
}
