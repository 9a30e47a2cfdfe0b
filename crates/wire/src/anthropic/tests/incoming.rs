use proptest::prelude::{any, proptest};
use serde_json::{Value, json};

use super::json as read;
use crate::anthropic::Version;
use crate::anthropic::incoming::{self, Back, Events, Refusal};
use crate::sse::{Event, Frame};
use crate::translate::Retell;

fn translated(body: &Value) -> Value {
    read(&incoming::request(body.to_string().as_bytes(), &[]).unwrap().body)
}

fn with(name: &str, value: Value) -> Value {
    let mut body = json!({ "model": "r", "max_tokens": 9, "messages": [{ "role": "user", "content": "hi" }] });
    body[name] = value;
    body
}

fn refusal(body: &Value) -> Refusal {
    incoming::request(body.to_string().as_bytes(), &[]).unwrap_err()
}

#[test]
fn both_versions_are_known_and_no_other() {
    assert_eq!(Version::read("2023-06-01"), Some(Version::V2023));
    assert_eq!(Version::read("2026-10-21"), Some(Version::V2026));
    assert_eq!(Version::read("2024-01-01"), None);
}

#[test]
fn settings_get_their_names_of_openai() {
    let mut body = with("stop_sequences", json!(["a"]));
    body["stream"] = json!(true);
    body["temperature"] = json!(0.5);
    body["metadata"] = json!({ "user_id": "u" });
    body["thinking"] = json!({ "type": "enabled", "budget_tokens": 2000 });
    body["output_config"] = json!({ "format": { "type": "json_schema", "schema": { "type": "object" } } });
    body["system"] = json!([{ "type": "text", "text": "s", "cache_control": { "type": "ephemeral" } }]);
    body["tools"] = json!([{ "name": "f", "input_schema": { "type": "object" } }]);
    body["tool_choice"] = json!({ "type": "any", "disable_parallel_tool_use": true });
    assert_eq!(
        translated(&body),
        json!({
            "model": "r",
            "messages": [{ "role": "system", "content": "s" }, { "role": "user", "content": "hi" }],
            "max_tokens": 9,
            "tools": [{ "type": "function", "function": { "name": "f", "parameters": { "type": "object" } } }],
            "tool_choice": "required",
            "parallel_tool_calls": false,
            "stop": ["a"],
            "temperature": 0.5,
            "user": "u",
            "response_format": { "type": "json_schema", "json_schema": { "name": "answer", "strict": true, "schema": { "type": "object" } } },
            "reasoning_effort": "low",
            "stream": true,
            "stream_options": { "include_usage": true },
        })
    );
    assert!(incoming::request(body.to_string().as_bytes(), &[]).unwrap().back.thinking);
}

#[test]
fn what_cannot_be_carried_is_named() {
    for (name, value) in [("container", json!("c")), ("mcp_servers", json!([{}])), ("speed", json!("fast"))] {
        assert_eq!(refusal(&with(name, value.clone())).field(), name);
        let droppable = [name.to_owned()];
        assert_eq!(incoming::request(with(name, value).to_string().as_bytes(), &droppable).unwrap().dropped, droppable);
    }
    let search = json!([{ "type": "web_search_20250305", "name": "web_search" }]);
    assert_eq!(refusal(&with("tools", search)).field(), "tools");
    let file =
        json!([{ "role": "user", "content": [{ "type": "document", "source": { "type": "file", "file_id": "f" } }] }]);
    assert_eq!(refusal(&with("messages", file)).field(), "messages.content.document");
}

#[test]
fn what_is_wrong_is_named() {
    for (name, value) in [
        ("max_tokens", json!(null)),
        ("max_tokens", json!("9")),
        ("model", json!(1)),
        ("messages", json!([])),
        ("messages", json!({})),
    ] {
        assert!(matches!(refusal(&with(name, value)), Refusal::Invalid { field, .. } if field == name), "{name}");
    }
    assert!(
        matches!(refusal(&with("messages", json!([{ "role": "tool", "content": "x" }]))), Refusal::Invalid { field, .. } if field == "messages.role")
    );
    let body = json!({ "model": "r", "messages": [{ "role": "user", "content": "hi" }] });
    assert!(incoming::count_request(body.to_string().as_bytes(), &[]).is_ok());
}

