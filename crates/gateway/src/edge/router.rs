//! From a path to who answers it.

use std::convert::Infallible;
use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Method, Request};
use hyper::body::Incoming;
use wire::openai::Endpoint;

use super::body::Reply;
use super::{annex, log, observe};
use crate::code::Code;
use crate::error::Refused;
use crate::gateway::Shared;
use crate::pipeline::respond::{self, Ids};
use crate::pipeline::voice::Voice;
use crate::pipeline::{self, Attended};

/// What a path that takes a body is for.
enum Asked {
    Model(Endpoint, Voice),
    Count,
}

/// Where apps take the receipts of their own requests.
pub(super) const RECEIPTS: &str = "/api/v1/receipts/";

/// An answer on its way: of a life, which has a box of its own, or of something rarer.
pub(super) enum Answering {
    Life(Attended),
    Other(Pin<Box<dyn Future<Output = Reply> + Send>>),
}

/// Answers one HTTP request.
pub(super) fn answer(shared: &Arc<Shared>, peer: IpAddr, request: Request<Incoming>) -> Answering {
    let asked = match request.uri().path() {
        "/v1/chat/completions" => Asked::Model(Endpoint::Chat, Voice::Openai),
        "/v1/completions" => Asked::Model(Endpoint::Completions, Voice::Openai),
        "/v1/embeddings" => Asked::Model(Endpoint::Embeddings, Voice::Openai),
        "/v1/responses" => Asked::Model(Endpoint::Chat, Voice::responses()),
        "/v1/messages" => Asked::Model(Endpoint::Chat, Voice::anthropic()),
        "/v1/messages/count_tokens" => Asked::Count,
        _ => return Answering::Other(Box::pin(elsewhere(shared.clone(), peer, request))),
    };
    match (request.method(), asked) {
        (&Method::POST, Asked::Model(endpoint, voice)) => {
            Answering::Life(pipeline::answer(shared, peer, (endpoint, voice), request))
        }
        (&Method::POST, Asked::Count) => {
            let shared = shared.clone();
            Answering::Other(Box::pin(async move { pipeline::count::count(shared, peer, request).await }))
        }
        _ => Answering::Other(Box::pin(async { refuse(Code::MethodNotAllowed, "this path takes POST") })),
    }
}

impl Future for Answering {
    type Output = Result<Reply, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.get_mut() {
            Self::Life(attended) => Pin::new(attended).poll(cx),
            Self::Other(other) => other.as_mut().poll(cx),
        }
        .map(Ok)
    }
}

async fn elsewhere(shared: Arc<Shared>, peer: IpAddr, request: Request<Incoming>) -> Reply {
    match annex::of(&shared, request.uri().path()) {
        Some(annex) => annex::answer(annex, &shared, peer, request).await,
        None => other(&shared, peer, &request).await,
    }
}

async fn other(shared: &Arc<Shared>, peer: IpAddr, request: &Request<Incoming>) -> Reply {
    let path = request.uri().path();
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return match known(path) {
            true => refuse(Code::MethodNotAllowed, "this path takes GET"),
            false => refuse(Code::NotFound, "there is nothing at this path"),
        };
    }
    match path {
        "/" => respond::html(shared.page.as_ref()),
        "/healthz" => respond::text("ok\n"),
        "/readyz" => observe::readyz(shared),
        "/metrics" => observe::metrics(shared),
        "/v1/models" => observe::models(shared, peer, request.headers()),
        _ => {
            if let Some(rest) = path.strip_prefix(RECEIPTS) {
                log::receipt(shared, peer, request.headers(), rest).await
            } else if let Some(rest) = path.strip_prefix("/log/") {
                log::published(shared, rest).await
            } else {
                refuse(Code::NotFound, "there is nothing at this path")
            }
        }
    }
}

fn known(path: &str) -> bool {
    matches!(path, "/" | "/healthz" | "/readyz" | "/metrics" | "/v1/models")
        || path.starts_with(RECEIPTS)
        || path.starts_with("/log/")
}

fn refuse(code: Code, message: &'static str) -> Reply {
    respond::refused(&Refused::new(code, message), Ids::default())
}
