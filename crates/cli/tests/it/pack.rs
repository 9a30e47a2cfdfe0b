//! Packs by the command line: what ships, a pack of one's own, duties of a realm, a supplier's score.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::place::Place;

/// Copies a pack that ships, so that it can be changed.
fn copy(place: &Place, id: &str, to: &str) -> String {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs").join(id);
    let to = place.dir.path().join(to).join(id);
    fs::create_dir_all(to.join("cases")).unwrap();
    for below in ["", "cases"] {
        for entry in fs::read_dir(from.join(below)).unwrap().map(|entry| entry.unwrap()) {
            if entry.path().is_file() {
                fs::copy(entry.path(), to.join(below).join(entry.file_name())).unwrap();
            }
        }
    }
    to.to_str().unwrap().to_owned()
}

fn edit(dir: &str, name: &str, from: &str, to: &str) {
    let path = Path::new(dir).join(name);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{name} holds `{from}`");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

#[test]
fn what_ships_is_listed_shown_and_tried() {
    let place = Place::new();
    let all = place.json(&["pack", "ls"]);
    let ids: Vec<&str> = all.as_array().unwrap().iter().map(|pack| pack["id"].as_str().unwrap()).collect();
    for id in ["dora", "eu-ai-act", "export-control", "gdpr", "ru-152fz", "strategic-sectors"] {
        assert!(ids.contains(&id), "{id} is not among {ids:?}");
    }
    let listed = place.ok(&["pack", "ls"]);
    assert!(listed.contains("General Data Protection Regulation"), "{listed}");
    let duties = place.ok(&["pack", "show", "dora"]);
    assert!(
        duties.contains("exit-strategy") && duties.contains("Regulation (EU) 2022/2554, Article 28(8)"),
        "{duties}"
    );
    let shown = place.ok(&["pack", "show", "gdpr"]);
    assert!(shown.contains("Article 28(3)") && shown.contains("what would help: "), "{shown}");
    let russian = place.command(&["pack", "show", "gdpr"]).env("FREEHOLD_LANG", "ru").output().unwrap();
    assert!(String::from_utf8_lossy(&russian.stdout).contains("что поможет: Отправьте их"));
    let tried: Vec<&str> = ["pack", "test"].into_iter().chain(ids.iter().copied()).collect();
    let reports = place.json(&tried);
    assert!(reports.as_array().unwrap().iter().all(|report| report["good"] == true), "{reports}");
    let wrong = place.run(&["pack", "show", "gdrp"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("gdpr"), "the nearest name is offered");
}

#[test]
fn a_pack_of_ones_own_is_tried_and_compared_with_what_ships() {
    let place = Place::new();
    let own = copy(&place, "gdpr", "own");
    assert!(place.ok(&["pack", "test", &own]).contains("good"));
    assert!(place.ok(&["pack", "diff", "gdpr", &own]).contains("Nothing differs"));
    edit(&own, "processing.cedar", "!= \"signed\"", "!= \"agreed\"");
    let differs = place.run(&["pack", "diff", "gdpr", &own]);
    assert_eq!(differs.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&differs.stdout).contains("~ gdpr-processor"));
    let failed = place.run(&["pack", "test", &own]);
    let said = String::from_utf8_lossy(&failed.stdout).into_owned();
    assert_eq!(failed.status.code(), Some(1));
    assert!(
        said.contains("✘ gdpr-processor") && said.contains("\"signed\" on 2018-05-25: expected pass, found fail"),
        "{said}"
    );
    edit(&own, "ru.ftl", "gdpr-processor", "gdpr-procesor");
    let broken = place.run(&["pack", "test", &own]);
    let said = String::from_utf8_lossy(&broken.stderr).into_owned();
    assert_eq!(broken.status.code(), Some(2));
    assert!(said.contains("ru.ftl") && said.contains("did you mean `gdpr-processor`?"), "{said}");
}

#[test]
fn a_realm_under_a_law_explains_what_would_help_and_lists_its_duties() {
    let place = Place::new();
    let realm = place.dir.path().join("realm/realm.toml");
    let text = fs::read_to_string(&realm).unwrap();
    let text = text.replacen("[realm]", "[realm]\npacks = [\"gdpr\", \"dora\"]", 1);
    let text = text
        + "\n[blocs]\nEEA = [\"XA\"]\n\n[[evidence]]\nsubject = \"provider:here\"\nkey = \"exit_plan\"\nvalue = \"plan 7\"\n";
    fs::write(&realm, text).unwrap();
    let args = ["explain", "--app", "desk", "--class", "special", "--diffuse"];
    let refused = place.run(&args);
    let said = String::from_utf8_lossy(&refused.stdout).into_owned();
    assert_eq!(refused.status.code(), Some(1));
    assert!(said.contains("gdpr-special: principal.evidence.article_9_ground"), "{said}");
    assert!(said.contains("what would help: Have the ground determined"), "{said}");
    assert!(said.contains("principal.evidence.article_9_ground = unknown"), "{said}");
    let why = &place.run(&[&args[..], &["--json"]].concat()).stdout;
    let why: Value = serde_json::from_slice(why).unwrap();
    assert!(why["deployments"][0]["why"][0]["texts"]["ru"]["remedy"].is_string(), "{why}");

    let duties = place.json(&["pack", "duties", "--at", "2026-11-26"]);
    let state = |id: &str| {
        let all = duties["duties"].as_array().unwrap();
        let found = all.iter().find(|duty| duty["pack"] == "dora" && duty["id"] == id).unwrap();
        (found["state"].as_str().unwrap().to_owned(), found["binds"].as_bool().unwrap())
    };
    assert_eq!(state("exit-strategy"), ("met".to_owned(), true));
    assert_eq!(state("exit-tested"), ("unknown".to_owned(), true));
    assert_eq!(state("register"), ("unknown".to_owned(), false), "a draft binds nobody");
    let other = place.ok(&["pack", "duties", "--pack", "nist-ai-rmf"]);
    assert!(other.contains("NIST AI 100-1, Govern") && other.contains("0 met"), "{other}");
    let failed = fs::read_to_string(&realm).unwrap().replace("\"plan 7\"", "\"none\"");
    fs::write(&realm, failed).unwrap();
    assert_eq!(place.run(&["pack", "duties"]).status.code(), Some(1), "a duty in force is not met");
}

#[test]
fn a_supplier_is_scored_from_what_the_operator_entered() {
    let place = Place::new();
    let file = place.dir.path().join("assessment.toml");
    let one = |(place, (points, seal)): (usize, (u32, u8))| {
        format!(
            "[[criterion]]\nid = \"c{place}\"\nobjective = \"SOV-{place}\"\npoints = {points}\nmax = 100\nseal = {seal}\n\
             evidence = \"https://x.example\"\nowner = \"Ada\"\nexpires = 2999-01-01\n"
        )
    };
    let entered = [(80, 4), (60, 3), (70, 3), (75, 3), (50, 2), (90, 4), (80, 3), (40, 1)];
    let text: String = (1..).zip(entered).map(one).collect();
    fs::write(&file, format!("provider = \"here\"\n{text}")).unwrap();
    let scored = place.json(&["pack", "score", "cloud-sovereignty", file.to_str().unwrap()]);
    assert_eq!((scored["score"].as_str(), scored["seal"].as_u64()), (Some("69.75"), Some(1)));
    // The realm's own facts: from another home, the operator's parent is abroad.
    let realm = place.dir.path().join("realm/realm.toml");
    let moved = fs::read_to_string(&realm).unwrap().replacen("home = \"XA\"", "home = \"XB\"", 1);
    fs::write(&realm, moved).unwrap();
    let scored = place.json(&["pack", "score", "cloud-sovereignty", file.to_str().unwrap()]);
    assert_eq!(
        (scored["objectives"][0]["seal"].as_u64(), &scored["objectives"][0]["capped"]),
        (Some(2), &Value::Bool(true))
    );
    let wrong = place.run(&["pack", "score", "gdpr", file.to_str().unwrap()]);
    assert_eq!(wrong.status.code(), Some(2));
}

/// A tool that answers as Cedar's does, by what it is asked to compare.
fn stand_in_cedar(place: &Place) -> [String; 2] {
    use std::os::unix::fs::PermissionsExt;
    let script = r#"#!/bin/sh
case "$*" in *--help*) echo "  implies"; exit 0 ;; esac
while [ $# -gt 0 ]; do
  case "$1" in
    --policies1) is=$2 ;;
    --policies2) was=$2 ;;
    --schema) schema=$2 ;;
    --cvc5-path) [ -f "$2" ] || exit 1 ;;
  esac
  shift
