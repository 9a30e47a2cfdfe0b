use serde_json::{Value, json};

use super::{answer, answered, back};
use crate::openai::{self, Answer};
use crate::translate::{Answered, Back};

const HELLO: &str = r#"{"choices":[{"message":{"content":"Hello.","role":"assistant"},"index":0,"finish_reason":"stop"}],
 "created":1768996171,"model":"GigaChat:2.0.28.2","object":"chat.completion",
 "usage":{"prompt_tokens":17,"completion_tokens":3,"total_tokens":20,"precached_prompt_tokens":2}}"#;

#[test]
fn usage_and_cached_tokens() {
    let expected = json!({
        "id": "chatcmpl-7", "object": "chat.completion", "created": 1_768_996_171, "model": "GigaChat:2.0.28.2",
        "choices": [{ "index": 0, "message": { "role": "assistant", "content": "Hello.", "refusal": null },
            "logprobs": null, "finish_reason": "stop" }],
        "usage": { "prompt_tokens": 17, "completion_tokens": 3, "total_tokens": 20,
            "prompt_tokens_details": { "cached_tokens": 2 } },
        "system_fingerprint": null,
    });
    let out = answered(HELLO, &back());
    assert_eq!(out, expected);
    let Answer::Response(read) = Answer::read(out.to_string().as_bytes()) else { panic!("not an answer of OpenAI's") };
    assert_eq!(read.usage.unwrap().cached_tokens, Some(2));
}

#[test]
fn blacklist_becomes_content_filter() {
    let body = HELLO.replace("\"stop\"", "\"blacklist\"");
    assert_eq!(answered(&body, &back())["choices"][0]["finish_reason"], "content_filter");
}

const CALL: &str = r#"{"choices":[{"message":{"content":"","role":"assistant",
   "function_call":{"name":"user_web_search","arguments":{"city":"Москва", "n": {"a":[1.50, 12345678901234567890123]}}},
   "functions_state_id":"77d3fb14-457a-46ba-937e-8d856156d003"},
  "index":0,"finish_reason":"function_call"}],"created":1706016586,"model":"GigaChat-2-Max:2.0.28.2",
 "object":"chat.completions","usage":{"prompt_tokens":138,"completion_tokens":21,"total_tokens":159}}"#;

#[test]
fn arguments_become_text_with_cyrillic_nested_objects_and_every_digit() {
    let back = Back { renamed: vec![("user_web_search".to_owned(), "web_search".to_owned())], ..back() };
    let choice = &answered(CALL, &back)["choices"][0];
    let arguments = r#"{"city":"Москва","n":{"a":[1.50,12345678901234567890123]}}"#;
    let call = json!({ "id": "gc_77d3fb14-457a-46ba-937e-8d856156d003", "type": "function",
        "function": { "name": "web_search", "arguments": arguments } });
    assert_eq!(choice["message"]["tool_calls"], json!([call]));
    assert_eq!(choice["message"]["content"], Value::Null);
    assert_eq!(choice["finish_reason"], "tool_calls");
    assert!(call["id"].as_str().unwrap().len() <= 40);
}

#[test]
fn escaped_arguments_say_the_same_in_plain_letters() {
    let body = CALL.replace("Москва", "\\u041c\\u27e8\\\"");
    let arguments = answered(&body, &back())["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"].clone();
    assert!(arguments.as_str().unwrap().starts_with("{\"city\":\"М⟨\\\"\""), "{arguments}");
}

#[test]
fn calls_in_the_older_form() {
    let back = Back { legacy_functions: true, ..back() };
    let choice = &answered(CALL, &back)["choices"][0];
    assert_eq!(choice["message"]["function_call"]["name"], "user_web_search");
    assert_eq!(choice["message"].get("tool_calls"), None);
    assert_eq!(choice["finish_reason"], "function_call");
}

#[test]
fn a_call_without_a_state_gets_an_id_of_its_own() {
    let body = CALL.replace("functions_state_id", "other");
    assert_eq!(answered(&body, &back())["choices"][0]["message"]["tool_calls"][0]["id"], "call_7_0_0");
}

#[test]
fn reasoning_is_kept() {
    let body = HELLO.replace("\"role\":\"assistant\"", "\"role\":\"assistant\",\"reasoning_content\":\"hm\"");
    assert_eq!(answered(&body, &back())["choices"][0]["message"]["reasoning_content"], "hm");
}

#[test]
fn finish_reasons() {
    for (said, expected) in [("stop", "stop"), ("length", "length"), ("blacklist", "content_filter"), ("new", "stop")] {
        let body = HELLO.replace("\"stop\"", &format!("\"{said}\""));
        assert_eq!(answered(&body, &back())["choices"][0]["finish_reason"], expected);
    }
    let body = HELLO.replace("\"stop\"", "\"error\"");
    assert_eq!(answer(body.as_bytes(), &back()), Answered::Error);
    assert_eq!(crate::gigachat::error(200, body.as_bytes()).code.as_deref(), Some("model_error"));
}

#[test]
fn an_error_body_with_status_200_is_an_error() {
    for body in [
        r#"{"status":429,"message":"Too many requests"}"#,
        r#"{"message":"Unauthorized"}"#,
        r#"{"error":{"message":"x"}}"#,
    ] {
        assert_eq!(answer(body.as_bytes(), &back()), Answered::Error);
    }
    let read = crate::gigachat::error(200, br#"{"status":429,"message":"Too many requests"}"#);
    assert_eq!(read.code.as_deref(), Some("rate_limit_exceeded"));
    assert_eq!(crate::gigachat::error_status(200, br#"{"status":429,"message":"x"}"#), 429);
}

#[test]
fn html_body_empty_body_and_nonsense_are_malformed() {
    for body in ["", "<html>", "{", "[]", "{}", "{\"choices\":[]}", "{\"choices\":[{}]}", "{\"choices\":1}"] {
        assert_eq!(answer(body.as_bytes(), &back()), Answered::Malformed, "{body}");
    }
    let list = r#"{"choices":[{"message":{"content":[1]},"index":0}]}"#;
    assert_eq!(answer(list.as_bytes(), &back()), Answered::Malformed);
}

#[test]
fn what_the_provider_leaves_out_comes_from_the_request() {
    let out = answered(r#"{"choices":[{"message":{"content":"x"}}]}"#, &back());
    assert_eq!((&out["model"], &out["created"], out.get("usage")), (&json!("GigaChat-2"), &json!(9), None));
    assert_eq!(out["choices"][0]["finish_reason"], "stop");
    assert!(matches!(openai::Answer::read(out.to_string().as_bytes()), Answer::Response(_)));
}
