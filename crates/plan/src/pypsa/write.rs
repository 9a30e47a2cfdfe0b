//! A network as a case: buses, loads, generators, storage units, links, limits of emissions.

use std::fmt::Write;

use super::Files;
use super::sheet::{Folder, Row};
use super::time::{self, Time};

/// What each component may say; anything else that differs from its default is refused.
const KNOWN: [(&str, &[&str]); 5] = [
    ("loads.csv", &["bus", "p_set", "carrier", "sign", "active", "type"]),
    (
        "generators.csv",
        &[
            "bus",
            "carrier",
            "p_nom",
            "p_nom_min",
            "p_nom_max",
            "p_nom_extendable",
            "p_min_pu",
            "p_max_pu",
            "marginal_cost",
            "capital_cost",
            "efficiency",
            "build_year",
            "lifetime",
            "ramp_limit_up",
            "ramp_limit_down",
            "control",
            "type",
            "p_nom_opt",
            "p_nom_mod",
            "sign",
            "active",
            "weight",
        ],
    ),
    (
        "storage_units.csv",
        &[
            "bus",
            "carrier",
            "p_nom",
            "p_nom_min",
            "p_nom_max",
            "p_nom_extendable",
            "p_min_pu",
            "p_max_pu",
            "marginal_cost",
            "capital_cost",
            "max_hours",
            "efficiency_store",
            "efficiency_dispatch",
            "standing_loss",
            "cyclic_state_of_charge",
            "cyclic_state_of_charge_per_period",
            "build_year",
            "lifetime",
            "control",
            "type",
            "p_nom_opt",
            "active",
            "sign",
            "state_of_charge_initial_per_period",
            "p_nom_mod",
        ],
    ),
    (
        "links.csv",
        &[
            "bus0",
            "bus1",
            "carrier",
            "p_nom",
            "p_nom_min",
            "p_nom_max",
            "p_nom_extendable",
            "p_min_pu",
            "p_max_pu",
            "marginal_cost",
            "capital_cost",
            "efficiency",
            "build_year",
            "lifetime",
            "length",
            "type",
            "p_nom_opt",
            "active",
            "p_nom_mod",
        ],
    ),
    ("global_constraints.csv", &["type", "investment_period", "carrier_attribute", "sense", "constant", "mu"]),
];

/// Files that change nothing: results, or what a case says elsewhere.
const SERIES: [&str; 2] = ["generators-p_max_pu.csv", "loads-p_set.csv"];
const PLAIN: [&str; 8] = [
    "network.csv",
    "meta.json",
    "crs.json",
    "snapshots.csv",
    "investment_periods.csv",
    "buses.csv",
    "carriers.csv",
    "sub_networks.csv",
];
/// Results of a solved network.
const RESULTS: [&str; 9] = [
    "-p.csv",
    "-p0.csv",
    "-p1.csv",
    "-q.csv",
    "-marginal_price.csv",
    "-state_of_charge.csv",
    "-p_dispatch.csv",
    "-p_store.csv",
    "-status.csv",
];

pub(super) fn files(folder: &mut Folder, currency: &str) -> Files {
    let mut files = Files::new();
    let mut text = format!(
        "[case]\nversion = 1\nname = \"from PyPSA\"\ncurrency = \"{currency}\"\nprice_year = 2000\ndiscount_rate = 0\n"
    );
    strangers(folder);
    let Some((time, hours)) = time::read(folder, &mut text) else { return files };
    files.insert("hours.csv".to_owned(), hours);
    for row in folder.rows("buses.csv") {
        let id = folder.id("bus", &row.name);
        let _ = writeln!(text, "[[site]]\nid = \"{id}\"\nname = {:?}", row.name);
    }
    loads(folder, &time, &mut text, &mut files);
    generators(folder, &time, &mut text, &mut files);
    storage_units(folder, &time, &mut text, &mut files);
    links(folder, &time, &mut files);
    text.push_str("[tables]\nsource = \"sources.csv\"\nstore = \"stores.csv\"\nline = \"lines.csv\"\n");
    limits(folder, &time, &mut text);
    files.insert("case.toml".to_owned(), text);
    files
}

/// Components and series that a case cannot hold.
fn strangers(folder: &mut Folder) {
    for file in folder.files() {
        let known = PLAIN.contains(&file.as_str())
            || SERIES.contains(&file.as_str())
            || KNOWN.iter().any(|(name, _)| *name == file)
            || RESULTS.iter().any(|ending| file.ends_with(ending))
            || file.contains("-mu_")
            || !file.ends_with(".csv");
        if !known {
            let (name, field, found) = (String::new(), "component".to_owned(), String::new());
            folder.refused.push(super::Refused { file, line: 0, name, field, found });
        }
    }
}

/// Fields that PyPSA writes and a case does not know, and whose default is 1: that says nothing.
const ONE: [&str; 10] = [
    "efficiency2",
    "efficiency3",
    "efficiency4",
    "up_time_before",
    "ramp_limit_start_up",
    "ramp_limit_shut_down",
    "num_parallel",
    "v_mag_pu_set",
    "s_max_pu",
    "terrain_factor",
];

