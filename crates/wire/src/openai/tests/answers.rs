use proptest::prelude::{any, prop_assert_eq, proptest};
use serde_json::{Value, json};

use crate::edit::Edits;
use crate::json::tests::{spell, text};
use crate::openai::{Answer, Chunk, Cited, ErrorBody, Event, Field, Response, UpstreamError, Usage};

fn response(text: &str) -> Response {
    match Answer::read(text.as_bytes()) {
        Answer::Response(response) => response,
        other => panic!("{other:?}"),
    }
}

fn chunk(data: &str) -> Chunk {
    match Event::read(data) {
        Event::Chunk(chunk) => chunk,
        other => panic!("{other:?}"),
    }
}

fn message(body: &[u8]) -> String {
    match Answer::read(body) {
        Answer::Error(error) => error.message,
        other => panic!("{other:?}"),
    }
}

proptest! {
    #[test]
    fn an_answer_is_read_as_another_reader_would(content in text(), arguments in text(), refusal in text(), counts in any::<[u32; 2]>(), seed in any::<u64>()) {
        let body = json!({ "id": "x", "model": "m-2026", "choices": [
            { "message": { "role": "assistant", "content": content, "refusal": refusal }, "finish_reason": "stop", "index": 1 },
            { "index": 0, "message": { "content": null, "tool_calls": [{ "id": "c", "function": { "name": "f", "arguments": arguments } }] } } ],
            "usage": { "prompt_tokens": counts[0], "completion_tokens": counts[1], "prompt_tokens_details": { "cached_tokens": 3 } } });
        let spelt = spell(&body, seed);
        let response = response(&spelt);
        let said: Vec<_> = response.said.iter().filter(|said| said.field != Field::Other)
            .map(|said| (said.choice, said.field, said.literal.decode(&spelt).into_owned())).collect();
        prop_assert_eq!(said, vec![(1, Field::Content, content), (1, Field::Refusal, refusal), (0, Field::ToolArguments(0), arguments)]);
        let usage = response.usage.unwrap();
        prop_assert_eq!([usage.prompt_tokens, usage.completion_tokens, usage.cached_tokens], [Some(counts[0].into()), Some(counts[1].into()), Some(3)]);
        prop_assert_eq!(response.finish_reason.unwrap().decode(&spelt), "stop");
    }

    #[test]
    fn a_piece_stands_in_for_what_is_said_instead(content in text(), instead in text(), seed in any::<u64>()) {
        let body = json!({ "id": "x", "y": [1, { "z": 2 }], "choices": [{ "index": 0, "delta": { "content": content }, "finish_reason": "stop" }], "usage": { "prompt_tokens": 1 } });
        let data = spell(&body, seed);
        for (field, key) in [(Field::Content, "content"), (Field::Refusal, "refusal"), (Field::Reasoning, "reasoning"), (Field::ReasoningContent, "reasoning_content")] {
            let out = chunk(&data).instead(&data, &[(2, field, instead.clone())]).unwrap();
            let got: Value = serde_json::from_str(&out).unwrap();
            let mut delta = serde_json::Map::new();
            delta.insert(key.to_owned(), json!(instead));
            let mut wanted = body.clone();
            wanted["choices"] = json!([{ "index": 2, "delta": delta, "finish_reason": null }]);
            wanted["usage"] = Value::Null;
            prop_assert_eq!(got, wanted);
            let said = chunk(&out).said[0];
            prop_assert_eq!((said.choice, said.field), (2, field));
        }
    }
}

#[test]
fn a_piece_for_arguments_is_read_back_as_arguments() {
    let data = r#"{"choices":[{"delta":{},"index":0}]}"#;
    for field in [Field::ToolArguments(3), Field::FunctionArguments, Field::Text] {
        let out = chunk(data).instead(data, &[(1, field, "{\"a\"".to_owned())]).unwrap();
        let said = chunk(&out).said[0];
        assert_eq!((said.choice, said.field, &*said.literal.decode(&out)), (1, field, "{\"a\""));
    }
}

