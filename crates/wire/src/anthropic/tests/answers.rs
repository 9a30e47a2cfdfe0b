use serde_json::{Value, json};

use super::json as read;
use crate::anthropic::{answer, error, retryable};
use crate::openai::{Answer, UpstreamError};
use crate::translate::{Answered, Back};

fn back() -> Back {
    Back { id: "chatcmpl-1".to_owned(), created: 5, model: "claude-x".to_owned(), ..Back::default() }
}

fn answered(body: &Value, back: &Back) -> Value {
    match answer(body.to_string().as_bytes(), back) {
        Answered::Json(bytes) => read(&bytes),
        other => panic!("{other:?}"),
    }
}

fn message(content: Value, stop_reason: &str) -> Value {
    json!({ "id": "msg_01", "type": "message", "role": "assistant", "model": "claude-y", "content": content,
        "stop_reason": stop_reason, "stop_sequence": null,
        "usage": { "input_tokens": 10, "cache_creation_input_tokens": 3, "cache_read_input_tokens": 4, "output_tokens": 2 } })
}

#[test]
fn cached_tokens_are_added_to_the_prompt() {
    let out = answered(
        &message(json!([{ "type": "text", "text": "Hi" }, { "type": "text", "text": "!" }]), "end_turn"),
        &back(),
    );
    assert_eq!(
        out,
        json!({
            "id": "msg_01", "object": "chat.completion", "created": 5, "model": "claude-y",
            "choices": [{ "index": 0, "message": { "role": "assistant", "content": "Hi!", "refusal": null }, "logprobs": null, "finish_reason": "stop" }],
            "usage": { "prompt_tokens": 17, "completion_tokens": 2, "total_tokens": 19, "prompt_tokens_details": { "cached_tokens": 4 } },
        })
    );
    assert!(matches!(Answer::read(out.to_string().as_bytes()), Answer::Response(_)));
}

#[test]
fn every_stop_reason_has_its_finish_reason() {
    for (reason, finish) in [
        ("end_turn", "stop"),
        ("stop_sequence", "stop"),
        ("max_tokens", "length"),
        ("tool_use", "tool_calls"),
        ("refusal", "content_filter"),
        ("model_context_window_exceeded", "length"),
        ("pause_turn", "stop"),
    ] {
        assert_eq!(answered(&message(json!([]), reason), &back())["choices"][0]["finish_reason"], finish);
    }
}

#[test]
fn calls_come_back_under_the_names_the_client_knows_and_thinking_beside_the_text() {
    let content = json!([
        { "type": "thinking", "thinking": "hm", "signature": "s" },
        { "type": "redacted_thinking", "data": "x" },
        { "type": "tool_use", "id": "toolu_1", "name": "f_2", "input": { "a": 1.50 } },
        { "type": "tool_use", "id": "toolu_2", "name": "g", "input": {} },
    ]);
    let mut back = back();
    back.renamed.push(("f_2".to_owned(), "f.2".to_owned()));
    let out = answered(&message(content.clone(), "tool_use"), &back);
    let said = &out["choices"][0]["message"];
    assert_eq!(said["content"], Value::Null);
    assert_eq!(said["reasoning_content"], "hm");
    assert_eq!(said["tool_calls"][0]["function"], json!({ "name": "f.2", "arguments": "{\"a\":1.5}" }));
    assert_eq!(
        said["tool_calls"][1],
        json!({ "id": "toolu_2", "type": "function", "function": { "name": "g", "arguments": "{}" } })
    );
    back.legacy_functions = true;
    let out = answered(&message(content, "tool_use"), &back);
    assert_eq!(out["choices"][0]["finish_reason"], "function_call");
    assert_eq!(out["choices"][0]["message"]["function_call"]["name"], "f.2");
    assert!(out["choices"][0]["message"].get("tool_calls").is_none());
}

#[test]
fn number_text_of_arguments_survives() {
    let body = r#"{"content":[{"type":"tool_use","id":"t","name":"f","input":{"a":1.50,"b":1e400,"c":"\u27e8X\u27e9"}}],"stop_reason":"tool_use"}"#;
    let Answered::Json(out) = answer(body.as_bytes(), &back()) else { panic!() };
    assert_eq!(
        read(&out)["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"],
        r#"{"a":1.50,"b":1e400,"c":"⟨X⟩"}"#
    );
    assert_eq!(read(&out)["id"], "chatcmpl-1");
}

#[test]
fn an_error_with_status_200_and_nonsense_are_told_apart() {
    let error = br#"{"type":"error","error":{"type":"api_error","message":"x"}}"#;
    assert_eq!(answer(error, &back()), Answered::Error);
    for nonsense in ["", "<html>", "{}", "[]", "{\"content\":\"x\"}", "{\"content\":["] {
        assert_eq!(answer(nonsense.as_bytes(), &back()), Answered::Malformed, "{nonsense}");
    }
}

fn read_error(status: u16, kind: &str, message: &str) -> (String, String) {
    let body = json!({ "type": "error", "error": { "type": kind, "message": message }, "request_id": "req_1" });
    let UpstreamError { message: said, kind, code, .. } = error(status, body.to_string().as_bytes());
    assert_eq!(said, message);
    (kind.unwrap(), code.unwrap())
}

#[test]
fn every_error_type_has_a_code() {
    for (status, kind, message, wanted) in [
        (400, "invalid_request_error", "max_tokens: required", ("invalid_request_error", "invalid_request")),
        (
            400,
            "invalid_request_error",
            "prompt is too long: 200001 tokens > 200000 maximum",
            ("invalid_request_error", "context_length_exceeded"),
        ),
        (400, "invalid_request_error", "Your credit balance is too low", ("insufficient_quota", "insufficient_quota")),
        (401, "authentication_error", "invalid x-api-key", ("authentication_error", "invalid_api_key")),
        (402, "billing_error", "pay", ("insufficient_quota", "insufficient_quota")),
        (403, "permission_error", "no", ("permission_error", "permission_denied")),
        (
            403,
            "permission_error",
            "not available in your country",
            ("permission_error", "unsupported_country_region_territory"),
        ),
        (404, "not_found_error", "model: claude-z", ("not_found_error", "model_not_found")),
        (413, "request_too_large", "big", ("invalid_request_error", "request_too_large")),
        (429, "rate_limit_error", "slow", ("rate_limit_error", "rate_limit_exceeded")),
        (500, "api_error", "oh", ("server_error", "server_error")),
        (504, "timeout_error", "late", ("timeout_error", "timeout")),
        (529, "overloaded_error", "Overloaded", ("server_error", "overloaded")),
        (418, "teapot_error", "new", ("invalid_request_error", "invalid_request")),
    ] {
        assert_eq!(read_error(status, kind, message), (wanted.0.to_owned(), wanted.1.to_owned()), "{status} {kind}");
    }
    let plain = error(529, b"<html>");
    assert_eq!((plain.message.as_str(), plain.code.as_deref()), ("", Some("overloaded")));
    assert!(retryable(529) && retryable(409) && !retryable(400) && !retryable(413));
}
