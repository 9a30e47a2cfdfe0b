//! Who asks, and where: a person with their role in the one scope that an answer is of.

use std::collections::BTreeSet;
use std::sync::Arc;

use realm::{OrganisationId, World};
use store::{Role, Roles, Scope, Visitor};

use crate::index::Seen;
use crate::trouble::Trouble;

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
    /// All that they may do.
    pub roles: Roles,
}

impl Guest {
    /// Finds where a visitor looks: as the address says, else as they chose last, else the first that is open to them.
    ///
    /// # Errors
    /// `Forbidden` where the address names what is not open to them, `NoRole` where nothing is.
    pub fn of(visitor: &Visitor, named: Option<&str>, chosen: Option<&str>, world: &World) -> Result<Self, Trouble> {
        let organisations: BTreeSet<&OrganisationId> = world.apps.values().map(|app| &app.organisation).collect();
        let scopes = visitor.roles.scopes(organisations.into_iter());
        let open = |named: &str| scopes.iter().find(|scope| word(scope) == named);
        let scope = match named {
            Some(named) => open(named).ok_or(Trouble::Forbidden)?,
            None => chosen.and_then(open).or(scopes.first()).ok_or(Trouble::NoRole)?,
        };
        let role = visitor.roles.at(scope).ok_or(Trouble::NoRole)?;
        let (person, roles) = (visitor.person.clone(), visitor.roles.clone());
        Ok(Self { person, scope: scope.clone(), role, scopes: scopes.clone(), roles })
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
}

/// A scope as addresses and forms name it.
pub fn word(scope: &Scope) -> &str {
    match scope {
        Scope::Whole => WHOLE,
        Scope::Organisation(id) => id.as_str(),
    }
}
