//! Files written by earlier versions still read and verify, and what is deterministic is still written byte for byte.
//!
//! `LEDGER_VECTORS=write` writes `tests/vectors` anew, for a new version's directory; old ones are never rewritten.

use std::fs;
use std::path::{Path, PathBuf};

use ledger::layout::CHECKPOINT;
use ledger::proof::{LeafNodes, inclusion};
use ledger::receipt::Receipt;
use ledger::tree::leaf_hash;
use ledger::verify::{self, Directory, Source};
use ledger::{EntryIndex, Hash};

use crate::fixture::{Published, Written, entry, keys_of, log_key, options};

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/v1")
}

fn published() -> (Published, Receipt) {
    let published = Published::numbered(5);
    let leaves: Vec<Hash> = (0..5).map(|n| leaf_hash(&entry(n))).collect();
    let (index, size) = (EntryIndex(2), ledger::TreeSize(5));
    let proof = inclusion(&mut LeafNodes(&leaves), index, size).unwrap().unwrap();
    let receipt = Receipt { extra: Some(entry(2)), index, proof, checkpoint: published.note() };
    (published, receipt)
}

fn put(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// Writes the vectors if asked to.
fn prepare() {
    if std::env::var("LEDGER_VECTORS").as_deref() != Ok("write") {
        return;
    }
    let (published, receipt) = published();
    for (path, bytes) in &published.files {
        put(&vectors().join("published").join(path), bytes);
    }
    put(&vectors().join("entry-2.tlog-proof"), receipt.to_string().as_bytes());
    put(&vectors().join("vkey"), format!("{}\n", log_key().verifier()).as_bytes());
    let mut log = Written::new();
    log.append(130);
    log.core.publish().unwrap();
    log.core.rotate(&[2; 32]).unwrap();
    while log.core.seal().unwrap() {}
    log.core.publish().unwrap();
    for file in log.files() {
        put(&vectors().join("log").join(&file), &fs::read(log.dir().join(&file)).unwrap());
    }
}

#[test]
fn version_1_is_still_read_and_written() {
    prepare();
    let (published, receipt) = published();
    let directory = Directory::new(vectors().join("published"));
    let listed = directory.list().unwrap().unwrap();
    assert_eq!(listed, published.files.keys().cloned().collect::<Vec<_>>());
    for path in listed {
        assert_eq!(directory.read(&path).unwrap().as_ref(), published.files.get(&path), "{path}");
    }
    let report = verify::published(&directory, &options()).unwrap();
    assert_eq!(report.root.to_string(), "7caa345dbd892a66454d6c6512ea3c3ea3f0d3ec21be3fc2e2375705fd38f672");
    assert_eq!(fs::read_to_string(vectors().join("entry-2.tlog-proof")).unwrap(), receipt.to_string());
    assert_eq!(fs::read_to_string(vectors().join("vkey")).unwrap(), format!("{}\n", log_key().verifier()));

    let read = Receipt::parse(&fs::read(vectors().join("entry-2.tlog-proof")).unwrap()).unwrap();
    let verified = read.verify(None, &keys_of(log_key().verifier())).unwrap();
    assert_eq!(verified.entry, entry(2));
}

#[test]
fn a_log_of_version_1_still_verifies() {
    prepare();
    let dir = vectors().join("log");
    let files = Directory::new(&dir).list().unwrap().unwrap();
    for kind in [".zst", ".log", CHECKPOINT] {
        assert!(files.iter().any(|file| file.ends_with(kind)), "{kind}");
    }
    let report = verify::log_dir(&dir, &options()).unwrap();
    assert!(report.size.0 > 130, "{report:?}");
    assert_eq!(report.unknown_signatures, 0);
    let mut count = 0;
    verify::entries(&dir, &report.origin, |index, _| {
        assert_eq!(index.0, count);
        count += 1;
        Ok(())
    })
    .unwrap();
    assert_eq!(count, report.size.0);
}
