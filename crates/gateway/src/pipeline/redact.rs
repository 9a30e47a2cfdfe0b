//! The bytes that leave: the original body, with only what must change changed.

use std::sync::Arc;

use bytes::Bytes;
use realm::ClassSet;
use wire::Edits;

use crate::code::Code;
use crate::epoch::Place;
use crate::error::Refused;
use crate::pipeline::accept::Asked;
use crate::pipeline::classify::Facts;
use crate::redact::{Table, plan};

/// A body ready to leave, and what restores its answer.
pub(crate) struct Sendable {
    pub(crate) body: Bytes,
    /// Known only to this attempt (G5).
    pub(crate) table: Arc<Table>,
}

/// Redacts classes in the original body, names the upstream's model, asks for the usage of a stream.
///
/// # Errors
/// If a place to be redacted cannot be edited: then nothing leaves.
pub(crate) fn redact(
    asked: &Asked<'_>,
    facts: &Facts<'_>,
    classes: ClassSet,
    place: &Place,
) -> Result<Sendable, Refused> {
    let (mut edits, table) = match classes.is_empty() {
        true => (Edits::new(), Arc::default()),
        false => {
            let plan = plan(&facts.scan, classes);
            (plan.edits, plan.table)
        }
    };
    asked.request.set_model(&place.upstream_model, &mut edits);
    asked.request.ask_usage(&mut edits);
    let body = edits.apply(asked.request.body()).map_err(|_| {
        Refused::new(Code::InvalidRequest, "what must be redacted overlaps with a field that must change")
    })?;
    Ok(Sendable { body, table })
}
