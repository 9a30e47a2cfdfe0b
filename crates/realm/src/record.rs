//! What the ledger keeps of a request or a change, as versioned JSON.
//!
//! A persisted format never dies: a later version adds a variant beside `V1` and the reader keeps both.
//! Keys are short because an entry should stay under 600 bytes; the docs spell them out.

mod brief;
mod event;
mod parts;

use serde::{Deserialize, Serialize};

pub use brief::{AttemptBrief, Brief, IntentBrief, MirrorsBrief, OutcomeBrief, RefusalBrief};
pub use event::{Change, Intent, Outcome, Refusal};
pub use parts::{Attempt, End, EnergyFigure, Estimate, Mac, Mirrors, RuleHit, Shadow, Timings, Tokens};

/// A record of the first version, the only one so far: `{"v":1,"t":"intent",…}`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "t", rename_all = "lowercase")]
pub enum Record {
    /// About to send bytes to a deployment.
    Intent(Intent),
    /// A request has ended.
    Outcome(Outcome),
    /// A request was refused before any byte left.
    Refusal(Refusal),
    /// Somebody or something changed what holds.
    Change(Change),
}

/// What tells records apart.
#[derive(Deserialize)]
struct Head<'a> {
    v: u64,
    #[serde(borrow)]
    t: std::borrow::Cow<'a, str>,
}

/// An entry that is not a record of a known version.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// It is not JSON, or lacks a field.
    #[error("not a record: {0}")]
    Json(#[from] serde_json::Error),
    /// A later version wrote it, or it is none of ours.
    #[error("a record of version {v} and type `{t}`, which this program does not know")]
    Unknown {
        /// Its version.
        v: u64,
        /// Its type.
        t: String,
    },
}

const FIRST: &[u8] = b"{\"v\":1,";

impl Record {
    /// The bytes the ledger keeps.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(768);
        bytes.extend_from_slice(&FIRST[..FIRST.len() - 1]);
        let brace = bytes.len();
        serde_json::to_writer(&mut bytes, self).expect("a record holds only strings, numbers, lists and string keys");
        // The object's own brace gives way to the comma after the version.
        bytes[brace] = b',';
        bytes
    }

    /// Reads an entry back.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, RecordError> {
        let Head { v, t } = head(bytes)?;
        match (v, t.as_ref()) {
            (1, "intent") => Ok(Self::Intent(serde_json::from_slice(bytes)?)),
            (1, "outcome") => Ok(Self::Outcome(serde_json::from_slice(bytes)?)),
            (1, "refusal") => Ok(Self::Refusal(serde_json::from_slice(bytes)?)),
            (1, "change") => Ok(Self::Change(serde_json::from_slice(bytes)?)),
            (v, t) => Err(RecordError::Unknown { v, t: t.to_owned() }),
        }
    }
}

impl<'a> Brief<'a> {
    /// Reads what a replay needs of an entry, without copying what need not be copied.
    ///
    /// # Errors
    /// As [`Record::from_bytes`].
    pub fn from_bytes(bytes: &'a [u8]) -> Result<Self, RecordError> {
        let Head { v, t } = head(bytes)?;
        match (v, t.as_ref()) {
            (1, "intent") => Ok(Self::Intent(serde_json::from_slice(bytes)?)),
            (1, "outcome") => Ok(Self::Outcome(serde_json::from_slice(bytes)?)),
            (1, "refusal") => Ok(Self::Refusal(serde_json::from_slice(bytes)?)),
            (1, "change") => Ok(Self::Change),
            (v, t) => Err(RecordError::Unknown { v, t: t.to_owned() }),
        }
    }
}

/// Version and type; where they stand as we write them, without reading the rest.
fn head(bytes: &[u8]) -> Result<Head<'_>, RecordError> {
    let written = bytes.strip_prefix(FIRST).and_then(|rest| rest.strip_prefix(b"\"t\":\""));
    let word = written.and_then(|rest| Some(&rest[..rest.iter().position(|b| *b == b'"')?]));
    match word.and_then(|word| std::str::from_utf8(word).ok()) {
        Some(t) => Ok(Head { v: 1, t: t.into() }),
        None => Ok(serde_json::from_slice(bytes)?),
    }
}
