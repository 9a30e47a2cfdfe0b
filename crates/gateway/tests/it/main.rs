//! The gateway from outside: real HTTP over loopback, a scripted provider, a journal that watches the order of things.
#![allow(clippy::unwrap_used, reason = "what must hold in a test's own surroundings fails the test by panicking")]

mod approvals;
mod attempts;
mod connections;
mod content;
mod detectors;
mod drill;
mod duties;
mod edge;
mod faults;
mod feigned;
mod g1;
mod harness;
mod ledger_down;
mod ledger_life;
mod life;
mod limits;
mod names;
mod order;
mod panics;
mod providers;
mod quality;
mod redaction;
mod reload;
mod resume;
mod revocation;
mod secrets;
mod shadow;
mod streams;

// Random realms and their naive reader, from the tests of `policy`.
#[path = "../../../policy/tests/it/naive.rs"]
#[allow(dead_code, reason = "another test needs the rest")]
mod naive;
#[path = "../../../policy/tests/it/random.rs"]
#[allow(dead_code, reason = "another test needs the rest")]
mod random;
#[path = "../../../policy/tests/it/world.rs"]
#[allow(dead_code, reason = "another test needs the rest")]
mod world;
