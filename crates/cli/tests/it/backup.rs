//! Backups of a running server, and what is restored from them.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use serde_json::Value;

use crate::place::{Place, agent, chat};

/// Runs a command on another data directory.
fn on(place: &Place, data: &Path, args: &[&str]) -> String {
    let output = place.command(args).env("FREEHOLD_DATA", data).output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Takes backups while eight clients ask.
fn under_load(place: &Place, url: &str, key: &str, backups: &[PathBuf]) {
    let (stop, done) = (AtomicBool::new(false), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for client in 0..8 {
            let (stop, done) = (&stop, &done);
            scope.spawn(move || {
                let agent = agent();
                for count in (0..).take_while(|_| !stop.load(Ordering::Relaxed)) {
                    let id = format!("c{client}-{count}");
                    assert_eq!(chat(&agent, url, key, &id, count % 2 == 0).unwrap().status, 200);
                    done.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let mut last = 0;
        for backup in backups {
            let made = place.json(&["backup", backup.to_str().unwrap()]);
            let entries = made["logs"][0]["entries"].as_u64().unwrap();
            assert!(entries > last, "it goes on while it is copied: {made}");
            last = entries;
        }
        stop.store(true, Ordering::Relaxed);
    });
    assert!(done.load(Ordering::Relaxed) > 20);
}

#[test]
fn a_backup_under_load_verifies_and_is_restored_as_a_new_log() {
    let place = Place::new();
    let key = place.key();
    let mut server = place.serve();
    let backups: Vec<_> = (0..3).map(|n| place.dir.path().join(format!("backup-{n}"))).collect();
    under_load(&place, &server.url, &key, &backups);
    place.stop(&mut server);
    place.ok(&["ledger", "verify"]);

    let newest = backups.last().unwrap();
    on(&place, newest, &["ledger", "verify"]);
    let restored = place.dir.path().join("restored");
    on(&place, &restored, &["restore", newest.to_str().unwrap()]);
    // The same keys let in, a new log begins, and both verify.
    std::fs::rename(place.data(), place.dir.path().join("lost")).unwrap();
    std::fs::rename(&restored, place.data()).unwrap();
    let mut server = place.serve();
    assert_eq!(chat(&agent(), &server.url, &key, "after", false).unwrap().status, 200);
    place.stop(&mut server);
    let verified = place.ok(&["ledger", "verify", "--json"]);
    let logs: Vec<Value> = verified.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(logs.len() == 2 && logs.iter().all(|log| log["ok"] == true), "{verified}");
    let first = place.json(&["ledger", "show", "0"])["entry"].take();
    assert_eq!(first["t"], "ledger.restored");
    let head = std::fs::read_to_string(place.data().join("restored-from")).unwrap();
    assert_eq!(first["checkpoint"], head.as_str(), "the old log's last head");
}

#[test]
fn a_change_that_the_old_log_holds_is_not_told_again_by_the_new_one() {
    let place = Place::new();
    place.key();
    // The store is copied before the ledger: a change may wait in its copy that the ledger's copy holds.
    let early = place.dir.path().join("store-early");
    std::fs::create_dir(&early).unwrap();
    for file in std::fs::read_dir(place.data()).unwrap().map(|file| file.unwrap().path()) {
        std::fs::copy(&file, early.join(file.file_name().unwrap())).unwrap();
    }
    let mut server = place.serve();
    place.stop(&mut server);
    let backup = place.dir.path().join("backup");
    place.ok(&["backup", backup.to_str().unwrap()]);
    for name in ["store.db", "store.db-wal"].into_iter().filter(|name| early.join(name).exists()) {
        std::fs::copy(early.join(name), backup.join(name)).unwrap();
    }
    // Made beside it, and in no log yet.
    on(&place, &backup, &["suspend", "provider", "here"]);
    let restored = place.dir.path().join("restored");
    on(&place, &restored, &["restore", backup.to_str().unwrap()]);
    std::fs::remove_dir_all(place.data()).unwrap();
    std::fs::rename(&restored, place.data()).unwrap();
    let mut server = place.serve();
    place.stop(&mut server);
    let told = place.ok(&["ledger", "export"]);
    assert_eq!(told.matches("\"what\":\"suspend\"").count(), 1, "{told}");
    assert_eq!(told.matches("\"what\":\"key.new\"").count(), 0, "the old log holds that: {told}");
}

/// Restores a file into a place of its own; what it says where it cannot.
fn refused(place: &Place, file: &Path) -> String {
    let into = place.dir.path().join("nowhere");
    let output = place.command(&["restore", file.to_str().unwrap()]).env("FREEHOLD_DATA", &into).output().unwrap();
    assert!(!output.status.success() && !into.exists(), "nothing is half restored");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn one_file_holds_all_without_the_key_and_is_restored_only_as_it_was_packed() {
    let place = Place::new();
    let key = place.key();
    let mut server = place.serve();
    assert_eq!(chat(&agent(), &server.url, &key, "before", false).unwrap().status, 200);
    let file = place.dir.path().join("all.tar");
    place.stop(&mut server);
    let made = place.json(&["backup", file.to_str().unwrap()]);
    let again = place.command(&["backup", file.to_str().unwrap()]).output().unwrap();
    assert!(String::from_utf8_lossy(&again.stderr).contains("is there already"));

    let whole = std::fs::read(&file).unwrap();
    let changed = place.dir.path().join("changed.tar");
    let at = whole.len() / 3;
    let flipped: Vec<u8> = whole.iter().enumerate().map(|(n, byte)| if n == at { byte ^ 1 } else { *byte }).collect();
    // Halved, without its last member, and no tar at all.
    let last = whole.windows(10).rposition(|part| part == b"SHA256SUMS").unwrap();
    for bytes in [&flipped[..], &whole[..whole.len() / 2], &whole[..last], b"no tar"] {
        std::fs::write(&changed, bytes).unwrap();
        let said = refused(&place, &changed);
        assert!(said.contains("changed.tar cannot be restored"), "{} bytes: {said}", bytes.len());
    }

    let restored = place.dir.path().join("restored");
    on(&place, &restored, &["restore", file.to_str().unwrap()]);
    on(&place, &restored, &["ledger", "verify"]);
    let log = made["logs"][0]["log"].as_str().unwrap();
    let entries = |data: &Path| on(&place, data, &["ledger", "export", "--log", log]);
    let (old, new) = (entries(&place.data()), entries(&restored));
    assert!(old == new && new.contains("\"t\":\"outcome\""), "{new}");
    std::fs::rename(place.data(), place.dir.path().join("lost")).unwrap();
    std::fs::rename(&restored, place.data()).unwrap();
    let mut server = place.serve();
    assert_eq!(chat(&agent(), &server.url, &key, "after", false).unwrap().status, 200);
    place.stop(&mut server);
}
