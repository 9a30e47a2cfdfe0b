use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::mem;
use std::sync::{Arc, PoisonError, RwLock};

use jiff::civil::Date;
use realm::{AppId, DeploymentId, Jurisdiction};

use crate::compiled::Compiled;
use crate::decision::{Asked, Decision};
use crate::schema::is_country;

/// Decisions remembered, for one compiled world.
///
/// A decision depends on few discrete inputs, so that a key is two machine words of small numbers. Bounded:
/// at most twice `capacity` decisions are held. Threads share it; a hit takes one uncontended read lock.
#[derive(Debug)]
pub struct Memo {
    compiled: Arc<Compiled>,
    apps: foldhash::HashMap<AppId, (u32, Vec<String>)>,
    deployments: foldhash::HashMap<DeploymentId, u32>,
    blocs: foldhash::HashMap<Jurisdiction, u16>,
    shards: Vec<RwLock<Shard>>,
    per_shard: usize,
}

/// Two generations: when the young one is full it becomes the old one, and what nobody asked for again since
/// is dropped with the old one before.
#[derive(Debug, Default)]
struct Shard {
    young: Table,
    old: Table,
}

type Table = HashMap<Key, Arc<Decision>, BuildHasherDefault<Mix>>;

const SHARDS: usize = 64;
const PURPOSE_BITS: u32 = 14;
const CLASS_BITS: u32 = 5;
const PLACE_BITS: u32 = 16;
/// User jurisdictions that are blocs are numbered from here; below are none (0) and the 26 × 26 countries.
const FIRST_BLOC: u16 = 1 + 26 * 26;

/// App and deployment; date, classes, purpose and place of the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key(u64, u64);

impl Memo {
    /// An empty memo of at least `capacity` decisions.
    pub fn new(compiled: Arc<Compiled>, capacity: usize) -> Self {
        let world = compiled.world();
        let purposes = world.apps.values().map(|app| (app.id.clone(), app.purposes.clone()));
        let apps = (0..).zip(purposes).map(|(index, (id, purposes))| (id, (index, purposes))).collect();
        let deployments = world.deployments.keys().cloned().zip(0..).collect();
        let blocs = world.blocs.keys().cloned().zip(FIRST_BLOC..u16::MAX).collect();
        let shards = (0..SHARDS).map(|_| RwLock::default()).collect();
        let per_shard = capacity.div_ceil(SHARDS).max(1);
        Self { compiled, apps, deployments, blocs, shards, per_shard }
    }

    /// The world whose decisions these are.
    pub fn compiled(&self) -> &Arc<Compiled> {
        &self.compiled
    }

    /// Decides as `Compiled::decide` does, or remembers.
    pub fn decide(&self, asked: &Asked<'_>) -> Arc<Decision> {
        // What has no key (an id, a purpose or a place that the realm does not have) is not worth remembering.
        let Some(key) = self.key(asked) else {
            return Arc::new(self.compiled.decide(asked));
        };
        let shard = &self.shards[key.shard()];
        let held = {
            let shard = shard.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(decision) = shard.young.get(&key) {
                return Arc::clone(decision);
            }
            shard.old.get(&key).map(Arc::clone)
        };
        let decision = held.unwrap_or_else(|| Arc::new(self.compiled.decide(asked)));
        let mut shard = shard.write().unwrap_or_else(PoisonError::into_inner);
        shard.put(key, Arc::clone(&decision), self.per_shard);
        decision
    }

    /// How many decisions are held.
    pub fn len(&self) -> usize {
        let held = |shard: &RwLock<Shard>| {
            let shard = shard.read().unwrap_or_else(PoisonError::into_inner);
            shard.young.len() + shard.old.len()
        };
        self.shards.iter().map(held).sum()
    }

    /// Whether none is held.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn key(&self, asked: &Asked<'_>) -> Option<Key> {
        let (app, purposes) = self.apps.get(asked.app)?;
        let deployment = self.deployments.get(asked.deployment)?;
        let purpose = purposes.iter().position(|purpose| purpose == asked.purpose)?;
        let purpose = u64::try_from(purpose).ok().filter(|index| *index < 1 << PURPOSE_BITS)?;
        let place = match asked.user_jurisdiction {
            None => 0,
            Some(place) => self.place(place)?,
        };
        let mut circumstances = days(asked.date);
        for (bits, value) in [
            // What is in both sets is diffuse, so two requests that differ only there are one.
            (CLASS_BITS, u64::from(asked.located.minus(asked.diffuse).bits())),
            (CLASS_BITS, u64::from(asked.diffuse.bits())),
            (PURPOSE_BITS, purpose),
            (PLACE_BITS, u64::from(place)),
        ] {
            circumstances = circumstances << bits | value;
        }
        Some(Key(u64::from(*app) << 32 | u64::from(*deployment), circumstances))
    }

    fn place(&self, place: &Jurisdiction) -> Option<u16> {
        if let Some(bloc) = self.blocs.get(place) {
            return Some(*bloc);
        }
        if !is_country(place) {
            return None;
        }
        let letters = place.as_str().bytes().map(|letter| u16::from(letter - b'A'));
        Some(1 + letters.fold(0, |number, letter| number * 26 + letter))
    }
}

/// A number per calendar day that is never negative and fits 24 bits (years -9999 to 9999).
fn days(date: Date) -> u64 {
    const MONTHS: u64 = 13;
    const DAYS: u64 = 32;
    let year = u64::try_from(i32::from(date.year()) + 10_000).expect("jiff's years begin at -9999");
    let month = u64::from(date.month().unsigned_abs());
    (year * MONTHS + month) * DAYS + u64::from(date.day().unsigned_abs())
}

impl Shard {
    fn put(&mut self, key: Key, decision: Arc<Decision>, most: usize) {
        if self.young.len() >= most && !self.young.contains_key(&key) {
            self.old = mem::take(&mut self.young);
        }
        self.young.insert(key, decision);
    }
}

impl Key {
    fn shard(self) -> usize {
        // The top bits: a table takes its buckets from the low ones.
        usize::try_from(mix(self.0 ^ mix(self.1)) >> (u64::BITS - SHARDS.ilog2())).expect("six bits fit a usize")
    }
}

/// Hashes the two words of a key. They are small numbers of the realm's own, not chosen by a client, so that a
/// hash that withstands an adversary would be paid for nothing.
#[derive(Debug, Default)]
struct Mix(u64);

impl Hasher for Mix {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = mix(self.0.rotate_left(32) ^ word);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// The finaliser of MurmurHash3 (public domain, Austin Appleby).
fn mix(mut word: u64) -> u64 {
    word ^= word >> 33;
    word = word.wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    word ^= word >> 33;
    word = word.wrapping_mul(0xC4CE_B9FE_1A85_EC53);
    word ^ (word >> 33)
}
