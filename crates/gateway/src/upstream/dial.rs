//! Where a provider is, and how a connection to it is made.

use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, UnixStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::sockets::{Counted, Held};

/// Where a provider is.
#[derive(Clone)]
pub enum Endpoint {
    /// Plain HTTP over TCP.
    Plain {
        /// Host name or address.
        host: String,
        /// Port.
        port: u16,
    },
    /// HTTP over TLS.
    Tls {
        /// Host name or address.
        host: String,
        /// Port.
        port: u16,
        /// The name that the certificate must hold.
        name: ServerName<'static>,
        /// What is trusted.
        connector: TlsConnector,
    },
    /// A Unix socket: the embedded engine.
    Unix(PathBuf),
}

/// An open connection of any kind.
pub(super) enum Io {
    Tcp(Counted<TcpStream>),
    Tls(Box<TlsStream<Counted<TcpStream>>>),
    Unix(Counted<UnixStream>),
}

impl Endpoint {
    pub(super) async fn dial(&self, held: Held) -> io::Result<Io> {
        match self {
            Self::Plain { host, port } => Ok(Io::Tcp(Counted::new(tcp(host, *port).await?, held))),
            Self::Tls { host, port, name, connector } => {
                // Below TLS: what a handshake sends has left too.
                let stream = Counted::new(tcp(host, *port).await?, held);
                Ok(Io::Tls(Box::new(connector.connect(name.clone(), stream).await?)))
            }
            Self::Unix(path) => Ok(Io::Unix(Counted::new(UnixStream::connect(path).await?, held))),
        }
    }

    /// An endpoint over TLS.
    pub(super) fn tls(host: &str, port: u16, config: Arc<rustls::ClientConfig>) -> Result<Self, String> {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let name = ServerName::try_from(bare.to_owned()).map_err(|e| e.to_string())?;
        Ok(Self::Tls { host: bare.to_owned(), port, name, connector: TlsConnector::from(config) })
    }
}

async fn tcp(host: &str, port: u16) -> io::Result<TcpStream> {
    let stream = TcpStream::connect((host, port)).await?;
    // A small request must not wait for the acknowledgement of the one before.
    stream.set_nodelay(true)?;
    Ok(stream)
}

macro_rules! each {
    ($self:ident, $io:ident => $call:expr) => {
        match $self.get_mut() {
            Io::Tcp(stream) => {
                let $io = Pin::new(stream);
                $call
            }
            Io::Tls(stream) => {
                let $io = Pin::new(stream.as_mut());
                $call
            }
            Io::Unix(stream) => {
                let $io = Pin::new(stream);
                $call
            }
        }
    };
}

impl AsyncRead for Io {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        each!(self, io => io.poll_read(cx, buf))
    }
}

impl AsyncWrite for Io {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        each!(self, io => io.poll_write(cx, bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        each!(self, io => io.poll_write_vectored(cx, slices))
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Tcp(stream) => stream.is_write_vectored(),
            Self::Tls(stream) => stream.is_write_vectored(),
            Self::Unix(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        each!(self, io => io.poll_flush(cx))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        each!(self, io => io.poll_shutdown(cx))
    }
}
