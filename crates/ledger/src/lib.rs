//! The ledger: an append-only transparency log whose proof needs no trust in whoever runs it.
//!
//! Published form: C2SP tlog-tiles (RFC 6962 tree, tiles of height 8, signed-note checkpoints).
//!
//! Invariants:
//! - an entry is bytes; nothing here parses one;
//! - nothing is signed that is not durable, and nothing durable is ever changed;
//! - `verify` recomputes from the entries and believes no stored hash.
//!
//! It does not know what an entry means, who reads it, http, or the realm. The pure half (`types`, `tree`,
//! `layout`, `tile`, `note`, `checkpoint`, `cosignature`, `proof`, `receipt`, `witness::Witness`) does no input or output
//! and reads no clock.
#![forbid(unsafe_code)]

pub mod checkpoint;
pub mod cosignature;
pub mod layout;
pub mod note;
pub mod policy_file;
pub mod proof;
pub mod receipt;
pub mod tile;
pub mod tree;
pub mod types;

pub use types::{EntryIndex, Hash, Origin, TreeSize};
