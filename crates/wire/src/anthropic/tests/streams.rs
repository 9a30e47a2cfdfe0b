use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};
use serde_json::{Value, json};

use super::datas;
use crate::anthropic::{Stream, answer, error};
use crate::sse::{Event, Frame, encode};
use crate::translate::{Answered, Back, Translator};

fn back() -> Back {
    Back { id: "x".to_owned(), created: 5, model: "m".to_owned(), wants_usage: true, ..Back::default() }
}

pub(super) fn event(data: Value) -> Vec<u8> {
    let name = data["type"].as_str().map(str::to_owned);
    let mut out = Vec::new();
    encode(&Frame::Event(Event { name, data: data.to_string(), id: None }), &mut out);
    out
}

/// The stream of the specification: text, then a call.
fn example() -> Vec<u8> {
    [
        json!({ "type": "message_start", "message": { "id": "msg_1", "model": "claude", "content": [], "stop_reason": null,
            "usage": { "input_tokens": 10, "cache_read_input_tokens": 5, "output_tokens": 1 } } }),
        json!({ "type": "ping" }),
        json!({ "type": "content_block_start", "index": 0, "content_block": { "type": "thinking", "thinking": "", "signature": "" } }),
        json!({ "type": "content_block_delta", "index": 0, "delta": { "type": "thinking_delta", "thinking": "hm" } }),
        json!({ "type": "content_block_delta", "index": 0, "delta": { "type": "signature_delta", "signature": "zz" } }),
        json!({ "type": "content_block_stop", "index": 0 }),
        json!({ "type": "content_block_start", "index": 1, "content_block": { "type": "text", "text": "" } }),
        json!({ "type": "content_block_delta", "index": 1, "delta": { "type": "text_delta", "text": "Hi" } }),
        json!({ "type": "content_block_delta", "index": 1, "delta": { "type": "citations_delta", "citation": {} } }),
        json!({ "type": "content_block_stop", "index": 1 }),
        json!({ "type": "content_block_start", "index": 2, "content_block": { "type": "tool_use", "id": "toolu_1", "name": "f", "input": {} } }),
        json!({ "type": "content_block_delta", "index": 2, "delta": { "type": "input_json_delta", "partial_json": "" } }),
        json!({ "type": "content_block_delta", "index": 2, "delta": { "type": "input_json_delta", "partial_json": "{\"a\"" } }),
        json!({ "type": "content_block_delta", "index": 2, "delta": { "type": "input_json_delta", "partial_json": ":1}" } }),
        json!({ "type": "content_block_stop", "index": 2 }),
        json!({ "type": "content_block_start", "index": 3, "content_block": { "type": "tool_use", "id": "toolu_2", "name": "g", "input": {} } }),
        json!({ "type": "content_block_stop", "index": 3 }),
        json!({ "type": "message_delta", "delta": { "stop_reason": "tool_use", "stop_sequence": null }, "usage": { "output_tokens": 12 } }),
        json!({ "type": "message_stop" }),
    ]
    .into_iter()
    .flat_map(event)
    .collect()
}

fn run(pieces: &[&[u8]], back: Back) -> Vec<Frame> {
    let mut stream = Stream::new(back, 1 << 16);
    let mut out = Vec::new();
    for piece in pieces {
        stream.push(piece, &mut out).unwrap();
    }
    stream.end(&mut out);
    out
}

fn deltas(frames: &[Frame]) -> Vec<Value> {
    let chunk = |data: &String| serde_json::from_str::<Value>(data).ok();
    datas(frames).iter().filter_map(chunk).map(|chunk| chunk["choices"][0]["delta"].clone()).collect()
}

#[test]
fn named_events_become_chunks_in_the_fixed_order() {
    let out = run(&[&example()], back());
    assert!(out.contains(&Frame::Comment("ping".to_owned())));
    let data = datas(&out);
    let first: Value = serde_json::from_str(&data[0]).unwrap();
    assert_eq!(
        first,
        json!({ "id": "msg_1", "object": "chat.completion.chunk", "created": 5, "model": "claude",
        "choices": [{ "index": 0, "delta": { "role": "assistant", "content": "" }, "logprobs": null, "finish_reason": null }] })
    );
    let call = |index: u32, function: Value| json!({ "tool_calls": [{ "index": index, "function": function }] });
    let open = |index: u32, id: &str, name: &str| json!({ "tool_calls": [{ "index": index, "id": id, "type": "function", "function": { "name": name, "arguments": "" } }] });
    assert_eq!(
        deltas(&out)[1..9],
        [
            json!({ "reasoning_content": "hm" }),
            json!({ "content": "Hi" }),
            open(0, "toolu_1", "f"),
            call(0, json!({ "arguments": "{\"a\"" })),
            call(0, json!({ "arguments": ":1}" })),
            open(1, "toolu_2", "g"),
            call(1, json!({ "arguments": "{}" })),
            json!({}),
        ]
    );
    let usage: Value = serde_json::from_str(&data[data.len() - 2]).unwrap();
    assert_eq!(usage["choices"], json!([]));
    // The last count of the output stands, for it is cumulative; the cached part is added.
    assert_eq!(
        usage["usage"],
        json!({ "prompt_tokens": 15, "completion_tokens": 12, "total_tokens": 27, "prompt_tokens_details": { "cached_tokens": 5 } })
    );
    assert_eq!(data.last().unwrap(), "[DONE]");
}

