//! What can be wrong with a body, and where.

/// A body that cannot be read as what it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem} (at byte {at})")]
pub struct Error {
    /// Byte offset in the body.
    pub at: usize,
    /// What is wrong there.
    pub problem: Problem,
}

/// The kinds of trouble. None of them quotes the body, which may hold personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Bytes that are not UTF-8.
    #[error("the body is not valid UTF-8")]
    Utf8,
    /// Not JSON.
    #[error("the body is not valid JSON")]
    Syntax,
    /// JSON that stops early.
    #[error("the JSON body ends too early")]
    Unfinished,
    /// Nested more deeply than [`crate::json::DEPTH_MAX`].
    #[error("the JSON body is nested too deeply")]
    TooDeep,
    /// Longer than offsets can say.
    #[error("the body is too long")]
    TooLong,
    /// A field we act upon is there twice.
    #[error("a field is given twice")]
    DuplicateField,
    /// A field that differs only by case from one we act upon: some readers take it for that one.
    #[error("a field differs only by case from `{0}`")]
    AmbiguousField(&'static str),
    /// The top value is not an object.
    #[error("the body must be a JSON object")]
    NotAnObject,
    /// A required field is missing.
    #[error("`{0}` is required")]
    Missing(&'static str),
    /// A field has a value of another type than its meaning needs.
    #[error("`{field}` must be {expected}")]
    WrongType {
        /// The field's name, as the API calls it.
        field: &'static str,
        /// What it must be, in words.
        expected: &'static str,
    },
}

impl Error {
    pub(crate) fn new(at: usize, problem: Problem) -> Self {
        Self { at, problem }
    }

    /// The field to name in `error.param`, where one is to blame.
    pub fn param(&self) -> Option<&'static str> {
        match self.problem {
            Problem::Missing(field) | Problem::WrongType { field, .. } | Problem::AmbiguousField(field) => Some(field),
            _ => None,
        }
    }
}
