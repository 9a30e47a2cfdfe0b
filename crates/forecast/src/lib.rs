//! What it is worth, how sure we are, and what the capacity allows.
//!
//! Distributions, sampling, sensitivity and scores; a model file with units and contracts; adoption capped by capacity;
//! results with an error bar on every estimate.
//!
//! Invariants: everything is a function of its arguments, the seed and the date among them; the same seed gives the same
//! numbers on any number of threads; memory does not grow with the number of draws. Knows no HTTP, no runtime, no files.
#![forbid(unsafe_code)]

pub mod contract;
pub mod copula;
pub mod dist;
pub mod draw;
mod formula;
pub mod growth;
pub mod model;
pub mod normal;
pub mod observatory;
mod parallel;
mod program;
pub mod record;
pub mod run;
mod say;
pub mod score;
pub mod sensitivity;
mod tell;
pub mod unit;
pub mod usage;

pub use model::{Around, Model};
pub use run::{Difference, Outcome, Sampling, Settings, diff, run};
pub use say::MESSAGES;
