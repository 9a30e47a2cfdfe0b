//! `freehold plan`: a case solved, told, compared under scenarios and beside another plan.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const CASE: &str = "examples/plan/two-halls";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn freehold(args: &[&str], lang: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_freehold"));
    command.args(args).env("FREEHOLD_LANG", lang).current_dir(root());
    command.output().expect("the program runs")
}

fn said(ran: &Output) -> String {
    String::from_utf8_lossy(&ran.stdout).into_owned()
}

/// The one object on standard output.
fn one(ran: &Output) -> Value {
    let said = said(ran);
    assert_eq!(said.lines().count(), 1, "{said}");
    serde_json::from_str(&said).expect("JSON")
}

#[test]
fn a_plan_is_told_in_the_terminal_on_its_pages_and_again() {
    let out = tempfile::tempdir().expect("a folder");
    let plan = out.path().join("plan").display().to_string();
    let ran = freehold(&["plan", "solve", CASE, "--out", &plan], "ru");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    assert!(said(&ran).contains("ускорител") && said(&ran).contains("plan.html"), "{}", said(&ran));
    for name in ["plan.html", "plan.en.html", "plan.json", "cost.csv", "accelerators-by-site.csv", "capacity.csv"] {
        assert!(Path::new(&plan).join(name).exists(), "{name}");
    }
    let shown = freehold(&["plan", "show", &plan], "en");
    assert!(shown.status.success() && said(&shown).contains("What is assumed"), "{}", said(&shown));
    let written = freehold(&["plan", "show", &plan, "--write"], "en");
    assert!(written.status.success() && Path::new(&plan).join("plan.ru.html").exists());
    // The pages are no part of what is checked.
    assert!(freehold(&["plan", "check", &plan], "en").status.success());
    let beside = freehold(&["plan", "diff", &plan, &plan, "--json"], "en");
    assert!(one(&beside)["lead"][0].as_str().is_some_and(|it| it.starts_with("Both cost the same")));
}

#[test]
fn a_solver_that_gives_up_and_a_case_without_a_plan_print_one_object() {
    // No time at all: nothing can be proven.
    let ran = freehold(&["plan", "solve", "examples/ru-2030/plan", "--limit-s", "0", "--json"], "en");
    assert_eq!((ran.status.code(), one(&ran)["status"].as_str()), (Some(4), Some("time_limit")));
    let ran = freehold(&["plan", "solve", CASE, "--json"], "en");
    assert_eq!((ran.status.code(), one(&ran)["status"].as_str()), (Some(0), Some("optimal")));
}

#[test]
fn scenarios_are_compared_and_regret_is_never_below_nothing() {
    let out = tempfile::tempdir().expect("a folder");
    let folder = out.path().join("scenarios");
    let ran = freehold(&["plan", "scenarios", CASE, "--json", "--out", &folder.display().to_string()], "en");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let told = one(&ran);
    assert_eq!(told["scenarios"].as_array().map(Vec::len), Some(3), "{told}");
    let cost = told["scenarios"][0]["objective"].as_f64().expect("a cost");
    let regret =
        told["regret"].as_object().expect("rows").values().flat_map(|row| row.as_object().expect("a row").values());
    assert!(regret.filter_map(Value::as_f64).all(|it| it > -1e-3 * cost), "{told}");
    for name in ["scenarios.html", "scenarios.ru.html", "scenarios.json", "scenarios.csv", "regret.csv"] {
        assert!(folder.join(name).exists(), "{name}");
    }
    let without = freehold(&["plan", "scenarios", "examples/republic/plan"], "en");
    assert_eq!(without.status.code(), Some(2), "a case without scenarios.toml");
}
