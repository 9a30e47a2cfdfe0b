//! Chores of the project: `tidy` (the rules of the tree), `bench`, `crash`, `faults` and `fuzz`.
#![forbid(unsafe_code)]

mod bench;
mod crash;
mod faults;
mod fuzz;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};

const USAGE: &str = "usage: cargo xtask tidy            the rules of the tree: direction, sizes, words, pages
       cargo xtask tidy --update   write the ratchet anew (it may only shrink in review)
       cargo xtask faults          every fault of a provider, streamed or not, with and without an alternative: a table
       cargo xtask fuzz [S [NAME]]   every parser of foreign bytes, 60 seconds each unless told otherwise
       cargo xtask crash [ROUNDS]  kill -9 of a server under load, 300 times unless told otherwise
       cargo xtask bench gateway   CPU, latency and memory beside nginx (needs nginx and wrk)
       cargo xtask bench ledger    appends beside raw group commit; verify and recovery of a million records
       cargo xtask bench console   CPU of each page over a million records; sums beside a plain recount; a request's CPU while
                                   pages are read (needs nginx and wrk)
       cargo xtask bench rules     ten thousand rules beside one, on the way of a request (needs nginx and wrk); a cold decision
       cargo xtask bench drill     a desk drill over a million records: processor time and memory
       cargo xtask bench plan DIR [CASE [METHOD]]   the planner on the reference cases in DIR: the optimum, its check, time and
                                   memory; by auto, simplex, ipx or hipo (large_a takes from a quarter of an hour on)
       cargo xtask bench plan-beside DIR [PAIRS [CASE]]   the same cases beside PyPSA (needs python3 and PyPI)
       cargo xtask bench plan-year DIR [METHOD]   a full year of ten sites, 8,760 hours in one piece (a quarter of an hour on)
       cargo xtask bench detect    recall and precision of the detectors, and their speed; -v: what they missed (needs python3)
       cargo xtask bench forecast [PAIRS]   a million draws with Sobol's indices beside numpy and SALib (needs python3 and PyPI)
       cargo xtask bench engine    tokens beside a bare llama.cpp loop (needs python3 with the gguf package)";

fn main() -> Result<ExitCode> {
    let root = root()?;
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["tidy"] => tidy::run(&root, false),
        ["tidy", "--update"] => tidy::run(&root, true),
        ["crash"] => crash::run(&root, "300"),
        ["crash", rounds] => crash::run(&root, rounds),
        ["fuzz"] => fuzz::run(&root, "60", None),
        ["fuzz", seconds] => fuzz::run(&root, seconds, None),
        ["fuzz", seconds, target] => fuzz::run(&root, seconds, Some(target)),
        ["faults"] => faults::run(&root),
        ["bench", "gateway"] => bench::gateway::run(&root),
        ["bench", "ledger"] => bench::ledger(&root),
        ["bench", "drill"] => bench::drill(&root),
        ["bench", "forecast"] => bench::forecast::forecast(&root, bench::forecast::pairs()),
        ["bench", "forecast", pairs] => bench::forecast::forecast(&root, pairs.parse()?),
        ["bench", "detect", words @ ..] => bench::detect::run(&root, words),
        ["bench", "plan", data, rest @ ..] => plan(&root, data, rest),
        ["bench", "plan-year", data] => bench::plan_year::run(&root, Path::new(data), "hipo"),
        ["bench", "plan-year", data, method] => bench::plan_year::run(&root, Path::new(data), method),
        ["bench", "plan-beside", data] => plan_beside(&root, data, bench::plan_beside::pairs(), None),
        ["bench", "plan-beside", data, pairs] => plan_beside(&root, data, pairs.parse()?, None),
        ["bench", "plan-beside", data, pairs, case] => plan_beside(&root, data, pairs.parse()?, Some(case)),
        ["bench", "rules"] => bench::rules::run(&root),
        ["bench", "console"] => bench::console(&root),
        ["bench", "engine"] => bench::engine(&root),
        _ => {
            eprintln!("{USAGE}");
            Ok(ExitCode::from(2))
        }
    }
}

/// `bench plan DIR [CASE [METHOD]]`.
fn plan(root: &Path, data: &str, rest: &[&str]) -> Result<ExitCode> {
    bench::plan::run(root, Path::new(data), rest.first().copied(), rest.get(1).copied().unwrap_or("auto"))
}

fn plan_beside(root: &Path, data: &str, pairs: usize, only: Option<&str>) -> Result<ExitCode> {
    bench::plan_beside::beside(root, Path::new(data), pairs, only)
}

/// The project's root: the folder above this crate's.
fn root() -> Result<PathBuf> {
    let here = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let here = here.context("run it as `cargo xtask …`")?;
    here.parent().map(PathBuf::from).context("xtask has no parent folder")
}