#[test]
fn pieces_of_a_stream() {
    let first = chunk(
        r#"{"id":"1","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}"#,
    );
    assert!(!first.has_content() && !first.finishes() && first.usage.is_none());
    let call = chunk(r#"{"choices":[{"index":0,"delta":{"tool_calls":[{"function":{"arguments":"{"},"index":4}]}}]}"#);
    assert_eq!(call.said[0].field, Field::ToolArguments(4));
    assert!(call.has_content());
    let last = chunk(r#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}"#);
    assert!(last.finishes() && !last.is_usage_only());
    let data = r#"{"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3.0,"total_tokens":10}}"#;
    let usage = chunk(data);
    assert!(usage.is_usage_only());
    let wanted =
        Usage { prompt_tokens: Some(7), completion_tokens: Some(3), total_tokens: Some(10), ..Usage::default() };
    assert_eq!(usage.usage, Some(wanted));
    let mut edits = Edits::new();
    usage.drop_usage(&mut edits);
    assert_eq!(edits.apply_to(data.as_bytes()).unwrap(), br#"{"choices":[],"usage":null}"#);
    assert_eq!(Event::read(" [DONE] "), Event::Done);
    assert!(matches!(Event::read("[DONE"), Event::Malformed(_)));
    assert!(matches!(Event::read("<html>"), Event::Malformed(_)));
}

#[test]
fn errors_are_found_in_every_known_shape() {
    for body in [
        r#"{"error":{"message":"no","type":"t","code":400}}"#,
        r#"{"error":"no"}"#,
        r#"{"object":"error","message":"no","type":"BadRequestError","param":null,"code":400}"#,
        r#"{"detail":"no"}"#,
        r#"{"detail":[{"type":"missing","loc":["body"],"msg":"no"}]}"#,
        r#"{"status":400,"message":"no"}"#,
        r#"{"type":"error","error":{"type":"overloaded_error","message":"no"}}"#,
    ] {
        assert_eq!(message(body.as_bytes()), "no", "{body}");
        assert_eq!(UpstreamError::read(body.as_bytes()).message, "no", "{body}");
        let Event::Error(error) = Event::read(body) else { panic!("{body}") };
        assert_eq!(error.message, "no");
    }
    let error = UpstreamError::read(br#"{"error":{"message":"m","type":"t","code":400,"param":"p"}}"#);
    let wanted = (Some("t"), Some("400"), Some("p"));
    assert_eq!((error.kind.as_deref(), error.code.as_deref(), error.param.as_deref()), wanted);
    assert_eq!(UpstreamError::read(b"<html>busy</html>"), UpstreamError::default());
    assert_eq!(UpstreamError::read(b"upstream timed out").message, "upstream timed out");
    assert_eq!(UpstreamError::read(b"{\"error\":"), UpstreamError::default());
    assert!(UpstreamError::read("й".repeat(5000).as_bytes()).message.len() <= 2048);
}

#[test]
fn what_only_looks_like_success_is_told_apart() {
    assert_eq!(Answer::read(b" \n"), Answer::Empty);
    assert_eq!(Answer::read(b"\n<!doctype html>"), Answer::Html);
    assert_eq!(Answer::read(b"[]"), Answer::Foreign);
    assert_eq!(Answer::read(br#"{"ok":true}"#), Answer::Foreign);
    assert!(matches!(Answer::read(br#"{"choices":["#), Answer::Malformed(_)));
    assert!(matches!(Answer::read(b"\xFF"), Answer::Malformed(_)));
    let embedding =
        response(r#"{"object":"list","data":[{"embedding":[0.1,0.2]}],"error":null,"usage":{"prompt_tokens":2}}"#);
    assert_eq!(embedding.usage.unwrap().prompt_tokens, Some(2));
}

#[test]
fn our_errors_have_the_shape_that_clients_read() {
    let rule = Cited { id: "r".into(), title: "T".into(), cite: "Art. 1".into(), remedy: Some("stay".into()) };
    let body = ErrorBody::new(403, "policy_denied", "no \"way\"").rule(rule).docs("docs/errors/policy_denied.md");
    let got: Value = serde_json::from_str(&body.to_json()).unwrap();
    let wanted = json!({ "error": { "message": "no \"way\"", "type": "permission_error", "param": null, "code": "policy_denied",
        "freehold": { "rules": [{ "id": "r", "title": "T", "cite": "Art. 1", "remedy": "stay" }], "docs": "docs/errors/policy_denied.md" } } });
    assert_eq!(got, wanted);
}
