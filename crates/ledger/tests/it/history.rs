//! What verification knows of a log's past: remembered heads, rotated keys, pruned and restored logs.

use std::fs;

use ledger::checkpoint::{Checkpoint, Keys};
use ledger::layout::CHECKPOINT;
use ledger::verify::{self, Failure, Options, Remember, Report};
use ledger::{EntryIndex, TreeSize};

use crate::fixture::{Published, Written, finding, keys_of, log_key, options, origin};

fn against(published: &Published, seen: &Remember) -> Result<Report, Failure> {
    verify::published(published, &Options { remembered: Some(seen), ..options() })
}

#[test]
fn a_remembered_head_makes_rollback_and_fork_visible() {
    let mut seen = Remember::default();
    let old = Published::numbered(300);
    let report = against(&old, &seen).unwrap();
    assert_eq!(report.remembered, None);
    seen.update(&report.checkpoint).unwrap();

    let report = against(&Published::numbered(1000), &seen).unwrap();
    assert_eq!(report.remembered, Some(TreeSize(300)));
    assert_eq!(against(&old, &seen).unwrap().remembered, Some(TreeSize(300)));

    let rolled_back = finding(against(&Published::numbered(299), &seen));
    assert!(rolled_back.what.contains("rolled back"), "{rolled_back}");
    let other = |n: u64| if n == 40 { b"another".to_vec() } else { crate::fixture::entry(n) };
    for size in [300, 301, 1000] {
        let forked = Published::of(&(0..size).map(other).collect::<Vec<_>>());
        forked.verify().unwrap();
        let found = finding(against(&forked, &seen));
        assert!(found.what.contains("fork"), "{found}");
    }
    // A log restored from an older copy that then grew differently past the remembered size.
    let later = |n: u64| if n == 299 { b"another".to_vec() } else { crate::fixture::entry(n) };
    let forked = Published::of(&(0..400).map(later).collect::<Vec<_>>());
    assert!(finding(against(&forked, &seen)).what.contains("fork"));
}

#[test]
fn an_older_copy_of_a_directory_is_noticed() {
    let mut log = Written::new();
    log.append(30);
    log.core.publish().unwrap();
    let old_note = fs::read(log.dir().join(CHECKPOINT)).unwrap();
    log.append(30);
    log.core.publish().unwrap();
    let mut seen = Remember::default();
    seen.update(&log.verify().unwrap().checkpoint).unwrap();
    let with_memory = || verify::log_dir(&log.dir(), &Options { remembered: Some(&seen), ..options() });
    assert_eq!(with_memory().unwrap().remembered.map(|size| size.0), seen.head(&origin()).map(|(size, _)| size.0));
    fs::write(log.dir().join(CHECKPOINT), old_note).unwrap();
    assert!(finding(with_memory()).what.contains("rolled back"));
}

#[test]
fn rotated_keys_are_followed_from_any_of_them() {
    let mut log = Written::new();
    log.append(10);
    log.core.publish().unwrap();
    for seed in [2u8, 3] {
        log.core.rotate(&[seed; 32]).unwrap();
        log.append(3);
        log.core.publish().unwrap();
        log = log.reopen();
        log.append(3);
        log.core.publish().unwrap();
    }
    let key = |seed: u8| {
        let key = ledger::note::SecretKey::from_seed(
            log_key().verifier().name(),
            log_key().verifier().algorithm(),
            &[seed; 32],
        );
        key.unwrap().verifier().clone()
    };
    let verify_with = |keys: Keys| verify::log_dir(&log.dir(), &Options { keys, ..Options::default() });
    for seed in 1..=3 {
        let report = verify_with(keys_of(&key(seed))).unwrap();
        assert_eq!(report.signers.len(), 1);
        assert_eq!(report.signers[0].key, key(3).id());
    }
    verify_with(Keys { logs: vec![key(3), key(2), key(1)], witnesses: Vec::new() }).unwrap();
    assert_eq!(finding(verify_with(keys_of(&key(4)))).path, CHECKPOINT);

    // A thief of the first key signs a checkpoint of the whole log: the log itself has retired that key.
    let head = Checkpoint::parse(log.note().text()).unwrap();
    let forged = head.sign(&log_key()).unwrap();
    fs::write(log.dir().join(CHECKPOINT), forged.to_string()).unwrap();
    assert_eq!(finding(verify_with(keys_of(&key(1)))).path, CHECKPOINT);
}

#[test]
fn the_logs_and_keys_of_a_data_directory_are_found() {
    let mut log = Written::new();
    log.append(10);
    log.core.rotate(&[2; 32]).unwrap();
    log.core.publish().unwrap();
    let data = log.data.path();
    assert_eq!(verify::logs(data).unwrap(), [log.dir()]);
    let logs = verify::keys_beside(&log.dir()).unwrap();
    assert_eq!((logs.len(), &logs[1]), (2, log_key().verifier()));
    verify::log_dir(&log.dir(), &Options { keys: Keys { logs, witnesses: Vec::new() }, ..Options::default() }).unwrap();
    fs::write(data.join("ledger/x"), b"").unwrap();
    assert_eq!(verify::logs(data).unwrap_err().finding().unwrap().path, "ledger/x");
}

#[test]
fn only_a_stated_policy_excuses_missing_entries() {
    let mut log = Written::new();
    log.append(400);
    log.core.publish().unwrap();
    while log.core.seal().unwrap() {}
    log.core.publish().unwrap();
    let whole = log.verify().unwrap();
    let first = log.files().into_iter().find(|file| file.ends_with(".zst")).unwrap();
    let bytes = fs::read(log.dir().join(&first)).unwrap();
    fs::remove_file(log.dir().join(&first)).unwrap();
    assert!(finding(log.verify()).what.contains("no stated policy"));
    fs::write(log.dir().join(&first), bytes).unwrap();
    assert_eq!(log.verify().unwrap(), whole);

    let kept = log.core.prune(EntryIndex(250), "keep nothing old").unwrap();
    assert!(kept.0 > 0);
    let report = log.verify().unwrap();
    assert_eq!(report.pruned, kept.0);
    assert!(report.size > whole.size);
    // The hashes of what is gone still count.
    let tile = log.dir().join("tile/0/000");
    let mut bytes = fs::read(&tile).unwrap();
    bytes[64] ^= 1;
    fs::write(&tile, bytes).unwrap();
    finding(log.verify());
}
