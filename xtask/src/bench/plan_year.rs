//! The planner on a full year: ten sites, 8,760 hours in one piece, the days of a reference case's four weeks drawn anew.

use std::fmt::Write;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::plan::{are_there, example, measured, number};
use super::plan_case::convert;

const FROM: &str = "large_a";
const YEAR: i64 = 2030;
const DAYS: usize = 365;
/// Hours of a reference week and how many weeks there are, one a season.
const WEEK: usize = 168;
const SEASONS: usize = 4;
/// Seconds after which it is given up: it is attempted, not promised.
const LIMIT_S: &str = "14400";

/// Makes the case, solves and checks it, and says what it took; `method`: `ipx` or `hipo`.
pub fn run(root: &Path, data: &Path, method: &str) -> Result<ExitCode> {
    if !are_there(data) {
        return Ok(ExitCode::FAILURE);
    }
    let ours = example(root)?;
    let (reference, to) = (root.join("target/bench-plan/year.reference"), root.join("target/bench-plan/year"));
    stretched(&data.join(FROM), &reference)?;
    convert(&reference, &to)?;
    println!("plan, a full year of ten sites: {}, method {method}", super::process::machine());
    let one = measured(Command::new(&ours).arg(&to).args([method, LIMIT_S]))?;
    let said = |name: &str| number(&one, name).map_or_else(|_| "-".to_owned(), |it| format!("{it:.2}"));
    println!("columns {}, rows {}, entries {}", one["columns"], one["rows"], one["entries"]);
    println!("objective {}, CPU-s {}, most memory {} MiB", said("objective"), said("cpu_s"), said("peak_mb"));
    println!(
        "{}",
        if one["failure"].is_null() { format!("findings {}", one["findings"]) } else { one["failure"].to_string() }
    );
    let holds = one["findings"].as_array().is_some_and(Vec::is_empty);
    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Writes a reference case of one year and all its hours.
fn stretched(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    let mut head: Value = serde_json::from_slice(&std::fs::read(from.join("case.json"))?)?;
    let periods = head["periods"].as_array().context("periods")?;
    let at = periods.iter().position(|it| it["year"] == YEAR).context("the year is not there")?;
    let (factor, limit) = (periods[at]["load_factor"].clone(), head["co2_limit_t"][at].clone());
    head["periods"] = json!([{ "year": YEAR, "years": 1.0, "objective": 1.0, "load_factor": factor }]);
    head["co2_limit_t"] = json!([limit]);
    head["snapshots"] = json!(DAYS * 24);
    head["snapshot_weight"] = json!({ "objective": 1.0, "generators": 1.0, "stores": 1.0 });
    std::fs::write(to.join("case.json"), serde_json::to_vec_pretty(&head)?)?;
    std::fs::copy(from.join("carriers.csv"), to.join("carriers.csv"))?;
    for name in ["generators.csv", "storage_units.csv", "links.csv"] {
        std::fs::write(to.join(name), standing(&std::fs::read_to_string(from.join(name))?)?)?;
    }
    for name in ["load.csv", "availability_wind.csv", "availability_solar.csv", "availability_hydro.csv"] {
        std::fs::write(to.join(name), drawn(&std::fs::read_to_string(from.join(name))?)?)?;
    }
    Ok(())
}

/// The rows of what is built by the year.
fn standing(text: &str) -> Result<String> {
    let mut lines = text.lines();
    let header = lines.next().context("a header")?;
    let at = header.split(',').position(|it| it == "build_year").context("build_year")?;
    let built =
        |line: &&str| line.split(',').nth(at).and_then(|it| it.parse::<i64>().ok()).is_some_and(|it| it <= YEAR);
    let rows = lines.filter(built);
    Ok([header].into_iter().chain(rows).collect::<Vec<_>>().join("\n") + "\n")
}

/// A row for each hour of the year: the same weekday's or another day of the season's week, the same in every file.
fn drawn(text: &str) -> Result<String> {
    let mut lines = text.lines();
    let mut out = format!("{}\n", lines.next().context("a header")?);
    let hours: Vec<&str> = lines.filter_map(|line| line.split_once(',').map(|it| it.1)).collect();
    for day in 0..DAYS {
        let season = day * SEASONS / DAYS;
        let from = season * WEEK + (mixed(day as u64) % 7) as usize * 24;
        for (hour, cells) in hours.get(from..from + 24).context("four weeks of hours")?.iter().enumerate() {
            writeln!(out, "{},{cells}", day * 24 + hour)?;
        }
    }
    Ok(out)
}

/// A number that looks like chance (splitmix64).
fn mixed(seed: u64) -> u64 {
    let mut it = seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    it ^ (it >> 31)
}
