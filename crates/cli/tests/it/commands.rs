//! Commands that need no server.

use crate::place::Place;

#[test]
fn a_starter_realm_checks_and_explains() {
    let place = Place::new();
    let dir = place.dir.path().join("mine");
    let dir = dir.to_str().unwrap();
    place.ok(&["init", dir, "--home", "XA", "--pack", "strategic-sectors"]);
    let checked = place.json(&["check", dir]);
    assert_eq!(checked["ok"], true);
    let again = place.run(&["init", dir, "--home", "XA"]);
    assert_eq!(again.status.code(), Some(2), "nothing is overwritten");
    let unknown = place.dir.path().join("other");
    let wrong = place.run(&["init", unknown.to_str().unwrap(), "--home", "XA", "--pack", "strategic-sector"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(!unknown.exists(), "nothing is left behind");
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("strategic-sectors"), "the nearest name is offered");
}

#[test]
fn the_example_realm_explains_its_refusal_and_its_shadow() {
    let place = Place::new();
    let republic = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/republic");
    let explain = |app: &str, more: &[&str]| {
        let args: Vec<&str> =
            ["explain", "--realm", republic, "--app", app].into_iter().chain(more.iter().copied()).collect();
        place.run(&args)
    };
    let refused = explain("clinic", &["--route", "abroad"]);
    assert_eq!(refused.status.code(), Some(1));
    let said = String::from_utf8_lossy(&refused.stdout).into_owned();
    assert!(said.contains("Strategic Sectors Act, Article 4(1)"), "{said}");
    // On a narrow page the table is a list: no line of it but a long title reaches far.
    let args = ["explain", "--realm", republic, "--app", "clinic", "--route", "abroad"];
    let narrow = place.command(&args).env("COLUMNS", "80").output().unwrap();
    let narrow = String::from_utf8_lossy(&narrow.stdout).into_owned();
    assert!(!narrow.contains("───") && narrow.contains("\n  provider "), "{narrow}");
    let today = explain("robot-line", &["--route", "abroad", "--at", "2027-06-30"]);
    assert_eq!(today.status.code(), Some(0));
    let said = String::from_utf8_lossy(&today.stdout).into_owned();
    assert!(said.contains("strategic-sectors-amendment"), "the amendment shows in shadow: {said}");
    assert!(said.contains("not yet in force"), "{said}");
    assert_eq!(explain("robot-line", &["--route", "abroad", "--at", "2027-07-01"]).status.code(), Some(1));
}

#[test]
fn wrong_words_get_an_answer_that_helps() {
    let place = Place::new();
    let new = place.dir.path().join("new");
    for (args, help) in [
        (&["key", "new", "--app", "dusk"][..], "desk"),
        (&["suspend", "provider", "her"][..], "here"),
        (&["explain", "--app", "desk", "--route", "mian"][..], "main"),
        (&["serve", "--listen", "0.0.0.0:0"][..], "--tls-cert"),
        (&["key", "new", "--app", "desk", "--ttl", "90x"][..], "90d"),
        (&["ledger", "verify", "/nowhere"][..], "no ledger"),
        (&["suspend", "provider", "hree"][..], "did you mean `here`?"),
        (&["explain", "--app", "desk", "--at", "yesterday"][..], "2027-07-01"),
        (&["check", "/nowhere"][..], "freehold init"),
        (&["init", new.to_str().unwrap(), "--home", "Germany"][..], "--home: `Germany`"),
        (&["demo", "--realm", "/nowhere"][..], "--keep"),
        (&["demo", "--data", "/nowhere"][..], "--keep"),
        (&["demo", "--database-url", "postgres:///x"][..], "--keep"),
    ] {
        let output = place.run(args);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
        assert!(said.contains(help), "{args:?}: {said}");
    }
    let help = place.ok(&["demo", "--help"]);
    assert!(!help.contains("--realm") && !help.contains("--data"), "{help}");
}

#[test]
fn a_broken_table_does_not_hide_a_broken_rule() {
    let place = Place::new();
    place.write_realm(&place.realm_text().replacen("routes =", "routs =", 1));
    std::fs::write(place.realm().join("policies/base.cedar"), "permt (principal, action, resource);").unwrap();
    let output = place.command(&["check", "--json"]).output().unwrap();
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let codes: Vec<&str> = said["problems"].as_array().unwrap().iter().map(|it| it["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"realm.unknown_field") && codes.contains(&"policy.syntax"), "{codes:?}");
    let said = String::from_utf8(place.run(&["check"]).stderr).unwrap();
    assert!(said.contains("errors: "), "{said}");
}

#[test]
fn the_matrix_of_one_app_is_only_that() {
    let place = Place::new();
    let republic = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/republic");
    let all = place.json(&["check", republic, "--matrix"]);
    let one = place.json(&["check", republic, "--matrix", "--app", "clinic"]);
    let (all, one) = (all["lines"].as_array().unwrap(), one["lines"].as_array().unwrap());
    assert!(!one.is_empty() && one.len() < all.len() && one.iter().all(|line| line["app"] == "clinic"));
    let slip = place.run(&["check", republic, "--matrix", "--app", "clinc"]);
    assert!(String::from_utf8_lossy(&slip.stderr).contains("did you mean `clinic`?"), "{slip:?}");
}

#[test]
fn a_program_that_asks_for_json_gets_its_errors_so() {
    let place = Place::new();
    for args in [&["explain", "--app", "dusk"][..], &["suspend", "provider", "her"], &["ledger", "verify", "/nowhere"]]
    {
        let output = place.command(args).arg("--json").output().unwrap();
        let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((output.status.code(), &said["error"]["kind"]), (Some(2), &"usage".into()), "{args:?}: {said}");
        assert!(said["error"]["message"].as_str().is_some_and(|text| !text.is_empty()), "{said}");
    }
    place.write_realm("routs = []");
    let output = place.command(&["explain", "--app", "desk", "--json"]).output().unwrap();
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(said["error"]["problems"][0]["code"].as_str().unwrap().starts_with("realm."), "{said}");
}

#[test]
fn russian_is_spoken_to_whoever_asks_for_it() {
    let place = Place::new();
    let output = place.command(&["--help"]).env("FREEHOLD_LANG", "ru_RU.UTF-8").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("Платформа суверенного ИИ"), "{said}");
    let key = place.key();
    let mut server = place.serve();
    assert_eq!(crate::place::chat(&crate::place::agent(), &server.url, &key, "x", false).unwrap().status, 200);
    place.stop(&mut server);
    for (args, word) in [
        (&["ledger", "verify"][..], "проверен"),
        (&["ledger", "show"], "намерение"),
        (&["usage"], "ЗАПРОСОВ"),
        (&["key", "ls"], "СОСТОЯНИЕ"),
        (&["check"], "организаций 1"),
        (&["explain", "--app", "dusk"], "нет приложения `dusk`: может быть, `desk`?"),
        (&["suspend", "provider", "her"], "нет поставщика"),
        (&["receipt", "verify", "/nowhere"], "не читается"),
    ] {
        let output = place.command(args).env("LANG", "ru_RU.UTF-8").env("FREEHOLD_LANG", "").output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert!(said.contains(word), "{args:?}: {said}");
    }
}
