//! Stand-in providers and fakes, for the demo and for tests.
#![forbid(unsafe_code)]
