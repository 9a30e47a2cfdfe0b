//! Whether a request may go to a deployment, what must be taken out of it first, and what is owed for it.
//!
//! Holds the Cedar schema, compilation of a world's rules (parsing, annotations, lints, strict validation),
//! `decide` with its reasons, its memo, the order of a route's targets, explanations for people, and packs: their texts,
//! golden cases and duties.
//!
//! Invariants: `decide` is a function of its arguments and of the world that was compiled; an erring forbid
//! never passes silently; a forbid more never lets a class out that stayed in before, nor turns a denial into
//! a permit of the same text; shadow rules never change a verdict. Knows no I/O, no clock (the date is an
//! argument), no async.
#![forbid(unsafe_code)]

mod alone;
mod amend;
mod compile;
mod compiled;
mod decide;
mod decision;
pub mod duty;
mod entities;
pub mod explain;
mod facts;
mod memo;
mod order;
pub mod pack;
mod revise;
mod rule;
mod schema;
mod texts;

pub use alone::Finding;
pub use amend::{Amended, Amendment};
pub use compile::{compile, without_world};
pub use compiled::Compiled;
pub use decision::{Asked, Decision, Denial, Disclosure, Exempt, Obligation, Shadow, Unknown, Verdict};
pub use facts::Used;
pub use memo::Memo;
pub use order::{Known, chosen, order};
pub use revise::{PackText, Revision};
pub use rule::{Effect, ObligationKind, Rule, Status};
pub use schema::{EvidenceKey, EvidenceKind, SCHEMA};
pub use texts::{Texts, Told};
