//! The published form: exported, verified, damaged, served without a list, and signed with the wrong things.

use std::fs;

use ledger::checkpoint::Checkpoint;
use ledger::layout::{BundleId, CHECKPOINT};
use ledger::note::Note;
use ledger::verify::{self, Directory, Options, Source};
use ledger::{EntryIndex, Hash, TreeSize, export};

use crate::fixture::{Published, Written, entry, finding, keys_of, log_key, options, witness_key};

#[test]
fn an_exported_log_verifies_and_every_flipped_byte_is_found() {
    let mut log = Written::new();
    log.append(300);
    while log.core.seal().unwrap() {}
    log.core.publish().unwrap();
    log.append(5);
    let out = tempfile::tempdir().unwrap();
    let scan = log.core.scan(EntryIndex(0));
    let entries = scan.map(|entry| entry.map_err(|error| panic!("{error}")));
    let head = export::published::<export::Error>(out.path(), log.note(), entries).unwrap();
    let directory = Directory::new(out.path());
    let report = verify::published(&directory, &options()).unwrap();
    assert_eq!((report.size, report.root), (head.size, head.root));
    assert_eq!(log.verify().unwrap().root, head.root);
    for (n, file) in directory.list().unwrap().unwrap().iter().enumerate() {
        let path = out.path().join(file);
        let good = fs::read(&path).unwrap();
        for at in (n % 13..good.len()).step_by(13) {
            let mut bad = good.clone();
            bad[at] ^= 1 << (at % 8);
            fs::write(&path, bad).unwrap();
            let found = finding(verify::published(&directory, &options()));
            let bundle = BundleId::parse(file).is_some();
            assert!(found.path == *file || bundle && found.path.starts_with("tile/0/"), "byte {at} of {file}: {found}");
        }
        fs::write(&path, good).unwrap();
    }
    let again = export::Exporter::new(out.path(), log.note());
    assert!(matches!(again, Err(export::Error::NotEmpty(_))));
}

#[test]
fn an_export_is_complete_or_fails() {
    let note = Published::numbered(300).note();
    let out = |name: &str, count: u64, change: u64| {
        let dir = tempfile::tempdir().unwrap();
        let entries = (0..count).map(|n| Ok((EntryIndex(n), entry(if n == change { 999 } else { n }))));
        export::published::<export::Error>(&dir.path().join(name), note.clone(), entries)
    };
    assert_eq!(out("a", 300, 300).unwrap().size, TreeSize(300));
    assert_eq!(out("a", 400, 400).unwrap().size, TreeSize(300));
    assert!(matches!(out("a", 299, 300), Err(export::Error::TooFew { .. })));
    assert!(matches!(out("a", 300, 7), Err(export::Error::Root { .. })));
    let gap = [Ok((EntryIndex(1), entry(1)))];
    let dir = tempfile::tempdir().unwrap();
    let missing = export::published::<export::Error>(dir.path(), note, gap);
    assert!(matches!(missing, Err(export::Error::Missing { .. })));
}

#[test]
fn older_partial_files_are_checked_and_may_give_way_to_full_ones() {
    let mut published = Published::numbered(700);
    let older = Published::numbered(600);
    for (path, bytes) in &older.files {
        published.files.entry(path.clone()).or_insert_with(|| bytes.clone());
    }
    published.verify().unwrap();
    for narrow in ["tile/entries/002.p/88", "tile/0/002.p/88"] {
        let mut bad = published.clone();
        bad.files.get_mut(narrow).unwrap()[5] ^= 1;
        assert_eq!(finding(bad.verify()).path, narrow);
    }

    // The checkpoint is of 600 entries while the server has grown to 1000: full files stand in for partial ones.
    let mut grown = Published::numbered(1000);
    let narrow = "tile/1/000.p/2";
    grown.files.insert(narrow.to_owned(), older.files[narrow].clone());
    grown.files.insert(CHECKPOINT.to_owned(), older.files[CHECKPOINT].clone());
    grown.can_list = false;
    assert_eq!(grown.verify().unwrap().size, TreeSize(600));
    let bytes = grown.files.get_mut("tile/0/002").unwrap();
    bytes[32] ^= 1;
    assert_eq!(finding(grown.verify()).path, "tile/0/002");
}

#[test]
fn missing_and_stray_files_are_found() {
    let good = Published::numbered(600);
    for path in good.files.keys() {
        let mut bad = good.clone();
        bad.files.remove(path);
        assert_eq!(finding(bad.verify()).path, *path);
        bad.can_list = false;
        assert_eq!(finding(bad.verify()).path, *path);
    }
    for stray in
        ["index.html", "tile/0/003", "tile/entries/003", "tile/7/000", "tile/0/002.p/99", "tile/entries/002.p/99"]
    {
        let mut bad = good.clone();
        bad.files.insert(stray.to_owned(), Vec::new());
        assert_eq!(finding(bad.verify()).path, stray);
    }
    let mut empty = Published::numbered(0);
    assert_eq!(empty.verify().unwrap().size, TreeSize(0));
    empty.sign(TreeSize(0), Hash([1; 32]));
    assert_eq!(finding(empty.verify()).path, CHECKPOINT);
}

#[test]
fn a_checkpoint_of_anything_else_is_found() {
    let good = Published::numbered(600);
    let head = Checkpoint::parse(good.note().text()).unwrap();
    for (size, root) in [(601, head.root), (599, head.root), (600, Hash([3; 32])), (1 << 62, head.root), (0, head.root)]
    {
        let mut bad = good.clone();
        bad.sign(TreeSize(size), root);
        finding(bad.verify());
        bad.can_list = false;
        finding(bad.verify());
    }
    let stranger = Options { keys: keys_of(witness_key(1).verifier()), ..Options::default() };
    assert_eq!(finding(verify::published(&good, &stranger)).path, CHECKPOINT);
    assert_eq!(finding(verify::published(&good, &Options::default())).path, CHECKPOINT);
    let other = Options {
        keys: keys_of(
            ledger::note::SecretKey::from_seed("log.test/a", log_key().verifier().algorithm(), &[9; 32])
                .unwrap()
                .verifier(),
        ),
        ..Options::default()
    };
    assert_eq!(finding(verify::published(&good, &other)).path, CHECKPOINT);
}

#[test]
fn cosignatures_count_only_if_they_are_known_and_right() {
    let mut published = Published::numbered(9);
    let (known, stranger) = (witness_key(1), witness_key(2));
    let mut note = published.note();
    note.add(known.sign(note.text(), 1_700_000_123));
    note.add(stranger.sign(note.text(), 1_700_000_124));
    let mut with_witness = options();
    with_witness.keys.witnesses = vec![known.verifier().clone()];
    let mut put = |note: &Note| {
        published.files.insert(CHECKPOINT.to_owned(), note.to_string().into_bytes());
        (verify::published(&published, &options()), verify::published(&published, &with_witness))
    };
    let (without, with) = put(&note);
    assert_eq!((without.as_ref().unwrap().witnesses.len(), without.unwrap().unknown_signatures), (0, 2));
    let report = with.unwrap();
    assert_eq!(
        (report.witnesses[0].name.as_str(), report.witnesses[0].time_s),
        ("witness.test/1", Some(1_700_000_123))
    );
    assert_eq!(report.unknown_signatures, 1);
    let mut wrong = known.sign("something else\n", 5);
    std::mem::swap(&mut wrong.bytes, &mut known.sign("x\n", 5).bytes);
    note.add(wrong);
    let (without, with) = put(&note);
    assert!(without.is_ok());
    assert_eq!(finding(with).path, CHECKPOINT);
}
