//! Public behaviour of the ledger.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails, helpers included")]

mod accept;
mod copied;
mod every_byte;
mod fixture;
mod forged_tiles;
mod garbage;
mod history;
mod interop;
mod log;
mod published;
mod sim;
mod vectors;
mod witness;
