//! There and back again: nothing that both sides can say is lost on the way.

use proptest::prelude::{Just, Strategy, any, prop_assert_eq, prop_oneof, proptest};
use serde_json::{Value, json};

use super::{V2023, datas, json as read};
use crate::anthropic::incoming::{self, Events};
use crate::anthropic::{Stream, request};
use crate::json::tests::{spell, text};
use crate::sse::{Event, Frame, encode};
use crate::translate::{Back, Retell, Target, Translator};

fn words() -> impl Strategy<Value = String> {
    text().prop_map(|text| format!("w{text}"))
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        text().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null)
    ]
}

fn object() -> impl Strategy<Value = Value> {
    proptest::collection::vec(("[a-z]{1,4}", scalar()), 0..4)
        .prop_map(|members| members.into_iter().collect::<serde_json::Map<_, _>>().into())
}

fn image() -> impl Strategy<Value = Value> {
    prop_oneof![
        "[A-Za-z0-9+/]{0,12}".prop_map(
            |data| json!({ "type": "image", "source": { "type": "base64", "media_type": "image/png", "data": data } })
        ),
        "[a-z]{1,8}".prop_map(
            |path| json!({ "type": "image", "source": { "type": "url", "url": format!("https://a/{path}") } })
        ),
    ]
}

fn said() -> impl Strategy<Value = Value> {
    words().prop_map(|text| json!({ "type": "text", "text": text }))
}

/// The assistant says something, calls, and gets results; then the user speaks.
fn exchange() -> impl Strategy<Value = Vec<Value>> {
    let call = (object(), proptest::option::of(words()), any::<bool>());
    let spoken = (proptest::option::of(said()), proptest::collection::vec(call, 1..3));
    (spoken, proptest::collection::vec(prop_oneof![said(), image()], 1..3), any::<u16>()).prop_map(
        |((text, calls), user, seed)| {
            let mut assistant: Vec<Value> = text.into_iter().collect();
            let mut results = Vec::new();
            for (number, (input, output, failed)) in calls.into_iter().enumerate() {
                let id = format!("toolu_{seed}_{number}");
                assistant.push(json!({ "type": "tool_use", "id": id, "name": "f", "input": input }));
                let mut result = json!({ "type": "tool_result", "tool_use_id": id });
                if let Some(output) = output {
                    result["content"] = json!([{ "type": "text", "text": output }]);
                }
                if failed {
                    result["is_error"] = json!(true);
                }
                results.push(result);
            }
            vec![
                json!({ "role": "assistant", "content": assistant }),
                json!({ "role": "user", "content": results.into_iter().chain(user).collect::<Vec<_>>() }),
            ]
        },
    )
}

fn messages_request() -> impl Strategy<Value = Value> {
    let opening = proptest::collection::vec(prop_oneof![said(), image()], 1..4);
    let settings =
        (1..9000_u32, proptest::option::of(0..100_u32), any::<bool>(), proptest::collection::vec("[a-z]{1,4}", 0..3));
    (proptest::collection::vec(said(), 0..3), opening, proptest::collection::vec(exchange(), 0..3), object(), settings)
        .prop_map(|(system, opening, exchanges, schema, (max_tokens, temperature, one, stop))| {
            let mut messages = vec![json!({ "role": "user", "content": opening })];
            messages.extend(exchanges.into_iter().flatten());
            let mut schema = schema;
            schema["type"] = json!("object");
            let mut body = json!({ "model": "claude-x", "max_tokens": max_tokens, "messages": messages });
            if !system.is_empty() {
                body["system"] = json!(system);
            }
            body["tools"] = json!([{ "name": "f", "description": "d", "input_schema": schema }]);
            if one {
                body["tool_choice"] = json!({ "type": "any", "disable_parallel_tool_use": true });
            }
            if let Some(percent) = temperature {
                body["temperature"] = json!(f64::from(percent) / 100.0);
            }
            if !stop.is_empty() {
                body["stop_sequences"] = json!(stop);
            }
            body
        })
}

/// One form of what can be said in two: a text is a list of one block.
fn normal(mut body: Value) -> Value {
    let listed = |value: &mut Value| {
        if let Some(text) = value.as_str() {
            *value = json!([{ "type": "text", "text": text }]);
        }
    };
    if !body["system"].is_null() {
        listed(&mut body["system"]);
    }
    for message in body["messages"].as_array_mut().unwrap() {
        listed(&mut message["content"]);
        for block in message["content"].as_array_mut().unwrap() {
            if block["type"] == "tool_result" {
                // A failed result without words is one with no words in it.
                let empty = json!([{ "type": "text", "text": "" }]);
                if block["content"].is_string() {
                    listed(&mut block["content"]);
                }
                if block["content"].is_null() || block["content"] == empty {
                    block.as_object_mut().unwrap().remove("content");
                }
            }
        }
    }
    body.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    body
}

