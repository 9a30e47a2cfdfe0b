//! Copies of a log, taken while it is written, compressed and published.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ledger::checkpoint::Keys;
use ledger::storage::Disk;
use ledger::verify::{Options, log_dir};
use ledger::{KeySource, Log, copy_published};

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

#[test]
fn copies_of_a_log_under_load_verify() {
    let data = tempfile::tempdir().unwrap();
    let mut written = ledger::Options::new(data.path(), "a", origin());
    (written.segment_bytes, written.publish_ms) = (4096, 10);
    let dir = written.dir.clone();
    let key = KeySource::Stored { seed_if_new: [1; 32] };
    let (log, _) = Log::open(Arc::new(Disk), written, key, Arc::new(|| 1_700_000_000_000)).unwrap();
    let (stop, copies) = (AtomicBool::new(false), tempfile::tempdir().unwrap());
    let sizes = std::thread::scope(|scope| {
        for writer in 0..4u64 {
            let (log, stop) = (&log, &stop);
            scope.spawn(move || {
                for n in (0..).map(|n| n * 4 + writer).take_while(|_| !stop.load(Ordering::Relaxed)) {
                    log.append_blocking(&entry(n)).unwrap();
                    // Otherwise the log outgrows its copies, each of which syncs every file.
                    std::thread::sleep(std::time::Duration::from_millis(1));
                }
            });
        }
        let take = |number: usize| {
            std::thread::sleep(std::time::Duration::from_millis(20));
            let copy = copies.path().join(number.to_string());
            copy_published(&dir, &copy, &keys_of(log_key().verifier())).map(|signed| (copy, signed.checkpoint.size))
        };
        let taken: Vec<_> = (0..8).map(take).collect();
        stop.store(true, Ordering::Relaxed);
        taken
    });
    let mut last = ledger::TreeSize::ZERO;
    for taken in sizes {
        let (copy, size) = taken.unwrap();
        let report = log_dir(&copy, &Options { ..options() }).unwrap_or_else(|failure| panic!("{size}: {failure}"));
        assert_eq!((report.size, report.uncovered), (size, 0));
        assert!(size > last, "the log grows between copies");
        last = size;
    }
    // What was written is there: each segment's name leads to the file that the entries went into.
    let (durable, recoveries) = (log.head().durable, log.health().recoveries);
    assert_eq!(recoveries, 0);
    drop(log);
    assert_eq!(log_dir(&dir, &Options { live: true, ..options() }).unwrap().size.0.max(durable.0), durable.0);
    assert!(std::fs::read_dir(dir.join("segments")).unwrap().count() > 3, "several segments were written");
}
