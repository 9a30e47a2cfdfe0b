//! Public behaviour of the crate.

mod examples;
mod holds;
mod numbers;
mod sensitivity;
mod support;
mod wrong;
