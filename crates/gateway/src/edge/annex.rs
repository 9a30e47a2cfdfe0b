//! What somebody else serves at the gateway's address: pages and the control API, each below a path.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use tokio::sync::{mpsc, oneshot};

use super::body::{Reply, StreamBody};
use super::router::RECEIPTS;
use crate::gateway::{Gateway, Shared};
use crate::journal::Wait;
use crate::pipeline::accept;
use crate::pipeline::authenticate::forwarded;
use crate::pipeline::respond::{self, Ids};
use crate::settings::Settings;

/// Where an annex lives.
const PATHS: [&str; 2] = ["/console", "/api/v1"];
/// The longest form that is read, in bytes.
const BODY_BYTES_MAX: usize = 64 << 10;
/// Parts of an answer that wait for a slow reader.
const PARTS_AHEAD: usize = 16;

/// Begins an answer that comes in parts: its head goes out at once, what is sent into the channel follows.
pub type Begin = dyn Fn(Response<()>) -> mpsc::Sender<Bytes> + Send + Sync;

/// Answers what comes below `/console` and `/api/v1`. Its requests are none of the pipeline's: no key, no record.
pub trait Annex: Send + Sync {
    /// Answers a request whose body is whole. Where it has begun an answer in parts, what it gives in the end is nothing.
    fn answer<'a>(
        &'a self,
        gateway: &'a Gateway,
        peer: IpAddr,
        request: Request<Bytes>,
        begin: &'a Begin,
    ) -> Wait<'a, Response<Bytes>>;
}

/// The annex, where there is one and the path is its.
pub(super) fn of<'a>(shared: &'a Shared, path: &str) -> Option<&'a Arc<dyn Annex>> {
    // Receipts are taken with an app's key, and told by the gateway itself.
    let below = PATHS.iter().find_map(|prefix| path.strip_prefix(prefix)).filter(|_| !path.starts_with(RECEIPTS))?;
    shared.annex.get().filter(|_| below.is_empty() || below.starts_with(['/', '.']))
}

/// Reads the body within its bound and hands the request over.
pub(super) async fn answer(
    annex: &Arc<dyn Annex>,
    shared: &Arc<Shared>,
    peer: IpAddr,
    request: Request<Incoming>,
) -> Reply {
    let (head, incoming) = request.into_parts();
    let checked = accept::check(shared, &head.headers);
    let settings = Settings { body_bytes_max: BODY_BYTES_MAX, ..shared.settings.clone() };
    let body = match checked {
        Ok(()) => accept::body(&settings, &head.headers, incoming).await,
        Err(refused) => Err(refused),
    };
    let body = match body {
        Ok(body) => body,
        Err(refused) => return respond::refused(&refused, Ids::default()),
    };
    let peer = if settings.behind_proxy { forwarded(&head.headers).unwrap_or(peer) } else { peer };
    let gateway = Gateway(shared.clone());
    let (annex, request) = (Arc::clone(annex), Request::from_parts(head, body));
    let (begin, begun) = oneshot::channel();
    let (end, ended) = oneshot::channel();
    // In a task of its own: it goes on after its head went out.
    shared.tasks.spawn(async move {
        let once = Mutex::new(Some(begin));
        let begin = move |head: Response<()>| {
            let (parts, rest) = mpsc::channel(PARTS_AHEAD);
            let once = once.lock().unwrap_or_else(PoisonError::into_inner).take();
            // Who left meanwhile has closed the channel.
            if let Some(once) = once {
                let _left = once.send(Box::new(head.map(|()| StreamBody::Parts(rest)))).is_err();
            }
            parts
        };
        drop(end.send(annex.answer(&gateway, peer, request, &begin).await));
    });
    // The first to come: of what begins, the end is nothing.
    match begun.await {
        Ok(reply) => *reply,
        Err(_) => ended.await.map_or_else(|_| failed(), |reply| reply.map(StreamBody::Whole)),
    }
}

/// It ended without a word.
fn failed() -> Reply {
    let mut reply = Response::new(StreamBody::Whole(Bytes::new()));
    *reply.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    reply
}
