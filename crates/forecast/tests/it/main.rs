//! Public behaviour of the crate.

mod numbers;
mod sensitivity;
