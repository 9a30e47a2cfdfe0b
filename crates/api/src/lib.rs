//! What is known and what may be done, for the console's pages and for programs alike: the index over the ledger, who may
//! see what of it, the changes that people make, and the control API under `/api/v1`.
//!
//! Invariants:
//! - a call is of one organisation in which its caller has a role, or of the whole; of the whole it tells aggregates only;
//! - what belongs to another organisation is not there, and which of both is not told;
//! - a path that is not in `v1::ROUTES` does not exist, and its right is asked before anything is done;
//! - a change ends in the ledger with the person's name, and the way it came;
//! - no total but sums of the ledger's records.
//!
//! It knows no HTTP server, no gateway and no wire; whoever runs it hands requests over whole.
#![forbid(unsafe_code)]

mod around;
pub mod belong;
pub mod desk;
pub mod exposed;
pub mod follow;
pub mod foresight;
pub mod guest;
pub mod index;
pub mod law;
pub mod password;
pub mod programme;
pub mod replay;
pub mod rights;
pub mod snapshots;
mod trouble;
pub mod usage;
pub mod v1;
mod worlds;

pub use around::{Around, Begin, Heard, Opened, PlaceState, Ready, Saved, Unsaved};
pub use desk::{Desk, NAME_CHARS_MAX, Parts, is_name};
pub use guest::Guest;
pub use trouble::Trouble;
