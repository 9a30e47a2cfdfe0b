//! Public behaviour of the crate.

mod examples;
mod holds;
mod numbers;
mod pages;
mod sensitivity;
mod support;
mod wrong;
