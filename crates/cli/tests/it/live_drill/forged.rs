//! What somebody can do who may write the store and has nobody's key: nothing that two people did not sign.

use serde_json::json;

use super::{Drilled, SCENARIO, ask};
use crate::place::{Server, agent, wait_for};

fn warnings(server: &Server) -> String {
    let mut response = agent().get(format!("{}/readyz", server.url)).call().unwrap();
    response.body_mut().read_to_string().unwrap()
}

/// Who answers a request on the route where the supplier stands first.
fn answers(server: &Server, key: &str) -> &'static str {
    let got = ask(&agent(), &server.url, key, "main");
    assert_eq!(got.status, 200, "{}", got.body);
    if got.body.contains("stand-in far") { "far" } else { "here" }
}

/// A copy of a drill under another name, as if approved a little later.
fn forged(id: &str, set: &str) -> [String; 3] {
    [
        format!("CREATE TABLE other AS SELECT * FROM drill WHERE id = '{id}'"),
        format!("UPDATE other SET id = 'dforged' || (SELECT COUNT(*) FROM drill), approved_ms = approved_ms + 1{set}"),
        "INSERT INTO drill SELECT * FROM other".to_owned(),
    ]
}

fn forge(drilled: &Drilled, id: &str, set: &str) {
    let statements = forged(id, set);
    let mut statements: Vec<&str> = statements.iter().map(String::as_str).collect();
    // Who writes the file is held by none of its checks.
    statements.insert(0, "PRAGMA ignore_check_constraints = ON");
    statements.push("DROP TABLE other");
    drilled.written(&statements);
}

#[test]
fn a_scenario_that_was_changed_after_it_was_signed_is_approved_by_nobody() {
    let drilled = Drilled::new();
    let key = drilled.place.key();
    let server = drilled.place.serve();
    let rails = format!("{SCENARIO}\n[guardrails]\nerror_share_max = \"0.2\"\n");
    let id = drilled.proposed(&rails, &["--mode", "full"]);
    drilled.written(&["UPDATE drill SET scenario = replace(scenario, '\"0.2\"', '\"1\"')"]);
    let shown = drilled.place.run(&["drill", "status", &id]);
    assert!(!shown.status.success() && String::from_utf8_lossy(&shown.stderr).contains("not the one that was signed"));
    let told = drilled.approve(&id, "bob", "bob");
    let said = String::from_utf8_lossy(&told.stderr).into_owned();
    assert_eq!(told.status.code(), Some(2), "{said}");
    assert!(said.contains("not the one that was signed"), "{said}");
    assert_eq!(answers(&server, &key), "far", "nothing has begun");
}

#[test]
fn no_server_takes_up_what_differs_from_what_was_signed() {
    let drilled = Drilled::new();
    let key = drilled.place.key();
    let mut server = drilled.place.serve();
    drilled.place.stop(&mut server);
    let id = drilled.proposed(SCENARIO, &["--mode", "full"]);
    assert!(drilled.approve(&id, "bob", "bob").status.success());
    for (forgery, words, back) in [
        ("until_ms = until_ms + 3600000", "it does not end 1 minutes after", "until_ms = until_ms - 3600000"),
        ("scenario = scenario || '#'", "its scenario is not the one", "scenario = rtrim(scenario, '#')"),
        (
            "approved_ms = approved_ms + 9, until_ms = until_ms + 9",
            "the signature of bob does not fit",
            "reason = reason",
        ),
    ] {
        drilled.written(&[&format!("UPDATE drill SET {forgery}")]);
        let mut server = drilled.place.serve();
        assert_eq!(answers(&server, &key), "far", "{forgery}");
        assert!(warnings(&server).contains(words), "{}", warnings(&server));
        drilled.place.stop(&mut server);
        drilled.written(&[&format!("UPDATE drill SET {back}")]);
    }
}

#[test]
fn a_forged_row_neither_lifts_a_drill_nor_resets_what_it_counted() {
    let drilled = Drilled::new();
    let key = drilled.place.key();
    let mut server = drilled.place.serve();
    let id = drilled.begun(SCENARIO, &["--mode", "full"]);
    wait_for("it to report", || drilled.status(&id)["report"]["servers"][0]["in_force"].is_u64());
    let since = drilled.status(&id)["report"]["servers"][0]["in_force"].clone();
    forge(&drilled, &id, "");
    wait_for("the forgery to be told", || warnings(&server).contains("dforged1"));
    // One that no version can read, and the true one written over.
    forge(&drilled, &id, ", mode = 'gone'");
    drilled.written(&[&format!("UPDATE drill SET cuts = '[]' WHERE id = '{id}'")]);
    wait_for("all to be told", || [&*id, "dforged2", "mode `gone`"].iter().all(|it| warnings(&server).contains(it)));
    assert_eq!(answers(&server, &key), "here", "it is on as it was taken up");
    assert_eq!(drilled.status(&id)["report"]["servers"][0]["in_force"], since);
    let cuts = "'[{\"level\":\"parent\",\"name\":\"abroad\"}]'";
    drilled.written(&[&format!("UPDATE drill SET cuts = {cuts} WHERE id = '{id}'")]);
    wait_for("it to be right again", || !warnings(&server).contains(&id));
    drilled.place.stop(&mut server);
    let server = drilled.place.serve();
    assert_eq!(answers(&server, &key), "here", "a server that starts finds the true one among the forged");
    drilled.place.ok(&["drill", "abort", &id, "--reason", "done"]);
    assert_eq!(answers(&server, &key), "far");
}

/// Nobody signs blind: what would be cut off, for how long, what ends it, whom it leaves alone, and of which scenario.
#[test]
fn a_proposal_is_shown_whole_before_it_is_approved() {
    let drilled = Drilled::new();
    let server = drilled.place.serve();
    let rails = "[guardrails]\nerror_share_max = \"0.2\"\nwindow_s = 45\nexclude_apps = [\"desk\"]\n";
    let id = drilled.proposed(&format!("{SCENARIO}\n{rails}"), &["--mode", "full"]);
    let told = drilled.status(&id);
    let (shown, sha256) = (&told["proposal"], told["drill"]["sha256"].as_str().unwrap());
    assert_eq!((&shown["deployments"][0], &shown["minutes"]), (&json!("one-far"), &json!(1)), "{told}");
    assert_eq!((&shown["exclude_apps"][0], &shown["window_s"]), (&json!("desk"), &json!(45)), "{told}");
    let text = drilled.place.ok(&["drill", "status", &id]);
    for words in ["cut off: one-far", "for 1 minutes", "above: 0.2", "over 45 s", "left alone: desk", sha256] {
        assert!(text.contains(words), "{words}: {text}");
    }
    drop(server);
}