done
grep -q processing_contract "$schema" || exit 1
if cmp -s "$is" "$was"; then echo "✓ Policy set 1 implies policy set 2: VERIFIED"
elif grep -q agreed "$is"; then printf '✗ Policy set 1 implies policy set 2: DOES NOT HOLD\n  Counterexample found:\nprincipal: App::"x"\n'
else echo "the solver gave up" >&2; exit 1; fi
"#;
    ["cedar", "cvc5"].map(|name| {
        let path = place.dir.path().join(name);
        fs::write(&path, script).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path.to_str().unwrap().to_owned()
    })
}

#[test]
fn what_would_prove_it_is_asked_and_its_answer_told() {
    let place = Place::new();
    let own = copy(&place, "gdpr", "own");
    let [cedar, cvc5] = stand_in_cedar(&place);
    let ask = |args: &[&str]| {
        let args: Vec<&str> =
            ["pack", "diff", "gdpr", &own, "--prove"].into_iter().chain(args.iter().copied()).collect();
        let output = place.command(&args).env("FREEHOLD_CEDAR", &cedar).env("CVC5", &cvc5).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, said) = ask(&[]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("disclose: proved"), "{said}");
    let (code, said) = ask(&["--at", "1999-01-01"]);
    assert!(code == 0 && said.contains("nothing to lose"), "{said}");
    edit(&own, "processing.cedar", "!= \"signed\"", "!= \"agreed\"");
    let (code, said) = ask(&["--json"]);
    let told: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((code, &told["proved"]), (1, &Value::Bool(false)), "{said}");
    let actions = told["actions"].as_array().unwrap();
    assert!(actions.iter().any(|it| it["counterexample"] == "principal: App::\"x\""), "{said}");
    edit(&own, "processing.cedar", "!= \"agreed\"", "!= \"else\"");
    let (code, said) = ask(&[]);
    assert!(code == 4 && said.contains("the solver gave up"), "what is not told is neither yes nor no: {said}");
}

