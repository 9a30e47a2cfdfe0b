//! A stand-in for Anthropic's Messages API on loopback, with the rules of both versions.

mod answer;
mod events;
mod routes;
mod rules;
#[cfg(test)]
mod tests;
mod turns;

use std::net::SocketAddr;
use std::sync::Arc;

use super::serving::Serving;
use super::{Fault, Received, State};

/// A running stand-in; it stops when dropped.
#[derive(Debug)]
pub struct Anthropic {
    state: Arc<State>,
    serving: Serving,
}

impl Anthropic {
    /// The only key that it takes, as `x-api-key` or as a bearer token.
    pub const KEY: &str = "sk-ant-stand-in";

    /// Starts one on loopback, on a port of the system's choice unless `port` names one.
    pub async fn start(name: &str, port: u16) -> std::io::Result<Self> {
        let state = Arc::new(State::new(name));
        let serving = Serving::start(routes::router(Arc::clone(&state)), port).await?;
        Ok(Self { state, serving })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.serving.address
    }

    /// The `base_url` a provider table would hold: Anthropic's has no `/v1`.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.serving.address)
    }

    /// What it received so far, oldest first.
    pub fn received(&self) -> Vec<Received> {
        self.state.received()
    }

    /// The next requests fail like this, one each, in order; after them it answers again.
    pub fn fail_next(&self, faults: Vec<Fault>) {
        self.state.set_faults(faults);
    }
}
