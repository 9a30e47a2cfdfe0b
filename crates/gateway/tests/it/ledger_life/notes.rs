//! What those around the gateway saw, and what of it did not hold.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// Which promise was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A byte reached a provider while its intent was not safe from a crash.
    Byte,
    /// After the crash the log lacks what a client or a provider saw.
    Lost,
    /// The log says something that is not so, or says it twice, or leaves it open.
    Untidy,
    /// It cannot be opened again.
    Unrecoverable,
}

/// A promise that was broken, in words.
pub struct Broken {
    pub kind: Kind,
    what: String,
}

impl Broken {
    pub fn new(kind: Kind, what: impl Into<String>) -> Self {
        Self { kind, what: what.into() }
    }
}

impl fmt::Debug for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.kind, self.what)
    }
}

/// What clients and providers saw, over all lives on a disk. Each knows a request by the word it asks with; records
/// know that word as the MAC of the user's name, for the client sends it as one.
#[derive(Default)]
pub struct Seen {
    /// Words of requests.
    pub asked: BTreeSet<String>,
    /// Requests whose end a client saw, and whether they were streams.
    pub ended: BTreeMap<String, bool>,
    /// Requests that a deployment saw a byte of.
    pub reached: BTreeSet<(String, &'static str)>,
    pub broken: Vec<Broken>,
}

/// `Seen`, shared by everybody who sees something.
#[derive(Clone, Default)]
pub struct Notes(Arc<Mutex<Seen>>);

impl Notes {
    pub fn lock(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap()
    }

    pub fn broken(&self, broken: Broken) {
        self.lock().broken.push(broken);
    }
}

/// How much happened.
#[derive(Debug, Default)]
pub struct Tally {
    /// Whole answers and streams that a client saw the end of.
    pub whole: usize,
    pub streamed: usize,
    /// Requests that recovery closed.
    pub unknown: usize,
    /// Attempts after the first of their request.
    pub second_attempts: usize,
    /// Lives that ended in the middle of a call of the storage.
    pub crashes: usize,
}

impl Tally {
    pub fn add(&mut self, other: &Self) {
        self.whole += other.whole;
        self.streamed += other.streamed;
        self.unknown += other.unknown;
        self.second_attempts += other.second_attempts;
        self.crashes += other.crashes;
    }
}

/// How records write a user's name under the secret of the tests.
pub fn mac_of(word: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(&[9; 32]).unwrap();
    mac.update(b"freehold user v1");
    mac.update(word.as_bytes());
    STANDARD_NO_PAD.encode(mac.finalize().into_bytes())
}

/// A number that follows from a word: what happens to a request is decided by its id, whoever comes first.
pub fn draw(word: &str) -> u64 {
    let fold = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
    let mut mixed = word.bytes().fold(0xCBF2_9CE4_8422_2325, fold);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}
