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

const MODEL: &str = "examples/ru-2030/forecast/model.toml";

#[test]
fn a_forecast_is_printed_in_both_languages_and_written_as_tables() {
    let out = tempfile::tempdir().expect("a folder");
    for (lang, word) in [("en", "How likely: "), ("ru", "Насколько вероятно: ")] {
        let folder = out.path().join(lang);
        let folder = folder.to_str().expect("UTF-8");
        let ran = freehold(&["forecast", "run", MODEL, "--draws", "20000", "--out", folder], lang);
        let said = String::from_utf8_lossy(&ran.stdout);
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        assert!(said.contains(word) && said.contains("2030"), "{said}");
    }
    for name in ["forecast.html", "forecast.json", "fan-1.csv", "sensitivity.csv", "beliefs.csv", "capacity.csv"] {
        assert!(out.path().join("ru").join(name).exists(), "{name}");
    }
    let fan = std::fs::read_to_string(out.path().join("en/fan-2.csv")).expect("a table");
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

const ANNOUNCED: &str = "examples/ru-2030/plans/as-announced";

/// What late reactors do to the target by the plans of a case.
fn late(case: &str, json: bool, lang: &str) -> Output {
    let args = ["forecast", "diff", MODEL, "--case", case, "--delay", "ritm-200n=3", "--draws", "20000", "--json"];
    freehold(if json { &args } else { &args[..9] }, lang)
}

#[test]
fn late_reactors_change_the_probability_in_one_command_and_the_year_and_resource_are_named() {
    for (lang, year, resource, unserved) in [
        ("en", "changes most in 2030: ", "megawatts (36.44 MW) run short", "goes unserved"),
        ("ru", "меняется в 2030 году: ", "электрическая мощность, 36,44 МВт", "не обслужено"),
    ] {
        let ran = late(ANNOUNCED, false, lang);
        let said = String::from_utf8_lossy(&ran.stdout);
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        assert!(said.contains(year) && said.contains(resource) && said.contains(unserved), "{said}");
        assert!(said.contains("site.balakovo.grid_connection_mw.2030") && !said.contains("said-"), "{said}");
    }
    let ran = late(ANNOUNCED, true, "en");
    let json: Value = serde_json::from_slice(&ran.stdout).expect("JSON");
    let number = |value: &Value| value.as_f64().expect("a number");
    assert!(number(&json["readings"][1]["change"]["high"]) < 0.0, "{json}");
    assert_eq!(
        (&json["changes_most"][1]["year"], &json["changes_most"][1]["resource"]),
        (&2030.into(), &"power".into())
    );
    assert!(number(&json["plans"]["after"]["loss"]) > 2.0 * number(&json["plans"]["before"]["loss"]), "{json}");
    let unserved = json["plans"]["after"]["unserved"].as_array().expect("what is not served");
    assert!(unserved.iter().any(|it| it["id"] == "chat" && it["year"] == 2030), "{unserved:?}");
}

#[test]
fn what_the_plan_of_the_realm_loses_by_late_reactors_is_its_mine_and_reaches_no_target() {
    let ran = late("examples/ru-2030/plan", true, "en");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let json: Value = serde_json::from_slice(&ran.stdout).expect("JSON");
    assert_eq!(json["plans"]["before"]["unserved"], Value::Array(Vec::new()));
    let after = json["plans"]["after"]["unserved"].as_array().expect("what is not served");
    let named: Vec<_> = after.iter().map(|it| (it["id"].as_str(), it["site"].as_str(), it["year"].as_i64())).collect();
    assert_eq!(named, [(Some("mine"), Some("ust-kuyga"), Some(2032))]);
    assert_eq!((&json["changes_most"], &json["readings"][1]["change"]["value"]), (&Value::Null, &0.0.into()));
    assert!(json["plans"]["after"]["cost"].as_f64() > json["plans"]["before"]["cost"].as_f64());
}

#[test]
fn where_all_work_is_firm_there_is_no_plan_and_no_number_stands_in_for_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = std::fs::read_to_string(root().join(ANNOUNCED).join("case.toml")).expect("the case");
    let firm: Vec<&str> = text.lines().filter(|it| !it.starts_with("unserved_cost")).collect();
    std::fs::write(folder.path().join("case.toml"), firm.join("\n")).expect("a file");
    let ran = late(folder.path().to_str().expect("UTF-8"), false, "en");
    assert_eq!(ran.status.code(), Some(1));
    let why = String::from_utf8_lossy(&ran.stderr);
    assert!(why.contains("There is no plan for one of the two") && why.contains("supply.partner-"), "{why}");
    assert!(ran.stdout.is_empty());
}

#[test]
fn the_tables_that_ship_are_what_the_plan_delivers() {
    let out = tempfile::tempdir().expect("a folder");
    let folder = out.path().join("plan");
    let ran = freehold(&["plan", "solve", ANNOUNCED, "--out", folder.to_str().expect("UTF-8"), "--json"], "en");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let told: Value = serde_json::from_slice(&ran.stdout).expect("JSON");
    assert!(told["loss"].as_f64().is_some_and(|it| it > 0.0) && told["unserved"][0]["unit"] == "pflop_h", "{told}");
    let table = |path: &Path| std::fs::read_to_string(path).expect("a table");
    let shipped = table(&root().join("examples/ru-2030/forecast/as-announced.csv"));
    let (_, rows) = shipped.split_once('\n').expect("a comment, and rows");
    assert_eq!(rows, table(&folder.join("capacity.csv")));
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
    assert_eq!(listed["frozen"][0]["ledger"], "waiting", "no server has written it yet");
    forged(path, &|args| match args {
        [_, "score"] => with(&["forecast", "score", resolved]),
        _ => with(args),
    });
    let changed = std::fs::read_to_string(path).expect("a file").replacen("\"version\": 1", "\"version\":  1", 1);
    std::fs::write(path, changed).expect("a file");
    assert_eq!(with(&["forecast", "ls"]).status.code(), Some(1));
    assert_eq!(with(&["forecast", "score", resolved]).status.code(), Some(2));
}

