//! The binary as its users see it: a temporary directory, loopback only.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "these tests wait for a real process in real time")]

mod api;
mod approvals;
mod backup;
mod commands;
mod console;
mod content;
mod crash;
mod demo;
mod drill;
mod engine;
mod eval;
mod forecast;
mod head;
mod hub;
mod law;
mod ledger;
mod live;
mod live_drill;
mod pack;
mod passport;
mod place;
mod plan;
mod replicas;
mod sandbox;
mod shared;
mod stop;
mod traces;
mod upkeep;