/// Rows of a component file with nothing in them that a case cannot say.
fn rows(folder: &mut Folder, file: &str) -> Vec<Row> {
    let rows = folder.rows(file);
    let known = KNOWN.iter().find(|(name, _)| *name == file).map_or(&[] as &[&str], |(_, fields)| fields);
    for row in &rows {
        let strangers: Vec<(String, String)> = row
            .written()
            .filter(|(field, value)| {
                let one = ONE.contains(field) && ["1", "1.0"].contains(value);
                let plain = one || ["0", "0.0", "False", "inf", "-inf", "nan"].contains(value);
                let name = *value == row.name;
                !known.contains(field) && !plain && !name
            })
            .map(|(field, value)| (field.to_owned(), value.to_owned()))
            .collect();
        for (field, value) in strangers {
            folder.refuse(row, &field, value);
        }
        let fixed: [(&str, f64); 3] = [("sign", row_sign(row)), ("active", 1.0), ("p_nom_mod", 0.0)];
        for (field, right) in fixed {
            let wrong = match row.text(field) {
                "" | "True" => false,
                "False" => true,
                text => text.parse() != Ok(right),
            };
            if wrong {
                folder.refuse(row, field, row.text(field));
            }
        }
    }
    rows
}

fn row_sign(row: &Row) -> f64 {
    if row.file == "loads.csv" { -1.0 } else { 1.0 }
}

fn loads(folder: &mut Folder, time: &Time, text: &mut String, files: &mut Files) {
    let series = time.series(folder, "loads-p_set.csv", "load");
    let hourly = series.as_ref().map(|it| it.0.clone()).unwrap_or_default();
    for row in rows(folder, "loads.csv") {
        let (id, bus) = (folder.id("load", &row.name), folder.id("bus", row.text("bus")));
        let mw = if hourly.contains(&row.name) {
            format!("{{ file = \"loads.csv\", column = \"{id}\" }}")
        } else {
            row.number(folder, "p_set", 0.0).to_string()
        };
        let _ = writeln!(text, "[[load]]\nid = \"{id}\"\nsite = \"{bus}\"\nmw = {mw}");
    }
    files.extend(series.map(|(_, csv)| ("loads.csv".to_owned(), csv)));
}

const VINTAGES: &str = ",in_service,life_years,fixed_mw,mw_min,mw_max,annual_cost_per_mw\n";

/// Year of service, life, and how much, as cells.
fn vintage(folder: &mut Folder, row: &Row, time: &Time) -> String {
    let first = time.years.first().copied().unwrap_or(0);
    let multi = time.years.len() > 1 || first != 2000;
    let year = if multi { row.number(folder, "build_year", 0.0) } else { f64::from(first) };
    let life = if multi { row.number(folder, "lifetime", f64::INFINITY) } else { f64::INFINITY };
    let life = if life.is_finite() { life } else { 1e6 };
    if row.flag("p_nom_extendable") {
        let most = row.number(folder, "p_nom_max", f64::INFINITY);
        let most = if most.is_finite() { most.to_string() } else { String::new() };
        let (least, cost) = (row.number(folder, "p_nom_min", 0.0), row.number(folder, "capital_cost", 0.0));
        format!("{year},{life},,{least},{most},{cost}\n")
    } else {
        format!("{year},{life},{},,,\n", row.number(folder, "p_nom", 0.0))
    }
}

fn generators(folder: &mut Folder, time: &Time, text: &mut String, files: &mut Files) {
    let carriers = folder.rows("carriers.csv");
    let series = time.series(folder, "generators-p_max_pu.csv", "generator");
    let hourly = series.as_ref().map(|it| it.0.clone()).unwrap_or_default();
    let mut csv = format!("id,site,technology{VINTAGES}");
    for row in rows(folder, "generators.csv") {
        let (id, bus) = (folder.id("generator", &row.name), folder.id("bus", row.text("bus")));
        let carrier = carriers.iter().find(|it| it.name == row.text("carrier"));
        let thermal = carrier.map_or(0.0, |it| it.number(folder, "co2_emissions", 0.0));
        let co2 = thermal / row.number(folder, "efficiency", 1.0);
        let marginal = row.number(folder, "marginal_cost", 0.0);
        let must_run = row.number(folder, "p_min_pu", 0.0);
        let _ = writeln!(
            text,
            "[[technology]]\nid = \"{id}\"\nname = {:?}\nmarginal_cost_per_mwh = {marginal}\nco2_t_per_mwh = {co2}",
            row.name
        );
        if hourly.contains(&row.name) {
            let _ = writeln!(text, "availability = {{ file = \"availability.csv\", column = \"{id}\" }}");
        } else {
            let _ = writeln!(text, "availability = {}", row.number(folder, "p_max_pu", 1.0));
        }
        if must_run != 0.0 {
            // Ours is a share of what is available, theirs of what is built.
            let most = row.number(folder, "p_max_pu", 1.0);
            if hourly.contains(&row.name) || must_run < 0.0 {
                folder.refuse(&row, "p_min_pu", must_run);
            }
            let _ = writeln!(text, "must_run = {}", must_run / most);
        }
        ramps(folder, &row, text);
        let _ = write!(csv, "{id},{bus},{id},{}", vintage(folder, &row, time));
    }
    files.insert("sources.csv".to_owned(), csv);
    files.extend(series.map(|(_, csv)| ("availability.csv".to_owned(), csv)));
}

