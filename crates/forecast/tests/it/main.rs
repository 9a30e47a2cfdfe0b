//! Public behaviour of the crate.

mod classes;
mod examples;
mod holds;
mod numbers;
mod pages;
mod sensitivity;
mod support;
mod usage;
mod wrong;
