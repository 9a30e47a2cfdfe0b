//! The engine as a whole: a supervised child with a small model of random weights.

mod crash;
mod embeddings;
mod fixture;
mod generation;
mod harness;
mod limits;
mod refusals;
mod registry;
mod schedule;
mod shapes;