fn ramps(folder: &mut Folder, row: &Row, text: &mut String) {
    for (field, ours) in [("ramp_limit_up", "ramp_up_per_h"), ("ramp_limit_down", "ramp_down_per_h")] {
        let limit = row.number(folder, field, f64::NAN);
        if limit.is_finite() {
            let _ = writeln!(text, "{ours} = {limit}");
        }
    }
}

fn storage_units(folder: &mut Folder, time: &Time, text: &mut String, files: &mut Files) {
    let mut csv = format!("id,site,storage{VINTAGES}");
    for row in rows(folder, "storage_units.csv") {
        let (id, bus) = (folder.id("storage", &row.name), folder.id("bus", row.text("bus")));
        for (field, right) in [("p_min_pu", -1.0), ("p_max_pu", 1.0)] {
            let found = row.number(folder, field, right);
            if found != right {
                folder.refuse(&row, field, found);
            }
        }
        // PyPSA's cycle over all periods is one over each where a case has a single one.
        let cyclic = row.flag("cyclic_state_of_charge") && time.years.len() == 1
            || row.flag("cyclic_state_of_charge_per_period") && time.years.len() > 1
            || row.text("cyclic_state_of_charge_per_period").is_empty() && row.flag("cyclic_state_of_charge");
        if !cyclic {
            folder.refuse(&row, "cyclic_state_of_charge", row.text("cyclic_state_of_charge"));
        }
        let number = |field, default, folder: &mut Folder| row.number(folder, field, default);
        let _ = writeln!(
            text,
            "[[storage]]\nid = \"{id}\"\nname = {:?}\nhours = {}\nmarginal_cost_per_mwh = {}\nefficiency_store = {}\nefficiency_dispatch = {}\nstanding_loss_per_h = {}",
            row.name,
            number("max_hours", 1.0, folder),
            number("marginal_cost", 0.0, folder),
            number("efficiency_store", 1.0, folder),
            number("efficiency_dispatch", 1.0, folder),
            number("standing_loss", 0.0, folder)
        );
        let _ = write!(csv, "{id},{bus},{id},{}", vintage(folder, &row, time));
    }
    files.insert("stores.csv".to_owned(), csv);
}

fn links(folder: &mut Folder, time: &Time, files: &mut Files) {
    let mut csv = format!("id,from,to,both_ways,efficiency,marginal_cost_per_mwh{VINTAGES}");
    for row in rows(folder, "links.csv") {
        let id = folder.id("link", &row.name);
        let (from, to) = (folder.id("bus", row.text("bus0")), folder.id("bus", row.text("bus1")));
        let (least, most) = (row.number(folder, "p_min_pu", 0.0), row.number(folder, "p_max_pu", 1.0));
        let (efficiency, marginal) = (row.number(folder, "efficiency", 1.0), row.number(folder, "marginal_cost", 0.0));
        let both_ways = least == -1.0;
        if !(least == 0.0 || both_ways) || most != 1.0 {
            folder.refuse(&row, "p_min_pu", least);
        }
        if both_ways && (efficiency != 1.0 || marginal != 0.0) {
            folder.refuse(&row, "efficiency", efficiency);
        }
        let _ = write!(csv, "{id},{from},{to},{both_ways},{efficiency},{marginal},{}", vintage(folder, &row, time));
    }
    files.insert("lines.csv".to_owned(), csv);
}

fn limits(folder: &mut Folder, time: &Time, text: &mut String) {
    for row in rows(folder, "global_constraints.csv") {
        let id = folder.id("policy", &row.name);
        let of = (row.text("type"), row.text("carrier_attribute"), row.text("sense"));
        let kind = matches!(of, ("" | "primary_energy", "" | "co2_emissions", "<="));
        let year = match row.text("investment_period") {
            "" if time.years.len() == 1 => time.years.first().copied(),
            period => {
                period.parse::<f64>().ok().and_then(|it| time.years.iter().copied().find(|y| f64::from(*y) == it))
            }
        };
        let (Some(year), true) = (year, kind) else {
            folder.refuse(&row, "type", row.text("type"));
            continue;
        };
        let most = row.number(folder, "constant", 0.0);
        let _ = writeln!(
            text,
            "[[policy]]\nid = \"{id}\"\nkind = \"co2_cap\"\nyear = {year}\nt_max = {most}\nbasis = \"law\""
        );
    }
}
