//! What people change while it serves: keys, suspensions, the realm.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::place::{Place, agent, chat, wait_for};

fn status(place_url: &str, key: &str) -> u16 {
    chat(&agent(), place_url, key, "x", false).map_or(0, |chat| chat.status)
}

#[test]
fn a_key_made_or_revoked_beside_the_server_counts_at_once_and_is_recorded() {
    let place = Place::new();
    let mut server = place.serve();
    let made = place.json(&["key", "new", "--app", "desk", "--ttl", "1h"]);
    let (id, key) = (made["id"].as_str().unwrap(), made["key"].as_str().unwrap());
    // The command ends when the server has taken the change over, so nobody has to wait for anything after it.
    assert_eq!(made["effect"], "in_force");
    assert_eq!(status(&server.url, key), 200);
    let said = place.ok(&["key", "revoke", id]);
    assert_eq!(status(&server.url, key), 401);
    assert!(said.contains("is revoked") && said.contains("server acts on it"), "{said}");
    assert!(place.ok(&["ledger", "show"]).contains("key.revoke"), "the ledger shows it at once");
    let again = place.ok(&["key", "revoke", id]);
    assert!(again.contains("was revoked already"), "{again}");
    place.stop(&mut server);
    let made = place.json(&["key", "new", "--app", "desk"]);
    assert_eq!(made["effect"], "at_start", "no server runs");
    place.ok(&["key", "revoke", made["id"].as_str().unwrap()]);
    let log = place.ok(&["ledger", "export"]);
    for what in ["key.new", "key.revoke", "serve.start", "serve.stop"] {
        assert_eq!(log.matches(&format!("\"what\":\"{what}\"")).count(), 1, "{what} in {log}");
    }
    assert!(!log.contains(key), "the key's text is in the ledger");
}

#[test]
fn a_suspended_provider_sees_nothing_until_it_is_resumed() {
    let place = Place::new();
    let key = place.key();
    let server = place.serve();
    wait_for("an answer", || status(&server.url, &key) == 200);
    let said = place.ok(&["suspend", "provider", "here"]);
    assert!(said.contains("server acts on it"), "{said}");
    assert_eq!(status(&server.url, &key), 503);
    let before = place.stand_in.received().len();
    assert_eq!(status(&server.url, &key), 503);
    assert_eq!(place.stand_in.received().len(), before);
    place.ok(&["resume", "provider", "here"]);
    wait_for("an answer again", || status(&server.url, &key) == 200);
    let again = place.ok(&["resume", "provider", "here"]);
    assert!(again.contains("was not suspended"), "{again}");
    let slip = place.run(&["resume", "provider", "her"]);
    assert_eq!(slip.status.code(), Some(2), "it is not in the realm");
}

/// Somebody has just broken the realm, and a provider must be stopped now.
#[test]
fn a_broken_realm_keeps_nobody_from_suspending() {
    let place = Place::new();
    let key = place.key();
    let server = place.serve();
    wait_for("an answer", || status(&server.url, &key) == 200);
    std::fs::write(place.realm().join("broken.toml"), "routs = []\n").unwrap();
    let told = place.run(&["suspend", "provider", "here"]);
    let said = String::from_utf8_lossy(&told.stderr).into_owned();
    assert_eq!(told.status.code(), Some(0), "{said}");
    assert!(said.contains("nobody looked whether it has such a provider"), "{said}");
    assert_eq!(status(&server.url, &key), 503);
}

#[test]
fn a_process_that_holds_the_ledger_and_does_not_answer_is_not_believed() {
    let place = Place::new();
    let key = place.key();
    let mut server = place.serve();
    assert_eq!(status(&server.url, &key), 200);
    place.stop(&mut server);
    let state = std::fs::read_dir(place.data().join("ledger-state")).unwrap().next().unwrap().unwrap().path();
    let lock = std::fs::File::open(state.join("lock")).unwrap();
    rustix::fs::flock(&lock, rustix::fs::FlockOperation::LockExclusive).unwrap();
    let told = place.json(&["suspend", "provider", "here"]);
    assert_eq!(told["effect"], "unknown");
}