#[test]
fn an_answer_becomes_a_message() {
    let body = json!({ "id": "c", "model": "m", "choices": [{ "index": 0, "finish_reason": "stop", "message": {
        "role": "assistant", "content": "Hi", "reasoning_content": "hm",
        "tool_calls": [{ "id": "t", "type": "function", "function": { "name": "f", "arguments": "{\"a\": 1}" } }, { "id": "u", "function": { "name": "g", "arguments": "{" } }] } }],
        "usage": { "prompt_tokens": 17, "completion_tokens": 2, "prompt_tokens_details": { "cached_tokens": 4 } } });
    let back = Back { id: "msg_9".to_owned(), ..Back::default() };
    let out = read(&incoming::answer(body.to_string().as_bytes(), &back).unwrap());
    assert_eq!(
        out,
        json!({ "id": "msg_9", "type": "message", "role": "assistant", "model": "m",
        "content": [
            { "type": "text", "text": "Hi" },
            { "type": "tool_use", "id": "t", "name": "f", "input": { "a": 1 } },
            { "type": "tool_use", "id": "u", "name": "g", "input": { "malformed_arguments": "{" } },
        ],
        "stop_reason": "tool_use", "stop_sequence": null,
        "usage": { "input_tokens": 13, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 4, "output_tokens": 2 } })
    );
    let thinking = Back { thinking: true, ..Back::default() };
    let out = read(&incoming::answer(body.to_string().as_bytes(), &thinking).unwrap());
    assert_eq!((&out["id"], &out["content"][0]["thinking"]), (&json!("c"), &json!("hm")));
    assert!(incoming::answer(b"{}", &back).is_none());
}

fn data(value: &Value) -> Frame {
    Frame::Event(Event { data: value.to_string(), ..Event::default() })
}

fn events(chunks: &[Value]) -> Vec<(String, Value)> {
    let mut encoder =
        Events::begin(Back { id: "msg_1".to_owned(), input_tokens: 7, thinking: true, ..Back::default() }, 1 << 12);
    let mut out = Vec::new();
    for chunk in chunks {
        encoder.push(&data(chunk), &mut out).unwrap();
    }
    encoder.push(&Frame::Event(Event { data: "[DONE]".to_owned(), ..Event::default() }), &mut out).unwrap();
    let named = |frame: Frame| match frame {
        Frame::Event(Event { name, data, .. }) => {
            let data: Value = serde_json::from_str(&data).unwrap();
            assert_eq!(data["type"], name.as_deref().unwrap());
            Some((name.unwrap(), data))
        }
        Frame::Comment(_) => None,
    };
    out.into_iter().filter_map(named).collect()
}

#[test]
fn a_stream_has_the_fixed_order_of_events() {
    let delta = |delta: Value| json!({ "id": "c", "model": "m", "choices": [{ "index": 0, "delta": delta, "finish_reason": null }] });
    let call = |index: u32, id: &str, arguments: &str| {
        delta(
            json!({ "tool_calls": [{ "index": index, "id": id, "function": { "name": "f", "arguments": arguments } }] }),
        )
    };
    let events = events(&[
        delta(json!({ "role": "assistant", "content": "" })),
        delta(json!({ "reasoning": "hm" })),
        delta(json!({ "content": "He" })),
        delta(json!({ "content": "y" })),
        call(0, "a", "{"),
        call(1, "b", "{\"x\""),
        delta(json!({ "content": "late" })),
        call(0, "", "}"),
        call(1, "", ":1}"),
        json!({ "choices": [{ "index": 0, "delta": {}, "finish_reason": "tool_calls" }] }),
        json!({ "choices": [], "usage": { "prompt_tokens": 5, "completion_tokens": 6 } }),
    ]);
    let names: Vec<&str> = events.iter().map(|(name, _)| name.trim_start_matches("content_block_")).collect();
    let wanted = "message_start ping start delta stop start delta delta stop start delta delta stop \
        start delta stop start delta stop message_delta message_stop";
    assert_eq!(names.join(" "), wanted);
    assert_eq!(events[0].1["message"]["usage"]["input_tokens"], 7);
    assert_eq!(
        events[13].1,
        json!({ "type": "content_block_start", "index": 3, "content_block": { "type": "tool_use", "id": "b", "name": "f", "input": {} } })
    );
    assert_eq!(events[14].1["delta"]["partial_json"], "{\"x\":1}");
    assert_eq!(events[17].1["delta"]["text"], "late");
    assert_eq!(
        events[19].1,
        json!({ "type": "message_delta", "delta": { "stop_reason": "tool_use", "stop_sequence": null },
        "usage": { "input_tokens": 5, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0, "output_tokens": 6 } })
    );
}

