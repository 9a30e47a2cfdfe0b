//! The planner beside PyPSA: the same cases, the same HiGHS, the same method, tolerance and crossover; in turns, each in a
//! process of its own.
//!
//! Building: the model made and handed over to the solver. Of PyPSA neither the import nor setting the network up counts;
//! of ours, neither starting nor reading the case. Memory: the most of that, less what the process held before.
//! Solving: the whole of our process, beside PyPSA's from the network that stands to the optimum.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::plan::{OBJECTIVE, are_there, converted, example, measured, number, off_by};
use super::spread::{Figures, verdict};
use super::{process, run};

/// Fewest pairs; an odd number has a middle one.
const PAIRS: usize = 9;
/// What is built side by side, and what the goal allows.
const BUILT: &str = "large_a";
const BUILD_CPU_MAX: f64 = 0.1;
const BUILD_MB_MAX: f64 = 1.0 / 6.0;
/// What is solved side by side, by which method. Simplex leaves PyPSA's `medium` unsolved within twenty minutes.
const SOLVED: [(&str, &str); 5] = [
    ("medium_tight", "simplex"),
    ("medium_tight", "ipx"),
    ("medium_tight", "hipo"),
    ("medium", "ipx"),
    ("medium", "hipo"),
];
const SOLVE_CPU_MAX: f64 = 0.5;

/// How many pairs unless told otherwise.
pub const fn pairs() -> usize {
    PAIRS
}

