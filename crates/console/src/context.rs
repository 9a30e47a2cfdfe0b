//! What a page may ask while it is made.

use std::ops::Deref;

use api::follow::Known;
use api::rights::Within;
use api::{Begin, Desk};

use crate::ask::Ask;
use crate::block::{Block, Notice, Notices};
use crate::console::Console;
use crate::text::Words;

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// There is nothing there.
    #[error("there is nothing here")]
    NotFound,
    /// The role does not allow it.
    #[error("the role does not allow it")]
    Forbidden,
    /// The page is of one organisation, or of the whole, and the other was chosen.
    #[error("the page is of something else than what was chosen")]
    ElsewhereOnly(Within),
    /// The person has a role in no organisation that there is.
    #[error("there is no role in any organisation of this realm")]
    NoRole,
    /// The form does not carry the session's token.
    #[error("the form is not of this session")]
    Stale,
    /// What was sent cannot be meant.
    #[error("{0}")]
    Wrong(String),
    /// The store failed.
    #[error("{0}")]
    Store(#[from] store::Error),
    /// The ledger failed.
    #[error("{0}")]
    Ledger(#[from] ledger::Error),
    /// The gateway did not answer.
    #[error("the gateway did not answer: {0}")]
    Gateway(String),
    /// Work on another thread died.
    #[error("{0}")]
    Lost(#[from] tokio::task::JoinError),
}

/// A request on its way to a page: somebody at their desk, and how they want to be told.
pub struct Context<'a> {
    pub(crate) desk: Desk<'a>,
    pub(crate) console: &'a Console,
    pub(crate) ask: &'a Ask,
    pub(crate) words: Words,
    /// The parts that the path names, decoded.
    pub(crate) named: Vec<String>,
    /// How to begin an answer that comes in parts, where it may.
    pub(crate) begin: Option<&'a Begin>,
}

impl<'a> Deref for Context<'a> {
    type Target = Desk<'a>;

    fn deref(&self) -> &Desk<'a> {
        &self.desk
    }
}

impl Context<'_> {
    /// A text.
    pub fn t(&self, key: &str) -> String {
        self.words.t(key)
    }

    /// What the path names first.
    pub fn name(&self) -> &str {
        self.named.first().map_or("", String::as_str)
    }

    /// Whether all rows are wanted, for programs.
    pub fn whole(&self) -> bool {
        self.ask.form != crate::ask::Form::Html
    }
}

/// What a page says of what it read.
pub trait Late {
    /// A notice where a part of the ledger was not read yet.
    fn late(&self, words: &Words, here: &str) -> Option<Block>;
}

impl<T> Late for Known<T> {
    fn late(&self, words: &Words, here: &str) -> Option<Block> {
        // What came while the page was made is in the next one.
        const SOON: u64 = 1_000;
        if self.size.saturating_sub(self.read_to) <= SOON {
            return None;
        }
        let args = [("read", words.count(self.read_to)), ("size", words.count(self.size))];
        let step = Some((words.t("late-step"), Some(here.to_owned())));
        let notice = Notice { tone: "info", word: words.t("tone-info"), text: words.say("late", &args), step };
        Some(Block::Notices(Notices { title: words.t("late-title"), empty: String::new(), items: vec![notice] }))
    }
}

impl From<api::Trouble> for Trouble {
    fn from(trouble: api::Trouble) -> Self {
        use api::Trouble as Of;
        match trouble {
            Of::NotFound => Self::NotFound,
            Of::Forbidden => Self::Forbidden,
            Of::ElsewhereOnly(within) => Self::ElsewhereOnly(within),
            Of::NoRole => Self::NoRole,
            Of::Store(error) => Self::Store(error),
            Of::Ledger(error) => Self::Ledger(error),
            Of::Lost(error) => Self::Lost(error),
            // Pages say these in their own words before it comes to that.
            other => Self::Wrong(other.to_string()),
        }
    }
}
