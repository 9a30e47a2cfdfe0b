//! Why there is no answer.

use crate::around::Unsaved;
use crate::rights::Within;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// There is nothing there, or it is another organisation's.
    #[error("there is nothing here")]
    NotFound,
    /// The role does not allow it.
    #[error("the role does not allow it")]
    Forbidden,
    /// It is of one organisation, or of the whole, and the other was chosen.
    #[error("it is of something else than what was chosen")]
    ElsewhereOnly(Within),
    /// The person has a role in no organisation that there is.
    #[error("there is no role in any organisation of this realm")]
    NoRole,
    /// What was sent cannot be meant.
    #[error("{what}")]
    Wrong {
        /// What is wrong and what was expected.
        what: String,
        /// The parameter or field it is about.
        field: Option<&'static str>,
    },
    /// A name that is given already.
    #[error("the name is taken")]
    Taken,
    /// The account has a role where the one who would change it has none to give.
    #[error("the account is another organisation's too")]
    Anothers,
    /// The role holds in each organisation, so it cannot be taken in one.
    #[error("the role holds in each organisation")]
    InEach,
    /// Too much of this is under way.
    #[error("too much of this is under way")]
    Busy,
    /// No checkpoint covers the entry yet.
    #[error("no signed checkpoint covers this entry yet")]
    NotYet,
    /// The store failed.
    #[error("{0}")]
    Store(#[from] store::Error),
    /// The ledger failed.
    #[error("{0}")]
    Ledger(#[from] ledger::Error),
    /// No backup could be made.
    #[error("no backup could be made: {0}")]
    Unsaved(String),
    /// Work on another thread died.
    #[error("{0}")]
    Lost(#[from] tokio::task::JoinError),
}

impl From<Unsaved> for Trouble {
    fn from(unsaved: Unsaved) -> Self {
        match unsaved {
            Unsaved::Busy => Self::Busy,
            Unsaved::Failed(why) => Self::Unsaved(why),
        }
    }
}

impl Trouble {
    /// What was sent cannot be meant.
    pub fn wrong(field: &'static str, what: impl Into<String>) -> Self {
        Self::Wrong { what: what.into(), field: Some(field) }
    }
}
