//! The console as browsers see it: a real store and a real ledger in a directory of their own.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod access;
mod approvals;
mod bounds;
mod changes;
mod content;
mod declared;
mod drills;
mod entering;
mod evaluations;
mod exposure;
mod foreign;
mod identity;
mod look;
mod obligations;
mod packs;
mod pages;
mod passports;
mod place;
mod programme;
mod trying;
mod words;
mod years;
