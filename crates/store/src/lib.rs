//! What people and the system decide while it runs: keys, record secrets, suspensions, evaluations, the outbox of changes that the
//! ledger has yet to hold, what people ask of the one process that may write it, and who is signed in to the console. In SQLite for one server, in
//! PostgreSQL for several, which also lease their shares of limits there.
//!
//! Invariants: a change and its outbox entry are one transaction, so no decision takes effect without ending in
//! the ledger; a key's text is never kept, only its SHA-256; the store may narrow the realm, never widen it.
//! Knows no http and no policy.
#![forbid(unsafe_code)]

mod account;
pub mod approval;
pub mod content;
mod db;
pub mod drill;
mod error;
pub mod evaluation;
mod forecast;
mod key;
mod lease;
mod live;
pub mod notice;
mod outbox;
mod request;
mod roles;
mod secret;
mod sqlite;
mod suspension;
mod url;
mod visitor;

pub use account::{Account, new_password};
pub use db::Store;
pub use error::Error;
pub use key::{KeyId, KeyInfo, KeyState, NewKey, hash_key};
pub use lease::{Asked, Given, Held, Pot};
pub use live::{Key, Live, Suspended};
pub use outbox::Pending;
pub use request::{Answer, Made, REQUEST_WAIT_MS, Request};
pub use roles::{Role, Roles, Scope};
pub use secret::RecordSecret;
pub use suspension::{Suspendable, Suspension};
pub use url::DatabaseUrl;
pub use visitor::{LINK_MS, SESSION_MS, Session, Visitor};
