//! Public behaviour of the ledger.

mod every_byte;
mod fixture;
mod forged_tiles;
mod history;
mod interop;
mod log;
mod published;
mod sim;
mod vectors;
mod witness;
