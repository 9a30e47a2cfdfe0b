//! Telling the members of an object apart, with what other readers might make of them in mind.

use crate::error::{Error, Problem};
use crate::json::Literal;

/// The fields of one object that we act upon, and which of them were seen.
pub(super) struct Fields<'t> {
    text: &'t str,
    names: &'static [&'static str],
    seen: u32,
}

impl<'t> Fields<'t> {
    /// At most 32 names.
    pub(super) fn new(text: &'t str, names: &'static [&'static str]) -> Self {
        Self { text, names, seen: 0 }
    }

    /// The field that a key names; none when it is not one of ours. A second one of the same name is
    /// refused (readers differ in which they take), and so is one of another case (Go's JSON reader
    /// ignores case).
    pub(super) fn name(&mut self, key: Literal) -> Result<Option<&'static str>, Error> {
        let said = key.decode(self.text);
        for (index, name) in self.names.iter().enumerate() {
            if **name == *said {
                let bit = 1 << index;
                if self.seen & bit != 0 {
                    return Err(Error::new(key.inner().start, Problem::DuplicateField));
                }
                self.seen |= bit;
                return Ok(Some(name));
            }
        }
        match self.names.iter().find(|name| same_but_case(&said, name)) {
            Some(name) => Err(Error::new(key.inner().start, Problem::AmbiguousField(name))),
            None => Ok(None),
        }
    }
}

/// Unicode folds the long s and the Kelvin sign into ASCII; so do readers that ignore case.
fn same_but_case(said: &str, name: &str) -> bool {
    if said.is_ascii() {
        return said.eq_ignore_ascii_case(name);
    }
    let fold = |char: char| match char {
        '\u{17f}' => 's',
        '\u{212a}' => 'k',
        other => other.to_ascii_lowercase(),
    };
    said.chars().map(fold).eq(name.chars())
}

#[cfg(test)]
mod tests {
    use super::same_but_case;

    #[test]
    fn other_readers_ignore_case() {
        assert!(same_but_case("Model", "model"));
        assert!(same_but_case("me\u{17f}\u{17f}ages", "messages"));
        assert!(!same_but_case("models", "model"));
        assert!(!same_but_case("модель", "model"));
    }
}
