//! Counting the tokens of a request that nobody sends: nothing leaves, so nothing is recorded.

use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use hyper::body::Incoming;
use wire::anthropic::incoming;
use wire::openai::Endpoint;

use crate::edge::Reply;
use crate::error::Refused;
use crate::gateway::Shared;
use crate::pipeline::accept::Accepted;
use crate::pipeline::respond::{self, Told};
use crate::pipeline::voice::{self, Voice};
use crate::pipeline::{accept, admit, authenticate};

/// Answers `POST /v1/messages/count_tokens`.
pub(crate) async fn count(shared: Arc<Shared>, peer: IpAddr, request: Request<Incoming>) -> Reply {
    let (head, body) = request.into_parts();
    let accepted = accept::accept(&shared, Endpoint::Chat, &head.headers);
    match counted(&shared, peer, &head.headers, body).await {
        Ok(answer) => {
            let told = Told { ids: accepted.ids(), ..Told::default() };
            respond::whole(StatusCode::OK, None, answer, &told)
        }
        Err(refused) => said(&refused, &accepted),
    }
}

fn said(refused: &Refused, accepted: &Accepted) -> Reply {
    Voice::anthropic().reply(respond::refused(refused, accepted.ids()))
}

async fn counted(shared: &Arc<Shared>, peer: IpAddr, headers: &HeaderMap, body: Incoming) -> Result<Bytes, Refused> {
    accept::check(shared, headers)?;
    let epoch = shared.epoch.load_full();
    let caller = authenticate::authenticate(shared, &epoch, headers, peer)?;
    authenticate::in_use(shared, &caller)?;
    let body = accept::body(&shared.settings, headers, body).await?;
    let understood = incoming::count_request(&body, &[]).map_err(voice::refused)?;
    let asked = accept::read(&epoch, &caller, Endpoint::Chat, understood.body.into())?;
    let size = admit::size(&asked, &shared.settings);
    Ok(incoming::count_answer(size.input).into())
}
