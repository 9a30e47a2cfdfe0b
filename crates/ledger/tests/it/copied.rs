//! Copies of a log, taken while it is written, compressed and published.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ledger::checkpoint::Keys;
use ledger::storage::Disk;
use ledger::verify::log_dir;
use ledger::{KeySource, Log, TreeSize, copy_published};

use crate::fixture::{Written, entry, keys_of, log_key, options, origin};

#[test]
fn a_copy_ends_with_its_checkpoint_and_verifies() {
    let mut log = Written::new();
    log.append(300);
    log.core.publish().unwrap();
    let size = log.core.published().unwrap().size;
    // Durable and not covered: not in the copy.
    log.append(5);
    let copies = tempfile::tempdir().unwrap();
    let copy = copies.path().join("a");
    let signed = copy_published(&log.dir(), &copy, &keys_of(log_key().verifier())).unwrap();
    assert_eq!(signed.checkpoint.size, size);
    let report = log_dir(&copy, &options()).unwrap();
    assert_eq!((report.size, report.uncovered), (size, 0));
    let stranger = Keys { logs: vec![crate::fixture::witness_key(1).verifier().clone()], witnesses: Vec::new() };
    assert!(copy_published(&log.dir(), &copies.path().join("b"), &stranger).is_err());
}

/// Takes copies of a log while four writers append to it.
#[expect(clippy::disallowed_methods, reason = "real threads race here, in real time")]
fn copies_under_load(log: &Log, copies: &Path, count: usize) -> Vec<(PathBuf, TreeSize)> {
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for writer in 0..4u64 {
            let stop = &stop;
            scope.spawn(move || {
                for n in (0..).map(|n| n * 4 + writer).take_while(|_| !stop.load(Ordering::Relaxed)) {
                    log.append_blocking(&entry(n)).unwrap();
                    // Otherwise the log outgrows its copies, each of which syncs every file.
                    std::thread::sleep(Duration::from_millis(1));
                }
            });
        }
        let take = |number: usize| {
            std::thread::sleep(Duration::from_millis(20));
            let copy = copies.join(number.to_string());
            copy_published(log.dir(), &copy, &keys_of(log_key().verifier()))
                .map(|signed| (copy, signed.checkpoint.size))
        };
        let taken: Vec<_> = (0..count).map(take).collect();
        stop.store(true, Ordering::Relaxed);
        taken.into_iter().map(Result::unwrap).collect()
    })
}

/// Entries that fill more than three segments.
const SEGMENTS_FILL: u64 = 300;

#[test]
fn copies_of_a_log_under_load_verify() {
    let (data, copies) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut written = ledger::Options::new(data.path(), "a", origin());
    (written.segment_bytes, written.publish_ms) = (4096, 10);
    let key = KeySource::Stored { seed_if_new: [1; 32] };
    let (log, _) = Log::open(Arc::new(Disk), written, key, Arc::new(|| 1_700_000_000_000)).unwrap();
    // Several segments, however few a busy machine adds.
    for n in 1_000_000..1_000_000 + SEGMENTS_FILL {
        log.append_blocking(&entry(n)).unwrap();
    }
    let mut last = TreeSize::ZERO;
    for (copy, size) in copies_under_load(&log, copies.path(), 8) {
        let report = log_dir(&copy, &options()).unwrap_or_else(|failure| panic!("{size}: {failure}"));
        assert_eq!((report.size, report.uncovered), (size, 0));
        assert!(size > last, "the log grows between copies");
        last = size;
    }
    assert_eq!(log.health().recoveries, 0, "the log did not notice");
    assert!(std::fs::read_dir(log.dir().join("segments")).unwrap().count() > 3, "several segments were written");
}