#[test]
fn where_nothing_can_prove_it_that_is_said_in_a_line() {
    let place = Place::new();
    let own = copy(&place, "gdpr", "own");
    let [cedar, _] = stand_in_cedar(&place);
    let problems = place.dir.path().join("problems");
    let args = ["pack", "diff", "gdpr", &own, "--prove", "--problems", problems.to_str().unwrap()];
    let ask = |cedar: &str| {
        let mut command = place.command(&args);
        let output = command.env("PATH", "/none").env("FREEHOLD_CEDAR", cedar).env("CVC5", "").output().unwrap();
        assert_eq!(output.status.code(), Some(4));
        String::from_utf8(output.stdout).unwrap()
    };
    let said = ask("");
    assert!(said.lines().count() == 1 && said.contains("cargo install cedar-policy-cli"), "{said}");
    let said = ask(&cedar);
    assert!(said.lines().count() == 1 && said.contains("cvc5"), "{said}");
    let disclose = problems.join("disclose");
    let [schema, was] =
        ["schema.cedarschema", "was.cedar"].map(|name| fs::read_to_string(disclose.join(name)).unwrap());
    assert!(schema.contains("processing_contract: String") && was.starts_with("permit (principal, action, resource);"));
    assert!(was.contains("gdpr-processor") && disclose.join("is.cedar").exists());
}
