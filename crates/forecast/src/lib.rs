//! What it is worth, how sure we are, and what the capacity allows.
//!
//! Distributions, sampling, sensitivity and scores; a model file with units and contracts; adoption capped by capacity;
//! results with an error bar on every estimate.
//!
//! Invariants: everything is a function of its arguments, the seed and the date among them; the same seed gives the same
//! numbers on any number of threads; memory does not grow with the number of draws. Knows no HTTP, no runtime, no files.
#![forbid(unsafe_code)]

pub mod copula;
pub mod dist;
pub mod draw;
pub mod growth;
pub mod normal;
mod parallel;
pub mod score;
pub mod sensitivity;
