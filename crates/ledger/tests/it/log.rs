//! The log with its threads, on real files and on a failing disk.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ledger::checkpoint::Keys;
use ledger::layout::{BundleId, Resource};
use ledger::note::VerifierKey;
use ledger::storage::sim::Sim;
use ledger::storage::{Access, Disk, Storage};
use ledger::tile::decode_bundle;
use ledger::{EntryIndex, Error, KeySource, Log, Options, Origin, TreeSize};

const ORIGIN: &str = "log.example/threads";

fn options(data: &Path) -> Options {
    let mut options = Options::new(data, "log", Origin::new(ORIGIN).unwrap());
    options.segment_bytes = 256 << 10;
    options.publish_ms = 20;
    options
}

fn open_on(storage: Arc<dyn Storage>, options: Options) -> Result<Log, Error> {
    let key = KeySource::Stored { seed_if_new: [9; 32] };
    Log::open(storage, options, key, Arc::new(|| 5_000)).map(|(log, _)| log)
}

fn open(data: &Path) -> Log {
    open_on(Arc::new(Disk), options(data)).unwrap()
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build().unwrap().block_on(future)
}

fn keys(log: &Log) -> Keys {
    Keys { logs: vec![VerifierKey::parse(&log.verifier_key()).unwrap()], witnesses: Vec::new() }
}

/// Reads the keys that lie beside the log.
fn stored_keys(data: &Path) -> Keys {
    let text = std::fs::read_to_string(data.join("ledger-state/log/key.pub")).unwrap();
    Keys { logs: text.lines().map(|line| VerifierKey::parse(line).unwrap()).collect(), witnesses: Vec::new() }
}

/// Appends concurrently and returns what was acknowledged.
async fn append_many(log: &Log, callers: usize, each: usize) -> Vec<(EntryIndex, Vec<u8>)> {
    let mut tasks = tokio::task::JoinSet::new();
    for caller in 0..callers {
        let log = log.clone();
        tasks.spawn(async move {
            let mut done = Vec::new();
            for number in 0..each {
                let entry = format!("caller {caller} entry {number} {}", "x".repeat(number % 90)).into_bytes();
                done.push((log.append(&entry).await.unwrap(), entry));
            }
            done
        });
    }
    let mut done: Vec<_> = tasks.join_all().await.into_iter().flatten().collect();
    done.sort();
    done
}

