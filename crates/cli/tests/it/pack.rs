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
