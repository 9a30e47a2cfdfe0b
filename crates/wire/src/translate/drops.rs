//! What a request loses in a translation, and what it may not lose.

use super::Unsupported;

/// Notes what is left out, where the realm allows that.
#[derive(Debug)]
pub(crate) struct Drops<'a> {
    droppable: &'a [String],
    pub(crate) dropped: Vec<String>,
}

impl<'a> Drops<'a> {
    pub(crate) fn new(droppable: &'a [String]) -> Self {
        Self { droppable, dropped: Vec::new() }
    }

    /// Leaves a parameter out, or refuses the request because of it.
    pub(crate) fn leave_out(&mut self, field: &str, why: &str) -> Result<(), Unsupported> {
        if !self.droppable.iter().any(|name| name == field) {
            return Err(unsupported(field, why));
        }
        if !self.dropped.iter().any(|name| name == field) {
            self.dropped.push(field.to_owned());
        }
        Ok(())
    }
}

/// The longest name of a parameter that is quoted.
const NAME_MAX: usize = 64;

/// A refusal that nothing can soften. A name that is not like a parameter's may hold anything and is not quoted.
pub(crate) fn unsupported(field: &str, why: &str) -> Unsupported {
    let plain = field.len() <= NAME_MAX && field.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.[]".contains(&b));
    let field = if plain { field } else { "(an unknown parameter)" };
    Unsupported { field: field.to_owned(), why: why.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{Drops, unsupported};

    #[test]
    fn only_what_the_realm_lists_is_left_out_and_it_is_noted_once() {
        let droppable = ["seed".to_owned()];
        let mut drops = Drops::new(&droppable);
        drops.leave_out("seed", "no").unwrap();
        drops.leave_out("seed", "no").unwrap();
        assert_eq!(drops.leave_out("stop", "no").unwrap_err().field, "stop");
        assert_eq!(drops.dropped, droppable);
    }

    #[test]
    fn what_is_no_name_is_not_repeated() {
        assert_eq!(unsupported("messages[0].content", "").field, "messages[0].content");
        for field in ["anna@example.org", "two words", &"a".repeat(65)] {
            assert_eq!(unsupported(field, "").field, "(an unknown parameter)");
        }
    }
}
