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

use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::{Fault, Received, State};

/// A running stand-in; it stops when dropped.
#[derive(Debug)]
pub struct Anthropic {
    address: SocketAddr,
    state: Arc<State>,
    _stop: oneshot::Sender<()>,
}

impl Anthropic {
    /// The only key that it takes, as `x-api-key` or as a bearer token.
    pub const KEY: &str = "sk-ant-stand-in";

    /// Starts one on loopback, on a port of the system's choice unless `port` names one.
    pub async fn start(name: &str, port: u16) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        let address = listener.local_addr()?;
        let state = Arc::new(State::new(name));
        let app = routes::router(Arc::clone(&state));
        let (stop, stopped) = oneshot::channel::<()>();
        let server = axum::serve(listener, app).with_graceful_shutdown(async {
            // An error means the sender is gone, which is the signal.
            let _ = stopped.await;
        });
        #[expect(clippy::disallowed_methods, reason = "lives as long as the handle; nothing waits for it")]
        tokio::spawn(async move { server.await });
        Ok(Self { address, state, _stop: stop })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The `base_url` a provider table would hold: Anthropic's has no `/v1`.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
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
