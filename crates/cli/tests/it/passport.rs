//! Passports by the command line: a document taken over, shown, and given to others.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::place::Place;

/// A document of the crate that reads them.
fn document(name: &str) -> String {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../passport/tests/data").join(name);
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_document_becomes_a_passport_and_its_results_are_published_ones() {
    let place = Place::new();
    let card = document("card.md");
    let unnamed = place.run(&["passport", "import", &card]);
    assert_eq!(unnamed.status.code(), Some(2), "its name is no model's here");
    assert!(String::from_utf8_lossy(&unnamed.stderr).contains("chat-one"));
    let file = place.realm().join("passports/chat-one.toml");
    let import = ["passport", "import", &card, "--model", "chat-one"];
    let dry = place.json(&[&import[..], &["--dry-run"]].concat());
    assert!(!file.exists() && dry["written"] == false);
    let told = place.json(&import);
    assert_eq!((&told["undated"], &told["evaluations"]), (&json!(1), &json!([])), "a card says of no day");
    assert_eq!(told["form"], "model-card");
    let left: Vec<&str> = told["left"].as_array().unwrap().iter().map(|it| it["place"].as_str().unwrap()).collect();
    assert!(left.contains(&"library_name") && left.contains(&"# How to Get Started"), "{left:?}");
    assert!(fs::read_to_string(&file).unwrap().contains("base_models = [\"open-tensor/base-32b\"]"));
    let told = place.json(&[&import[..], &["--date", "2026-05-01"]].concat());
    assert_eq!(told["evaluations"].as_array().unwrap().len(), 1);
    let again = place.json(&[&import[..], &["--date", "2026-05-01"]].concat());
    assert_eq!((&again["added"], &again["evaluations"]), (&json!([]), &json!([])), "taken twice is taken once");
    let kept = place.json(&["eval", "ls"]);
    assert_eq!(kept.as_array().unwrap().len(), 1);
    assert_eq!((&kept[0]["origin"], &kept[0]["date"]), (&json!("published"), &json!("2026-05-01")));
    assert_eq!(kept[0]["source"], "https://results.example/republic-8b");
    let shown = place.ok(&["passport", "show", "chat-one"]);
    for said in ["It invents sources", "SHA-256 ", "hash of the weights: run `sha256sum`"] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    let listed = place.json(&["passport", "ls"]);
    let complete = &listed[0]["completeness"];
    assert_eq!(complete["present"].as_u64().unwrap() + complete["gaps"].as_array().unwrap().len() as u64, 21);
    assert!(place.ok(&["passport", "ls"]).contains("update_channel"));
    assert_eq!(place.run(&["check", place.realm().to_str().unwrap()]).status.code(), Some(0));
}

#[test]
fn an_empty_document_leaves_every_gap_and_a_broken_one_leaves_the_realm() {
    let place = Place::new();
    let empty = place.dir.path().join("empty.json");
    let bom = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,
        "components":[{"type":"machine-learning-model","name":"chat-one"}]}"#;
    fs::write(&empty, bom).unwrap();
    let told = place.json(&["passport", "import", empty.to_str().unwrap()]);
    assert_eq!((&told["document"]["present"], &told["document"]["percent"]), (&json!(0), &json!(0)));
    assert_eq!(told["document"]["gaps"].as_array().unwrap().len(), 21);
    let broken = place.dir.path().join("broken.md");
    fs::write(&broken, "---\nlicense: [mit\n---\n").unwrap();
    let before = fs::read(place.realm().join("passports/chat-one.toml")).unwrap();
    let refused = place.run(&["passport", "import", broken.to_str().unwrap(), "--model", "chat-one"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("broken.md:3:1"), "{refused:?}");
    assert_eq!(fs::read(place.realm().join("passports/chat-one.toml")).unwrap(), before);
}

#[test]
fn what_is_given_to_others_reads_back() {
    let place = Place::new();
    let bom = document("bom.json");
    place.ok(&["passport", "import", &bom, "--model", "chat-one"]);
    let text = place.ok(&["passport", "export", "chat-one", "--cyclonedx"]);
    let export: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&export["bomFormat"], &export["specVersion"]), (&json!("CycloneDX"), &json!("1.6")));
    let component = &export["metadata"]["component"];
    assert_eq!(component["licenses"][0]["license"]["id"], "Apache-2.0");
    let other = Place::new();
    let file = other.dir.path().join("given.json");
    fs::write(&file, text).unwrap();
    let told = other.json(&["passport", "import", file.to_str().unwrap(), "--model", "chat-one"]);
    assert_eq!(told["left"], json!([]));
    let stated = |place: &Place| place.json(&["passport", "show", "chat-one"])["evaluations"].clone();
    assert_eq!(stated(&other), stated(&place));
    assert_eq!(place.run(&["passport", "export", "chat-one"]).status.code(), Some(2), "in which form must be said");
}
