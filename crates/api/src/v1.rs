//! The control API: what people do in the console, for programs. `/api/v1/openapi.json` describes it.

mod answer;
mod approvals;
mod apps;
mod call;
mod content;
mod document;
mod drills;
mod foresights;
mod ledger;
mod live_drills;
mod obligations;
mod packs;
mod passports;
mod people;
mod policies;
mod programme;
mod requests;
mod routes;
mod supply;
mod system;
mod usage;

use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderMap, Method, Request, Response};
use realm::Clock;
use store::Visitor;

use crate::around::{Around, Begin};
use crate::desk::{Desk, Parts};
use crate::guest::Guest;
use crate::rights::{Right, allows, decoded};
use answer::{Code, Refused};
use call::Call;

pub use answer::CODES;
pub use document::document;
pub use routes::{ROUTES, Route, table};

/// Below which path it lies.
pub const PATH: &str = "/api/v1";

/// Answers a request below `PATH`. A file goes out in parts by `begin`: what is given here is then nothing.
pub async fn respond(
    parts: &Parts,
    around: &dyn Around,
    clock: &dyn Clock,
    request: Request<Bytes>,
    begin: &Begin,
) -> Response<Bytes> {
    let (head, body) = request.into_parts();
    let is_head = head.method == Method::HEAD;
    let answered = routed(parts, around, clock, head, body, begin).await;
    let mut reply = answered.unwrap_or_else(|refused| refused.into_response());
    if is_head {
        *reply.body_mut() = Bytes::new();
    }
    reply
}

async fn routed(
    parts: &Parts,
    around: &dyn Around,
    clock: &dyn Clock,
    head: http::request::Parts,
    body: Bytes,
    begin: &Begin,
) -> Result<Response<Bytes>, Refused> {
    let path = head.uri.path().strip_prefix(PATH).unwrap_or_default();
    let (route, named) = routes::find(&head.method, path)?;
    if route.right == Right::Anyone {
        return Ok(answer::json(&document()));
    }
    let now = clock.now();
    let token = bearer(&head.headers).ok_or_else(|| Refused::of(Code::InvalidToken, NO_TOKEN))?;
    let visitor = parts.store.visitor(token, now).await.map_err(crate::Trouble::from)?;
    let visitor = visitor.ok_or_else(|| Refused::of(Code::InvalidToken, OLD_TOKEN))?;
    let query = call::pairs(head.uri.query().unwrap_or_default());
    if query.len() > call::PAIRS_MAX {
        return Err(Refused::about("query", format!("the query: more than {} parameters", call::PAIRS_MAX)));
    }
    let snapshot = around.snapshot();
    let organisation = query.iter().find(|(key, _)| key == ORGANISATION).map(|(_, value)| value.as_str());
    let guest = Guest::of(&visitor, organisation, None, &snapshot.world)?;
    allows(route.right, route.within, &guest)?;
    let desk = Desk { parts, around, snapshot, guest, now, way: "the API" };
    let named = named.into_iter().map(decoded).collect();
    let call = Call { desk, visitor, token: token.to_owned(), named, query, body, begin };
    routes::perform(route.does, &call).await
}

/// The parameter that says of which organisation an answer is to be.
const ORGANISATION: &str = "organisation";
const NO_TOKEN: &str = "send `Authorization: Bearer …` with a token of `freehold console token`";
const OLD_TOKEN: &str = "the token is unknown or over: `freehold console token` makes a new one";

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (kind, token) = value.split_once(' ')?;
    kind.eq_ignore_ascii_case("bearer").then(|| token.trim()).filter(|token| !token.is_empty())
}

/// Whose call it is, as an answer tells it.
pub(crate) fn until(visitor: &Visitor) -> String {
    visitor.expires.to_string()
}
