//! `freehold forecast` over the forecasts that ship.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn freehold(args: &[&str], lang: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_freehold"));
    command.args(args).env("FREEHOLD_LANG", lang).current_dir(root());
    command.output().expect("the program runs")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

const MODEL: &str = "examples/forecasts/ru-2030.toml";

#[test]
fn a_forecast_is_printed_in_both_languages_and_written_as_tables() {
    let out = tempfile::tempdir().expect("a folder");
    let folder = out.path().to_str().expect("UTF-8");
    for (lang, word) in [("en", "How likely: "), ("ru", "Насколько вероятно: ")] {
        let ran = freehold(&["forecast", "run", MODEL, "--draws", "20000", "--out", folder], lang);
        let said = String::from_utf8_lossy(&ran.stdout);
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        assert!(said.contains(word) && said.contains("2030"), "{said}");
    }
    for name in ["forecast.html", "forecast.json", "fan-1.csv", "sensitivity.csv", "beliefs.csv", "capacity.csv"] {
        assert!(out.path().join(name).exists(), "{name}");
    }
    let fan = std::fs::read_to_string(out.path().join("fan-2.csv")).expect("a table");
    assert_eq!(fan.lines().count(), 1 + 7, "seven years");
}

#[test]
fn json_says_the_same_for_the_same_seed() {
    let one = |seed: &str| {
        let ran = freehold(&["forecast", "run", MODEL, "--draws", "4000", "--seed", seed, "--json"], "en");
        serde_json::from_slice::<Value>(&ran.stdout).expect("JSON")
    };
    let first = one("3");
    assert_eq!(first, one("3"));
    assert_ne!(first["targets"], one("4")["targets"]);
    assert_eq!(first["targets"][0]["readings"].as_array().map(Vec::len), Some(2));
}

#[test]
fn late_reactors_change_the_probability_in_one_command_and_the_year_and_resource_are_named() {
    let set = "plan.capacity=examples/forecasts/ru-2030-reactor-late.csv";
    let ran = freehold(&["forecast", "diff", MODEL, "--set", set, "--draws", "20000"], "en");
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    assert!(
        said.contains("most in 2030: megawatts (32 MW) run short") && said.contains("the reactors are late"),
        "{said}"
    );
    let ran = freehold(&["forecast", "diff", MODEL, "--set", set, "--draws", "20000", "--json"], "en");
    let json: Value = serde_json::from_slice(&ran.stdout).expect("JSON");
    assert!(json["readings"][1]["change"]["high"].as_f64().expect("a number") < 0.0, "{json}");
}

#[test]
fn what_is_wrong_is_said_with_file_and_line_and_ends_with_two() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = std::fs::read_to_string(root().join(MODEL)).expect("the model");
    let path = folder.path().join("wrong.toml");
    std::fs::write(&path, text.replacen("expires = 2027-12-31", "expires = 2026-11-02", 1)).expect("a file");
    let ran = freehold(&["forecast", "run", path.to_str().expect("UTF-8"), "--json"], "en");
    assert_eq!(ran.status.code(), Some(2));
    let json: Value = serde_json::from_slice(&ran.stdout).expect("JSON");
    assert!(json["error"]["problems"].to_string().contains("forecast.expired"), "{json}");
    for args in [["forecast", "run", MODEL, "--draws", "5"], ["forecast", "diff", MODEL, "--set", "nothing"]] {
        assert_eq!(freehold(&args, "en").status.code(), Some(2), "{args:?}");
    }
}

#[test]
fn what_is_frozen_is_listed_scored_and_noticed_when_changed() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let data = data.to_str().expect("UTF-8");
    let with = |args: &[&str]| freehold(&[args, &["--data", data, "--json"]].concat(), "en");
    let json = |ran: &Output| serde_json::from_slice::<Value>(&ran.stdout).expect("JSON");
    let frozen = with(&["forecast", "freeze", MODEL, "--draws", "4000"]);
    assert!(frozen.status.success(), "{}", String::from_utf8_lossy(&frozen.stderr));
    let (path, sha256) = (json(&frozen)["path"].clone(), json(&frozen)["sha256"].clone());
    let listed = json(&with(&["forecast", "ls"]));
    assert_eq!(listed["frozen"][0]["sha256"], sha256);
    let resolved = folder.path().join("resolved.toml");
    let said = "[[resolved]]\nforecast = \"ru-2030\"\ntarget = \"eleven\"\nreading = \"cumulative\"\nvalue = 4.5\ndate = \
                2031-02-01\nsource = \"an example\"\n";
    std::fs::write(&resolved, said).expect("a file");
    let resolved = resolved.to_str().expect("UTF-8");
    let scores = json(&with(&["forecast", "score", resolved]));
    assert_eq!(scores["scored"][0]["happened"], false);
    assert!(scores["scored"][0]["brier"].as_f64().expect("a number") < 0.1, "{scores}");
    for lang in ["en", "ru"] {
        let told = freehold(&["forecast", "score", resolved, "--data", data], lang);
        let text = String::from_utf8_lossy(&told.stdout).into_owned();
        assert!(told.status.success() && !text.contains("forecast-") && !text.contains("col-"), "{text}");
    }
    let path = Path::new(path.as_str().expect("a path"));
    let changed = std::fs::read_to_string(path).expect("a file").replacen("\"version\": 1", "\"version\":  1", 1);
    std::fs::write(path, changed).expect("a file");
    assert_eq!(with(&["forecast", "ls"]).status.code(), Some(1));
    assert_eq!(with(&["forecast", "score", resolved]).status.code(), Some(2));
}
