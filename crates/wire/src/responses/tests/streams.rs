use proptest::prelude::{any, prop_assert_eq, proptest};
use serde_json::{Value, json};

use super::back;
use crate::responses::{Back, Events, answer};
use crate::sse::{Decoder, Event, Frame};
use crate::translate::Retell;

fn asked() -> Back {
    back(&json!({ "model": "r", "input": "hi" }))
}

fn frame(data: &Value) -> Frame {
    Frame::Event(Event { data: data.to_string(), ..Event::default() })
}

fn chunk(delta: Value) -> Value {
    json!({ "id": "c", "created": 5, "model": "m", "choices": [{ "index": 0, "delta": delta, "finish_reason": null }] })
}

fn call(index: u32, id: &str, arguments: &str) -> Value {
    chunk(json!({ "tool_calls": [{ "index": index, "id": id, "function": { "name": "f", "arguments": arguments } }] }))
}

/// A stream that thinks, speaks and makes two calls side by side.
fn everything() -> Vec<Value> {
    vec![
        chunk(json!({ "role": "assistant", "content": "" })),
        chunk(json!({ "reasoning": "hm" })),
        chunk(json!({ "content": "He" })),
        chunk(json!({ "content": "y" })),
        call(0, "a", "{"),
        call(1, "b", "{\"x\""),
        call(0, "", "}"),
        call(1, "", ":1}"),
        json!({ "choices": [{ "index": 0, "delta": {}, "finish_reason": "tool_calls" }] }),
        json!({ "choices": [], "usage": { "prompt_tokens": 5, "completion_tokens": 6 } }),
    ]
}

/// The events with their names, checked to be numbered from zero without a gap.
fn named(frames: Vec<Frame>) -> Vec<(String, Value)> {
    let mut events = Vec::new();
    for frame in frames {
        let Frame::Event(Event { name, data, .. }) = frame else { continue };
        let data: Value = serde_json::from_str(&data).unwrap();
        assert_eq!((&data["type"], &data["sequence_number"]), (&json!(name), &json!(events.len())));
        events.push((name.unwrap(), data));
    }
    events
}

fn events(chunks: &[Value]) -> Vec<(String, Value)> {
    let (mut encoder, mut out) = (Events::begin(asked(), 1 << 16), Vec::new());
    for chunk in chunks {
        encoder.push(&frame(chunk), &mut out).unwrap();
    }
    encoder.push(&Frame::Event(Event { data: "[DONE]".to_owned(), ..Event::default() }), &mut out).unwrap();
    named(out)
}

#[test]
fn a_stream_has_the_full_order_of_events() {
    let events = events(&everything());
    let names: Vec<&str> = events.iter().map(|(name, _)| name.trim_start_matches("response.")).collect();
    let text = |kind: &str| {
        format!("output_item.added content_part.added {kind}.delta {kind}.done content_part.done output_item.done")
    };
    let wanted = [
        "created in_progress".to_owned(),
        text("reasoning_text"),
        text("output_text").replace("output_text.delta", "output_text.delta output_text.delta"),
        "output_item.added function_call_arguments.delta output_item.added function_call_arguments.delta".to_owned(),
        "function_call_arguments.delta function_call_arguments.delta".to_owned(),
        "function_call_arguments.done output_item.done function_call_arguments.done output_item.done completed"
            .to_owned(),
    ];
    assert_eq!(names.join(" "), wanted.join(" "));
    assert_eq!(
        (&events[0].1["response"]["status"], &events[0].1["response"]["output"]),
        (&json!("in_progress"), &json!([]))
    );
    let last = &events.last().unwrap().1["response"];
    assert_eq!(
        (&last["status"], &last["usage"]["total_tokens"], &last["store"]),
        (&json!("completed"), &json!(11), &json!(false))
    );
    assert_eq!(last["output"][3]["arguments"], "{\"x\":1}");
}

#[test]
fn what_the_last_event_holds_is_what_an_answer_in_one_piece_would_be() {
    let last = events(&everything()).pop().unwrap().1["response"].take();
    let function = |arguments: &str| json!({ "name": "f", "arguments": arguments });
    let message = json!({ "content": "Hey", "reasoning": "hm",
        "tool_calls": [{ "id": "a", "function": function("{}") }, { "id": "b", "function": function("{\"x\":1}") }] });
    let body = json!({ "created": 5, "model": "m", "choices": [{ "finish_reason": "tool_calls", "message": message }],
        "usage": { "prompt_tokens": 5, "completion_tokens": 6 } });
    let whole: Value = serde_json::from_slice(&answer(body.to_string().as_bytes(), &asked()).unwrap()).unwrap();
    assert_eq!(last, whole);
}

