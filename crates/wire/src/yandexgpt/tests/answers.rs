use proptest::prelude::{prop_assert_eq, proptest};
use serde_json::{Map, Value, json};

use super::{back, target};
use crate::json::tests::{text, value};
use crate::openai::{Answer, Response};
use crate::translate::{Answered, Back};
use crate::yandexgpt::{Operation, answer, operation, request};

fn translated(body: &Value, back: &Back) -> Value {
    match answer(body.to_string().as_bytes(), back) {
        Answered::Json(bytes) => serde_json::from_slice(&bytes).unwrap(),
        other => panic!("{other:?}"),
    }
}

fn said(status: &Value, usage: &Value) -> Value {
    json!({ "alternatives": [{ "message": { "role": "assistant", "text": "Привет!" }, "status": status }], "usage": usage, "modelVersion": "07.03.2024" })
}

#[test]
fn wrapped_and_unwrapped_bodies_are_one_answer_in_openais_form() {
    let usage = json!({ "inputTextTokens": "28", "completionTokens": "10", "totalTokens": "38", "completionTokensDetails": { "reasoningTokens": "4" } });
    let plain = said(&json!("ALTERNATIVE_STATUS_FINAL"), &usage);
    let expected = json!({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1_764_000_000, "model": "yandexgpt",
        "choices": [{ "index": 0, "message": { "role": "assistant", "content": "Привет!", "refusal": null }, "logprobs": null, "finish_reason": "stop" }],
        "usage": { "prompt_tokens": 28, "completion_tokens": 10, "total_tokens": 38, "completion_tokens_details": { "reasoning_tokens": 4 } },
        "system_fingerprint": "07.03.2024",
    });
    assert_eq!(translated(&plain, &back()), expected);
    assert_eq!(translated(&json!({ "result": plain }), &back()), expected);
    let view = Answer::read(expected.to_string().as_bytes());
    assert!(matches!(view, Answer::Response(Response { usage: Some(_), .. })), "the gateway reads it");
}

#[test]
fn counts_are_strings_or_numbers_and_absent_ones_are_zero() {
    let usage = |usage: Value| translated(&said(&json!(3), &usage), &back())["usage"].clone();
    let counts = json!({ "prompt_tokens": 5, "completion_tokens": 0, "total_tokens": 5 });
    assert_eq!(usage(json!({ "inputTextTokens": "5", "completionTokensDetails": null })), counts);
    assert_eq!(usage(json!({ "inputTextTokens": 5, "totalTokens": 5.0 })), counts);
    assert_eq!(usage(json!({ "inputTextTokens": "-5", "totalTokens": [] }))["prompt_tokens"], 0);
    assert_eq!(usage(Value::Null), Value::Null);
}

#[test]
fn each_status_has_its_finish_reason_and_unknown_ones_crash_nothing() {
    let expected = [
        ("ALTERNATIVE_STATUS_FINAL", "stop"),
        ("ALTERNATIVE_STATUS_TRUNCATED_FINAL", "length"),
        ("ALTERNATIVE_STATUS_CONTENT_FILTER", "content_filter"),
        ("ALTERNATIVE_STATUS_TOOL_CALLS", "tool_calls"),
        ("ALTERNATIVE_STATUS_OF_THE_FUTURE", "stop"),
    ];
    for (status, reason) in expected {
        assert_eq!(translated(&said(&json!(status), &Value::Null), &back())["choices"][0]["finish_reason"], reason);
    }
    assert_eq!(translated(&said(&json!(2), &Value::Null), &back())["choices"][0]["finish_reason"], "length");
    let partial = said(&json!("ALTERNATIVE_STATUS_PARTIAL"), &Value::Null).to_string();
    assert_eq!(answer(partial.as_bytes(), &back()), Answered::Malformed);
}

#[test]
fn an_absent_text_is_empty() {
    let body = json!({ "result": { "alternatives": [{ "message": { "role": "assistant" }, "status": "ALTERNATIVE_STATUS_FINAL" }] } });
    assert_eq!(translated(&body, &back())["choices"][0]["message"]["content"], "");
}

#[test]
fn what_is_no_answer_is_told_apart() {
    for error in [
        r#"{"error":{"grpcCode":3,"message":"x"}}"#,
        r#"{"error":"x","code":3,"message":"x"}"#,
        r#"{"code":16,"message":"The token is invalid"}"#,
        r#"{"result":{"alternatives":[{"message":{}}]},"error":{"message":"x"}}"#,
    ] {
        assert_eq!(answer(error.as_bytes(), &back()), Answered::Error, "{error}");
    }
    for broken in ["", "{}", "[]", "<html>", "{\"result\":{}}", "{\"result\":{\"alternatives\":[]}}", "\u{0}"] {
        assert_eq!(answer(broken.as_bytes(), &back()), Answered::Malformed, "{broken}");
    }
}

