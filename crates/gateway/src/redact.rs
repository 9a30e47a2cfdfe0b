//! Redaction and restoring: typed tokens go out in place of values, values come back in their place.
//!
//! G5: a table belongs to one attempt of one request and is known only to the restorers made for it.
//! Values live in memory only, and no `Debug` prints one. A stream is never buffered: per text, at most
//! the beginning of one token ([`SPELLING_MAX`] bytes) is held back.

mod plan;
mod restore;
mod stream;
mod table;
#[cfg(test)]
mod tests;
pub(crate) mod token;

pub use plan::{Plan, plan};
pub use restore::Restorer;
pub use stream::StreamRestorer;
pub use table::Table;
pub use token::SPELLING_MAX;