#[test]
fn an_error_in_a_stream_is_an_error_event_and_the_end() {
    let mut encoder = Events::begin(Back::default(), 1 << 12);
    let mut out = Vec::new();
    let error = json!({ "error": { "message": "no", "type": "rate_limit_error", "code": "rate_limited" } });
    encoder.push(&data(&error), &mut out).unwrap();
    encoder.push(&data(&json!({ "choices": [] })), &mut out).unwrap();
    let wanted =
        json!({ "type": "error", "error": { "type": "rate_limit_error", "message": "no", "code": "rate_limited" } });
    assert_eq!(out, [Frame::Event(Event { name: Some("error".to_owned()), data: wanted.to_string(), id: None })]);
}

#[test]
fn what_waits_in_a_stream_is_bounded() {
    let mut encoder = Events::begin(Back::default(), 1000);
    let call = |index: u32| {
        data(
            &json!({ "choices": [{ "delta": { "tool_calls": [{ "index": index, "id": "c", "function": { "name": "f", "arguments": "" } }] } }] }),
        )
    };
    let mut out = Vec::new();
    assert!((0..100).any(|index| encoder.push(&call(index), &mut out).is_err()));
}

#[test]
fn our_errors_have_anthropics_shape_by_status() {
    for (status, kind) in [
        (400, "invalid_request_error"),
        (401, "authentication_error"),
        (402, "billing_error"),
        (403, "permission_error"),
        (404, "not_found_error"),
        (405, "invalid_request_error"),
        (408, "timeout_error"),
        (413, "request_too_large"),
        (429, "rate_limit_error"),
        (431, "invalid_request_error"),
        (500, "api_error"),
        (502, "api_error"),
        (503, "overloaded_error"),
        (504, "timeout_error"),
        (529, "overloaded_error"),
    ] {
        let ours = crate::openai::ErrorBody::new(status, "some_code", "words").param("model").to_json();
        let out = read(&incoming::error(status, ours.as_bytes(), Some("req_1")));
        assert_eq!(
            out,
            json!({ "type": "error", "request_id": "req_1",
            "error": { "type": kind, "message": "words", "code": "some_code", "param": "model", "freehold": {} } })
        );
    }
}

#[test]
fn tokens_are_counted_by_the_gateways_own_rule() {
    assert_eq!([0, 1, 3, 4, u64::MAX].map(incoming::count_tokens), [0, 1, 1, 2, u64::MAX / 3]);
    assert_eq!(incoming::count_answer(5), b"{\"input_tokens\":5}");
    let list = read(&incoming::models(&["a".to_owned(), "b".to_owned()]));
    assert_eq!((&list["data"][1]["id"], &list["first_id"], &list["last_id"]), (&json!("b"), &json!("a"), &json!("b")));
}

proptest! {
    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in "[\\[\\]{}\":,a-z0-9]{0,80}", status in any::<u16>()) {
        for bytes in [bytes.as_slice(), text.as_bytes()] {
            let _ = incoming::request(bytes, &[]);
            let _ = incoming::answer(bytes, &Back::default());
            incoming::error(status, bytes, None);
        }
        let frame = Frame::Event(Event { data: text, ..Event::default() });
        let _ = Events::begin(Back::default(), 100).push(&frame, &mut Vec::new());
    }
}
