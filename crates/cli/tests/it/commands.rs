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
    let today = explain("robot-line", &["--route", "abroad", "--at", "2027-06-30"]);
    assert_eq!(today.status.code(), Some(0));
    let said = String::from_utf8_lossy(&today.stdout).into_owned();
    assert!(said.contains("strategic-sectors-amendment"), "the amendment shows in shadow: {said}");
    assert_eq!(explain("robot-line", &["--route", "abroad", "--at", "2027-07-01"]).status.code(), Some(1));
}

#[test]
fn wrong_words_get_an_answer_that_helps() {
    let place = Place::new();
    for (args, help) in [
        (&["key", "new", "--app", "dusk"][..], "desk"),
        (&["suspend", "provider", "her"][..], "here"),
        (&["explain", "--app", "desk", "--route", "mian"][..], "main"),
        (&["serve", "--listen", "0.0.0.0:0"][..], "--tls-cert"),
        (&["key", "new", "--app", "desk", "--ttl", "90x"][..], "90d"),
        (&["ledger", "verify", "/nowhere"][..], "no ledger"),
    ] {
        let output = place.run(args);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
        assert!(said.contains(help), "{args:?}: {said}");
    }
}

#[test]
fn russian_is_spoken_to_whoever_asks_for_it() {
    let place = Place::new();
    let output = place.command(&["--help"]).env("FREEHOLD_LANG", "ru_RU.UTF-8").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("Платформа суверенного ИИ"), "{said}");
}
