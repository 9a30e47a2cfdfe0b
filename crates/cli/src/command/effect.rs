//! Whether a change in the store is in force: the running server is asked, and believed only when it says so.

use std::time::Duration;

use anyhow::Result;
use realm::UnixMs;
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
    /// So many servers share the store, and all act on it.
    Everywhere(usize),
    /// No server lives that shares the store.
    Nowhere,
    /// Some of the servers that share the store did not say.
    Silent(usize),
}

impl Effect {
    /// Asks the server of this data directory, if one runs, and waits for its word; every server, where several share
    /// the store.
    pub(super) async fn of(data: &DataDir, store: &Store) -> Result<Self> {
        if store.is_shared() {
            return Self::everywhere(store).await;
        }
        if !data.is_served() {
            return Ok(Self::AtStart);
        }
        let asked = now();
        let id = store.ask(None, (FOLLOW, ""), &user(), asked).await?;
        let Some(followed) = followed(store, &id, asked).await? else { return Ok(Self::Unknown) };
        let Some(entries) = followed.entries else { return Ok(Self::Unrecorded) };
        // `ledger show` shows what a checkpoint covers: whoever types it next should find the change there.
        while in_time(asked) && data.published_size().is_some_and(|size| size < entries) {
            tokio::time::sleep(POLL).await;
        }
        Ok(Self::InForce)
    }

    async fn everywhere(store: &Store) -> Result<Self> {
        let (replicas, asked) = (store.live_replicas().await?, now());
        let mut ids = Vec::with_capacity(replicas.len());
        for replica in &replicas {
            ids.push(store.ask(Some(replica), (FOLLOW, ""), &user(), asked).await?);
        }
        let mut silent = 0;
        for id in ids {
            silent += usize::from(followed(store, &id, asked).await?.is_none());
        }
        Ok(match (replicas.len(), silent) {
            (0, _) => Self::Nowhere,
            (all, 0) => Self::Everywhere(all),
            (_, silent) => Self::Silent(silent),
        })
    }

    /// For programs.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::InForce | Self::Everywhere(_) => "in_force",
            Self::Unrecorded => "in_force_unrecorded",
            Self::AtStart | Self::Nowhere => "at_start",
            Self::Unknown | Self::Silent(_) => "unknown",
        }
    }

    /// For people.
    pub(super) fn sentence(self, data: &DataDir, lang: Lang) -> String {
        let mut args = vec![("data", data.path().display().to_string()), ("seconds", (WAIT_MS / 1_000).to_string())];
        let word = match self {
            Self::Everywhere(count) | Self::Silent(count) => {
                args.push(("count", count.to_string()));
                if matches!(self, Self::Silent(_)) { "silent" } else { "everywhere" }.to_owned()
            }
            Self::Nowhere => "nowhere".to_owned(),
            _ => self.word().replace('_', "-"),
        };
        say(lang, &format!("effect-{word}"), &args)
    }
}

fn in_time(asked: UnixMs) -> bool {
    now().since(asked) < WAIT_MS
}

/// A server's word, if it comes in time.
async fn followed(store: &Store, id: &str, asked: UnixMs) -> Result<Option<Followed>> {
    let answer = loop {
        match store.answer_of(id).await? {
            Some(answer) => break answer.ok(),
            None if in_time(asked) => tokio::time::sleep(POLL).await,
            None => {
                store.withdraw(id).await?;
                break None;
            }
        }
    };
    Ok(answer.and_then(|text| serde_json::from_str(&text).ok()))
}
