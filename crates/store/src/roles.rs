//! What a person may do where: a role in each of some organisations, and perhaps one in the deployment as a whole.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use realm::OrganisationId;
use serde::Serialize;

/// What somebody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Looks.
    Viewer,
    /// Makes and revokes keys, suspends and resumes.
    Operator,
    /// Reads the records themselves and takes receipts.
    Auditor,
    /// All of these.
    Admin,
}

/// Where a role holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// In the deployment as a whole: what all share, and aggregates; nobody's requests.
    Whole,
    /// In one organisation.
    Organisation(OrganisationId),
}

/// The roles of a person, by where they hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roles {
    /// In every organisation, also those that come later.
    each: Option<Role>,
    by_scope: BTreeMap<Scope, Role>,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Operator, Self::Auditor, Self::Admin];

    /// The word on the command line and in records.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Operator => "operator",
            Self::Auditor => "auditor",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|role| role.as_str() == text);
        found.ok_or_else(|| format!("`{text}` is no role: expected viewer, operator, auditor or admin"))
    }
}

/// How roles in every organisation are written.
const EACH: &str = "*";
/// How a role in the whole is written.
const WHOLE: &str = "@";

impl Roles {
    /// One role everywhere: in every organisation and in the whole.
    pub fn everywhere(role: Role) -> Self {
        Self { each: Some(role), by_scope: [(Scope::Whole, role)].into() }
    }

    /// The same with one role more, or another one there.
    #[must_use]
    pub fn with(mut self, scope: Scope, role: Role) -> Self {
        self.by_scope.insert(scope, role);
        self
    }

    /// The same without the role that was given for a scope; one in each organisation stays.
    #[must_use]
    pub fn without(mut self, scope: &Scope) -> Self {
        self.by_scope.remove(scope);
        self
    }

    /// The role in a scope; none: it is closed. A role named for an organisation goes before the one in each.
    pub fn at(&self, scope: &Scope) -> Option<Role> {
        let each = self.each.filter(|_| *scope != Scope::Whole);
        self.by_scope.get(scope).copied().or(each)
    }

    /// Whether these make an administrator wherever others make anything.
    pub fn administer(&self, others: &Self) -> bool {
        let each = others.each.is_none() || self.each == Some(Role::Admin);
        each && others.by_scope.keys().all(|scope| self.at(scope) == Some(Role::Admin))
    }

    /// Whether there is none at all.
    pub fn is_empty(&self) -> bool {
        self.each.is_none() && self.by_scope.is_empty()
    }

    /// Those of some organisations in which there is a role, in their order; the whole last.
    pub fn scopes<'a>(&self, organisations: impl Iterator<Item = &'a OrganisationId>) -> Vec<Scope> {
        let all = organisations.cloned().map(Scope::Organisation).chain([Scope::Whole]);
        all.filter(|scope| self.at(scope).is_some()).collect()
    }
}

impl fmt::Display for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let each = self.each.iter().map(|role| format!("{EACH}={role}"));
        let named = self.by_scope.iter().map(|(scope, role)| match scope {
            Scope::Whole => format!("{WHOLE}={role}"),
            Scope::Organisation(id) => format!("{id}={role}"),
        });
        f.write_str(&each.chain(named).collect::<Vec<_>>().join(" "))
    }
}

impl FromStr for Roles {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let mut roles = Self::default();
        for part in text.split_whitespace() {
            let (place, role) = part.split_once('=').ok_or_else(|| {
                format!("`{part}` says no role: expected ORGANISATION=ROLE, *=ROLE (each organisation) or @=ROLE (the whole)")
            })?;
            let role = role.parse()?;
            match place {
                EACH => roles.each = Some(role),
                WHOLE => roles = roles.with(Scope::Whole, role),
                id => {
                    let id = OrganisationId::new(id).map_err(|error| error.to_string())?;
                    roles = roles.with(Scope::Organisation(id), role);
                }
            }
        }
        Ok(roles)
    }
}

#[cfg(test)]
mod tests {
    use super::{Role, Roles, Scope};
    use realm::OrganisationId;

    #[test]
    fn a_role_holds_where_it_was_given_and_nowhere_else() {
        let of = |id: &str| Scope::Organisation(OrganisationId::new(id).unwrap());
        let roles: Roles = "house=operator @=viewer".parse().unwrap();
        assert_eq!((roles.at(&of("house")), roles.at(&Scope::Whole)), (Some(Role::Operator), Some(Role::Viewer)));
        assert_eq!(roles.at(&of("other")), None);
        let each: Roles = "*=auditor house=viewer".parse().unwrap();
        assert_eq!((each.at(&of("house")), each.at(&of("other"))), (Some(Role::Viewer), Some(Role::Auditor)));
        assert_eq!(each.at(&Scope::Whole), None, "each organisation is not the whole");
        let ids = ["house", "other"].map(|id| OrganisationId::new(id).unwrap());
        assert_eq!(roles.scopes(ids.iter()), [of("house"), Scope::Whole]);
        assert_eq!(each.scopes(ids.iter()), [of("house"), of("other")]);
    }

    #[test]
    fn whoever_administers_others_is_an_administrator_wherever_they_are_anything() {
        let roles = |text: &str| text.parse::<Roles>().unwrap();
        for (one, others, may) in [
            ("house=admin", "", true),
            ("house=admin", "house=viewer", true),
            ("house=admin", "house=viewer other=viewer", false),
            ("house=admin", "@=viewer", false),
            ("house=admin other=admin", "other=operator", true),
            ("*=admin", "house=viewer other=viewer", true),
            ("*=admin", "*=viewer @=viewer", false),
            ("house=admin", "*=viewer", false),
            ("*=admin @=admin", "*=admin @=admin house=viewer", true),
            ("house=operator", "house=viewer", false),
        ] {
            assert_eq!(roles(one).administer(&roles(others)), may, "{one} over {others}");
        }
    }

    #[test]
    fn roles_read_back_as_written() {
        for text in ["", "*=admin @=admin", "@=viewer a=operator b=auditor"] {
            assert_eq!(text.parse::<Roles>().unwrap().to_string(), text);
        }
        assert_eq!(Roles::everywhere(Role::Admin).to_string(), "*=admin @=admin");
        for bad in ["house", "house=king", "Two Words=admin"] {
            assert!(bad.parse::<Roles>().is_err(), "{bad}");
        }
    }
}
