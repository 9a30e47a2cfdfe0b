//! What a request loses on its way, and what it may not lose.

use crate::translate::Unsupported;

/// Notes what is left out, where the realm allows that.
#[derive(Debug)]
pub(super) struct Drops<'a> {
    droppable: &'a [String],
    pub(super) dropped: Vec<String>,
}

impl<'a> Drops<'a> {
    pub(super) fn new(droppable: &'a [String]) -> Self {
        Self { droppable, dropped: Vec::new() }
    }

    /// Leaves a field out, or refuses it.
    pub(super) fn leave_out(&mut self, field: &str, why: &str) -> Result<(), Unsupported> {
        if !self.droppable.iter().any(|name| name == field) {
            return Err(unsupported(field, why));
        }
        if !self.dropped.iter().any(|name| name == field) {
            self.dropped.push(field.to_owned());
        }
        Ok(())
    }
}

/// A refusal that nothing can soften.
pub(super) fn unsupported(field: &str, why: &str) -> Unsupported {
    Unsupported { field: field.to_owned(), why: why.to_owned() }
}
