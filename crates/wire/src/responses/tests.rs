mod answers;
mod requests;
mod streams;

use serde_json::Value;

use super::{Back, request};
use crate::translate::Refusal;

fn read(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

/// The chat body that a request becomes.
fn translated(body: &Value) -> Value {
    read(&request(body.to_string().as_bytes()).unwrap().body)
}

fn refusal(body: &Value) -> Refusal {
    request(body.to_string().as_bytes()).unwrap_err()
}

/// What the way back of a request knows.
fn back(body: &Value) -> Back {
    Back { id: "9".to_owned(), ..request(body.to_string().as_bytes()).unwrap().back }
}
