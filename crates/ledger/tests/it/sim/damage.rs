//! What recovery must refuse, and what it must make again.

use std::path::{Path, PathBuf};

use ledger::storage::Storage as _;
use ledger::{Error, TreeSize};

use super::world::{World, open};

fn grown(segment_bytes: u64) -> World {
    let mut world = World::new(5, segment_bytes);
    let mut core = world.open().unwrap();
    for _ in 0..6 {
        world.append(&mut core, &[40, 50, 60]).unwrap();
    }
    core.publish().unwrap();
    for _ in 0..4 {
        world.append(&mut core, &[70, 80, 90]).unwrap();
    }
    world
}

fn segment(first: u64) -> PathBuf {
    PathBuf::from(format!("/data/ledger/log/segments/{first:020}.log"))
}

fn flip(world: &World, path: &Path, at: usize) {
    let mut bytes = world.sim.files()[path].clone();
    bytes[at] ^= 4;
    world.sim.put(path, bytes);
}

/// Finds an entry's text in a segment.
fn position(world: &World, text: &str) -> usize {
    let bytes = &world.sim.files()[&segment(0)];
    bytes.windows(text.len()).position(|window| window == text.as_bytes()).unwrap()
}

#[test]
fn a_torn_middle_is_a_hard_stop_that_says_where() {
    let world = grown(16_384);
    // Of the second write after the last checkpoint: two whole writes follow it.
    let at = position(&world, "entry 22:");
    flip(&world, &segment(0), at);
    let Err(Error::Damaged { path, at: found, .. }) = open(&world.sim, &world.options) else {
        panic!("damage before later writes was not refused");
    };
    assert_eq!(path, segment(0));
    assert!(found <= at as u64 && found + 100 > at as u64, "{found} is not near {at}");
}

#[test]
fn an_acknowledged_entry_is_on_the_disk_the_moment_it_is_acknowledged() {
    let mut world = World::new(8, 16_384);
    let mut core = world.open().unwrap();
    for _ in 0..10 {
        world.append(&mut core, &[60]).unwrap();
        let synced = &world.sim.synced_files()[&segment(0)];
        for entry in world.acknowledged.values() {
            assert!(synced.windows(entry.len()).any(|window| window == entry.as_slice()));
        }
    }
}

#[test]
fn damage_under_the_signed_size_is_a_hard_stop() {
    let world = grown(16_384);
    flip(&world, &segment(0), position(&world, "entry 18:"));
    assert!(matches!(open(&world.sim, &world.options), Err(Error::Damaged { .. })));
}

#[test]
fn a_torn_last_write_is_cut_off_and_kept_aside() {
    let mut world = grown(16_384);
    let at = position(&world, "entry 29:");
    flip(&world, &segment(0), at);
    // The write was never acknowledged, as far as a torn one can tell.
    world.acknowledged.retain(|index, _| *index < 29);
    let (core, report) = open(&world.sim, &world.options).unwrap();
    world.check(&core).unwrap();
    assert!(report.torn_bytes > 0);
    assert_eq!(core.size(), TreeSize(29), "the whole entries before the tear stay");
    let aside = &world.sim.files()[Path::new("/data/ledger-state/log/torn")];
    assert_eq!(aside.len() as u64, report.torn_bytes);
    drop(core);
    world.check_idempotent().unwrap();
}

#[test]
fn an_older_copy_of_the_directory_is_refused() {
    let mut world = grown(16_384);
    let old = world.published_files();
    let mut core = world.open().unwrap();
    world.append(&mut core, &[10]).unwrap();
    core.publish().unwrap();
    drop(core);
    for (path, bytes) in old.iter().filter(|(path, _)| path.starts_with("/data/ledger/log")) {
        world.sim.put(path, bytes.clone());
    }
    assert!(matches!(open(&world.sim, &world.options), Err(Error::RolledBack { .. })));
}

#[test]
fn a_lost_head_is_never_taken_for_a_new_beginning() {
    let head = Path::new("/data/ledger-state/log/head");
    let checkpoint = Path::new("/data/ledger/log/checkpoint");
    let mut world = grown(16_384);
    let old = world.published_files();
    let mut core = world.open().unwrap();
    world.append(&mut core, &[10]).unwrap();
    core.publish().unwrap();
    drop(core);
    // An older copy of the log, and the file that would tell is removed as well.
    for (path, bytes) in old.iter().filter(|(path, _)| path.starts_with("/data/ledger/log")) {
        world.sim.put(path, bytes.clone());
    }
    world.sim.remove(head).unwrap();
    let refused = || match open(&world.sim, &world.options) {
        Err(Error::HeadMissing { found, .. }) => found,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("a lost head was accepted"),
    };
    assert!(refused() > TreeSize(10));
    // Nor does it help to remove what was published.
    world.sim.remove(checkpoint).unwrap();
    assert!(refused() > TreeSize(10));
}

#[test]
fn another_history_of_the_same_length_is_refused() {
    let world = grown(16_384);
    let mut other = World::new(6, 16_384);
    let mut core = other.open().unwrap();
    other.append(&mut core, &[10; 40]).unwrap();
    core.publish().unwrap();
    let files = other.published_files();
    for (path, bytes) in files.iter().filter(|(path, _)| path.to_string_lossy().contains("/segments/")) {
        world.sim.put(path, bytes.clone());
    }
    assert!(matches!(open(&world.sim, &world.options), Err(Error::Diverged { .. })));
}

#[test]
fn lost_tiles_and_checkpoint_are_made_again() {
    let mut world = World::new(5, 16_384);
    let mut core = world.open().unwrap();
    for _ in 0..5 {
        world.append(&mut core, &[14; 120]).unwrap();
        core.publish().unwrap();
    }
    drop(core);
    let whole = world.published_files();
    let derived =
        |path: &&PathBuf| path.starts_with("/data/ledger/log") && !path.to_string_lossy().contains("/segments/");
    for path in whole.keys().filter(derived) {
        if !path.to_string_lossy().contains(".p/") && !path.ends_with("checkpoint") {
            continue;
        }
        world.sim.put(path, Vec::new());
        let core = world.open().unwrap();
        world.check(&core).unwrap();
        drop(core);
        assert_eq!(world.published_files().get(path), whole.get(path), "{}", path.display());
    }
}

#[test]
fn every_bundle_survives_sealing_and_pruning_stays_within_its_policy() {
    let mut world = World::new(9, 2048);
    let mut core = world.open().unwrap();
    for _ in 0..30 {
        world.append(&mut core, &[100, 90, 80]).unwrap();
    }
    core.publish().unwrap();
    let mut sealed = 0;
    while core.seal().unwrap() {
        sealed += 1;
    }
    assert!(sealed >= 4, "{sealed}");
    core.publish().unwrap();
    world.check(&core).unwrap();
    let raw_left = world.sim.files().keys().filter(|path| path.to_string_lossy().ends_with(".log")).count();
    assert!(raw_left <= 2, "{raw_left} raw segments stay");
    let minimum = core.prune(ledger::EntryIndex(40), "one day").unwrap();
    assert!(minimum.0 > 0 && minimum.0 <= 40, "{minimum}");
    drop(core);
    let core = world.open().unwrap();
    assert_eq!(core.scan(ledger::EntryIndex(0)).next().unwrap().unwrap().0, minimum);
    assert_eq!(core.scan(minimum).count() as u64, core.size().0 - minimum.0);
}
