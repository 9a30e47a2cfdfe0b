//! What a tool said, as the provider wants to hear it: a string that parses as a JSON object.

use super::verbatim::compact;
use crate::json::{Shape, quoted};

/// An object stays as it is; any other JSON value, and any other text, becomes `{"result": …}`.
pub(super) fn content(said: &str) -> String {
    match compact(said) {
        Some((Shape::Object, object)) => object,
        Some((_, value)) => format!("{{\"result\":{value}}}"),
        None => format!("{{\"result\":{}}}", quoted(said)),
    }
}