/// Another text under a name of its own hash: what the ledger does not know is listed as such, and nothing is scored beside it.
fn forged(path: &Path, with: &dyn Fn(&[&str]) -> Output) {
    let text = std::fs::read_to_string(path).expect("a file");
    let other = text.replacen("\"draws\"", "\"draws\" ", 1);
    let sha256 = forecast::record::sha256(other.as_bytes());
    let forged = path.with_file_name(format!("ru-2030-{sha256}.json"));
    std::fs::write(&forged, other).expect("a file");
    let listed = with(&["forecast", "ls"]);
    assert_eq!(listed.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&listed.stdout).contains("\"ledger\":\"unknown\""), "{listed:?}");
    assert_eq!(with(&["forecast", "score"]).status.code(), Some(2));
    std::fs::remove_file(&forged).expect("a file");
    assert_eq!(with(&["forecast", "ls"]).status.code(), Some(0));
}

#[test]
fn an_out_directory_that_holds_something_is_left_as_it_is() {
    let out = tempfile::tempdir().expect("a folder");
    std::fs::write(out.path().join("mine.txt"), "mine").expect("a file");
    let folder = out.path().to_str().expect("UTF-8");
    for args in [vec!["run", MODEL, "--draws", "4000", "--out", folder], vec!["observatory", "--out", folder]] {
        let ran = freehold(&[&["forecast"], args.as_slice()].concat(), "en");
        assert_eq!(ran.status.code(), Some(2), "{args:?}");
        assert_eq!(std::fs::read_dir(out.path()).expect("a folder").count(), 1);
    }
}

#[test]
fn a_delay_is_compared_by_two_plans_of_one_case() {
    let diff = |delay: &str| {
        let case = ["--case", "examples/republic/plan", "--delay", delay];
        let model = ["forecast", "diff", MODEL, "--draws", "4000", "--json"];
        freehold(&[model.as_slice(), &case].concat(), "en")
    };
    assert_eq!(diff("reactor").status.code(), Some(2), "a delay says how long");
    let case = ["--case", "examples/republic/plan", "--delay", "ritm-200n=1", "--set", "plan.capacity=x.csv"];
    let twice = freehold(&[&["forecast", "diff", MODEL][..], &case].concat(), "en");
    assert_eq!(twice.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&twice.stderr).contains("plan.capacity"), "{twice:?}");
    assert_eq!(diff("reactor=0").status.code(), Some(2));
    let unknown = diff("tokamak=3");
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&unknown.stdout).contains("tokamak"));
}

#[test]
fn adoption_counted_elsewhere_is_measured_and_what_cannot_be_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("usage.json");
    let run = |text: &str| {
        std::fs::write(&path, text).expect("a file");
        let path = path.to_str().expect("UTF-8");
        freehold(&["forecast", "run", MODEL, "--draws", "4000", "--usage", path, "--json"], "en")
    };
    let ran =
        run(r#"{"since":"2026-08-01","until":"2026-10-30","sectors":{"health":{"active":3,"apps":8,"tokens":90}}}"#);
    let json: Value = serde_json::from_slice(&ran.stdout).expect("JSON");
    let adopted: Vec<&str> =
        json["sectors"].as_array().expect("sectors").iter().map(|it| it["adopted"].as_str().expect("a word")).collect();
    assert_eq!(adopted, ["assumed", "assumed", "measured", "assumed", "assumed"]);
    assert_eq!(
        run(r#"{"since":"2026-08-01","until":"2026-10-30","sectors":{"health":{"active":9,"apps":8,"tokens":1}}}"#)
            .status
            .code(),
        Some(2)
    );
}

#[test]
fn the_observatory_is_printed_and_written_in_both_languages() {
    for (lang, said) in [
        ("en", "Only figures of one definition are compared"),
        ("ru", "Сравниваются только показатели одного определения"),
    ] {
        let out = tempfile::tempdir().expect("a folder");
        let folder = out.path().join("new");
        let folder = folder.to_str().expect("UTF-8");
        let capacity = "examples/ru-2030/forecast/capacity.csv";
        let ran = freehold(&["forecast", "observatory", "--capacity", capacity, "--of", "RU", "--out", folder], lang);
        let text = String::from_utf8_lossy(&ran.stdout);
        assert!(ran.status.success() && text.contains(said) && text.contains("2031"), "{text}");
        for name in ["observatory.html", "observatory.json", "beside.csv", "others.csv", "compute.csv"] {
            assert!(Path::new(folder).join(name).exists(), "{name}");
        }
    }
    assert_eq!(freehold(&["forecast", "observatory", "--of", "XX"], "en").status.code(), Some(2));
}