/// Runs pairs and prints tables; fails where a bound fails or an optimum is missed. `only`: one case.
pub fn beside(root: &Path, data: &Path, pairs: usize, only: Option<&str>) -> Result<ExitCode> {
    if !are_there(data) {
        return Ok(ExitCode::FAILURE);
    }
    let ours = example(root)?;
    let both = Both { ours, python: peer(root, PEER)?, root: root.to_owned(), data: data.to_owned() };
    println!("plan beside PyPSA: {}, {pairs} pairs", process::machine());
    let mut holds = true;
    if only.is_none_or(|it| it == BUILT) {
        holds &= both.built(pairs)?;
    }
    let solved: Vec<_> = SOLVED.into_iter().filter(|it| only.is_none_or(|only| only == it.0)).collect();
    if !solved.is_empty() {
        println!("\n| solved | method | freehold, CPU-s | PyPSA, CPU-s (with import) | ratio | bound | | MiB, both |");
        println!("|---|---|---|---|---|---|---|---|");
    }
    for (case, method) in solved {
        holds &= both.solved(case, method, pairs)?;
    }
    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

struct Both {
    ours: PathBuf,
    python: PathBuf,
    root: PathBuf,
    data: PathBuf,
}

impl Both {
    /// Both of a case, in one mode; with what the kernel says that each process took.
    fn pair(&self, case: &str, mode: &str) -> Result<[(Value, f64); 2]> {
        let dir = converted(&self.root, &self.data, case)?;
        let ours = spent(Command::new(&self.ours).arg(dir).arg(mode))?;
        let script = self.root.join("crates/plan/bench/peer.py");
        // HiPO comes to Python with an older HiGHS.
        let python = if mode == "hipo" { &peer(&self.root, PEER_HIPO)? } else { &self.python };
        let theirs = spent(Command::new(python).arg(script).arg(self.data.join(case)).arg(mode))?;
        Ok([ours, theirs])
    }

    fn built(&self, pairs: usize) -> Result<bool> {
        let [mut our_s, mut their_s, mut ratio_s] = std::array::from_fn(|_| Figures::default());
        let [mut our_mb, mut their_mb, mut ratio_mb] = std::array::from_fn(|_| Figures::default());
        let mut sizes = String::new();
        for _ in 0..pairs {
            let [(one, _), (other, _)] = self.pair(BUILT, "build")?;
            let (a, b) = (number(&one, "cpu_s")?, number(&other, "create_cpu_s")? + number(&other, "transfer_cpu_s")?);
            ratio_s.push(a / b);
            our_s.push(a);
            their_s.push(b);
            let extra = |it: &Value| Ok::<f64, anyhow::Error>(number(it, "peak_mb")? - number(it, "base_mb")?);
            let (a, b) = (extra(&one)?, extra(&other)?);
            ratio_mb.push(a / b);
            our_mb.push(a);
            their_mb.push(b);
            let size =
                |it: &Value| format!("{} columns, {} rows, {} entries", it["columns"], it["rows"], it["entries"]);
            sizes = format!("freehold {}; PyPSA {}", size(&one), size(&other));
        }
        println!("\n{BUILT}: {sizes}");
        println!("| built and handed over | freehold | PyPSA | ratio | bound | |\n|---|---|---|---|---|---|");
        let (cpu, memory) = (verdict(&ratio_s, BUILD_CPU_MAX), verdict(&ratio_mb, BUILD_MB_MAX));
        println!("| CPU-s | {our_s} | {their_s} | {} | ≤ 0.1 | {cpu} |", fine(&ratio_s));
        println!("| MiB beyond the base | {our_mb} | {their_mb} | {} | ≤ 0.167 | {memory} |", fine(&ratio_mb));
        Ok(cpu != "FAILS" && memory != "FAILS")
    }

    fn solved(&self, case: &str, method: &str, pairs: usize) -> Result<bool> {
        let [mut our_s, mut their_s, mut whole_s, mut ratio] = std::array::from_fn(|_| Figures::default());
        let [mut our_mb, mut their_mb] = std::array::from_fn(|_| Figures::default());
        for _ in 0..pairs {
            let [(one, our_whole), (other, their_whole)] = self.pair(case, method)?;
            for it in [&one, &other] {
                let off = off_by(&self.data, case, it)?;
                ensure!(off <= OBJECTIVE, "{case}: an optimum is off by {off:e}: {it}");
            }
            let theirs = number(&other, "cpu_s")?;
            our_s.push(our_whole);
            their_s.push(theirs);
            whole_s.push(their_whole);
            ratio.push(our_whole / theirs);
            our_mb.push(number(&one, "peak_mb")?);
            their_mb.push(number(&other, "peak_mb")?);
        }
        let said = verdict(&ratio, SOLVE_CPU_MAX);
        let (a, b) = (our_mb.median(), their_mb.median());
        println!(
            "| {case} | {method} | {our_s} | {their_s} ({:.2}) | {} | ≤ {SOLVE_CPU_MAX} | {said} | {a:.0}, {b:.0} |",
            whole_s.median(),
            fine(&ratio)
        );
        Ok(said != "FAILS")
    }
}

/// A ratio with its spread, to three digits.
fn fine(figures: &Figures) -> String {
    let at = |share| figures.quantile(share);
    format!("{:.3} ({:.3}–{:.3})", at(0.5), at(0.0), at(1.0))
}

/// What a program says, and the processor seconds that it and its children took.
fn spent(command: &mut Command) -> Result<(Value, f64)> {
    let before = children_s()?;
    let said = measured(command)?;
    Ok((said, children_s()? - before))
}

/// Processor seconds, user and system, of all children that ended and were waited for, theirs included.
fn children_s() -> Result<f64> {
    let text = std::fs::read_to_string("/proc/self/stat")?;
    let after_name = text.rsplit_once(')').map_or(text.as_str(), |(_, rest)| rest);
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    // cutime and cstime are fields 16 and 17 of proc(5); the list begins with field 3.
    let ticks: Option<f64> = fields.get(13..15).map(|it| it.iter().filter_map(|it| it.parse::<f64>().ok()).sum());
    Ok(ticks.context("the kernel does not say")? / 100.0)
}

/// A Python with PyPSA, made once: its folder and what it needs.
const PEER: [&str; 2] = ["pypsa", "requirements.txt"];
const PEER_HIPO: [&str; 2] = ["pypsa-hipo", "requirements-hipo.txt"];

fn peer(root: &Path, [folder, needs]: [&str; 2]) -> Result<PathBuf> {
    let home = std::env::var_os("HOME").context("HOME is not set")?;
    let venv = Path::new(&home).join(".cache/freehold").join(folder);
    let python = venv.join("bin/python");
    if !python.exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
    }
    let wanted = root.join("crates/plan/bench").join(needs);
    run(Command::new(&python).args(["-m", "pip", "-q", "install", "-r"]).arg(wanted))?;
    Ok(python)
}