fn calls(arguments: &[Value]) -> Value {
    let call = |arguments: &Value| json!({ "functionCall": { "name": "weather", "arguments": arguments } });
    let list: Vec<Value> = arguments.iter().map(call).collect();
    json!({ "result": { "alternatives": [{ "message": { "role": "assistant", "toolCallList": { "toolCalls": list } }, "status": "ALTERNATIVE_STATUS_TOOL_CALLS" }] } })
}

#[test]
fn calls_get_ids_that_differ_and_stay_and_whole_floats_become_whole_numbers() {
    let body = calls(&[json!({ "city": "Москва", "days": 2.0, "share": 0.5 }), json!({ "days": 1e20 })]);
    let message = translated(&body, &back())["choices"][0]["message"].clone();
    assert_eq!(message["content"], Value::Null);
    assert_eq!(message["tool_calls"][0]["function"]["arguments"], r#"{"city":"Москва","days":2,"share":0.5}"#);
    let id = |back: &Back, at: usize| translated(&body, back)["choices"][0]["message"]["tool_calls"][at]["id"].clone();
    assert_eq!(id(&back(), 0), id(&back(), 0));
    assert_ne!(id(&back(), 0), id(&back(), 1));
    assert_ne!(id(&back(), 0), id(&Back { id: "chatcmpl-2".to_owned(), ..back() }, 0));
    assert!(id(&back(), 0).as_str().unwrap().len() <= 40, "OpenAI takes no longer ones back");
}

#[test]
fn the_older_form_has_room_for_one_call() {
    let legacy = Back { legacy_functions: true, ..back() };
    let choice = translated(&calls(&[json!({})]), &legacy)["choices"][0].clone();
    assert_eq!(choice["message"]["function_call"], json!({ "name": "weather", "arguments": "{}" }));
    assert_eq!(choice["finish_reason"], "function_call");
    let two = calls(&[json!({}), json!({})]).to_string();
    assert_eq!(answer(two.as_bytes(), &legacy), Answered::Malformed);
}

#[test]
fn operations_run_end_and_fail_in_any_order_of_members() {
    let running = r#"{"id":"d7q","done":false,"metadata":null}"#;
    assert_eq!(operation(running.as_bytes()), Operation::Running { id: "d7q".to_owned() });
    let response = said(&json!("ALTERNATIVE_STATUS_FINAL"), &Value::Null);
    let done = json!({ "response": response, "done": true, "id": "d7q" }).to_string();
    let Operation::Done(bytes) = operation(done.as_bytes()) else { panic!("not done") };
    assert!(matches!(answer(&bytes, &back()), Answered::Json(_)));
    for failed in
        [r#"{"done":true,"error":{"code":3,"message":"no"}}"#, r#"{"error":{"code":3,"message":"no"},"done":false}"#]
    {
        let Operation::Failed(failure) = operation(failed.as_bytes()) else { panic!("{failed}") };
        assert_eq!(failure.error.code.as_deref(), Some("invalid_request"));
    }
    assert_eq!(operation(b"{\"done\":true}"), Operation::Malformed);
}

fn arguments() -> impl proptest::strategy::Strategy<Value = Value> {
    let members = proptest::collection::vec((text(), value()), 0..4);
    proptest::strategy::Strategy::prop_map(members, |all| Value::Object(all.into_iter().collect::<Map<_, _>>()))
}

proptest! {
    /// The tool round trip: what the provider calls comes to the client, and from its history back to the provider.
    #[test]
    fn calls_survive_the_way_to_the_client_and_back(list in proptest::collection::vec(arguments(), 1..4)) {
        let message = translated(&calls(&list), &back())["choices"][0]["message"].clone();
        let results = message["tool_calls"].as_array().unwrap().iter().rev();
        let results = results.map(|call| json!({ "role": "tool", "tool_call_id": call["id"], "content": call["id"] }));
        let mut messages = vec![json!({ "role": "user", "content": "?" }), message.clone()];
        messages.extend(results);
        let out = request(json!({ "messages": messages }).to_string().as_bytes(), &target()).unwrap();
        let sent: Value = serde_json::from_slice(&out.body).unwrap();
        let again = &sent["messages"][1]["toolCallList"]["toolCalls"];
        for (place, arguments) in list.iter().enumerate() {
            prop_assert_eq!(&floats(&again[place]["functionCall"]["arguments"]), &floats(arguments));
            let result = &sent["messages"][2]["toolResultList"]["toolResults"][place]["functionResult"]["content"];
            prop_assert_eq!(result, &message["tool_calls"][place]["id"]);
        }
    }
}

/// Every number as a float: what the provider's structures hold.
fn floats(value: &Value) -> Value {
    match value {
        Value::Number(number) => number.as_f64().into(),
        Value::Array(items) => items.iter().map(floats).collect(),
        Value::Object(members) => members.iter().map(|(name, member)| (name.clone(), floats(member))).collect(),
        other => other.clone(),
    }
}
