//! Documents about models: model cards, CycloneDX and SPDX as other people write them, what a realm's passports lack, and
//! CycloneDX as others read it.
//!
//! A document that is valid may say nothing; so completeness is counted over the fields that *we* ask for (`Field`).
//!
//! Invariants: foreign bytes are bounded in size and depth, and whatever they are, the answer is a value; what a document
//! says and nobody here understands is listed with its place, never passed over. Knows no files, no clock, no network.
#![forbid(unsafe_code)]

mod cyclonedx;
mod document;
mod field;
mod merge;
mod read;
mod say;
mod sheet;
mod write;

pub use cyclonedx::export;
pub use document::{Document, Found, Left, Why};
pub use field::Field;
pub use merge::{Merged, merge};
pub use read::{BYTES_MAX, Read, read};
pub use sheet::{Difference, Entry, Said, Sheet, differences};
pub use write::{Unwritable, holds, write};
