//! What other crates see of `realm`.

mod examples;
mod support;
