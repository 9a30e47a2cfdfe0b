mod answers;
mod incoming;
mod requests;
mod round_trips;
mod streams;

use serde_json::Value;

use super::{Options, Version, request};
use crate::sse::{Event, Frame};
use crate::translate::{Outgoing, Target, Unsupported};

const V2026: Options = Options { version: Version::V2026, max_tokens_default: 100 };
const V2023: Options = Options { version: Version::V2023, max_tokens_default: 100 };

fn translate(body: &Value, options: &Options, droppable: &[&str]) -> Result<Outgoing, Unsupported> {
    let droppable: Vec<String> = droppable.iter().map(|name| (*name).to_owned()).collect();
    let target = Target { model: "claude-x", droppable: &droppable, folder: None };
    request(body.to_string().as_bytes(), &target, options)
}

fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

/// The request that goes out.
fn sent(body: &Value) -> Value {
    json(&translate(body, &V2023, &[]).unwrap().body)
}

/// The data of the events, comments left out.
fn datas(frames: &[Frame]) -> Vec<String> {
    let data = |frame: &Frame| match frame {
        Frame::Event(Event { data, .. }) => Some(data.clone()),
        Frame::Comment(_) => None,
    };
    frames.iter().filter_map(data).collect()
}
