//! The life of a server on a disk that forgets at a crash what was not synced: no byte reaches a provider before its
//! intent is safe (G2), and what a client saw the end of is there afterwards (G3). And the proof that this would be
//! noticed: syncs that do nothing, and journals that acknowledge too early, break it.

mod check;
mod hasty;
mod notes;
mod upstream;
mod world;

use ledger::storage::sim::Lies;

use hasty::Early;
use notes::{Kind, Tally};
use world::{Mutant, Stage, run};

/// `FREEHOLD_LIFE_SEED` runs one life again, `FREEHOLD_LIFE_SEEDS` so many.
fn seeds() -> std::ops::Range<u64> {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    match number("FREEHOLD_LIFE_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("FREEHOLD_LIFE_SEEDS").unwrap_or(16),
    }
}

#[test]
fn nothing_that_anybody_saw_is_lost_in_a_crash() {
    let stage = Stage::new();
    let mut all = Tally::default();
    for seed in seeds() {
        let report = run(&stage, seed, Mutant::None);
        assert!(report.broken.is_empty(), "FREEHOLD_LIFE_SEED={seed}: {:#?}", report.broken);
        all.add(&report.tally);
    }
    eprintln!("{all:?}");
    if seeds().count() > 4 {
        let shown = [all.whole, all.streamed, all.unknown, all.second_attempts, all.crashes];
        assert!(shown.iter().all(|count| *count > 4), "this shows little: {all:?}");
    }
}

/// Runs lives until each of the wanted promises was broken; `wanted` are alternatives side by side.
fn is_noticed(mutant: Mutant, wanted: &[&[Kind]]) {
    let stage = Stage::new();
    let mut seen = vec![false; wanted.len()];
    for seed in 0..20 {
        let report = run(&stage, seed, mutant);
        for (seen, kinds) in seen.iter_mut().zip(wanted) {
            *seen |= report.broken.iter().any(|broken| kinds.contains(&broken.kind));
        }
        if seen.iter().all(|seen| *seen) {
            return;
        }
    }
    panic!("{mutant:?} passes: of {wanted:?} {seen:?}");
}

#[test]
fn a_disk_that_does_not_sync_is_noticed_at_the_first_byte_and_after_the_crash() {
    let both: [&[Kind]; 2] = [&[Kind::Byte], &[Kind::Lost, Kind::Unrecoverable]];
    is_noticed(Mutant::Disk(Lies { sync_data: true, ..Lies::default() }), &both);
    is_noticed(Mutant::Disk(Lies { sync_dir: true, ..Lies::default() }), &both);
}

#[test]
fn an_intent_acknowledged_too_early_is_noticed_at_the_first_byte() {
    is_noticed(Mutant::Journal(Early::Intents), &[&[Kind::Byte]]);
}

#[test]
fn an_outcome_acknowledged_too_early_is_noticed_after_the_crash() {
    is_noticed(Mutant::Journal(Early::Outcomes), &[&[Kind::Lost]]);
}
