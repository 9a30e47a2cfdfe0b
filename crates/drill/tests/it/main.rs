//! What other crates see of `drill`.
#![expect(clippy::unwrap_used, reason = "a test's helpers may panic like the test itself")]

mod desk;
mod exposure;
mod law;
mod live;
mod naive;
mod quality;
mod random;
mod records;
mod scenario;
mod shadow;
mod suite;
mod support;