/// OpenAI's chunks: text, calls one after the other, the end, the counts.
fn chunks() -> impl Strategy<Value = Vec<Value>> {
    let calls = proptest::collection::vec(proptest::collection::vec(text(), 1..4), 0..3);
    (proptest::collection::vec(text(), 0..5), calls, any::<[u32; 3]>(), prop_oneof!["stop", "length", "content_filter"]).prop_map(
        |(texts, calls, [prompt, completion, cached], finish)| {
            let chunk = |delta: Value, finish: Option<&str>| json!({ "id": "c", "model": "m", "choices": [{ "index": 0, "delta": delta, "finish_reason": finish }] });
            let mut out = vec![chunk(json!({ "role": "assistant", "content": "" }), None)];
            out.extend(texts.iter().map(|text| chunk(json!({ "content": text }), None)));
            let finish = if calls.is_empty() { finish.as_str() } else { "tool_calls" };
            for (index, pieces) in calls.iter().enumerate() {
                let id = format!("call_{index}");
                out.push(chunk(json!({ "tool_calls": [{ "index": index, "id": id, "type": "function", "function": { "name": "f", "arguments": "{" } }] }), None));
                out.extend(pieces.iter().map(|piece| chunk(json!({ "tool_calls": [{ "index": index, "function": { "arguments": piece } }] }), None)));
            }
            out.push(chunk(json!({}), Some(finish)));
            let (prompt, cached) = (prompt.max(cached), prompt.min(cached));
            out.push(json!({ "id": "c", "model": "m", "choices": [], "usage": { "prompt_tokens": prompt, "completion_tokens": completion, "prompt_tokens_details": { "cached_tokens": cached } } }));
            out
        },
    )
}

/// What a client makes of chunks: text, calls, finish reason, usage.
fn gathered(chunks: &[Value]) -> Value {
    let (mut text, mut calls, mut finish, mut usage) =
        (String::new(), Vec::<[String; 3]>::new(), Value::Null, Value::Null);
    for chunk in chunks {
        let choice = &chunk["choices"][0];
        text.push_str(choice["delta"]["content"].as_str().unwrap_or_default());
        for call in choice["delta"]["tool_calls"].as_array().into_iter().flatten() {
            let at = usize::try_from(call["index"].as_u64().unwrap()).unwrap();
            if at == calls.len() {
                calls.push([
                    call["id"].as_str().unwrap().to_owned(),
                    call["function"]["name"].as_str().unwrap().to_owned(),
                    String::new(),
                ]);
            }
            calls[at][2].push_str(call["function"]["arguments"].as_str().unwrap_or_default());
        }
        if !choice["finish_reason"].is_null() {
            finish = choice["finish_reason"].clone();
        }
        if !chunk["usage"].is_null() {
            let said = &chunk["usage"];
            usage = json!([
                said["prompt_tokens"],
                said["completion_tokens"],
                said["prompt_tokens_details"]["cached_tokens"]
            ]);
        }
    }
    json!({ "text": text, "calls": calls, "finish": finish, "usage": usage })
}

proptest! {
    #[test]
    fn a_request_of_anthropics_comes_out_as_it_went_in(body in messages_request(), seed in any::<u64>()) {
        let inside = incoming::request(spell(&body, seed).as_bytes(), &[]).unwrap();
        let target = Target { model: "claude-x", ..Target::default() };
        let out = request(&inside.body, &target, &V2023).unwrap();
        prop_assert_eq!(normal(read(&out.body)), normal(body));
    }

    #[test]
    fn a_stream_of_openais_comes_back_from_anthropics_events(chunks in chunks(), cut in 1..40_usize) {
        let mut encoder = Events::begin(incoming::Back::default(), 1 << 16);
        let mut frames = Vec::new();
        for chunk in &chunks {
            let frame = Frame::Event(Event { data: chunk.to_string(), ..Event::default() });
            encoder.push(&frame, &mut frames).unwrap();
        }
        encoder.push(&Frame::Event(Event { data: "[DONE]".to_owned(), ..Event::default() }), &mut frames).unwrap();
        let mut bytes = Vec::new();
        frames.iter().for_each(|frame| encode(frame, &mut bytes));
        let mut stream = Stream::new(Back { wants_usage: true, ..Back::default() }, 1 << 16);
        let mut out = Vec::new();
        for piece in bytes.chunks(cut) {
            stream.push(piece, &mut out).unwrap();
        }
        let mut data = datas(&out);
        prop_assert_eq!(data.pop().unwrap(), "[DONE]");
        let back: Vec<Value> = data.iter().map(|data| serde_json::from_str(data).unwrap()).collect();
        prop_assert_eq!(gathered(&back), gathered(&chunks));
    }
}
