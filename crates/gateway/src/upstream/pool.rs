//! Kept-alive connections to one endpoint, and one exchange over them with every wait bounded.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use realm::world::Timeouts;
use tokio::time::{Instant, timeout, timeout_at};

use super::dial::Endpoint;
use super::sockets::Sockets;
use crate::code::Code;
use crate::tasks::Tasks;

/// Idle connections kept; more are closed.
const IDLE_MAX: usize = 1024;
/// How long a connection is kept idle: under the 60 s and more after which servers usually close it.
const IDLE_FOR: Duration = Duration::from_secs(45);

type Sender = SendRequest<Full<Bytes>>;

/// Why an exchange failed. It names no address and no content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No connection: nothing was sent.
    #[error("cannot connect")]
    Connect,
    /// No connection in time: nothing was sent.
    #[error("no connection in time")]
    ConnectTimeout,
    /// A drill has shut the destination: nothing was sent.
    #[error("cut off by a drill")]
    CutOff,
    /// The credential gets no token: nothing was sent.
    #[error("no token for the credential")]
    NoToken,
    /// No answer, no further part of one, or no end of it in time.
    #[error("no answer in time")]
    Timeout,
    /// The connection broke.
    #[error("the connection broke")]
    Broken,
    /// What came is not an answer.
    #[error("what came is no answer")]
    Invalid,
    /// The answer is longer than allowed.
    #[error("the answer is too long")]
    TooLong,
}

impl Fault {
    /// The stable code of it.
    pub fn code(self) -> Code {
        match self {
            Self::Connect | Self::NoToken | Self::Broken => Code::UpstreamError,
            Self::ConnectTimeout | Self::Timeout => Code::UpstreamTimeout,
            Self::Invalid | Self::TooLong => Code::UpstreamInvalid,
            Self::CutOff => Code::CutOff,
        }
    }

    /// Whether the provider may have worked on the request: then its prompt is charged.
    pub fn may_have_cost(self) -> bool {
        !matches!(self, Self::Connect | Self::ConnectTimeout | Self::NoToken | Self::CutOff)
    }
}

/// Connections to one endpoint.
pub(super) struct Pool {
    endpoint: Endpoint,
    timeouts: Timeouts,
    idle: Arc<Idle>,
    drivers: Tasks,
    sockets: Arc<Sockets>,
}

#[derive(Default)]
struct Idle(Mutex<VecDeque<(Sender, Instant)>>);

/// The body of an answer. Read to its end it gives its connection back; dropped before, it closes it.
pub struct Body {
    /// None once it was given up.
    incoming: Option<Incoming>,
    connection: Option<(Sender, Arc<Idle>)>,
    idle_for: Duration,
    deadline: Instant,
}

impl Pool {
    pub(super) fn new(endpoint: Endpoint, timeouts: Timeouts, drivers: Tasks, sockets: Arc<Sockets>) -> Self {
        Self { endpoint, timeouts, idle: Arc::default(), drivers, sockets }
    }

    /// Whether a drill lets nothing go there.
    pub(super) fn is_shut(&self) -> bool {
        self.sockets.is_shut()
    }

    /// Sends a request and waits for the head of its answer.
    ///
    /// A kept connection that turns out to be closed before anything went over it is replaced by a new one.
    pub(super) async fn exchange(&self, mut request: Request<Full<Bytes>>) -> Result<Response<Body>, Fault> {
        if self.is_shut() {
            return Err(Fault::CutOff);
        }
        let deadline = Instant::now() + Duration::from_millis(self.timeouts.total_ms);
        while let Some(mut sender) = self.kept().await {
            match self.send(&mut sender, request, deadline).await {
                Ok(answer) => return Ok(self.with_connection(answer, sender, deadline)),
                Err((Some(unsent), _)) => request = unsent,
                Err((None, fault)) => return Err(fault),
            }
        }
        // In a box: connections are kept, and every request would hold the room of a handshake.
        let mut sender = Box::pin(self.connect(deadline)).await?;
        match self.send(&mut sender, request, deadline).await {
            Ok(answer) => Ok(self.with_connection(answer, sender, deadline)),
            Err((_, fault)) => Err(fault),
        }
    }

    async fn kept(&self) -> Option<Sender> {
        loop {
            let mut sender = self.idle.take()?;
            if sender.is_ready() {
                return Some(sender);
            }
            // Its driver has not yet seen the end of the exchange before, or has seen it close.
            if matches!(timeout(Duration::from_millis(50), sender.ready()).await, Ok(Ok(()))) {
                return Some(sender);
            }
        }
    }

