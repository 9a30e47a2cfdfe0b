//! What other crates see of `drill`.
#![expect(clippy::unwrap_used, reason = "a test's helpers may panic like the test itself")]

mod added;
mod desk;
mod evidence;
mod exposure;
mod failing;
mod law;
mod live;
mod naive;
mod notice;
mod quality;
mod random;
mod ready;
mod records;
mod scenario;
mod shadow;
mod suite;
mod support;
mod task;
mod task_live;
