//! Tickets: requests that wait until people agree to them. Who asks keeps the request; here lies only what it was about, and
//! a MAC by which it is known again. Every word of a person, and the one use of a ticket, is a record in the same transaction.

mod asker;
mod rows;
mod steps;

use realm::{ClassSet, UnixMs};
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::db::random_hex;

pub use asker::mac_of_user;
pub use steps::{Decided, Opened, Saying};

/// A request that waits, or waited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// Its id.
    pub id: String,
    /// Whose request it is.
    pub app: String,
    /// The request that asked.
    pub req: String,
    /// The MAC of what it asked, under the app's record secret.
    pub mac: String,
    /// The MAC of the end user's name, as in records; none where nobody was named.
    pub user: Option<String>,
    /// What the client called where it should go.
    pub route: String,
    /// What for.
    pub purpose: String,
    /// Classes found or asserted.
    pub classes: ClassSet,
    /// Where the end user is.
    pub user_in: Option<String>,
    /// Where it would go.
    pub deployments: Vec<String>,
    /// By which rules somebody must agree.
    pub rules: Vec<Asks>,
    /// How many people must agree.
    pub needed: u32,
    /// The snapshot that asks.
    pub realm: String,
    /// When it asked.
    pub asked: UnixMs,
    /// Until when it waits, and is good once people agreed.
    pub until: UnixMs,
    /// What people said, in order.
    pub words: Vec<Word>,
    /// The request that went on with it.
    pub used: Option<Used>,
}

/// A rule by which somebody must agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asks {
    /// Its id.
    pub id: String,
    /// Its title, as annotated.
    pub title: String,
    /// What it cites.
    pub cite: String,
}

/// What a person said of a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Who.
    pub by: String,
    /// When.
    pub at: UnixMs,
    /// Whether the request may go.
    pub agrees: bool,
    /// Why.
    pub reason: String,
}

/// The one use of a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used {
    /// When.
    pub at: UnixMs,
    /// By which request.
    pub req: String,
}

/// How a ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Too few have agreed.
    Waiting,
    /// Enough have: the request may come again.
    Approved,
    /// Somebody refused.
    Refused,
    /// The request went on with it.
    Used,
    /// Its time is over.
    Expired,
}

impl State {
    /// The word in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Used => "used",
            Self::Expired => "expired",
        }
    }

    /// Whether people may still say something.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Approved)
    }
}

impl Ticket {
    /// A new id.
    ///
    /// # Errors
    /// If the system has no randomness.
    pub fn new_id() -> Result<String, Error> {
        Ok(format!("t{}", random_hex::<8>()?))
    }

    /// How many agreed.
    pub fn agreed(&self) -> u32 {
        self.words.iter().filter(|word| word.agrees).count().try_into().unwrap_or(u32::MAX)
    }

    /// How it stands at a moment.
    pub fn state(&self, now: UnixMs) -> State {
        if self.used.is_some() {
            State::Used
        } else if self.words.iter().any(|word| !word.agrees) {
            State::Refused
        } else if now >= self.until {
            State::Expired
        } else if self.agreed() >= self.needed {
            State::Approved
        } else {
            State::Waiting
        }
    }
}
