//! Whether a change in the store is in force: the running server is asked, and believed only when it says so.

use std::time::Duration;

use anyhow::Result;
use store::Store;

use super::user;
use crate::clock::now;
use crate::data::DataDir;
use crate::lang::{Lang, say};
use crate::upkeep::{FOLLOW, Followed};

/// How long a command waits for the server's word.
const WAIT_MS: u64 = 2_000;
/// How often it looks.
const POLL: Duration = Duration::from_millis(10);

/// What is known of a change that the store holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// The running server acts on it, and the ledger has its record.
    InForce,
    /// The running server acts on it; its ledger cannot be written at the moment.
    Unrecorded,
    /// No server runs on this data directory.
    AtStart,
    /// A server runs and did not say.
    Unknown,
}

impl Effect {
    /// Asks the server of this data directory, if one runs, and waits for its word.
    pub(super) async fn of(data: &DataDir, store: &Store) -> Result<Self> {
        if !data.is_served() {
            return Ok(Self::AtStart);
        }
        let asked = now();
        let id = store.ask(FOLLOW, "", &user(), asked).await?;
        let in_time = || now().since(asked) < WAIT_MS;
        let answer = loop {
            match store.answer_of(&id).await? {
                Some(answer) => break answer.ok(),
                None if in_time() => tokio::time::sleep(POLL).await,
                None => {
                    store.withdraw(&id).await?;
                    break None;
                }
            }
        };
        let Some(followed) = answer.and_then(|text| serde_json::from_str::<Followed>(&text).ok()) else {
            return Ok(Self::Unknown);
        };
        let Some(entries) = followed.entries else { return Ok(Self::Unrecorded) };
        // `ledger show` shows what a checkpoint covers: whoever types it next should find the change there.
        while in_time() && data.published_size().is_some_and(|size| size < entries) {
            tokio::time::sleep(POLL).await;
        }
        Ok(Self::InForce)
    }

    /// For programs.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::InForce => "in_force",
            Self::Unrecorded => "in_force_unrecorded",
            Self::AtStart => "at_start",
            Self::Unknown => "unknown",
        }
    }

    /// For people.
    pub(super) fn sentence(self, data: &DataDir, lang: Lang) -> String {
        let args = [("data", data.path().display().to_string()), ("seconds", (WAIT_MS / 1_000).to_string())];
        say(lang, &format!("effect-{}", self.word().replace('_', "-")), &args)
    }
}
