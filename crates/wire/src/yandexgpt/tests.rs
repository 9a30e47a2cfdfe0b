//! Tests by topic; their names say the point of the protocol that they hold.

mod answers;
mod compatible;
mod credentials;
mod errors;
mod requests;
mod strange;
mod streams;

use serde_json::Value;

use crate::sse::Frame;
use crate::translate::{Back, Target, Translator};

fn back() -> Back {
    Back {
        id: "chatcmpl-1".to_owned(),
        created: 1_764_000_000,
        model: "yandexgpt".to_owned(),
        wants_usage: true,
        ..Back::default()
    }
}

fn target<'a>() -> Target<'a> {
    Target { model: "yandexgpt", droppable: &[], folder: Some("b1g") }
}

/// What comes out of a stream in pieces of this size, and whether its end was reached in order.
fn run(translator: &mut dyn Translator, bytes: &[u8], piece: usize) -> Vec<String> {
    let mut frames = Vec::new();
    for piece in bytes.chunks(piece.max(1)) {
        translator.push(piece, &mut frames).expect("short enough");
    }
    translator.end(&mut frames);
    let data = |frame| match frame {
        Frame::Event(event) => event.data,
        Frame::Comment(text) => panic!("a comment: {text}"),
    };
    frames.into_iter().map(data).collect()
}

/// The chunks among the data.
fn chunks(data: &[String]) -> Vec<Value> {
    data.iter().filter(|data| *data != "[DONE]").map(|data| serde_json::from_str(data).unwrap()).collect()
}

/// All content deltas of the first choice.
fn content(data: &[String]) -> String {
    let chunks = chunks(data);
    chunks.iter().filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str()).collect()
}

/// The last `finish_reason`.
fn finish(data: &[String]) -> Option<String> {
    chunks(data).iter().rev().find_map(|chunk| Some(chunk["choices"][0]["finish_reason"].as_str()?.to_owned()))
}
