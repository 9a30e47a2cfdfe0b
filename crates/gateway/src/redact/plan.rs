//! What has to change in a body before it leaves, computed from the original for every attempt.

use std::sync::Arc;

use realm::ClassSet;
use wire::Edits;

use super::Table;
use super::table::Naming;
use crate::detect::{Bare, Scan};

/// The edits that redact a body, and the table that restores its answer.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Edits of the original body.
    pub edits: Edits,
    /// What the tokens stand for.
    pub table: Arc<Table>,
}

/// Plans the redaction of every find of the given classes. Tokens are numbered by first appearance, the
/// conversation first, so a history that is sent again gets the same tokens.
pub fn plan(scan: &Scan, classes: ClassSet) -> Plan {
    let mut edits = Edits::new();
    let mut naming = Naming::new(scan.taken());
    for hit in scan.hits().iter().filter(|hit| classes.contains(hit.class)) {
        let token = naming.token(hit);
        let with = match hit.bare {
            Bare::No => token,
            Bare::Body => format!("\"{token}\""),
            Bare::Text => format!("\\\"{token}\\\""),
        };
        edits.replace(hit.range.clone(), with);
    }
    Plan { edits, table: Arc::new(naming.finish()) }
}
