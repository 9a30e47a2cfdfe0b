//! What a page may ask while it is made.

use std::sync::Arc;

use realm::snapshot::Snapshot;
use realm::world::App;
use realm::{UnixMs, World};
use store::Scope;

use crate::access::{Right, Within};
use crate::ask::Ask;
use crate::belong;
use crate::block::{Block, Notice, Notices};
use crate::console::{Around, Console};
use crate::guest::Guest;
use crate::index::{Index, Seen};
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

/// A request on its way to a page.
pub struct Context<'a> {
    pub(crate) console: &'a Console,
    pub(crate) around: &'a dyn Around,
    pub(crate) ask: &'a Ask,
    pub(crate) words: Words,
    pub(crate) guest: Guest,
    pub(crate) now: UnixMs,
    /// The parts that the path names, decoded.
    pub(crate) named: Vec<String>,
    pub(crate) snapshot: Arc<Snapshot>,
}

impl Context<'_> {
    /// The realm that decides.
    pub fn world(&self) -> &World {
        &self.snapshot.world
    }

    /// A text.
    pub fn t(&self, key: &str) -> String {
        self.words.t(key)
    }

    /// What the path names first.
    pub fn name(&self) -> &str {
        self.named.first().map_or("", String::as_str)
    }

    /// Whether the visitor may.
    pub fn may(&self, right: Right) -> bool {
        right.has(self.guest.role)
    }

    /// Whose records the page may be of.
    pub fn seen(&self) -> Seen {
        self.guest.seen(&self.snapshot.world)
    }

    /// Whether it is of the deployment as a whole: aggregates only.
    pub fn is_whole(&self) -> bool {
        self.guest.scope == Scope::Whole
    }

    /// The apps that the page may be of.
    pub fn apps(&self) -> impl Iterator<Item = &App> {
        let scope = &self.guest.scope;
        let own = move |app: &&App| match scope {
            Scope::Whole => true,
            Scope::Organisation(id) => app.organisation == *id,
        };
        self.snapshot.world.apps.values().filter(own)
    }

    /// An app that the page may be of.
    ///
    /// # Errors
    /// There is none of that id, or it is another organisation's: which of both is not told.
    pub fn app(&self, id: &str) -> Result<&App, Trouble> {
        self.apps().find(|app| app.id.as_str() == id).ok_or(Trouble::NotFound)
    }

    /// As records of changes name the visitor.
    pub fn by(&self) -> String {
        format!("{}, by the console", self.guest.person)
    }

    /// Whether all rows are wanted, for programs.
    pub fn whole(&self) -> bool {
        self.ask.form != crate::ask::Form::Html
    }

    /// Reads the ledger on, and shows what is known of it. The first page after a start may find a part only, and `late`
    /// says so.
    ///
    /// # Errors
    /// If the ledger cannot be read.
    pub async fn ledger<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Index) -> T + Send + 'static,
    ) -> Result<Known<T>, Trouble> {
        self.console.index.read(self.words.zone.clone(), read).await
    }

    /// Reads one entry of the ledger; none where there is none, or where it belongs to another organisation.
    ///
    /// # Errors
    /// If the ledger cannot be read.
    pub async fn entry(&self, index: u64) -> Result<Option<Vec<u8>>, Trouble> {
        let log = self.console.parts.log.clone();
        let bytes = tokio::task::spawn_blocking(move || log.read(ledger::EntryIndex(index))).await??;
        Ok(bytes.filter(|bytes| belong::entry(bytes, self.world()).is_open_to(&self.guest.scope)))
    }
}

/// What was found, and how much of the ledger was looked at for it.
#[derive(Debug)]
pub struct Known<T> {
    /// What was found.
    pub value: T,
    /// Entries that were read.
    pub read_to: u64,
    /// Entries that there are.
    pub size: u64,
}

impl<T> Known<T> {
    /// A notice where a part of the ledger was not read yet.
    pub fn late(&self, words: &Words, here: &str) -> Option<Block> {
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
