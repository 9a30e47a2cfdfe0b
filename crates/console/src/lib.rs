//! The console: what people look at under `/console`, and what those with authority change there.
//!
//! A page is a value made of blocks (`block`, `table`); templates write it as HTML, and its tables are also its JSON and
//! CSV. What it knows comes from the ledger (`index`), the realm, the store and the running gateway (`Around`).
//!
//! Invariants:
//! - a page holds no script and no style in itself, and everything works without scripts;
//! - no total but sums of the ledger's records; what is not known says so;
//! - a path that is not in `access::ROUTES` does not exist, and its right is asked before anything is done;
//! - a page is of one organisation in which its reader has a role; of the whole it shows aggregates only;
//! - a change needs a form with the session's token, and ends in the ledger with the person's name.
//!
//! It knows no HTTP server, no gateway and no wire; whoever runs it hands requests over whole.
#![forbid(unsafe_code)]

pub mod access;
mod ask;
mod asset;
mod block;
mod change;
mod chart;
mod console;
mod context;
mod guest;
mod identity;
mod lent;
mod pages;
mod reply;
mod session;
mod table;
mod text;
mod told;
mod view;

pub use console::{Console, Guard, Parts};
pub use text::TEXTS;
