//! Cases, plans, their check and the reasons where there is none, from files.

mod checking;
mod properties;
mod pypsa;
mod reading;
mod reasons;
mod support;