    async fn connect(&self, deadline: Instant) -> Result<Sender, Fault> {
        let by = deadline.min(Instant::now() + Duration::from_millis(self.timeouts.connect_ms));
        let held = self.sockets.hold().ok_or(Fault::CutOff)?;
        let socket = held.socket();
        let dialled = timeout_at(by, async {
            let io = self.endpoint.dial(held).await.map_err(|error| {
                tracing::debug!(%error, "a provider cannot be reached");
                Fault::Connect
            })?;
            http1::handshake(TokioIo::new(io)).await.map_err(|_| Fault::Connect)
        });
        let (sender, connection) = dialled.await.map_err(|_| Fault::ConnectTimeout)??;
        let driver = self.drivers.spawn_held(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a provider's connection ended");
            }
        });
        if self.sockets.driven(&socket, driver) { Ok(sender) } else { Err(Fault::CutOff) }
    }

    async fn send(
        &self,
        sender: &mut Sender,
        request: Request<Full<Bytes>>,
        deadline: Instant,
    ) -> Result<Response<Incoming>, (Option<Request<Full<Bytes>>>, Fault)> {
        let by = deadline.min(Instant::now() + Duration::from_millis(self.timeouts.first_byte_ms));
        match timeout_at(by, sender.try_send_request(request)).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(mut error)) => {
                let unsent = error.take_message();
                let fault = if error.error().is_parse() { Fault::Invalid } else { Fault::Broken };
                Err((unsent, fault))
            }
            Err(_) => Err((None, Fault::Timeout)),
        }
    }

    fn with_connection(&self, answer: Response<Incoming>, sender: Sender, deadline: Instant) -> Response<Body> {
        let idle_for = Duration::from_millis(self.timeouts.idle_ms);
        let connection = Some((sender, self.idle.clone()));
        answer.map(|incoming| Body { incoming: Some(incoming), connection, idle_for, deadline })
    }
}

impl Idle {
    fn take(&self) -> Option<Sender> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // The youngest first, so that the others age and are closed when load falls.
        let (sender, since) = kept.pop_back()?;
        if since.elapsed() < IDLE_FOR {
            return Some(sender);
        }
        kept.clear();
        None
    }

    fn put(&self, sender: Sender) {
        if sender.is_closed() {
            return;
        }
        let now = Instant::now();
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while kept.front().is_some_and(|(_, since)| now.duration_since(*since) >= IDLE_FOR) || kept.len() >= IDLE_MAX {
            kept.pop_front();
        }
        kept.push_back((sender, now));
    }
}

impl Body {
    /// The next part of the answer; none at its end.
    ///
    /// # Errors
    /// If it does not come in time or the connection breaks.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Fault> {
        loop {
            let by = self.deadline.min(Instant::now() + self.idle_for);
            let Some(incoming) = &mut self.incoming else { return Ok(None) };
            match timeout_at(by, incoming.frame()).await {
                Err(_) => return Err(Fault::Timeout),
                Ok(Some(Err(_))) => return Err(Fault::Broken),
                Ok(Some(Ok(frame))) => {
                    // Trailers say nothing we use.
                    if let Ok(data) = frame.into_data() {
                        return Ok(Some(data));
                    }
                }
                Ok(None) => {
                    self.finish();
                    return Ok(None);
                }
            }
        }
    }

    /// Gives up the rest, and closes its connection at once.
    pub fn give_up(&mut self) {
        self.incoming = None;
        self.connection = None;
    }

    /// The whole answer, of at most so many bytes.
    ///
    /// # Errors
    /// As for a part of it; and if it is longer.
    pub async fn whole(mut self, most: usize) -> Result<Bytes, Fault> {
        let Some(first) = self.chunk().await? else { return Ok(Bytes::new()) };
        let mut more = Vec::new();
        while let Some(next) = self.chunk().await? {
            if more.is_empty() {
                more.extend_from_slice(&first);
            }
            if more.len() + next.len() > most {
                return Err(Fault::TooLong);
            }
            more.extend_from_slice(&next);
        }
        match (more.is_empty(), first.len() > most) {
            (_, true) => Err(Fault::TooLong),
            // One part, as most answers come: nothing is copied.
            (true, _) => Ok(first),
            (false, _) => Ok(more.into()),
        }
    }

    fn finish(&mut self) {
        if let Some((sender, idle)) = self.connection.take() {
            idle.put(sender);
        }
    }
}
