//! The ledger: an append-only transparency log whose proof needs no trust in whoever runs it.
//!
//! Published form: C2SP tlog-tiles (RFC 6962 tree, tiles of height 8, signed-note checkpoints).
//!
//! Invariants:
//! - an entry is bytes; nothing here parses one, the ledger's own (`system`) excepted;
//! - nothing is signed that is not durable, and nothing durable is ever changed;
//! - `verify` recomputes from the entries and believes no stored hash.
//!
//! It does not know what an entry means, who reads it, http, or the realm. The pure half (`types`, `tree`,
//! `layout`, `tile`, `note`, `checkpoint`, `cosignature`, `proof`, `receipt`, `witness::Witness`) does no input or output
//! and reads no clock.
#![forbid(unsafe_code)]

mod accept;
mod catalog;
mod commit;
mod context;
mod copy;
mod core;
mod error;
mod feed;
mod health;
mod keep;
mod keys;
mod life;
mod log;
mod options;
mod prune;
mod publish;
mod queue;
mod read;
mod recover;
mod space;
mod walk;

pub mod checkpoint;
pub mod cosignature;
pub mod export;
pub mod frame;
pub mod layout;
pub mod note;
pub mod policy_file;
pub mod proof;
pub mod receipt;
pub mod seal;
pub mod segment;
pub mod storage;
pub mod system;
pub mod tile;
pub mod tree;
pub mod types;
pub mod verify;
pub mod witness;
pub mod witnessed;

pub use crate::core::Core;
pub use accept::{AcceptError, accept_head};
pub use copy::{CopyError, copy_published, read_tile};
pub use error::Error;
pub use health::{Health, Summary};
pub use keys::KeySource;
pub use log::{Head, Log};
pub use options::{Clock, Options};
pub use publish::Published;
pub use read::Scan;
pub use recover::Recovery;
pub use space::Forecast;
pub use types::{EntryIndex, Hash, Origin, TreeSize};
