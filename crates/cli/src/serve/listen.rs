//! Where the gateway listens.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use rustls::ServerConfig;
use tokio::net::TcpListener;

use crate::ended::{Wrong, unreadable, wrong};
use crate::lang::tell;

/// How many ports after a busy one are tried.
const NEXT_PORTS: u16 = 20;

/// Refuses to show keys and prompts to the network in clear.
pub(crate) fn may_listen(address: SocketAddr, has_tls: bool, behind_proxy: bool) -> Result<()> {
    if address.ip().is_loopback() || has_tls || behind_proxy {
        return Ok(());
    }
    Err(wrong("listen-in-clear", &[("address", address.to_string())]))
}

/// Listens; where `or_next` allows it, on the next free port if this one is taken.
pub(crate) async fn bind(address: SocketAddr, or_next: bool) -> Result<TcpListener> {
    let mut tried = address;
    loop {
        match TcpListener::bind(tried).await {
            Ok(listener) => return Ok(listener),
            Err(error) => {
                let taken = error.kind() == std::io::ErrorKind::AddrInUse;
                let next = tried.port().checked_add(1).filter(|next| next - address.port() <= NEXT_PORTS);
                match next {
                    Some(next) if or_next && taken => tried.set_port(next),
                    _ if taken => bail!(tell("listen-taken", &[("address", tried.to_string())])),
                    _ => return Err(error).with_context(|| tell("listen-cannot", &[("address", tried.to_string())])),
                }
            }
        }
    }
}

/// The certificate and key of the listener.
pub(crate) fn tls(cert: Option<&Path>, key: Option<&Path>) -> Result<Option<Arc<ServerConfig>>> {
    let (Some(cert), Some(key)) = (cert, key) else { return Ok(None) };
    let read = |path: &Path| std::fs::read(path).map_err(|e| unreadable(path, &e));
    let config = gateway::server_tls(&read(cert)?, &read(key)?);
    config.map(Some).map_err(|problem| Wrong(format!("{}: {problem}", cert.display())).into())
}

/// The address that a client on this machine uses.
pub(crate) fn reachable(address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() { SocketAddr::from((Ipv4Addr::LOCALHOST, address.port())) } else { address }
}
