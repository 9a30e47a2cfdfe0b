//! Public behaviour of the crate.

mod holds;
mod numbers;
mod sensitivity;
mod support;
mod wrong;
