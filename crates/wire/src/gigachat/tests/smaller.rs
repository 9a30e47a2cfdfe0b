use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::back;
use crate::gigachat::{
    BASE_URL, CHAT_PATH, count_answer, count_request, embeddings_answer, embeddings_request, error, headers,
    models_answer, url,
};
use crate::translate::{Answered, Target};

fn vectors(body: &Value) -> (Value, crate::translate::Back) {
    let target = Target { model: "Embeddings", ..Target::default() };
    let outgoing = embeddings_request(body.to_string().as_bytes(), &target).unwrap();
    (serde_json::from_slice(&outgoing.body).unwrap(), outgoing.back)
}

const VECTORS: &str = r#"{"object":"list","model":"Embeddings","data":[
 {"object":"embedding","index":1,"embedding":[0.909,0.030],"usage":{"prompt_tokens":6}},
 {"object":"embedding","index":0,"embedding":[0.8860,1.5],"usage":{"prompt_tokens":7}}]}"#;

#[test]
fn embeddings_sum_of_usage_and_order_kept() {
    let (read, back) = vectors(&json!({ "model": "r", "input": "one", "encoding_format": "float", "user": "x" }));
    assert_eq!(read, json!({ "model": "Embeddings", "input": ["one"] }));
    let Answered::Json(out) = embeddings_answer(VECTORS.as_bytes(), &back) else { panic!("no answer") };
    let expected = r#"{"object":"list","model":"Embeddings","data":[{"object":"embedding","index":0,"embedding":[0.8860,1.5]},{"object":"embedding","index":1,"embedding":[0.909,0.030]}],"usage":{"prompt_tokens":13,"total_tokens":13}}"#;
    assert_eq!(String::from_utf8(out).unwrap(), expected);
}

#[test]
fn embeddings_base64_made_locally() {
    let (_, back) = vectors(&json!({ "model": "r", "input": ["one", "two"], "encoding_format": "base64" }));
    let Answered::Json(out) = embeddings_answer(VECTORS.as_bytes(), &back) else { panic!("no answer") };
    let out: Value = serde_json::from_slice(&out).unwrap();
    let bytes = STANDARD.decode(out["data"][0]["embedding"].as_str().unwrap()).unwrap();
    assert_eq!(bytes, [0.886_f32.to_le_bytes(), 1.5_f32.to_le_bytes()].concat());
}

#[test]
fn embeddings_refuse_what_they_cannot_express() {
    let target = Target::default();
    for (body, field) in [
        (json!({ "input": "x", "dimensions": 8 }), "dimensions"),
        (json!({ "input": [1, 2] }), "input"),
        (json!({ "input": [] }), "input"),
        (json!({}), "input"),
    ] {
        assert_eq!(embeddings_request(body.to_string().as_bytes(), &target).unwrap_err().field, field);
    }
    assert_eq!(embeddings_answer(b"{\"status\":500,\"message\":\"x\"}", &back()), Answered::Error);
    assert_eq!(embeddings_answer(b"{\"data\":[{\"embedding\":\"x\"}]}", &back()), Answered::Malformed);
}

#[test]
fn tokens_count_is_a_bare_array() {
    assert_eq!(count_request("GigaChat-2", &["раз"]), "{\"model\":\"GigaChat-2\",\"input\":[\"раз\"]}".as_bytes());
    let body = br#"[{"object":"tokens","tokens":2,"characters":10},{"object":"tokens","tokens":3,"characters":11}]"#;
    assert_eq!(count_answer(body), Some(vec![2, 3]));
    assert_eq!(count_answer(b"{\"status\":500}"), None);
}

#[test]
fn models_get_a_time_of_creation() {
    let body =
        br#"{"object":"list","data":[{"id":"GigaChat-2","object":"model","owned_by":"salutedevices","type":"chat"}]}"#;
    let Answered::Json(out) = models_answer(body) else { panic!("no list") };
    let model = json!({ "id": "GigaChat-2", "object": "model", "created": 0, "owned_by": "salutedevices" });
    assert_eq!(serde_json::from_slice::<Value>(&out).unwrap(), json!({ "object": "list", "data": [model] }));
}

#[test]
fn user_agent_is_always_present() {
    for streamed in [false, true] {
        assert!(headers(streamed).iter().any(|(name, value)| *name == "user-agent" && !value.is_empty()));
    }
    assert_eq!(url("https://api.giga.chat/v1/", CHAT_PATH), url(BASE_URL, CHAT_PATH));
}

#[test]
fn errors_402_403_404_413_422_429_500_503_html_body_and_empty_body() {
    let cases = [
        (
            400,
            r#"{"status":400,"message":"Too many tokens: 9000"}"#,
            "context_length_exceeded",
            "invalid_request_error",
        ),
        (400, r#"{"status":400,"message":"bad"}"#, "invalid_request", "invalid_request_error"),
        (401, r#"{"status":401,"message":"Token has expired"}"#, "invalid_api_key", "authentication_error"),
        (402, r#"{"status":402,"message":"Payment Required"}"#, "insufficient_quota", "insufficient_quota"),
        (403, r#"{"message":"Unauthorized"}"#, "permission_denied", "permission_error"),
        (404, r#"{"status":404,"message":"No such model"}"#, "model_not_found", "not_found_error"),
        (413, r#"{"status":413,"message":"Payload too large"}"#, "context_length_exceeded", "invalid_request_error"),
        (
            422,
            r#"{"status":422,"message":"Requested model does not support functions"}"#,
            "unsupported_parameter",
            "invalid_request_error",
        ),
        (
            422,
            r#"{"status":422,"message":"system message must be the first message"}"#,
            "invalid_request",
            "invalid_request_error",
        ),
        (429, r#"{"status":429,"message":"Too Many Requests"}"#, "rate_limit_exceeded", "rate_limit_error"),
        (500, r#"{"status":500,"message":"Internal Server Error"}"#, "server_error", "server_error"),
        (503, "<html><title>503</title></html>", "server_error", "server_error"),
        (503, "", "server_error", "server_error"),
        (504, "gateway timed out", "timeout", "timeout_error"),
    ];
    for (status, body, code, kind) in cases {
        let read = error(status, body.as_bytes());
        assert_eq!((read.code.as_deref(), read.kind.as_deref()), (Some(code), Some(kind)), "{status} {body}");
        assert!(!read.message.is_empty() && !read.message.contains('<'));
    }
}
