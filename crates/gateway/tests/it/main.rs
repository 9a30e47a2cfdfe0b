//! The gateway from outside: real HTTP over loopback, a scripted provider, a journal that watches the order of things.
#![allow(clippy::unwrap_used, reason = "what must hold in a test's own surroundings fails the test by panicking")]

mod attempts;
mod connections;
mod edge;
mod harness;
mod ledger_down;
mod ledger_life;
mod life;
mod limits;
mod names;
mod order;
mod panics;
mod redaction;
mod reload;
mod revocation;
mod secrets;
mod streams;
