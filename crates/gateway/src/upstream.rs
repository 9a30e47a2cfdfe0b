//! Connections to providers: dialling, TLS, pools, languages, credentials, health.

mod address;
mod breaker;
mod credential;
mod detector;
mod dial;
mod dialect;
mod driven;
mod issuer;
mod pool;
mod provider;
mod repeats;
mod sockets;
mod tls;
mod token;

use http::HeaderValue;

pub(crate) use address::Surroundings;
pub(crate) use breaker::{Breaker, Patience};
pub(crate) use detector::Detector;
pub(crate) use dialect::{Dialect, Framing};
pub(crate) use pool::{Body, Fault};
pub(crate) use provider::{Answer, Call, Guest, Held, Provider};
pub(crate) use repeats::Repeats;
pub use sockets::Moved;
pub(crate) use sockets::Sockets;
pub use tls::{TlsProblem, server as server_tls};

/// What we call ourselves to providers.
const AGENT: HeaderValue = HeaderValue::from_static(concat!("freehold/", env!("CARGO_PKG_VERSION")));
