//! To whom an entry of the ledger belongs: one organisation, the deployment as a whole, or all who share it.

use realm::record::{Change, Record};
use realm::{AppId, OrganisationId, World};
use store::Scope;

/// Whose an entry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's: what all of the deployment run on.
    Shared,
    /// One organisation's.
    Organisation(OrganisationId),
    /// The deployment's: people, and what belongs to no organisation any more.
    Whole,
}

impl Whose {
    /// Whether it may be looked at from a scope.
    pub fn is_open_to(&self, scope: &Scope) -> bool {
        match (self, scope) {
            (Self::Shared, _) | (Self::Whole, Scope::Whole) => true,
            (Self::Organisation(owner), Scope::Organisation(id)) => owner == id,
            _ => false,
        }
    }
}

/// Whose an entry is; what is no record of ours is the log's own, and everybody's.
pub fn entry(bytes: &[u8], world: &World) -> Whose {
    match Record::from_bytes(bytes) {
        Ok(Record::Intent(intent)) => of_app(intent.app.as_str(), world),
        Ok(Record::Outcome(outcome)) => of_app(outcome.app.as_str(), world),
        Ok(Record::Refusal(refusal)) => of_app(refusal.app.as_str(), world),
        Ok(Record::Change(found)) => change(&found, world),
        Err(_) if ledger::system::is_system(bytes) => Whose::Shared,
        // A record of a later version may be anybody's.
        Err(_) => Whose::Whole,
    }
}

/// Whose a change is.
pub fn change(change: &Change, world: &World) -> Whose {
    let (kind, id) = change.subject.split_once(':').unwrap_or((change.subject.as_str(), ""));
    match kind {
        "snapshot" | "provider" | "deployment" | "log" => Whose::Shared,
        "app" => of_app(id, world),
        // Their records say whose they are: `app desk, until …`, `opening 1f of app desk, …`.
        "key" | "content" | "ticket" | "notice" => {
            let note = change.note.as_deref().unwrap_or_default();
            let app = note.split_once("app ").and_then(|(_, rest)| rest.split(',').next());
            of_app(app.unwrap_or_default().trim(), world)
        }
        _ => Whose::Whole,
    }
}

fn of_app(app: &str, world: &World) -> Whose {
    let app = AppId::new(app).ok().and_then(|app| world.apps.get(&app));
    app.map_or(Whose::Whole, |app| Whose::Organisation(app.organisation.clone()))
}
