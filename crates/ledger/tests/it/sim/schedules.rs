//! Sweeps: every call of one life with every fault, and many random lives. A failing seed is printed; it alone decides
//! what happens.

use ledger::Core;
use ledger::storage::sim::{Fault, Lies};

use super::world::{Broken, World};

const FAULTS: [Fault; 6] = [Fault::Fail, Fault::FailLate, Fault::FailAlways, Fault::Full, Fault::Flip, Fault::Crash];

/// Small numbers from a seed, independent of the disk's own.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound.max(1)
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }
}

/// Does one thing to the log; an error means that this life is over.
fn act(world: &mut World, core: &mut Core, dice: &mut Dice) -> Result<(), ledger::Error> {
    match dice.below(20) {
        0..=9 => {
            let count = dice.pick(&[1, 1, 2, 3, 5, 8, 8, 30]);
            let lengths: Vec<usize> = (0..count).map(|_| 1 + dice.below(150) as usize).collect();
            world.append(core, &lengths)
        }
        10 if dice.below(4) == 0 => world.append(core, &vec![12; 200]),
        10..=15 => core.publish().map(drop),
        16..=17 => core.prepare(),
        _ => core.seal().map(drop),
    }
}

fn random_schedule(seed: u64, lies: Lies) -> Result<(), Broken> {
    let mut dice = Dice(seed);
    let mut world = World::new(seed, dice.pick(&[1024, 2048, 4096, 16_384]));
    world.sim.set_lies(lies);
    for _ in 0..1 + dice.below(3) {
        for _ in 0..dice.below(3) {
            let fault = dice.pick(&FAULTS);
            world.sim.fail_after(dice.below(90), fault);
        }
        let mut core = world.open()?;
        world.check(&core)?;
        for _ in 0..2 + dice.below(9) {
            if act(&mut world, &mut core, &mut dice).is_err() {
                if world.sim.is_dead() {
                    break;
                }
                // As in production: the log recovers without a restart.
                drop(core);
                core = world.open()?;
                world.check(&core)?;
            }
        }
        // Half of the lives end with the process, the other half with the machine.
        if world.sim.is_dead() || dice.below(2) == 0 {
            world.sim.crash();
        }
    }
    world.sim.heal();
    let core = world.open()?;
    world.check(&core)?;
    drop(core);
    if dice.below(4) == 0 {
        world.check_idempotent()?;
    }
    if seed.is_multiple_of(50) { world.check_verifies() } else { Ok(()) }
}

/// A fixed life that meets every part: rolling, sealing, full tiles, several publications.
fn fixed_life(world: &mut World) -> Result<(), Broken> {
    let mut core = world.open()?;
    for step in 0..24 {
        let done = match step % 6 {
            0 => world.append(&mut core, &[20, 90, 33]),
            1 if step < 12 => world.append(&mut core, &[14; 120]),
            1 => world.append(&mut core, &[500]),
            2 | 4 => core.publish().map(drop),
            3 => core.prepare(),
            _ => core.seal().map(drop),
        };
        if done.is_err() {
            if world.sim.is_dead() {
                world.sim.crash();
            }
            drop(core);
            core = world.open()?;
            world.check(&core)?;
        }
    }
    drop(core);
    world.sim.crash();
    let core = world.open()?;
    world.check(&core)?;
    if world.sim.calls().is_multiple_of(16) { world.check_verifies() } else { Ok(()) }
}

fn default_schedules() -> u64 {
    let asked = std::env::var("LEDGER_SIM_SCHEDULES").ok().and_then(|text| text.parse().ok());
    // Hashing without optimisation is slow: there the sweep is a sample.
    asked.unwrap_or(if cfg!(debug_assertions) { 1_500 } else { 20_000 })
}

#[test]
fn random_schedules_keep_every_promise() {
    let only = std::env::var("LEDGER_SIM_SEED").ok().and_then(|text| text.parse::<u64>().ok());
    let seeds = only.map_or(0..default_schedules(), |seed| seed..seed + 1);
    for seed in seeds {
        if let Err(broken) = random_schedule(seed, Lies::default()) {
            panic!("LEDGER_SIM_SEED={seed}: {broken}");
        }
    }
}

#[test]
fn every_call_may_fail_in_every_way() {
    let mut calm = World::new(1, 4096);
    fixed_life(&mut calm).unwrap();
    let calls = calm.sim.calls();
    assert!(calls > 200, "the fixed life makes only {calls} calls");
    let step = if cfg!(debug_assertions) { 5 } else { 1 };
    for at in (0..calls).step_by(step) {
        for (number, fault) in FAULTS.into_iter().enumerate() {
            let mut world = World::new(at * 10 + number as u64, 4096);
            world.sim.fail_after(at, fault);
            if let Err(broken) = fixed_life(&mut world) {
                panic!("{fault:?} at call {at} of {calls}: {broken}");
            }
        }
    }
}

/// Runs random schedules on a disk that leaves something out until a promise breaks.
fn is_noticed(lies: Lies, within: u64) -> bool {
    (0..within).any(|seed| random_schedule(seed, lies).is_err())
}

#[test]
fn a_missing_sync_is_noticed() {
    assert!(is_noticed(Lies { sync_data: true, ..Lies::default() }, 300), "sync_data");
    assert!(is_noticed(Lies { sync_dir: true, ..Lies::default() }, 300), "sync_dir");
}

#[test]
fn believing_memory_after_a_failed_sync_is_noticed() {
    assert!(is_noticed(Lies { drop_cache: true, ..Lies::default() }, 20_000));
}
