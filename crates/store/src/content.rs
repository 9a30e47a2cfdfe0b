//! Prompts and answers that an organisation has kept: sealed under its public key, opened by two of its people.
//!
//! Three places: wrapped data keys and openings lie in the store, where destroying a key leaves nothing of it behind;
//! the sealed items lie in a database of their own ([`Contents`]), which may be large and need not be synced; private
//! keys lie with the organisation and its people, and nowhere here.

mod item;
mod items;
mod keeper;
mod keys;
mod openings;
pub mod people;
pub mod seal;

use realm::UnixMs;

pub use item::{Item, Parts};
pub use items::{Contents, Kept, Sealed};
pub use keeper::{Expired, Keeper, ToKeep};
pub use keys::{KEY_LASTS_MS, WrappedKey};
pub use openings::KnownBy;

/// A wish to have one item opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Its id.
    pub id: String,
    /// The request whose content it is.
    pub req: String,
    /// The request's app.
    pub app: String,
    /// The app's organisation.
    pub organisation: String,
    /// Why.
    pub reason: String,
    /// Who asks.
    pub asked_by: String,
    /// When.
    pub asked: UnixMs,
    /// What they signed.
    pub asked_signature: Vec<u8>,
    /// Who agrees, and what they signed.
    pub agreed: Option<(String, Vec<u8>)>,
    /// When it was last opened.
    pub opened: Option<UnixMs>,
}

/// For how long the signatures of an opening are good, in milliseconds.
pub const OPENING_LASTS_MS: u64 = 7 * 86_400_000;

impl Opening {
    /// How far it has come: `asked`, `agreed` by a second person, `opened`, or `over` before that.
    pub fn stage(&self, now: UnixMs) -> &'static str {
        match (self.opened, &self.agreed) {
            (Some(_), _) => "opened",
            _ if now.since(self.asked) > OPENING_LASTS_MS => "over",
            (None, Some(_)) => "agreed",
            (None, None) => "asked",
        }
    }
}

/// Why something is not opened.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Unsealed {
    /// Not a public key.
    #[error("not a public key of an organisation")]
    NoPublicKey,
    /// Not the text of a private key.
    #[error("not the private key of an organisation")]
    NoIdentity,
    /// Not the text of a person's private key.
    #[error("not the private key of a person")]
    NoHand,
    /// The key was wrapped for another organisation's key.
    #[error("sealed for another key")]
    OtherKey,
    /// It is another request's, or was changed.
    #[error("changed, or the content of another request")]
    Changed,
    /// Only one person signed.
    #[error("nobody has agreed")]
    NotAgreed,
    /// The same person twice.
    #[error("{0} cannot agree with their own request")]
    OnePerson(String),
    /// The realm does not name them.
    #[error("{0} is none of the organisation's people")]
    NotDeclared(String),
    /// The signature is not theirs, or of something else.
    #[error("the signature of {0} does not fit")]
    BadSignature(String),
}
