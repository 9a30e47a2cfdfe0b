//! Chores of the project: tidy, bench, crash.
fn main() {}
