//! Chat that takes its time: the state of an operation.

use serde_json::Value;

use super::error::{Failure, failure};

/// How far an operation is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operation {
    /// Not yet there: ask again.
    Running {
        /// Its id.
        id: String,
    },
    /// Done: the answer, for [`answer`](super::answer).
    Done(Vec<u8>),
    /// It came to nothing.
    Failed(Failure),
    /// It makes no sense.
    Malformed,
}

/// Reads the reply to an asynchronous request or to a question about it. Members come in any order, and an error
/// counts whether `done` is said or not.
pub fn operation(body: &[u8]) -> Operation {
    let Ok(value) = serde_json::from_slice::<Value>(body) else { return Operation::Malformed };
    if !value["error"].is_null() {
        return Operation::Failed(failure(None, &value));
    }
    let id = value["id"].as_str().unwrap_or_default();
    match (&value["response"], value["done"] == true) {
        (response @ Value::Object(_), true) => Operation::Done(response.to_string().into_bytes()),
        (_, true) => Operation::Malformed,
        _ if id.is_empty() => Operation::Malformed,
        _ => Operation::Running { id: id.to_owned() },
    }
}