#[test]
fn every_split_gives_the_same_frames() {
    let bytes = example();
    let whole = run(&[&bytes], back());
    for at in 0..=bytes.len() {
        assert_eq!(run(&[&bytes[..at], &bytes[at..]], back()), whole, "split at {at}");
    }
    assert_eq!(run(&bytes.chunks(1).collect::<Vec<_>>(), back()), whole);
}

#[test]
fn an_error_in_the_middle_ends_the_stream_without_done() {
    let mut bytes = event(json!({ "type": "message_start", "message": { "id": "m", "usage": {} } }));
    bytes.extend(event(json!({ "type": "error", "error": { "type": "overloaded_error", "message": "Overloaded" } })));
    bytes.extend(event(json!({ "type": "message_stop" })));
    let data = datas(&run(&[&bytes], back()));
    assert_eq!(data.len(), 2);
    let error: Value = serde_json::from_str(&data[1]).unwrap();
    assert_eq!(
        error,
        json!({ "error": { "message": "Overloaded", "type": "server_error", "param": null, "code": "overloaded" } })
    );
}

#[test]
fn a_stream_that_was_cut_has_no_done() {
    let bytes = example();
    let end = bytes.len() - 20;
    assert_ne!(datas(&run(&[&bytes[..end]], back())).last().unwrap(), "[DONE]");
    let stop = event(json!({ "type": "message_stop" }));
    assert!(run(&[&stop], back()).is_empty());
    let foreign = datas(&run(&[b"data: <html>\n\n"], back()));
    assert!(foreign.len() == 1 && foreign[0].starts_with("{\"error\""));
}

#[test]
fn older_functions_are_called_in_their_own_form() {
    let back = Back { legacy_functions: true, wants_usage: false, ..back() };
    let out = run(&[&example()], back);
    let calls: Vec<Value> = deltas(&out).into_iter().filter(|delta| !delta["function_call"].is_null()).collect();
    let arguments: String = calls.iter().map(|delta| delta["function_call"]["arguments"].as_str().unwrap()).collect();
    assert_eq!((arguments.as_str(), &calls[0]["function_call"]["name"]), ("{\"a\":1}", &json!("f")));
    let data = datas(&out);
    assert!(data[data.len() - 2].contains("\"finish_reason\":\"function_call\""));
}

#[test]
fn events_are_bounded() {
    let mut stream = Stream::new(back(), 100);
    assert!(stream.push(&[b'x'; 101], &mut Vec::new()).is_err());
}

proptest! {
    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in "[\\[\\]{}\":,a-z0-9\n]{0,80}", status in any::<u16>()) {
        let mut stream = Stream::new(back(), 1 << 12);
        let mut out = Vec::new();
        let _ = stream.push(&bytes, &mut out);
        let _ = stream.push(format!("data: {text}\n\n").as_bytes(), &mut out);
        for bytes in [bytes.as_slice(), text.as_bytes()] {
            let parsed = answer(bytes, &back());
            prop_assert!(!matches!(parsed, Answered::Json(_)));
            error(status, bytes);
        }
    }

    #[test]
    fn the_deltas_of_a_text_are_the_text(pieces in proptest::collection::vec("[a-zа-я \n\"\\\\⟨⟩😀]{0,6}", 0..8)) {
        let mut bytes = event(json!({ "type": "message_start", "message": {} }));
        for piece in &pieces {
            bytes.extend(event(json!({ "type": "content_block_delta", "index": 0, "delta": { "type": "text_delta", "text": piece } })));
        }
        let said: String = deltas(&run(&[&bytes], back())).iter().filter_map(|delta| delta["content"].as_str()).collect();
        prop_assert_eq!(said, pieces.concat());
    }
}
