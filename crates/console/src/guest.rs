//! Where somebody looks: as the address says, else as their browser remembers.

use api::Guest;
use api::guest::word;
use bytes::Bytes;
use http::Response;
use http::header::{HeaderValue, SET_COOKIE};
use realm::World;
use store::{Scope, Visitor};

use crate::ask::Ask;
use crate::context::Trouble;
use crate::text::Words;

/// The cookie that holds the organisation last chosen.
const COOKIE: &str = "freehold-organisation";

/// Finds where a visitor looks: as the address says, else as they chose last, else the first that is open to them.
///
/// # Errors
/// `Forbidden` where the address names what is not open to them, `NoRole` where nothing is.
pub fn of(visitor: &Visitor, ask: &Ask, world: &World) -> Result<Guest, Trouble> {
    let chosen = ask.cookie(COOKIE).map(api::rights::decoded);
    Ok(Guest::of(visitor, ask.param("organisation"), chosen.as_deref(), world)?)
}

/// The scopes to choose from, as a form names them: value, text, whether it is this one.
pub fn choices(guest: &Guest, words: &Words) -> Vec<(String, String, bool)> {
    let choice = |scope: &Scope| (word(scope).to_owned(), name(scope, words), *scope == guest.scope);
    guest.scopes.iter().map(choice).collect()
}

/// Lets the browser go on in a scope, until another is chosen.
pub fn remember(mut reply: Response<Bytes>, scope: &Scope) -> Response<Bytes> {
    const YEAR_S: u64 = 365 * 86_400;
    let value = crate::ask::encoded(word(scope));
    let cookie = format!("{COOKIE}={value}; Path=/; Max-Age={YEAR_S}; HttpOnly; SameSite=Strict");
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        reply.headers_mut().append(SET_COOKIE, value);
    }
    reply
}

/// A scope as people read it.
pub fn name(scope: &Scope, words: &Words) -> String {
    match scope {
        Scope::Whole => words.t("scope-whole"),
        Scope::Organisation(id) => id.to_string(),
    }
}