async fn wait_until(mut happened: impl FnMut() -> bool) {
    for _ in 0..3_000 {
        if happened() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it did not happen within half a minute");
}

#[test]
fn what_many_callers_append_is_there_proved_and_sealed_after_reopening() {
    let data = tempfile::tempdir().unwrap();
    let appended = block_on(async {
        let log = open(data.path());
        let appended = append_many(&log, 40, 200).await;
        let (last, _) = appended.last().unwrap();
        let head = log.published_past(*last).await.unwrap();
        assert!(head.size.contains(*last));
        wait_until(|| !log.dir().join("segments/00000000000000000000.log").exists()).await;
        log.close().await.unwrap();
        assert!(matches!(log.append(b"late").await, Err(Error::Closed)));
        appended
    });
    let reading = ledger::verify::Options { keys: stored_keys(data.path()), ..Default::default() };
    let report = ledger::verify::log_dir(&data.path().join("ledger/log"), &reading).unwrap();
    assert!(report.size.0 > 8_000 && report.uncovered == 0, "{report:?}");
    assert!(appended.windows(2).all(|pair| pair[0].0 < pair[1].0), "indexes are unique");
    let log = open(data.path());
    for (index, entry) in &appended {
        assert_eq!(log.read(*index).unwrap().as_ref(), Some(entry));
    }
    let keys = keys(&log);
    for (index, entry) in appended.iter().step_by(977).chain(appended.last()) {
        let receipt = log.receipt(*index).unwrap();
        assert_eq!(&receipt.verify(None, &keys).unwrap().entry, entry);
    }
    let scanned = log.scan(EntryIndex(0)).map(Result::unwrap);
    let own: Vec<_> = scanned.filter(|(_, entry)| !ledger::system::is_system(entry)).collect();
    assert_eq!(own, appended);
}

#[test]
fn bundles_and_tiles_are_served_as_the_checkpoint_says() {
    let data = tempfile::tempdir().unwrap();
    block_on(async {
        let log = open(data.path());
        let appended = append_many(&log, 10, 60).await;
        let head = log.published_past(appended.last().unwrap().0).await.unwrap();
        let id = BundleId::holding(EntryIndex(300), head.size).unwrap();
        let bundle = log.resource(&Resource::Bundle(id)).unwrap().unwrap();
        let entries = decode_bundle(&bundle).unwrap();
        assert_eq!(entries.len(), usize::from(id.width));
        for (entry, index) in entries.into_iter().zip(id.first_entry().0..) {
            assert_eq!(log.read(EntryIndex(index)).unwrap().unwrap(), entry);
        }
        for id in ledger::layout::tiles(head.size) {
            let tile = log.resource(&Resource::Tile(id)).unwrap().unwrap();
            assert_eq!(tile.len(), usize::from(id.width) * 32);
        }
        let beyond = BundleId { number: 90, width: 256 };
        assert_eq!(log.resource(&Resource::Bundle(beyond)).unwrap(), None);
        assert_eq!(log.resource(&Resource::Checkpoint).unwrap().unwrap(), head.note.as_bytes());
    });
}

#[test]
fn a_second_writer_is_refused_until_the_first_ends() {
    let data = tempfile::tempdir().unwrap();
    let log = open(data.path());
    assert!(matches!(open_on(Arc::new(Disk), options(data.path())), Err(Error::Locked(_))));
    block_on(log.close()).unwrap();
    open(data.path());
}

#[test]
fn the_key_is_private_stays_and_is_not_made_twice() {
    use std::os::unix::fs::PermissionsExt as _;
    let data = tempfile::tempdir().unwrap();
    let log = open(data.path());
    let key = data.path().join("ledger-state/log/key");
    assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    let first = log.verifier_key();
    block_on(log.close()).unwrap();
    let log = open(data.path());
    assert_eq!(log.verifier_key(), first);
    block_on(log.close()).unwrap();
    std::fs::remove_file(&key).unwrap();
    assert!(matches!(open_on(Arc::new(Disk), options(data.path())), Err(Error::Key(_))));
}

#[test]
fn a_rotated_key_signs_and_the_old_one_vouches_for_it() {
    let data = tempfile::tempdir().unwrap();
    block_on(async {
        let log = open(data.path());
        let old = keys(&log);
        log.rotate_key(&[1; 32]).unwrap();
        let index = log.append(b"after the rotation").await.unwrap();
        log.published_past(index).await.unwrap();
        assert_ne!(keys(&log).logs, old.logs);
        for keys in [&old, &keys(&log)] {
            log.receipt(index).unwrap().verify(None, keys).unwrap();
        }
        let new = log.verifier_key();
        log.close().await.unwrap();
        let log = open(data.path());
        assert_eq!(log.verifier_key(), new);
    });
}

#[test]
fn entries_out_of_bounds_and_forged_system_entries_are_refused() {
    let data = tempfile::tempdir().unwrap();
    let log = open(data.path());
    for entry in [vec![], vec![0; 65_536]] {
        assert!(matches!(log.append_blocking(&entry), Err(Error::EntryLength { max: 65_535, .. })));
    }
    assert!(matches!(log.append_blocking(br#"{"v":1,"t":"ledger.pruned"}"#), Err(Error::Reserved)));
    let index = log.append_blocking(&vec![7; 65_535]).unwrap();
    assert_eq!(log.read(index).unwrap().unwrap().len(), 65_535);
}

#[test]
fn an_abandoned_append_is_whole_or_absent_and_others_go_on() {
    let data = tempfile::tempdir().unwrap();
    block_on(async {
        let log = open(data.path());
        for _ in 0..50 {
            let abandoned = tokio::time::timeout(Duration::ZERO, log.append(b"abandoned")).await;
            assert!(abandoned.is_err() || abandoned.unwrap().is_ok());
        }
        let index = log.append(b"kept").await.unwrap();
        assert_eq!(log.read(index).unwrap().unwrap(), b"kept");
        let others = log.scan(EntryIndex(1)).map(|item| item.unwrap().1).take_while(|entry| entry != b"kept");
        assert!(others.into_iter().all(|entry| entry == b"abandoned"));
    });
}

#[test]
fn a_full_disk_refuses_at_once_and_recovers_without_a_restart() {
    let sim = Sim::new(3);
    let mut options = options(Path::new("/data"));
    options.segment_bytes = 8_192;
    let log = open_on(Arc::new(sim.clone()), options).unwrap();
    block_on(async {
        let before = append_many(&log, 4, 5).await;
        sim.set_capacity(0);
        // Prepared room may take a few more; then every answer is an immediate refusal.
        let mut refused = None;
        for number in 0..500 {
            match tokio::time::timeout(Duration::from_secs(20), log.append(&vec![b'f'; 300])).await.unwrap() {
                Ok(_) => {}
                Err(error) => {
                    refused = Some((number, error));
                    break;
                }
            }
        }
        let (_, error) = refused.expect("a full disk was not noticed");
        assert!(matches!(error, Error::Unavailable(_)) && error.is_retryable(), "{error}");
        let health = log.health();
        assert!(!health.writable && !health.fatal && health.reason.is_some(), "{health:?}");
        let signed = log.head().published.unwrap().size;
        sim.set_capacity(u64::MAX);
        wait_until(|| log.health().writable).await;
        let index = log.append(b"after the trouble").await.unwrap();
        let head = log.published_past(index).await.unwrap();
        assert!(head.size > signed && log.health().recoveries > 0);
        for (index, entry) in &before {
            assert_eq!(log.read(*index).unwrap().as_ref(), Some(entry));
        }
        log.close().await.unwrap();
    });
}

/// Room for a segment and a half: the log uses it to the last part, prepares nothing ahead in it, and goes on with
/// whatever comes free.
#[test]
fn short_room_is_used_for_entries_and_never_for_preparations() {
    const MIB: u64 = 1 << 20;
    let sim = Sim::new(5);
    let mut options = options(Path::new("/data"));
    (options.segment_bytes, options.seal) = (8 * MIB, false);
    let state = options.state_dir.clone();
    sim.set_capacity(14 * MIB);
    let log = open_on(Arc::new(sim.clone()), options.clone()).unwrap();
    block_on(async {
        let mut written = 0;
        for (capacity, least) in [(14 * MIB, 10 * MIB), (19 * MIB, 3 * MIB), (24 * MIB, 3 * MIB)] {
            sim.set_capacity(capacity);
            wait_until(|| log.health().writable).await;
            let before = written;
            while log.append(&vec![b'f'; 60_000]).await.is_ok() {
                written += 60_000;
            }
            assert!(written - before > least, "{before} {written}");
            let left = sim.list(&state).unwrap();
            assert!(!left.iter().any(|name| name.starts_with("spare") || name == "segment.tmp"), "{left:?}");
        }
        sim.set_capacity(u64::MAX);
        wait_until(|| log.health().writable).await;
        log.close().await.unwrap();
    });
    for name in ["spare.tmp", "spare2.tmp", "segment.tmp", "seal.tmp"] {
        sim.create(&state.join(name), 3 * MIB, Access::Shared).unwrap();
    }
    // Not even the head could be written with these there.
    sim.set_capacity(sim.used_bytes());
    let log = open_on(Arc::new(sim.clone()), options).unwrap();
    block_on(async {
        log.append(b"after the trouble").await.unwrap();
        log.close().await.unwrap();
    });
}

#[test]
fn a_full_queue_says_busy_instead_of_growing() {
    let data = tempfile::tempdir().unwrap();
    let mut options = options(data.path());
    options.queue = 2;
    let log = open_on(Arc::new(Disk), options).unwrap();
    block_on(async {
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..200 {
            let log = log.clone();
            tasks.spawn(async move { log.append(b"entry").await });
        }
        let outcomes = tasks.join_all().await;
        let busy = outcomes.iter().filter(|outcome| matches!(outcome, Err(Error::Busy))).count();
        let done = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert!(busy > 0 && done > 0 && busy + done == 200, "{busy} busy, {done} done");
    });
}

#[test]
fn a_restored_backup_opens_a_new_log_that_names_the_old_head() {
    let data = tempfile::tempdir().unwrap();
    let mut options = options(data.path());
    options.restored_from = Some("old.example/log\n5\nroot\n\n\u{2014} old key\n".to_owned());
    let log = open_on(Arc::new(Disk), options).unwrap();
    let first = ledger::system::parse(&log.read(EntryIndex(0)).unwrap().unwrap()).unwrap();
    assert!(matches!(first, ledger::system::System::Restored { checkpoint, .. } if checkpoint.starts_with("old.")));
    assert_eq!(log.head().durable, TreeSize(1));
}

#[test]
fn a_segment_that_begins_while_the_next_is_prepared_keeps_its_file() {
    let data = tempfile::tempdir().unwrap();
    // Segments so small that one ends every few milliseconds, and checkpoints so often that the housekeeping, which
    // prepares the next file, wakes all the time.
    let mut options = options(data.path());
    (options.segment_bytes, options.publish_ms) = (4096, 1);
    let log = open_on(Arc::new(Disk), options).unwrap();
    let acknowledged = block_on(append_many(&log, 4, 1_500));
    assert_eq!(log.health().recoveries, 0, "the disk has no trouble of its own");
    block_on(log.close()).unwrap();
    drop(log);
    let log = open(data.path());
    for (index, entry) in acknowledged {
        assert_eq!(log.read(index).unwrap(), Some(entry), "entry {index}");
    }
}
