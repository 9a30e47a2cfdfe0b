//! What keeps a drill from beginning, and what ends it.

use super::{Drilled, SCENARIO, ask};
use crate::place::{agent, wait_for};

fn said(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn it_takes_two_people_and_their_own_keys() {
    let drilled = Drilled::new();
    let key = drilled.place.key();
    let server = drilled.place.serve();
    let id = drilled.proposed(SCENARIO, &["--mode", "canary", "--percent", "50"]);
    for (by, key, words) in [
        ("ann", "ann", "another person must approve"),
        ("bob", "ann", "is not the key of `bob`"),
        ("eve", "ann", "no person `eve`"),
    ] {
        let told = drilled.approve(&id, by, key);
        assert_eq!(told.status.code(), Some(2), "{by}: {}", said(&told));
        assert!(said(&told).contains(words), "{by}: {}", said(&told));
    }
    assert!(ask(&agent(), &server.url, &key, "alone").status == 200, "nothing has begun");
    assert!(drilled.approve(&id, "bob", "bob").status.success());
    let again = drilled.approve(&id, "bob", "bob");
    assert!(said(&again).contains("approved already"), "{}", said(&again));
    let other = drilled.proposed(SCENARIO, &["--mode", "full"]);
    let another = drilled.approve(&other, "bob", "bob");
    assert!(said(&another).contains("one at a time"), "{}", said(&another));
    let answers: Vec<u16> = (0..40).map(|_| ask(&agent(), &server.url, &key, "alone").status).collect();
    assert!(answers.contains(&200) && answers.contains(&503), "a canary takes a part: {answers:?}");
    drilled.place.ok(&["drill", "abort", &id, "--reason", "done"]);
    assert_eq!(ask(&agent(), &server.url, &key, "alone").status, 200);
    let again = drilled.place.ok(&["drill", "abort", &id, "--reason", "done"]);
    assert!(again.contains("had ended already"), "{again}");
}

#[test]
fn what_cannot_be_drilled_is_told_before_anything_is_proposed() {
    let drilled = Drilled::new();
    let server = drilled.place.serve();
    let file = drilled.place.dir.path().join("wrong.toml");
    let signer = drilled.key_of("ann");
    let start = |text: &str, mode: &[&str]| {
        std::fs::write(&file, text).unwrap();
        let mut args = vec!["drill", "start", file.to_str().unwrap(), "--minutes", "1", "--reason", "x"];
        args.extend_from_slice(mode);
        args.extend(["--by", "ann", "--signer", &signer]);
        drilled.place.run(&args)
    };
    let price = "title = \"x\"\n[[price]]\nprovider = \"far\"\nfactor = \"10\"\n";
    let misspelt = "title = \"x\"\n[[cut]]\nparent = \"abroat\"\n";
    for (text, mode, words) in [
        (price, &["--mode", "full"][..], "cannot be drilled live"),
        (misspelt, &["--mode", "full"], "did you mean `abroad`?"),
        (SCENARIO, &["--mode", "canary"], "needs `--percent`"),
        (SCENARIO, &["--mode", "full", "--percent", "5"], "is for `--mode canary`"),
    ] {
        let told = start(text, mode);
        assert_eq!(told.status.code(), Some(2), "{}", said(&told));
        assert!(said(&told).contains(words), "{words}: {}", said(&told));
    }
    assert!(drilled.place.ok(&["drill", "status"]).contains("no live drill"));
    drop(server);
}

#[test]
fn a_guardrail_ends_a_drill_that_hurts() {
    let drilled = Drilled::new();
    let key = drilled.place.key();
    let server = drilled.place.serve();
    let rails = format!("{SCENARIO}\n[guardrails]\nerror_share_max = \"0.2\"\nwindow_s = 10\n");
    let id = drilled.begun(&rails, &["--mode", "full"]);
    let asked = std::cell::Cell::new(0);
    wait_for("the guardrail to end it", || {
        asked.set(asked.get() + 1);
        ask(&agent(), &server.url, &key, "alone").status == 200
    });
    assert!(asked.get() >= 10, "{} requests are too few to conclude from", asked.get());
    wait_for("its end to be told", || drilled.status(&id)["state"] == "guardrail");
    let why = drilled.status(&id)["drill"]["ended"]["why"].clone();
    assert!(why.as_str().unwrap().starts_with("guardrail: "), "{why}");
    wait_for("its record", || drilled.steps().contains(&"drill.abort serve".to_owned()));
}

#[test]
fn an_app_that_is_left_out_goes_on_as_before() {
    let drilled = Drilled::new();
    let key = drilled.place.key();
    let server = drilled.place.serve();
    let spared = format!("{SCENARIO}\n[guardrails]\nexclude_apps = [\"desk\"]\n");
    let id = drilled.begun(&spared, &["--mode", "full"]);
    assert!(ask(&agent(), &server.url, &key, "main").body.contains("stand-in far"));
    let report = drilled.status(&id)["report"].clone();
    assert_eq!(report["totals"]["moved"], 0);
}

/// Approved while no server ran, and over before one started: nothing was cut off, and nobody says so.
#[test]
fn a_drill_whose_time_is_over_was_never_in_force() {
    let drilled = Drilled::new();
    let key = drilled.place.key();
    let mut server = drilled.place.serve();
    drilled.place.stop(&mut server);
    let id = drilled.proposed(SCENARIO, &["--mode", "full"]);
    assert!(drilled.approve(&id, "bob", "bob").status.success());
    drilled.shorten(&id, 0);
    let server = drilled.place.serve();
    assert!(ask(&agent(), &server.url, &key, "alone").status == 200);
    wait_for("its end to be told", || drilled.status(&id)["state"] == "over");
    assert!(drilled.status(&id)["report"].is_null());
    wait_for("its record", || drilled.steps().contains(&"drill.end serve".to_owned()));
    assert!(!drilled.steps().contains(&"drill.start serve".to_owned()));
}
