//! Who looks, and where: a person with their role in the one scope that a page is of.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use http::Response;
use http::header::{HeaderValue, SET_COOKIE};
use realm::{OrganisationId, World};
use store::{Role, Scope, Visitor};

use crate::ask::Ask;
use crate::context::Trouble;
use crate::index::Seen;
use crate::text::Words;

/// The cookie that holds the organisation last chosen.
const COOKIE: &str = "freehold-organisation";
/// How the deployment as a whole is written where an organisation may stand.
pub const WHOLE: &str = "@";

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Guest {
    /// As records of changes name them.
    pub person: String,
    /// Where they look.
    pub scope: Scope,
    /// What they may do there.
    pub role: Role,
    /// Where else they might look: organisations in their order, then the whole.
    pub scopes: Vec<Scope>,
}

impl Guest {
    /// Finds where a visitor looks: as the address says, else as they chose last, else the first that is open to them.
    ///
    /// # Errors
    /// `Forbidden` where the address names what is not open to them, `NoRole` where nothing is.
    pub fn of(visitor: &Visitor, ask: &Ask, world: &World) -> Result<Self, Trouble> {
        let organisations: BTreeSet<&OrganisationId> = world.apps.values().map(|app| &app.organisation).collect();
        let scopes = visitor.roles.scopes(organisations.into_iter());
        let open = |named: &str| scopes.iter().find(|scope| word(scope) == named);
        let scope = match ask.param("organisation") {
            Some(named) => open(named).ok_or(Trouble::Forbidden)?,
            None => {
                let chosen = ask.cookie(COOKIE).map(crate::ask::decoded).and_then(|named| open(&named));
                chosen.or(scopes.first()).ok_or(Trouble::NoRole)?
            }
        };
        let role = visitor.roles.at(scope).ok_or(Trouble::NoRole)?;
        Ok(Self { person: visitor.person.clone(), scope: scope.clone(), role, scopes: scopes.clone() })
    }

    /// Whose records may be looked at.
    pub fn seen(&self, world: &World) -> Seen {
        match &self.scope {
            Scope::Whole => Seen::All,
            Scope::Organisation(id) => {
                let apps = world.apps.values().filter(|app| app.organisation == *id);
                Seen::Apps(Arc::new(apps.map(|app| app.id.clone()).collect()))
            }
        }
    }

    /// The scopes to choose from, as a form names them: value, text, whether it is this one.
    pub fn choices(&self, words: &Words) -> Vec<(String, String, bool)> {
        let choice = |scope: &Scope| (word(scope).to_owned(), name(scope, words), *scope == self.scope);
        self.scopes.iter().map(choice).collect()
    }
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

/// A scope as addresses and forms name it.
pub fn word(scope: &Scope) -> &str {
    match scope {
        Scope::Whole => WHOLE,
        Scope::Organisation(id) => id.as_str(),
    }
}

/// A scope as people read it.
pub fn name(scope: &Scope, words: &Words) -> String {
    match scope {
        Scope::Whole => words.t("scope-whole"),
        Scope::Organisation(id) => id.to_string(),
    }
}
