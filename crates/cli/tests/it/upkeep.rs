//! Upkeep of the ledger from the command line, with a server running and without one.

use std::path::PathBuf;
use std::sync::Arc;

use ledger::storage::Disk;
use ledger::{KeySource, Log, Options, Origin};
use realm::record::{Change, Record};
use realm::{AppId, UnixMs};
use serde_json::Value;
use store::Store;

use crate::place::{Place, Server, agent, chat, files_below, wait_for};

fn ask(server: &Server, key: &str, id: &str) {
    let status = chat(&agent(), &server.url, key, id, false).unwrap().status;
    assert_eq!(status, 200);
}

fn state_file(place: &Place, name: &str) -> PathBuf {
    files_below(&place.data().join("ledger-state")).into_iter().find(|file| file.ends_with(name)).unwrap()
}

/// What changes of this kind the ledger holds.
fn changes(place: &Place, what: &str) -> Vec<Value> {
    let entries = place.ok(&["ledger", "export"]);
    let entries = entries.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["entry"].take());
    entries.filter(|entry| entry["what"] == what).collect()
}

#[test]
fn a_new_key_signs_and_the_log_is_followed_from_the_old_one() {
    let place = Place::new();
    let key = place.key();
    let mut server = place.serve();
    ask(&server, &key, "one");
    let first = std::fs::read_to_string(state_file(&place, "key.pub")).unwrap().trim().to_owned();
    let made = place.json(&["ledger", "rotate"]);
    assert_ne!(made["key"], first.as_str());
    ask(&server, &key, "two");
    place.stop(&mut server);
    let again = place.json(&["ledger", "rotate"]);
    let mut server = place.serve();
    ask(&server, &key, "three");
    place.stop(&mut server);

    let public = std::fs::read_to_string(state_file(&place, "key.pub")).unwrap();
    let known: Vec<&str> = public.lines().collect();
    assert_eq!(known, [again["key"].as_str().unwrap(), made["key"].as_str().unwrap(), first.as_str()]);
    let ledger = place.data().join("ledger");
    let log = std::fs::read_dir(ledger).unwrap().next().unwrap().unwrap().path();
    for key in known {
        place.ok(&["ledger", "verify", log.to_str().unwrap(), "--pubkey", key]);
    }
    let said = changes(&place, "ledger.rotate");
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0]["subject"].as_str().unwrap().starts_with("log:log-") && said[0]["by"] != "serve", "{said:?}");
}

/// A log with several compressed segments of 2025, as a server with small segments would have left it.
fn old_log(place: &Place) {
    std::fs::create_dir_all(place.data()).unwrap();
    std::fs::write(place.data().join("log-id"), "log-0badcafe\n").unwrap();
    let origin = Origin::new("freehold/test/log-0badcafe").unwrap();
    let mut options = Options::new(&place.data(), "log-0badcafe", origin);
    (options.segment_bytes, options.publish_ms) = (8_192, 20);
    let key = KeySource::Stored { seed_if_new: [5; 32] };
    let (log, _) = Log::open(Arc::new(Disk), options, key, Arc::new(|| 1_750_000_000_000)).unwrap();
    for number in 0..300u64 {
        let change = Change {
            at: UnixMs(1_750_000_000_000 + number),
            what: "key.new".to_owned(),
            subject: format!("key:k{number}"),
            by: "ann".to_owned(),
            note: None,
            id: None,
        };
        log.append_blocking(&Record::Change(change).to_bytes()).unwrap();
    }
    let sealed = || files_below(log.dir()).iter().filter(|f| f.extension().is_some_and(|e| e == "zst")).count();
    wait_for("compressed segments", || sealed() >= 3);
    place.block_on(log.close()).unwrap();
}

#[test]
fn old_entries_go_under_a_stated_policy_and_the_log_still_verifies() {
    let place = Place::new();
    old_log(&place);
    let key = place.key();
    let below = ["ledger", "prune", "--policy", "one year", "--entries-below"];
    let with = |count: &'static str| -> Vec<&str> { below.into_iter().chain([count]).collect() };
    assert_eq!(place.run(&["ledger", "prune", "--entries-below", "9"]).status.code(), Some(2), "no policy");
    assert_eq!(place.run(&["ledger", "prune", "--policy", "one year"]).status.code(), Some(2), "no bound");
    let blank = place.run(&["ledger", "prune", "--policy", " ", "--entries-below", "9"]);
    assert_eq!(blank.status.code(), Some(2));
    assert_eq!(place.run(&with("1")).status.code(), Some(1), "no segment lies wholly below");

    let first = place.json(&with("120"));
    let kept = first["kept_from"].as_u64().unwrap();
    assert!(kept > 0 && kept <= 120 && first["removed"] == kept, "{first}");
    let mut server = place.serve();
    ask(&server, &key, "one");
    // What is needed to count this month and to close what a crash leaves open stays.
    let needed = place.run(&with("100000"));
    let said = String::from_utf8_lossy(&needed.stderr).into_owned();
    assert!(needed.status.code() == Some(2) && said.contains("still needed"), "{said}");
    let second = place.json(&["ledger", "prune", "--policy", "one year", "--before", "2026-01-01"]);
    assert!(second["kept_from"].as_u64().unwrap() > kept, "{second}");
    place.ok(&["ledger", "verify"]);
    ask(&server, &key, "two");
    place.stop(&mut server);
    let mut server = place.serve();
    ask(&server, &key, "three");
    place.stop(&mut server);
    assert_eq!(place.json(&["ledger", "verify"])["pruned"], second["kept_from"]);
    assert_eq!(place.ok(&["ledger", "export"]).matches("\"t\":\"ledger.pruned\"").count(), 2);
    let said = changes(&place, "ledger.prune");
    assert_eq!(said.len(), 2);
    assert!(said.iter().all(|change| change["note"].as_str().unwrap().ends_with(": one year")), "{said:?}");
}

#[test]
fn an_erased_secret_is_in_no_file_and_the_log_still_verifies() {
    let place = Place::new();
    let key = place.key();
    let mut server = place.serve();
    ask(&server, &key, "one");
    let secret = || {
        let read = async { Store::open(&place.data().join("store.db")).await.unwrap().live().await.unwrap() };
        place.block_on(read).secrets[&AppId::new("desk").unwrap()].clone()
    };
    let before = secret();
    assert_eq!(place.json(&["erase", "--app", "desk", "--yes"])["erased"], true);
    assert_ne!(secret(), before);
    for file in files_below(&place.data()) {
        let bytes = std::fs::read(&file).unwrap();
        assert!(memchr::memmem::find(&bytes, &before.0).is_none(), "the secret is in {}", file.display());
    }
    ask(&server, &key, "two");
    place.stop(&mut server);
    let after = secret();
    place.json(&["erase", "--app", "desk", "--yes"]);
    assert_ne!(secret(), after, "without a server too");
    let mut server = place.serve();
    ask(&server, &key, "three");
    place.stop(&mut server);
    place.ok(&["ledger", "verify"]);
    assert_eq!(changes(&place, "secret.destroy").len(), 2);
    let unasked = place.run(&["erase", "--app", "desk"]);
    assert_eq!(unasked.status.code(), Some(2), "nobody can be asked here, and it cannot be undone");
    let unknown = place.run(&["erase", "--app", "dusk"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("desk"), "{unknown:?}");
}
