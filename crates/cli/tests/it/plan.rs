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

#[test]
fn a_realm_starts_a_case_and_any_difference_between_the_two_is_told() {
    let out = tempfile::tempdir().expect("a folder");
    let stock = out.path().join("stock").display().to_string();
    let realm = ["--realm", "examples/republic"];
    let asked = ["plan", "start", "--years", "2026,2028,2030,2032", "--out", &stock];
    let ran = freehold(&[&asked[..], &realm, &["--json"]].concat(), "en");
    let told = one(&ran);
    // Nobody says at what rate to discount, nor what energy costs: no default stands in.
    let fields: Vec<&str> =
        told["to_fill_in"].as_array().unwrap().iter().map(|it| it["field"].as_str().unwrap()).collect();
    assert_eq!(ran.status.code(), Some(1), "{told}");
    assert!(fields.contains(&"discount_rate") && fields.contains(&"marginal_cost_per_mwh"), "{fields:?}");
    let refused = freehold(&["plan", "solve", &stock], "en");
    let errors = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(2), "{errors}");
    assert!(errors.contains("case.toml:") && errors.contains("`discount_rate` is unknown: nobody says it"), "{errors}");
    let again = freehold(&[&asked[..], &realm].concat(), "en");
    assert_eq!(again.status.code(), Some(2), "it is there already: {}", said(&again));

    let whole = out.path().join("whole").display().to_string();
    let own = ["--figures", "examples/republic/plan/figures.toml", "--estimated", "--rate", "USD=0.9"];
    let asked = ["plan", "start", "--years", "2026,2028,2030,2032", "--discount-rate", "0.07", "--out", &whole];
    let ran = freehold(&[&asked[..], &realm, &own].concat(), "en");
    assert!(ran.status.success(), "{}{}", said(&ran), String::from_utf8_lossy(&ran.stderr));
    assert!(
        said(&ran).contains("200 of `ordinary server` at capital-hall") && said(&ran).contains("3840"),
        "{}",
        said(&ran)
    );
    let agrees = freehold(&[&["plan", "stock", &whole][..], &realm].concat(), "ru");
    assert!(agrees.status.success() && said(&agrees).contains("согласны"), "{}", said(&agrees));
    differs(&whole, &realm);
}

/// One unit more in the case, and a source less.
fn differs(case: &str, realm: &[&str]) {
    let file = Path::new(case).join("case.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let changed = text
        .replace("units = 3840", "units = 3841")
        .replace("energy_source = \"river-dam\"", "energy_source = \"dam\"");
    std::fs::write(&file, changed).unwrap();
    let ran = freehold(&[&["plan", "stock", case][..], realm, &["--json"]].concat(), "en");
    let told = one(&ran);
    let about = |it: &Value| (it["id"].as_str().unwrap().to_owned(), it["about"].as_str().unwrap().to_owned());
    let found: Vec<(String, String)> = told["differences"].as_array().unwrap().iter().map(about).collect();
    let expected = [("aurora-80", "units"), ("dam", "energy_source"), ("river-dam", "energy_source")];
    assert_eq!(found, expected.map(|(id, about)| (id.to_owned(), about.to_owned())), "{told}");
    assert_eq!((ran.status.code(), &told["agrees"]), (Some(1), &Value::Bool(false)));
    let text = said(&freehold(&[&["plan", "stock", case][..], realm].concat(), "en"));
    assert!(
        text.contains("3840") && text.contains("3841") && text.contains("differ in what stands; differences: 3"),
        "{text}"
    );
}

#[test]
fn figures_that_nothing_asks_for_are_refused() {
    let out = tempfile::tempdir().expect("a folder");
    let (stock, file) = (out.path().join("stock"), out.path().join("mine.toml"));
    let row = |of: &str, low: u8| {
        format!(
            "figure = [\n  {{ of = \"{of}\", what = \"power_cap_mw\", unit = \"MW\", year = 2026, low = {low}, mid = 2, high = 3, known = \"published\", source = \"me\" }},\n]\n"
        )
    };
    let ask = |text: &str| {
        std::fs::write(&file, text).unwrap();
        let (stock, file) = (stock.display().to_string(), file.display().to_string());
        let asked =
            ["plan", "start", "--realm", "examples/republic", "--years", "2026", "--out", &stock, "--figures", &file];
        let ran = freehold(&asked, "en");
        assert_eq!(ran.status.code(), Some(2), "{}", said(&ran));
        String::from_utf8_lossy(&ran.stderr).into_owned()
    };
    assert!(ask(&row("capital-hall", 1)).contains("capital-hall power_cap_mw"), "the realm says it itself");
    assert!(ask(&row("capital-hall", 9)).contains("mine.toml:2"), "out of order");
    assert!(!stock.exists(), "nothing is written");
}
