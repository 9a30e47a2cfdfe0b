//! What other crates see of `realm`.
#![expect(clippy::unwrap_used, reason = "a test's helpers may panic like the test itself")]

mod brief;
mod broken;
mod control;
mod disk;
mod examples;
mod fixtures;
mod guide;
mod init;
mod mutated;
mod provider;
mod record;
mod support;
