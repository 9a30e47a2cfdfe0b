//! Connections to providers: dialling, TLS, pools, credentials, health.

mod breaker;
mod dial;
mod pool;
mod provider;
mod tls;

pub(crate) use breaker::Breaker;
pub(crate) use pool::{Body, Fault};
pub(crate) use provider::{Answer, Provider, Surroundings};
pub use tls::{TlsProblem, server as server_tls};