#[test]
fn a_missing_credential_is_in_the_log_from_the_start_and_without_colours() {
    let place = Place::new();
    let needs = "id = \"here\"\ncredential = { env = \"NO_SUCH_VARIABLE_HERE\" }";
    place.write_realm(&place.realm_text().replacen(
        "[[provider]]\nid = \"here\"",
        &format!("[[provider]]\n{needs}"),
        1,
    ));
    let mut command = place.command(&["serve", "--json", "--listen", "127.0.0.1:0"]);
    command.env("FREEHOLD_LOG", "info").stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut log = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    let mut seen = String::new();
    while !seen.contains("NO_SUCH_VARIABLE_HERE") {
        seen.push_str(&log.next().expect("the log ends without the warning"));
    }
    assert!(!seen.contains('\u{1b}'), "no terminal reads this: {seen}");
    assert!(!seen.contains("Recovery {"), "{seen}");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_changed_realm_is_taken_over_and_a_broken_one_is_not() {
    let place = Place::new();
    let key = place.key();
    let server = place.serve();
    wait_for("an answer", || status(&server.url, &key) == 200);
    let good = place.realm_text();

    place.write_realm(&good.replace("routes = [\"main\"]", "routes = [\"nowhere\"]"));
    let told = || agent().get(format!("{}/readyz", server.url)).call().unwrap().body_mut().read_to_string().unwrap();
    wait_for("the refusal to be told", || told().contains("the changed realm is refused since"));
    assert_eq!(status(&server.url, &key), 200, "the realm before keeps serving");
    place.write_realm(&good);
    wait_for("the refusal to be forgotten", || !told().contains("is refused"));

    let renamed =
        good.replace("id = \"main\"", "id = \"other\"").replace("routes = [\"main\"]", "routes = [\"other\"]");
    place.write_realm(&renamed);
    wait_for("the route to be gone", || status(&server.url, &key) == 404);
    place.write_realm(&good);
    wait_for("the route to be back", || status(&server.url, &key) == 200);
    let snapshots = std::fs::read_dir(place.data().join("snapshots")).unwrap().count();
    assert_eq!(snapshots, 2, "each realm that decided is archived, once");
}

/// What lies in the realm's folder must neither end the server nor hold up revocations.
#[test]
fn whatever_lies_in_the_realm_the_one_before_serves_and_revocations_count() {
    let place = Place::new();
    let key = place.key();
    let server = place.serve();
    wait_for("an answer", || status(&server.url, &key) == 200);
    let told = || agent().get(format!("{}/readyz", server.url)).call().unwrap().body_mut().read_to_string().unwrap();
    let made = place.json(&["key", "new", "--app", "desk", "--ttl", "1h"]);
    wait_for("the new key to let in", || status(&server.url, made["key"].as_str().unwrap()) == 200);
    let (policies, good) = (place.realm().join("policies"), place.realm_text());
    std::fs::create_dir_all(&policies).unwrap();
    let deep = format!("permit (principal, action, resource) when {{ {}true", "(".repeat(50_000));
    let bad = [
        (policies.join("deep.cedar"), deep),
        (place.realm().join("long.toml"), format!("x = \"{}\" y", "a".repeat(70_000))),
        (place.realm().join("nested.toml"), format!("x = {}", "[".repeat(50_000))),
    ];
    for (path, text) in bad {
        std::fs::write(&path, text).unwrap();
        wait_for("the refusal to be told", || told().contains("the changed realm is refused since"));
        assert_eq!(status(&server.url, &key), 200, "the realm before keeps serving");
        let checked = place.run(&["check"]);
        assert_eq!(checked.status.code(), Some(2), "{}", String::from_utf8_lossy(&checked.stderr));
        std::fs::remove_file(&path).unwrap();
        wait_for("the refusal to be forgotten", || !told().contains("is refused"));
    }

    let pipe = place.realm().join("pipe.toml");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    wait_for("the refusal to be told", || told().contains("the changed realm is refused since"));
    place.ok(&["key", "revoke", made["id"].as_str().unwrap()]);
    wait_for("the revocation to count", || status(&server.url, made["key"].as_str().unwrap()) == 401);
    std::fs::remove_file(&pipe).unwrap();
    place.write_realm(&good.replace("id = \"main\"", "id = \"other\"").replace("[\"main\"]", "[\"other\"]"));
    wait_for("the route to be gone", || status(&server.url, &key) == 404);
}
