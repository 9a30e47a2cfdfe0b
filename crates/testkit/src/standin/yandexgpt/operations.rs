//! Operations: answers that take their time.

use std::sync::PoisonError;

use serde_json::{Value, json};

use super::Shared;
use super::errors::{Checked, NOT_FOUND, Problem};
use super::native;
use super::plan::{Asked, Plan};

/// How many are remembered.
const KEPT: usize = 256;
const TYPE: &str = "type.googleapis.com/yandex.cloud.ai.foundation_models.v1.CompletionResponse";

/// One operation.
#[derive(Debug)]
pub(super) struct Operation {
    id: String,
    /// How often it still says that it is running.
    polls: u32,
    /// Whether the next question finds the service out of order.
    busy: bool,
    /// Its error is said without saying that it is over.
    early: bool,
    end: Result<Value, Problem>,
}

/// Begins one; what is said of it at once.
pub(super) fn begin(shared: &Shared, asked: &Asked) -> Value {
    let end = if asked.said.contains("[fail]") {
        Err(Problem::invalid("failing as asked"))
    } else {
        Ok(native::response(&Plan::of(&shared.settings.name, asked)))
    };
    let id = format!("d7qstandin{:08}", shared.number());
    let said = shown(&id, false);
    let mut operations = shared.operations.lock().unwrap_or_else(PoisonError::into_inner);
    if operations.len() == KEPT {
        operations.pop_front();
    }
    let has = |word: &str| asked.said.contains(word);
    let polls = if has("[endless]") { u32::MAX } else { shared.settings.polls };
    operations.push_back(Operation { id, polls, busy: has("[busy]"), early: has("[early]"), end });
    said
}

/// How far one is, or with `:cancel` after its id, its end.
pub(super) fn ask(shared: &Shared, id: &str) -> Checked<Value> {
    let (id, cancelled) = id.strip_suffix(":cancel").map_or((id, false), |id| (id, true));
    let mut operations = shared.operations.lock().unwrap_or_else(PoisonError::into_inner);
    let found = operations.iter_mut().find(|operation| operation.id == id);
    let operation = found.ok_or_else(|| Problem::new(NOT_FOUND, format!("Operation {id} not found")))?;
    if std::mem::take(&mut operation.busy) {
        return Err(Problem::new(14, "busy as asked"));
    }
    if cancelled {
        operation.polls = 0;
        operation.end = Err(Problem::new(1, "operation was cancelled"));
    }
    if operation.polls > 0 {
        operation.polls -= 1;
        return Ok(shown(id, false));
    }
    let mut said = json!({ "done": true });
    match &operation.end {
        Ok(response) => {
            // The end comes first: the order of members means nothing.
            said["response"] = json!({ "@type": TYPE });
            for (name, value) in response.as_object().into_iter().flatten() {
                said["response"][name] = value.clone();
            }
        }
        Err(problem) => {
            said["error"] = json!({ "code": problem.code, "message": problem.message, "details": [] });
        }
    }
    for (name, value) in shown(id, !operation.early).as_object().into_iter().flatten() {
        said[name] = value.clone();
    }
    Ok(said)
}

fn shown(id: &str, done: bool) -> Value {
    json!({
        "id": id,
        "description": "Async GPT Completion",
        "createdAt": "2026-01-01T00:00:00Z",
        "createdBy": "ajestandinaccount001",
        "modifiedAt": "2026-01-01T00:00:00Z",
        "done": done,
        "metadata": null,
    })
}
