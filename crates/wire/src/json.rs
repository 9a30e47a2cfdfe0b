//! JSON as positions: a validating cursor, string literals and their decoding, escaping.

mod cursor;
mod escape;
mod leaves;
mod literal;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use cursor::{Cursor, Shape};
pub use escape::{escape, escape_into, quoted};
pub(crate) use leaves::collect;
pub use leaves::{Leaf, LeafKind, is_container, leaves};
pub use literal::Literal;

/// How deep a body may be nested.
pub const DEPTH_MAX: u8 = 128;
