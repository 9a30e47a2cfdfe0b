use jiff::tz::TimeZone;

use super::SignIn;
use super::content::Person;
use crate::{Jurisdiction, PackId};

/// The `[realm]` table.
#[derive(Debug, Clone)]
pub struct Head {
    /// What people call it.
    pub name: String,
    /// Home: a country or a bloc.
    pub home: Jurisdiction,
    /// The zone in which rules see a calendar date.
    pub timezone: TimeZone,
    /// Its IANA name.
    pub timezone_name: String,
    /// ISO 4217 code of every amount in the realm.
    pub currency: String,
    /// Languages of pages and messages, the first the default.
    pub languages: Vec<String>,
    /// Packs in use.
    pub packs: Vec<PackId>,
    /// What an unknown fact in a forbid does.
    pub unknown: Unknown,
    /// Whether prompts and answers are kept, where an app does not say otherwise.
    pub content: Content,
    /// Days for which they are kept, where the organisation does not say otherwise.
    pub content_days: u64,
    /// Who may propose and who may approve a live drill: two of them at least, or nobody.
    pub drill_people: Vec<Person>,
    /// Who may sign a sandbox: two of them at least, or nobody.
    pub sandbox_people: Vec<Person>,
    /// With whose word people sign in, beside links and passwords.
    pub sign_in: Option<SignIn>,
    /// How the ledger publishes.
    pub ledger: LedgerSettings,
}

/// What happens when a forbid cannot be evaluated because a fact is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// The attempt is denied.
    Deny,
    /// The attempt passes and the record is flagged.
    Flag,
}

/// Whether prompts and answers are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Never.
    None,
    /// Sealed under the organisation's key.
    Encrypted,
}

/// How the ledger publishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LedgerSettings {
    /// Whether anyone may read checkpoints and hash tiles.
    pub public: bool,
    /// Milliseconds between signed checkpoints, 100 to 1000.
    pub publish_ms: u64,
    /// How often witnesses are asked while the log grows, in seconds.
    pub witness_s: u64,
}
