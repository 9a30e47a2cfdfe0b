//! The reference cases' own format (`case.json` and CSV), as cases of ours.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

/// Rows of a CSV by the names of its header.
type Rows = Vec<BTreeMap<String, String>>;

fn csv(path: &Path) -> Result<Rows> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let row = |line: &str| header.iter().map(ToString::to_string).zip(line.split(',').map(str::to_owned)).collect();
    Ok(lines.filter(|line| !line.is_empty()).map(row).collect())
}

/// Writes the case of a reference directory into another.
pub fn convert(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    let head: Value = serde_json::from_slice(&std::fs::read(from.join("case.json"))?)?;
    let mut text = String::new();
    let multi = head["multi"].as_bool().unwrap_or(false);
    time(&mut text, &head, multi)?;
    for site in head["sites"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        writeln!(text, "[[site]]\nid = \"{site}\"")?;
    }
    loads(&mut text, &head, multi)?;
    let first = head["periods"][0]["year"].as_i64().unwrap_or(2026);
    let kinds = technologies(&mut text, &csv(&from.join("generators.csv"))?, &csv(&from.join("carriers.csv"))?)?;
    std::fs::write(to.join("sources.csv"), vintages(&csv(&from.join("generators.csv"))?, &kinds, multi, first))?;
    let stores = csv(&from.join("storage_units.csv"))?;
    let kinds = storages(&mut text, &stores)?;
    std::fs::write(
        to.join("stores.csv"),
        vintages(&stores, &kinds, multi, first).replacen("technology", "storage", 1),
    )?;
    std::fs::write(to.join("lines.csv"), lines(&csv(&from.join("links.csv"))?, multi, first))?;
    writeln!(text, "[tables]\nsource = \"sources.csv\"\nstore = \"stores.csv\"\nline = \"lines.csv\"")?;
    let years = head["periods"].as_array().into_iter().flatten().filter_map(|it| it["year"].as_i64());
    for (year, limit) in years.zip(head["co2_limit_t"].as_array().into_iter().flatten()) {
        let year = if multi { year } else { first };
        writeln!(
            text,
            "[[policy]]\nid = \"co2-{year}\"\nkind = \"co2_cap\"\nyear = {year}\nt_max = {limit}\nbasis = \"law\""
        )?;
    }
    std::fs::write(to.join("case.toml"), text)?;
    for name in ["load", "availability_wind", "availability_solar", "availability_hydro"] {
        let series = std::fs::read_to_string(from.join(format!("{name}.csv")))?;
        std::fs::write(to.join(format!("{name}.csv")), series.replacen("t,", "hour,", 1))?;
    }
    Ok(())
}

fn time(text: &mut String, head: &Value, multi: bool) -> Result<()> {
    let hours = head["snapshots"].as_f64().context("snapshots")?;
    let weight = head["snapshot_weight"]["objective"].as_f64().context("snapshot_weight")?;
    let name = head["name"].as_str().unwrap_or("reference");
    writeln!(
        text,
        "[case]\nversion = 1\nname = \"{name}\"\ncurrency = \"EUR\"\nprice_year = 2026\ndiscount_rate = {}\njoined = true\nyear_hours = {}",
        head["discount_rate"],
        hours * weight
    )?;
    for period in head["periods"].as_array().into_iter().flatten() {
        let (years, weight) =
            if multi { (&period["years"], &period["objective"]) } else { (&Value::from(1), &Value::from(1)) };
        writeln!(text, "[[year]]\nyear = {}\nyears = {years}\nweight = {weight}", period["year"])?;
    }
    writeln!(text, "[[block]]\nid = \"all\"\nhours = {hours}\nweight = {weight}")?;
    Ok(())
}

fn loads(text: &mut String, head: &Value, multi: bool) -> Result<()> {
    let factors: Vec<String> = head["periods"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|it| format!("{} = {}", it["year"], it["load_factor"]))
        .collect();
    let factor = if multi || factors.len() == 1 { format!("{{ {} }}", factors.join(", ")) } else { "1".to_owned() };
    for site in head["sites"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        writeln!(
            text,
            "[[load]]\nid = \"{site}\"\nsite = \"{site}\"\nmw = {{ file = \"load.csv\", column = \"{site}\", factor = {factor} }}"
        )?;
    }
    Ok(())
}

