//! What documents say of models, read and written.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod anything;
mod forms;
mod round;
mod sheets;
mod support;
