//! Kept-alive connections to one endpoint, and one exchange over them with every wait bounded.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body as _;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use realm::world::Timeouts;
use tokio::time::{Instant, sleep, timeout_at};

use super::dial::Endpoint;
use super::driven::{Cut, Line};
use super::sockets::Sockets;
use crate::code::Code;
use crate::tasks::Tasks;

/// Idle connections kept; more are closed.
const IDLE_MAX: usize = 1024;
/// How long a connection is kept idle: under the 60 s and more after which servers usually close it.
const IDLE_FOR: Duration = Duration::from_secs(45);
/// How often idle connections are looked at, so that what a server has closed is closed here too.
const SWEEP: Duration = Duration::from_secs(15);
/// How many of them in one go, before others get their turn.
const SWEPT_TOGETHER: usize = 64;

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
    sockets: Arc<Sockets>,
}

/// Connections that nobody uses now.
struct Idle {
    kept: Mutex<Kept>,
    tasks: Tasks,
}

#[derive(Default)]
struct Kept {
    /// The youngest last, each with the time since when.
    lines: VecDeque<(Line, Instant)>,
    /// Whether a task looks after them.
    swept: bool,
}

/// The body of an answer. Read to its end it gives its connection back; dropped before, it closes it.
pub struct Body {
    /// None once it was given up.
    incoming: Option<Incoming>,
    /// None once it was given back or broke.
    line: Option<Line>,
    idle: Arc<Idle>,
    idle_for: Duration,
    deadline: Instant,
}

impl Pool {
    pub(super) fn new(endpoint: Endpoint, timeouts: Timeouts, tasks: Tasks, sockets: Arc<Sockets>) -> Self {
        let idle = Arc::new(Idle { kept: Mutex::default(), tasks });
        Self { endpoint, timeouts, idle, sockets }
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
        while let Some(line) = self.idle.take() {
            match self.send(line, request, deadline).await {
                Ok(answer) => return Ok(answer),
                Err((Some(unsent), _)) => request = unsent,
                Err((None, fault)) => return Err(fault),
            }
        }
        // In a box: connections are kept, and every request would hold the room of a handshake.
        let line = Box::pin(self.connect(deadline)).await?;
        self.send(line, request, deadline).await.map_err(|(_, fault)| fault)
    }

    async fn connect(&self, deadline: Instant) -> Result<Line, Fault> {
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
        let line = Line::new(sender, socket.clone());
        if self.sockets.carry(&socket, Box::pin(connection)) { Ok(line) } else { Err(Fault::CutOff) }
    }

    async fn send(
        &self,
        mut line: Line,
        request: Request<Full<Bytes>>,
        deadline: Instant,
    ) -> Result<Response<Body>, (Option<Request<Full<Bytes>>>, Fault)> {
        let by = deadline.min(Instant::now() + Duration::from_millis(self.timeouts.first_byte_ms));
        let answered = {
            let mut answer = pin!(line.sender().try_send_request(request));
            let answered = poll_fn(|cx| match line.poll(cx, |cx| answer.as_mut().poll(cx)) {
                Poll::Ready(Ok(answered)) => Poll::Ready(answered),
                // It gives back what was not sent.
                Poll::Ready(Err(Cut)) => answer.as_mut().poll(cx),
                Poll::Pending => Poll::Pending,
            });
            timeout_at(by, answered).await
        };
        match answered {
            Ok(Ok(answer)) => Ok(answer.map(|incoming| self.body(incoming, line, deadline))),
            Ok(Err(mut error)) => {
                let unsent = error.take_message();
                let fault = if error.error().is_parse() { Fault::Invalid } else { Fault::Broken };
                Err((unsent, fault))
            }
            Err(_) => Err((None, Fault::Timeout)),
        }
    }

