//! The last signed head: what lies outside the log's directory, so that an older copy of it is noticed.

use crate::place::{Place, agent, chat, files_below};

#[test]
fn a_removed_head_stops_the_start_until_somebody_names_the_size() {
    let place = Place::new();
    let key = place.key();
    let mut server = place.serve();
    assert_eq!(chat(&agent(), &server.url, &key, "one", false).unwrap().status, 200);
    place.stop(&mut server);
    let size = place.json(&["ledger", "verify"])["entries"].as_u64().unwrap();
    let there = place.run(&["ledger", "accept-head", "--size", &size.to_string()]);
    assert_eq!(there.status.code(), Some(2), "nothing is missing");

    let state = files_below(&place.data().join("ledger-state"));
    let head = state.into_iter().find(|file| file.ends_with("head")).unwrap();
    std::fs::remove_file(&head).unwrap();
    let refused = place.run(&["serve", "--listen", "127.0.0.1:0"]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(3), "{said}");
    assert!(said.contains("freehold ledger accept-head") && said.contains("head is missing"), "{said}");

    let other = place.run(&["ledger", "accept-head", "--size", &(size - 1).to_string()]);
    assert_eq!(other.status.code(), Some(2), "{other:?}");
    assert!(!head.exists());
    assert_eq!(place.json(&["ledger", "accept-head", "--size", &size.to_string()])["size"], size);
    let mut server = place.serve();
    assert_eq!(chat(&agent(), &server.url, &key, "two", false).unwrap().status, 200);
    place.stop(&mut server);
    place.ok(&["ledger", "verify"]);
    assert_eq!(place.ok(&["ledger", "export"]).matches("\"what\":\"ledger.accept_head\"").count(), 1);
}

/// `place` with a log of some entries, and a copy of its data as they were before the last of them.
fn with_older_copy() -> (Place, std::path::PathBuf) {
    let place = Place::new();
    let key = place.key();
    let older = place.dir.path().join("older");
    for _ in 0..2 {
        if place.data().join("log-id").exists() {
            crate::ledger::copy(&place.data(), &older);
        }
        let mut server = place.serve();
        assert_eq!(chat(&agent(), &server.url, &key, "one", false).unwrap().status, 200);
        place.stop(&mut server);
    }
    place.ok(&["ledger", "verify"]);
    (place, older)
}

fn refused_by_verify(place: &Place, why: &str) {
    let output = place.run(&["ledger", "verify"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(1) && said.contains("NOT verified") && said.contains(why), "{output:?}");
}

#[test]
fn verify_holds_the_log_against_its_last_signed_head() {
    let (place, older) = with_older_copy();
    let log = place.data().join("ledger");
    let state = files_below(&place.data().join("ledger-state"));
    let head = state.into_iter().find(|file| file.ends_with("head")).unwrap();
    let good = std::fs::read_to_string(&head).unwrap();
    std::fs::rename(&log, place.dir.path().join("newer")).unwrap();
    crate::ledger::copy(&older.join("ledger"), &log);
    refused_by_verify(&place, "it is an older copy");
    std::fs::remove_dir_all(&log).unwrap();
    std::fs::rename(place.dir.path().join("newer"), &log).unwrap();
    place.ok(&["ledger", "verify"]);
    let line = good.lines().nth(1).unwrap();
    std::fs::write(&head, good.replacen(line, "1", 1)).unwrap();
    refused_by_verify(&place, "is none of this log's key");
    std::fs::remove_file(&head).unwrap();
    refused_by_verify(&place, "the last signed head is missing");
}

#[test]
fn verify_checks_the_realms_that_records_name() {
    let (place, _) = with_older_copy();
    let snapshots = place.data().join("snapshots");
    let file = files_below(&snapshots).into_iter().find(|file| file.ends_with("realm.toml")).unwrap();
    let good = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{good}# one word more\n")).unwrap();
    refused_by_verify(&place, "its files are not those that its name stands for");
    std::fs::write(&file, good).unwrap();
    place.ok(&["ledger", "verify"]);
    std::fs::remove_dir_all(&snapshots).unwrap();
    refused_by_verify(&place, "names is missing");
}

#[test]
fn a_log_is_replaced_by_no_new_one_and_lies_nowhere_else() {
    use std::os::unix::fs::PermissionsExt;
    let (place, _) = with_older_copy();
    let path = place.data().join("log-id");
    let id = std::fs::read_to_string(&path).unwrap();
    let serve = || {
        let output = place.run(&["serve", "--listen", "127.0.0.1:0"]);
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    std::fs::remove_file(&path).unwrap();
    let (code, said) = serve();
    assert!(code == Some(2) && said.contains("log-id is missing") && said.contains(id.trim()), "{said}");
    let outside = place.dir.path().join("outside");
    for wrong in ["../../outside", "", "a/b", "a b", "."] {
        std::fs::write(&path, wrong).unwrap();
        let (code, said) = serve();
        assert!(code == Some(2) && said.contains("does not name a log"), "{wrong}: {said}");
    }
    assert!(!outside.exists());
    std::fs::write(&path, &id).unwrap();
    let inside = place.run(&["backup", place.data().join("models/mine").to_str().unwrap()]);
    let said = String::from_utf8_lossy(&inside.stderr).into_owned();
    assert!(inside.status.code() == Some(2) && said.contains("within the data directory"), "{said}");
    let mode = |mode| std::fs::set_permissions(place.data(), std::fs::Permissions::from_mode(mode)).unwrap();
    mode(0o755);
    let mut server = place.serve();
    let now = std::fs::metadata(place.data()).unwrap().permissions().mode();
    assert_eq!(now & 0o777, 0o700);
    place.stop(&mut server);
}
