//! Taking a request in: its id, its bounds, its body, what it asks for.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http::header::{ACCEPT_LANGUAGE, CONTENT_ENCODING, CONTENT_LENGTH};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use realm::load::Lang;
use realm::world::{ModelKind, Route};
use realm::{DeploymentId, ModelId};
use tokio::time::{Instant, timeout};
use wire::openai::{Endpoint, Request};

use crate::code::Code;
use crate::epoch::{Epoch, RouteUse};
use crate::error::Refused;
use crate::gateway::Shared;
use crate::pipeline::authenticate::Caller;
use crate::pipeline::resolve::{Named, resolve};
use crate::pipeline::respond::Ids;
use crate::settings::Settings;

/// The longest request id taken from a client.
const REQUEST_ID_MAX: usize = 128;

/// A request that has arrived.
pub(crate) struct Accepted {
    /// Ours: the one that records and salts know, and no other request has.
    pub(crate) id: String,
    /// The client's own name for it, where well formed: told back to the client and kept nowhere.
    pub(crate) named: Option<String>,
    /// What the client's person reads.
    pub(crate) lang: Lang,
    pub(crate) endpoint: Endpoint,
    pub(crate) started: Instant,
}

impl Accepted {
    /// Both names of the request, as the client is told them.
    pub(crate) fn ids(&self) -> Ids<'_> {
        Ids { ours: &self.id, named: self.named.as_deref(), lang: self.lang }
    }
}

/// What a request asks for.
pub(crate) struct Asked<'e> {
    pub(crate) request: Request,
    pub(crate) route: &'e Route,
    pub(crate) route_use: &'e RouteUse,
    /// The only model that may answer, where `model` names one and no route.
    pub(crate) model: Option<&'e ModelId>,
}

impl Asked<'_> {
    /// Whether a deployment of the route is one that was asked for.
    pub(crate) fn wants(&self, epoch: &Epoch, deployment: &DeploymentId) -> bool {
        let serves =
            |model: &ModelId| epoch.world().deployments.get(deployment).is_some_and(|found| found.model == *model);
        self.model.is_none_or(serves)
    }
}

/// Gives a request its id. What a client names freely may say anything, so it must not reach a log that cannot forget.
pub(crate) fn accept(shared: &Shared, endpoint: Endpoint, headers: &HeaderMap) -> Accepted {
    let sent = headers.get("x-request-id").and_then(|value| value.to_str().ok());
    let well_formed = |id: &&str| (1..=REQUEST_ID_MAX).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_graphic());
    let named = sent.filter(well_formed).map(str::to_owned);
    let lang = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).map(Lang::of).unwrap_or_default();
    Accepted { id: format!("req-{:016x}", shared.draw()), named, lang, endpoint, started: Instant::now() }
}

/// Whether a request is taken at all, as far as its head tells.
///
/// # Errors
/// While draining, and where the headers are too large.
pub(crate) fn check(shared: &Shared, headers: &HeaderMap) -> Result<(), Refused> {
    if shared.draining() {
        return Err(Refused::shutting_down());
    }
    // As it stood on the wire: name, colon, space, value, line end.
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    if bytes > shared.settings.header_bytes_max {
        let most = shared.settings.header_bytes_max;
        return Err(Refused::new(Code::HeadersTooLarge, format!("the headers are longer than {most} bytes")));
    }
    Ok(())
}

/// Reads the body, within its bounds.
///
/// # Errors
/// A body that is too long, too slow, cut or encoded.
pub(crate) async fn body(settings: &Settings, headers: &HeaderMap, mut incoming: Incoming) -> Result<Bytes, Refused> {
    let most = settings.body_bytes_max;
    let too_large = || Refused::new(Code::RequestTooLarge, format!("the body is longer than {most} bytes"));
    if headers.get(CONTENT_ENCODING).is_some_and(|encoding| encoding.as_bytes() != b"identity") {
        let words = "encoded bodies are not taken: send it without content-encoding";
        return Err(Refused::new(Code::InvalidRequest, words).about("content-encoding"));
    }
    let said = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if said.is_some_and(|length| length > most as u64) {
        return Err(too_large());
    }
    let Some(first) = part(&mut incoming, settings.client_idle).await? else { return Ok(Bytes::new()) };
    if first.len() > most {
        return Err(too_large());
    }
    let Some(second) = part(&mut incoming, settings.client_idle).await? else { return Ok(first) };
    let expected = said.and_then(|length| usize::try_from(length).ok()).unwrap_or(first.len() + second.len());
    let mut whole = BytesMut::with_capacity(expected);
    whole.extend_from_slice(&first);
    let mut next = Some(second);
    while let Some(part_of_it) = next {
        if whole.len() + part_of_it.len() > most {
            return Err(too_large());
        }
        whole.extend_from_slice(&part_of_it);
        next = part(&mut incoming, settings.client_idle).await?;
    }
    Ok(whole.freeze())
}

async fn part(incoming: &mut Incoming, idle: Duration) -> Result<Option<Bytes>, Refused> {
    loop {
        match timeout(idle, incoming.frame()).await {
            Err(_) => return Err(Refused::new(Code::RequestTimeout, "the body came too slowly")),
            Ok(None) => return Ok(None),
            Ok(Some(Err(_))) => return Err(Refused::new(Code::InvalidRequest, "the body was cut")),
            Ok(Some(Ok(frame))) => {
                if let Ok(data) = frame.into_data() {
                    return Ok(Some(data));
                }
            }
        }
    }
}

/// Reads what the body asks for, and finds what it names among the app's routes and the models behind them.
///
/// # Errors
/// A body that is no request of this endpoint; a name that is none of the app's.
pub(crate) fn read<'e>(
    epoch: &'e Epoch,
    caller: &Caller<'e>,
    endpoint: Endpoint,
    body: Bytes,
) -> Result<Asked<'e>, Refused> {
    let request = Request::parse(endpoint, body)?;
    if request.stream && endpoint == Endpoint::Embeddings {
        return Err(Refused::new(Code::UnsupportedParameter, "embeddings are not streamed").about("stream"));
    }
    let found = {
        let named = resolve(epoch.world(), caller.app, request.model().as_ref());
        named.and_then(|named| Some((epoch.routes.get(&named.route.id)?, named)))
    };
    let Some((route_use, Named { route, model })) = found else {
        let words = "there is no such route or model, or it is not one of the app's: see /v1/models";
        return Err(Refused::new(Code::ModelNotFound, words).about("model"));
    };
    fits(epoch, route, endpoint)?;
    Ok(Asked { request, route, route_use, model })
}

/// Whether the route leads to models of the kind that the endpoint is for: the realm's check makes it one kind.
fn fits(epoch: &Epoch, route: &Route, endpoint: Endpoint) -> Result<(), Refused> {
    let world = epoch.world();
    let first = route.targets.first().and_then(|target| world.deployments.get(&target.deployment));
    let kind = first.and_then(|deployment| world.models.get(&deployment.model)).map(|model| model.kind);
    let words = match (kind, endpoint) {
        (Some(ModelKind::Embedding), Endpoint::Chat | Endpoint::Completions) => {
            "it leads to models for embeddings only"
        }
        (Some(ModelKind::Chat), Endpoint::Embeddings) => "it leads to models for chats only",
        _ => return Ok(()),
    };
    Err(Refused::new(Code::InvalidRequest, words).about("model"))
}
