//! The provider's state id inside a call's id.
//!
//! The prefix tells our ids from those that another provider left in the same history. With a UUID the whole has 39
//! characters: some providers refuse ids of more than 40.

use crate::translate::Back;

const PREFIX: &str = "gc_";

/// The id of a call: its state where the provider gave one, else something unique in the answer.
pub(super) fn of(state: Option<&str>, back: &Back, choice: u32, call: u32) -> String {
    match state.filter(|state| !state.is_empty() && call == 0) {
        Some(state) => format!("{PREFIX}{state}"),
        None => {
            let answer = back.id.strip_prefix("chatcmpl-").unwrap_or(&back.id);
            format!("call_{answer}_{choice}_{call}")
        }
    }
}

/// The state in a call's id; none when the id is somebody else's.
pub(super) fn state(id: &str) -> Option<&str> {
    id.strip_prefix(PREFIX).filter(|state| !state.is_empty())
}
