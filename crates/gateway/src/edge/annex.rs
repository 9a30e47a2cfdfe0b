//! What somebody else serves at the gateway's address: pages and the control API, each below a path.

use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use hyper::body::Incoming;

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

/// Answers what comes below `/console` and `/api/v1`. Its requests are none of the pipeline's: no key, no record.
pub trait Annex: Send + Sync {
    /// Answers a request whose body is whole.
    fn answer<'a>(&'a self, gateway: &'a Gateway, peer: IpAddr, request: Request<Bytes>) -> Wait<'a, Response<Bytes>>;
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
    annex.answer(&gateway, peer, Request::from_parts(head, body)).await.map(StreamBody::Whole)
}