#[test]
fn a_stream_that_was_cut_short_says_why() {
    let mut chunks = vec![chunk(json!({ "content": "He" }))];
    chunks.push(json!({ "choices": [{ "index": 0, "delta": {}, "finish_reason": "length" }] }));
    let (name, last) = events(&chunks).pop().unwrap();
    assert_eq!((name.as_str(), &last["response"]["status"]), ("response.incomplete", &json!("incomplete")));
    assert_eq!(last["response"]["incomplete_details"]["reason"], "max_output_tokens");
    assert_eq!(last["response"]["output"][0]["status"], "incomplete");
}

#[test]
fn an_error_in_a_stream_fails_the_response_and_nothing_follows() {
    let (mut encoder, mut out) = (Events::begin(asked(), 1 << 12), Vec::new());
    encoder.push(&frame(&chunk(json!({ "content": "He" }))), &mut out).unwrap();
    encoder.push(&frame(&json!({ "error": { "message": "no", "code": "upstream_error" } })), &mut out).unwrap();
    encoder.push(&frame(&chunk(json!({ "content": "y" }))), &mut out).unwrap();
    let events = named(out);
    let [.., (error, said), (failed, last)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((error.as_str(), failed.as_str()), ("error", "response.failed"));
    assert_eq!((&said["code"], &said["message"]), (&json!("upstream_error"), &json!("no")));
    assert_eq!(
        (&last["response"]["status"], &last["response"]["error"]["code"]),
        (&json!("failed"), &json!("upstream_error"))
    );
}

#[test]
fn a_response_is_bounded() {
    let (mut encoder, mut out) = (Events::begin(asked(), 1000), Vec::new());
    let piece = frame(&chunk(json!({ "content": "0123456789" })));
    assert!((0..200).any(|_| encoder.push(&piece, &mut out).is_err()));
}

proptest! {
    /// Cut anywhere, the stream says the same.
    #[test]
    fn any_split_of_the_stream_gives_the_same_events(cuts in proptest::collection::vec(any::<proptest::sample::Index>(), 0..12)) {
        let mut bytes: Vec<u8> = everything().iter().flat_map(|chunk| format!("data: {chunk}\n\n").into_bytes()).collect();
        bytes.extend_from_slice(b": freehold-receipt a/1\n\ndata: [DONE]\n\n");
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len())).collect();
        cuts.extend([0, bytes.len()]);
        cuts.sort_unstable();
        let (mut decoder, mut encoder) = (Decoder::new(1 << 16), Events::begin(asked(), 1 << 16));
        let (mut frames, mut out) = (Vec::new(), Vec::new());
        for pair in cuts.windows(2) {
            decoder.push(&bytes[pair[0]..pair[1]], &mut frames).unwrap();
            for frame in frames.drain(..) {
                encoder.push(&frame, &mut out).unwrap();
            }
        }
        prop_assert_eq!(out.iter().filter(|frame| matches!(frame, Frame::Comment(_))).count(), 1);
        prop_assert_eq!(named(out), events(&everything()));
    }

    #[test]
    fn any_event_is_survived(text in "[\\[\\]{}\":,a-z0-9]{0,80}") {
        let frame = Frame::Event(Event { data: text, ..Event::default() });
        let _ = Events::begin(Back::default(), 100).push(&frame, &mut Vec::new());
    }
}

/// Calls cost what they are worth, and the time for one does not grow with those before it.
#[test]
fn many_empty_calls_are_bounded_too() {
    let calls: Vec<Value> = (0..200_000).map(|index| json!({ "index": index })).collect();
    let mut events = Events::begin(asked(), 8 << 20);
    let mut out = Vec::new();
    let pushed = events.push(&frame(&chunk(json!({ "tool_calls": calls }))), &mut out);
    assert!(pushed.is_err(), "{} events", out.len());
    assert!(out.len() < 40_000, "{}", out.len());
}

#[test]
fn parts_of_a_delta_and_the_older_call_are_passed_on() {
    let parts = json!([{"type": "text", "text": "Hello"}]);
    let old = |value: Value| chunk(json!({ "function_call": value }));
    let chunks = [
        chunk(json!({ "content": parts })),
        old(json!({"name": "f", "arguments": "{\"a\""})),
        old(json!({"arguments": ":1}"})),
    ];
    let events = events(&chunks);
    let data = |name: &str| events.iter().find(|(found, _)| found == name).map(|(_, data)| data.clone()).unwrap();
    assert_eq!(data("response.output_text.done")["text"], "Hello");
    let call = data("response.function_call_arguments.done");
    assert_eq!((&call["name"], &call["arguments"]), (&json!("f"), &json!("{\"a\":1}")));
}
