//! The HTTP edge and the life of a request.
//!
//! `pipeline::run` owns every branch of that life; each stage is a straight line in a file of its name
//! (`README.md` holds the graph).
//!
//! Invariants:
//! - G1 no byte leaves to a deployment that `decide` did not permit, on any attempt;
//! - G2 no byte leaves before its intent is durable, no final byte returns before the outcome is;
//! - G4 without a ledger that can write, traffic is refused;
//! - G6 a secret is in no log, record, error, metric or page.
//!
//! It does not know the store, how a realm is loaded, the fleet, the plan or the console.
#![forbid(unsafe_code)]

