//! The gateway from outside: real HTTP over loopback, a scripted provider, a journal that watches the order of things.

mod attempts;
mod connections;
mod edge;
mod harness;
mod ledger_down;
mod life;
mod limits;
mod order;
mod redaction;
mod reload;
mod revocation;
mod secrets;
mod streams;
