//! Plans of sites, accelerators and energy: what to build, order and buy, where and when, so that the work is done.
//!
//! `case` reads what is asked; `model` says it as linear rows and columns; `solve` is the only place that touches the
//! solver; `check` verifies a plan against its case without it; `why` says what stands in the way where there is no plan.
//!
//! Invariants: a cap of law is never relaxed and never priced; what a plan says is verified by code that shares nothing
//! with what made it. Knows no network, no async runtime, no clock.
#![deny(unsafe_code)]

pub mod case;
pub mod check;
pub mod columnar;
pub mod demand;
mod model;
pub mod plan;
pub mod pypsa;
pub mod reduce;
pub mod said;
mod say;
pub mod scenario;
pub mod solve;
pub mod start;
pub mod stock;
pub mod why;

pub use plan::Plan;
pub use realm::load::{Diagnostic, Lang};
