//! Cases, plans, their check and the reasons where there is none, from files.
#![expect(clippy::unwrap_used, reason = "a test's helpers may panic like the test itself")]

mod checking;
mod conflicts;
mod giving;
mod methods;
mod parquet;
mod properties;
mod pypsa;
mod pypsa_solved;
mod reading;
mod realms;
mod reasons;
mod scenarios;
mod start;
mod support;
mod told;
mod weeks;
