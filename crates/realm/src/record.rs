//! What the ledger keeps of a request or a change, as versioned JSON.
//!
//! A persisted format never dies: a later version adds a variant beside `V1` and the reader keeps both.
//! Keys are short because an entry should stay under 600 bytes; the docs spell them out.

mod event;
mod parts;

use serde::{Deserialize, Serialize};

pub use event::{Change, Intent, Outcome, Refusal};
pub use parts::{Attempt, End, EnergyFigure, Estimate, Mac, RuleHit, Shadow, Timings, Tokens};

/// One entry of the ledger that this platform wrote about its own work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "v")]
pub enum Versioned {
    /// The first version.
    #[serde(rename = "1")]
    V1(Record),
}

/// A record of the first version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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

/// An entry that is not a record of a known version.
#[derive(Debug, thiserror::Error)]
#[error("not a record of a known version: {0}")]
pub struct RecordError(#[from] serde_json::Error);

impl Record {
    /// The bytes the ledger keeps.
    pub fn to_bytes(&self) -> Vec<u8> {
        #[derive(Serialize)]
        struct Borrowed<'a> {
            v: &'a str,
            #[serde(flatten)]
            record: &'a Record,
        }
        let mut bytes = Vec::with_capacity(640);
        serde_json::to_writer(&mut bytes, &Borrowed { v: "1", record: self })
            .expect("a record holds only strings, numbers, lists and string keys");
        bytes
    }

    /// Reads an entry back.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, RecordError> {
        let Versioned::V1(record) = serde_json::from_slice(bytes)?;
        Ok(record)
    }
}
