//! What a path needs, and of what it is.

use store::{Role, Scope};

use crate::guest::Guest;
use crate::trouble::Trouble;

/// What a path needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// Nothing: the way in, and what describes the rest.
    Anyone,
    /// To be signed in.
    Look,
    /// To read the records themselves and take receipts.
    Audit,
    /// To change what holds.
    Operate,
    /// To say who may do what.
    Administer,
}

/// Of what a path is: what one organisation has, or what the deployment has as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// Either; it shows what belongs to the scope that was chosen.
    Any,
    /// One organisation: whoever looks at the whole gets aggregates only.
    Organisation,
    /// The whole.
    Whole,
}

impl Right {
    /// Whether a role has it.
    pub fn has(self, role: Role) -> bool {
        match self {
            Self::Anyone | Self::Look => true,
            Self::Audit => matches!(role, Role::Auditor | Role::Admin),
            Self::Operate => matches!(role, Role::Operator | Role::Admin),
            Self::Administer => role == Role::Admin,
        }
    }
}

impl Within {
    /// Whether it may be looked at from a scope.
    pub fn holds(self, scope: &Scope) -> bool {
        match self {
            Self::Any => true,
            Self::Organisation => *scope != Scope::Whole,
            Self::Whole => *scope == Scope::Whole,
        }
    }
}

/// Whether somebody may go where a right is needed, with a role in a scope.
pub fn is_open(right: Right, within: Within, role: Role, scope: &Scope) -> bool {
    right == Right::Anyone || (right.has(role) && within.holds(scope))
}

/// Lets a guest in where they look now.
///
/// # Errors
/// Their role does not allow it, or it is of something else than what they look at.
pub fn allows(right: Right, within: Within, guest: &Guest) -> Result<(), Trouble> {
    match (is_open(right, within, guest.role, &guest.scope), right.has(guest.role)) {
        (true, _) => Ok(()),
        (false, true) => Err(Trouble::ElsewhereOnly(within)),
        (false, false) => Err(Trouble::Forbidden),
    }
}

/// The parts of a path that a pattern leaves open, where it fits; `*` is one part.
pub fn parts<'p>(pattern: &str, path: &'p str) -> Option<Vec<&'p str>> {
    let (mut expected, mut given) = (pattern.split('/'), path.split('/'));
    let mut named = Vec::new();
    loop {
        match (expected.next(), given.next()) {
            (None, None) => return Some(named),
            (Some("*"), Some(part)) if !part.is_empty() => named.push(part),
            (Some(one), Some(other)) if one == other => {}
            _ => return None,
        }
    }
}

/// A part of a path, as it was before it was written into one.
pub fn decoded(part: &str) -> String {
    percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned()
}