    fn body(&self, incoming: Incoming, line: Line, deadline: Instant) -> Body {
        let idle_for = Duration::from_millis(self.timeouts.idle_ms);
        Body { incoming: Some(incoming), line: Some(line), idle: self.idle.clone(), idle_for, deadline }
    }
}

impl Idle {
    fn take(&self) -> Option<Line> {
        let mut kept = self.kept();
        // The youngest first, so that the others age and are closed when load falls.
        let (line, since) = kept.lines.pop_back()?;
        if since.elapsed() < IDLE_FOR {
            return Some(line);
        }
        let old = std::mem::take(&mut kept.lines);
        // To close them takes a while, and others want theirs.
        drop(kept);
        drop(old);
        None
    }

    fn put(self: &Arc<Self>, line: Line) {
        let now = Instant::now();
        let mut kept = self.kept();
        if kept.lines.len() >= IDLE_MAX {
            kept.lines.pop_front();
        }
        kept.lines.push_back((line, now));
        let sweep = !std::mem::replace(&mut kept.swept, true);
        drop(kept);
        if sweep {
            self.tasks.spawn(sweep_until_empty(Arc::downgrade(self)));
        }
    }

    /// Closes what is too old or what its server has closed; tells whether any is left, and else ends the looking.
    async fn sweep(&self) -> bool {
        let mut at = 0;
        loop {
            match self.sweep_some(&mut at) {
                Some(left) => return left,
                None => tokio::task::yield_now().await,
            }
        }
    }

    /// Looks at some, from a place on that it moves; none while there are more.
    fn sweep_some(&self, at: &mut usize) -> Option<bool> {
        let mut kept = self.kept();
        let len = kept.lines.len();
        // Outside of the lock: to close them takes a while, and others want theirs.
        let mut some: Vec<_> = kept.lines.drain((*at).min(len)..(*at + SWEPT_TOGETHER).min(len)).collect();
        drop(kept);
        let (now, last) = (Instant::now(), some.len() < SWEPT_TOGETHER);
        some.retain_mut(|(line, since)| now.duration_since(*since) < IDLE_FOR && line.settle());
        let mut kept = self.kept();
        for line in some {
            let place = (*at).min(kept.lines.len());
            kept.lines.insert(place, line);
            *at += 1;
        }
        last.then(|| {
            kept.swept = !kept.lines.is_empty();
            kept.swept
        })
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets the next one sweep where this one panicked.
struct Sweeping(Weak<Idle>);

impl Drop for Sweeping {
    fn drop(&mut self) {
        if std::thread::panicking()
            && let Some(idle) = self.0.upgrade()
        {
            idle.kept().swept = false;
        }
    }
}

async fn sweep_until_empty(idle: Weak<Idle>) {
    let sweeping = Sweeping(idle);
    loop {
        sleep(SWEEP).await;
        match sweeping.0.upgrade() {
            Some(idle) if idle.sweep().await => {}
            _ => return,
        }
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
            let (Some(incoming), Some(line)) = (&mut self.incoming, &mut self.line) else { return Ok(None) };
            let next = poll_fn(|cx| line.poll(cx, |cx| Pin::new(&mut *incoming).poll_frame(cx)));
            match timeout_at(by, next).await {
                Err(_) => return Err(Fault::Timeout),
                Ok(Err(Cut) | Ok(Some(Err(_)))) => return Err(Fault::Broken),
                // Trailers say nothing we use.
                Ok(Ok(Some(Ok(frame)))) => match frame.into_data() {
                    Ok(data) => return Ok(Some(data)),
                    Err(_) => continue,
                },
                Ok(Ok(None)) => {
                    self.finish();
                    return Ok(None);
                }
            }
        }
    }

    /// Gives up the rest, and closes its connection at once.
    pub fn give_up(&mut self) {
        self.incoming = None;
        self.line = None;
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
        self.incoming = None;
        if let Some(mut line) = self.line.take()
            && line.settle()
        {
            self.idle.put(line);
        }
    }
}

#[cfg(test)]
mod tests;
