//! What is refused, and that the next request is answered all the same.

use serde_json::{Value, json};

use crate::fixture::babbler;
use crate::harness::{Engine, chat_body};

async fn refused(engine: &Engine, extra: Value) -> (u16, Value) {
    let (status, answer) = engine.chat(extra).await;
    (status, answer["error"].clone())
}

#[tokio::test]
async fn a_prompt_over_the_context_names_both_numbers() {
    let engine = Engine::start().await;
    let long = json!({"messages": [{"role": "user", "content": "x".repeat(400)}]});
    let (status, error) = refused(&engine, long).await;
    assert_eq!((status, &error["code"]), (400, &json!("context_length_exceeded")));
    let message = error["message"].as_str().expect("text");
    assert!(message.contains("256 tokens") && message.contains("the prompt has 419 "), "{message}");
    // So long that it is not even tokenized.
    let huge = json!({"messages": [{"role": "user", "content": "x".repeat(1 << 20)}]});
    let (status, error) = refused(&engine, huge).await;
    assert_eq!((status, &error["code"]), (400, &json!("context_length_exceeded")));
    assert!(error["message"].as_str().is_some_and(|m| m.contains("at least")), "{error}");
    engine.answer(json!({})).await;
}

#[tokio::test]
async fn what_is_not_supported_is_named() {
    let engine = Engine::start().await;
    let (status, error) = refused(&engine, json!({"n": 2})).await;
    assert_eq!((status, &error["code"], &error["param"]), (400, &json!("unsupported_parameter"), &json!("n")));
    let mut client = engine.client().await;
    let (status, answer) = client.get("/v1/nothing").await;
    assert_eq!((status, &answer["error"]["code"]), (404, &json!("not_found")));
    let (status, answer) = client.post("/v1/chat/completions", &json!([])).await;
    assert_eq!((status, &answer["error"]["code"]), (400, &json!("invalid_json")));
    let (status, answer) = client.post("/v1/completions", &json!({"prompt": [99999]})).await;
    assert_eq!((status, &answer["error"]["param"]), (400, &json!("prompt")));
    let body = format!("{{\"x\": \"{}\"}}", "y".repeat(9 << 20));
    let answer = client.send("POST", "/v1/completions", "a", body).await;
    // The answer may come before the body was taken in whole: then sending fails instead.
    assert!(answer.map_or(true, |a| a.status() == 413));
}

#[tokio::test]
async fn a_template_that_refuses_is_an_error_to_one_client() {
    let mut gguf = babbler();
    let template = "{% if messages[0].role == 'system' %}{{ raise_exception('no system here') }}{% endif %}x";
    gguf.set("tokenizer.chat_template", crate::fixture::Meta::Text(template.into()));
    let engine = Engine::with(&gguf, |_| {}).await;
    let system = json!({"messages": [{"role": "system", "content": ""}]});
    let (status, error) = refused(&engine, system).await;
    assert_eq!((status, &error["code"]), (400, &json!("chat_template_error")));
    assert!(error["message"].as_str().is_some_and(|m| m.contains("no system here")));
    engine.answer(json!({})).await;
}

#[tokio::test]
async fn one_connection_serves_many_requests() {
    let engine = Engine::start().await;
    let mut client = engine.client().await;
    for i in 0..5 {
        let limit = json!({"max_tokens": i + 1});
        let (status, answer) = client.post("/v1/chat/completions", &chat_body(limit)).await;
        assert_eq!((status, &answer["usage"]["completion_tokens"]), (200, &json!(i + 1)));
    }
}
