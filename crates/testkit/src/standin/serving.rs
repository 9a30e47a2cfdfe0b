//! A server on loopback that lives as long as its handle.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::wire::{Counting, Counts};

/// A running server; it stops when dropped.
#[derive(Debug)]
pub(crate) struct Serving {
    pub(crate) address: SocketAddr,
    pub(crate) counts: Arc<Counts>,
    _stop: oneshot::Sender<()>,
}

impl Serving {
    /// Serves on a port of the system's choice unless `port` names one.
    pub(crate) async fn start(app: Router, port: u16) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        let address = listener.local_addr()?;
        let counts = Arc::<Counts>::default();
        let listener = Counting { listener, counts: Arc::clone(&counts) };
        let (stop, stopped) = oneshot::channel::<()>();
        let server = axum::serve(listener, app).with_graceful_shutdown(async {
            // An error means the sender is gone, which is the signal.
            let _ = stopped.await;
        });
        #[expect(clippy::disallowed_methods, reason = "lives as long as the handle; nothing waits for it")]
        tokio::spawn(async move { server.await });
        Ok(Self { address, counts, _stop: stop })
    }
}
