use super::head::Content;
use super::{App, World};
use crate::OrganisationId;

/// Under what an organisation's prompts and answers are sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentKey {
    /// Its public key, whose private half the organisation keeps: `x25519:` and 64 hexadecimal digits.
    pub key: String,
    /// Days for which they are kept; `None`: as the realm says.
    pub days: Option<u64>,
    /// Who may ask for one to be opened and who may agree: two of them at least.
    pub people: Vec<Person>,
}

/// Somebody who signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// What they are called in requests and records.
    pub name: String,
    /// Their public key: `ed25519:` and 64 hexadecimal digits.
    pub key: String,
}

/// How an app's prompts and answers are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept<'a> {
    /// Whose they are.
    pub organisation: &'a OrganisationId,
    /// Under what they are sealed.
    pub key: &'a ContentKey,
    /// For how many days.
    pub days: u64,
}

impl World {
    /// How an app's prompts and answers are kept; `None` where they are not.
    pub fn kept(&self, app: &App) -> Option<Kept<'_>> {
        if app.content.unwrap_or(self.head.content) == Content::None {
            return None;
        }
        let organisation = self.organisations.get(&app.organisation)?;
        let key = organisation.content.as_ref()?;
        Some(Kept { organisation: &organisation.id, key, days: key.days.unwrap_or(self.head.content_days) })
    }
}
