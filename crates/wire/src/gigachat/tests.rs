//! By the boxes of the provider's conformance checklist.

mod answers;
mod foreign_bytes;
mod images;
mod requests;
mod round_trips;
mod schemas;
mod smaller;
mod streams;
mod tokens;

use serde_json::Value;

use super::{answer, request};
use crate::translate::{Answered, Back, Outgoing, Target, Unsupported};

/// A body for the model `GigaChat-2`, with the listed fields droppable.
fn sent(body: &Value, droppable: &[&str]) -> Result<(Outgoing, Value), Unsupported> {
    let droppable: Vec<String> = droppable.iter().map(|&field| field.to_owned()).collect();
    let target = Target { model: "GigaChat-2", droppable: &droppable, ..Target::default() };
    let outgoing = request(body.to_string().as_bytes(), &target)?;
    let read = serde_json::from_slice(&outgoing.body).unwrap();
    Ok((outgoing, read))
}

fn back() -> Back {
    Back { id: "chatcmpl-7".to_owned(), created: 9, model: "GigaChat-2".to_owned(), ..Back::default() }
}

fn answered(body: &str, back: &Back) -> Value {
    match answer(body.as_bytes(), back) {
        Answered::Json(json) => serde_json::from_slice(&json).unwrap(),
        other => panic!("{other:?} of {body}"),
    }
}