/// Kinds by what vintages must share to share a dispatch; returns the id of each row.
fn technologies(text: &mut String, rows: &Rows, carriers: &Rows) -> Result<Vec<String>> {
    let co2: BTreeMap<&str, f64> =
        carriers.iter().filter_map(|it| Some((it["name"].as_str(), it["co2_emissions"].parse().ok()?))).collect();
    let shared = ["bus", "carrier", "marginal_cost", "efficiency", "ramp_limit_up", "ramp_limit_down", "availability"];
    let mut known: BTreeMap<Vec<&str>, String> = BTreeMap::new();
    let mut ids = Vec::new();
    for row in rows {
        let key: Vec<&str> = shared.iter().map(|field| row[*field].as_str()).collect();
        if let Some(id) = known.get(&key) {
            ids.push(id.clone());
            continue;
        }
        let id = format!("{}-{}-{}", row["bus"], row["carrier"], known.len());
        let efficiency: f64 = row["efficiency"].parse()?;
        let each = co2.get(row["carrier"].as_str()).copied().unwrap_or(0.0) / efficiency;
        writeln!(
            text,
            "[[technology]]\nid = \"{id}\"\nmarginal_cost_per_mwh = {}\nco2_t_per_mwh = {each}",
            row["marginal_cost"]
        )?;
        for (field, ours) in [("ramp_limit_up", "ramp_up_per_h"), ("ramp_limit_down", "ramp_down_per_h")] {
            if !row[field].is_empty() {
                writeln!(text, "{ours} = {}", row[field])?;
            }
        }
        let series = &row["availability"];
        if !series.is_empty() {
            writeln!(text, "availability = {{ file = \"availability_{series}.csv\", column = \"{}\" }}", row["bus"])?;
        }
        known.insert(key, id.clone());
        ids.push(id);
    }
    Ok(ids)
}

fn storages(text: &mut String, rows: &Rows) -> Result<Vec<String>> {
    let shared =
        ["bus", "carrier", "marginal_cost", "max_hours", "efficiency_store", "efficiency_dispatch", "standing_loss"];
    let mut known: BTreeMap<Vec<&str>, String> = BTreeMap::new();
    let mut ids = Vec::new();
    for row in rows {
        let key: Vec<&str> = shared.iter().map(|field| row[*field].as_str()).collect();
        let next = known.len();
        let id = known.entry(key).or_insert_with(|| format!("{}-{}-{next}", row["bus"], row["carrier"])).clone();
        if ids.contains(&id) {
            ids.push(id);
            continue;
        }
        writeln!(
            text,
            "[[storage]]\nid = \"{id}\"\nhours = {}\nmarginal_cost_per_mwh = {}\nefficiency_store = {}\nefficiency_dispatch = {}\nstanding_loss_per_h = {}",
            row["max_hours"],
            row["marginal_cost"],
            row["efficiency_store"],
            row["efficiency_dispatch"],
            row["standing_loss"]
        )?;
        ids.push(id);
    }
    Ok(ids)
}

/// Year of service and life; a case of one period takes every asset.
fn life(row: &BTreeMap<String, String>, multi: bool, first: i64) -> (String, String) {
    if multi { (row["build_year"].clone(), row["lifetime"].clone()) } else { (first.to_string(), "1000".to_owned()) }
}

fn sizes(row: &BTreeMap<String, String>) -> String {
    match row["extendable"].as_str() {
        "1" => format!(",{},{},{}", row["p_nom_min"], row["p_nom_max"], row["capital_cost"]),
        _ => format!("{},,,", row["p_nom"]),
    }
}

fn vintages(rows: &Rows, kinds: &[String], multi: bool, first: i64) -> String {
    let mut text = "id,site,technology,in_service,life_years,fixed_mw,mw_min,mw_max,annual_cost_per_mw\n".to_owned();
    for (row, kind) in rows.iter().zip(kinds) {
        let (year, life) = life(row, multi, first);
        text.push_str(&format!("{},{},{kind},{year},{life},{}\n", row["name"], row["bus"], sizes(row)));
    }
    text
}

fn lines(rows: &Rows, multi: bool, first: i64) -> String {
    let mut text = "id,from,to,in_service,life_years,fixed_mw,mw_min,mw_max,annual_cost_per_mw\n".to_owned();
    for row in rows {
        let (year, life) = life(row, multi, first);
        text.push_str(&format!("{},{},{},{year},{life},{}\n", row["name"], row["bus0"], row["bus1"], sizes(row)));
    }
    text
}
