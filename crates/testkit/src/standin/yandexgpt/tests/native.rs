use http_body_util::BodyExt;
use serde_json::{Value, json};
use wire::translate::Answered;
use wire::yandexgpt::{Class, Rewritten, Stream, error, paths};

use super::{KEY, back, bench, content, frames, target, user};
use crate::Fault;

const MAX: usize = 1 << 20;

#[tokio::test]
async fn streamed_or_not_the_answer_is_the_same_and_the_stream_is_cumulative_lines() {
    let bench = bench();
    let whole = bench.chat(&user("Привет 👩‍👧")).await;
    let mut body = user("Привет 👩‍👧");
    body["stream"] = json!(true);
    let out = wire::yandexgpt::request(body.to_string().as_bytes(), &target()).unwrap();
    let (_, bytes) = bench.ask(paths::COMPLETION, KEY, out.body).await;
    let lines = String::from_utf8(bytes.clone()).unwrap();
    assert!(lines.lines().count() > 5 && lines.lines().all(|line| line.starts_with("{\"result\":")));
    let data = frames(&mut Stream::new(back(), MAX), &bytes);
    assert_eq!(whole["choices"][0]["message"]["content"], content(&data).as_str());
    let last: Value = serde_json::from_str(&data[data.len() - 2]).unwrap();
    assert_eq!(last["usage"], whole["usage"]);
    assert_eq!(data.last().unwrap(), "[DONE]");
    assert_eq!(bench.shared.state.received().len(), 2);
}

#[tokio::test]
async fn all_statuses_come_and_are_translated() {
    let bench = bench();
    for (said, max_tokens, reason) in
        [("Привет", 900, "stop"), ("Привет", 3, "length"), ("[filter]", 900, "content_filter")]
    {
        let mut body = user(said);
        body["max_tokens"] = json!(max_tokens);
        assert_eq!(bench.chat(&body).await["choices"][0]["finish_reason"], reason);
        body["stream"] = json!(true);
        let out = wire::yandexgpt::request(body.to_string().as_bytes(), &target()).unwrap();
        let (_, bytes) = bench.ask(paths::COMPLETION, KEY, out.body).await;
        let data = frames(&mut Stream::new(back(), MAX), &bytes);
        assert!(data.iter().any(|data| data.contains(&format!("\"finish_reason\":\"{reason}\""))), "{data:?}");
    }
}

#[tokio::test]
async fn rewritten_text_is_noticed() {
    let bench = bench();
    let mut body = user("[rewrite] Привет");
    body["stream"] = json!(true);
    let out = wire::yandexgpt::request(body.to_string().as_bytes(), &target()).unwrap();
    let (_, bytes) = bench.ask(paths::COMPLETION, KEY, out.body).await;
    let failed = frames(&mut Stream::new(back(), MAX), &bytes);
    assert!(failed.last().unwrap().contains("stream_rewritten"));
    let held = frames(&mut Stream::with(back(), MAX, Rewritten::Hold), &bytes);
    assert!(content(&held).contains("not a real model] You wrote: [rewrite]"));
}

#[tokio::test]
async fn the_tool_round_trip_keeps_two_calls_of_one_function_apart() {
    let bench = bench();
    let tool = json!({ "type": "function", "function": { "name": "weather", "parameters": { "type": "object", "properties": { "city": { "type": "string" }, "days": { "type": "integer" } } } } });
    let mut body = user("погода дважды");
    body["tools"] = json!([tool]);
    let answer = bench.chat(&body).await;
    let message = answer["choices"][0]["message"].clone();
    assert_eq!(message["tool_calls"][1]["function"]["arguments"], r#"{"city":"погода дважды (2)","days":2}"#);
    let result = |at: usize, said: &str| json!({ "role": "tool", "tool_call_id": message["tool_calls"][at]["id"], "content": said });
    body["messages"] = json!([body["messages"][0], message, result(1, "второй"), result(0, "первый")]);
    let text = bench.chat(&body).await["choices"][0]["message"]["content"].clone();
    assert!(text.as_str().unwrap().ends_with("the tools said: первый; второй"), "{text}");
}

#[tokio::test]
async fn structured_answers_fit_their_schema() {
    let bench = bench();
    let mut body = user("Привет");
    let schema = json!({ "type": "object", "properties": { "n": { "type": "integer" }, "t": { "type": "array", "items": { "type": "string" } } } });
    body["response_format"] = json!({ "type": "json_schema", "json_schema": { "name": "x", "schema": schema } });
    let said = bench.chat(&body).await["choices"][0]["message"]["content"].clone();
    assert_eq!(said, r#"{"n":2,"t":["Привет"]}"#);
}

#[tokio::test]
async fn what_the_contract_forbids_is_refused_in_the_transcoders_shape() {
    let bench = bench();
    let good = json!({ "modelUri": "gpt://b1gstandin/yandexgpt/latest", "completionOptions": {}, "messages": [{ "role": "user", "text": "x" }] });
    let call = json!({ "role": "assistant", "toolCallList": { "toolCalls": [{ "functionCall": { "name": "f", "arguments": {} } }] } });
    let result = json!({ "role": "user", "toolResultList": { "toolResults": [{ "functionResult": { "name": "g", "content": "" } }] } });
    for (at, value, status, class) in [
        ("/messages/0/role", json!("tool"), 400, Class::Invalid),
        ("/messages/0", json!({ "role": "user" }), 400, Class::Invalid),
        ("/messages/0", json!({ "role": "user", "content": "x" }), 400, Class::Invalid),
        ("/messages/0", json!({ "role": "user", "text": "x", "toolCallList": {} }), 400, Class::Invalid),
        ("/messages", json!([call, result]), 400, Class::Invalid),
        ("/completionOptions", json!({ "maxTokens": "0" }), 400, Class::Invalid),
        ("/completionOptions", json!({ "temperature": 1.5 }), 400, Class::Invalid),
        ("/completionOptions", json!({ "topP": 1 }), 400, Class::Invalid),
        ("/messages/0/text", json!("x".repeat(130_000)), 400, Class::ContextLength),
        ("/modelUri", json!("gpt://b1gother/yandexgpt/latest"), 403, Class::Permission),
        ("/modelUri", json!("gpt://b1gstandin/qwen3-235b-a22b-fp8/latest"), 404, Class::NotFound),
        ("/modelUri", json!("yandexgpt"), 400, Class::Invalid),
    ] {
        let mut body = good.clone();
        *body.pointer_mut(at).unwrap() = value;
        let (seen, bytes) = bench.ask(paths::COMPLETION, KEY, body.to_string().into_bytes()).await;
        let said: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!((seen, error(seen, &bytes).class), (status, class), "{at} {said}");
        assert!(said["error"]["grpcCode"].is_u64() && said["error"]["httpCode"] == status);
    }
    assert_eq!(bench.json(paths::COMPLETION, &good).await.0, 200);
}

#[tokio::test]
async fn no_more_generations_run_than_the_gauge_allows_and_an_end_makes_room_at_once() {
    let bench = bench();
    let body = json!({ "modelUri": "gpt://b1gstandin/yandexgpt/latest", "completionOptions": { "stream": true }, "messages": [{ "role": "user", "text": "x" }] });
    let body = body.to_string().into_bytes();
    let first = bench.respond(paths::COMPLETION, KEY, body.clone()).await;
    let second = bench.respond(paths::COMPLETION, KEY, body.clone()).await;
    let (status, refused) = bench.ask(paths::COMPLETION, KEY, body.clone()).await;
    assert_eq!((status, error(status, &refused).class), (429, Class::Concurrency));
    first.into_body().collect().await.unwrap();
    assert_eq!(bench.ask(paths::COMPLETION, KEY, body.clone()).await.0, 200);
    drop(second);
    assert_eq!(bench.ask(paths::COMPLETION, KEY, body).await.0, 200);
}

#[tokio::test]
async fn faults_look_to_the_translation_like_what_they_are() {
    let bench = bench();
    let mut body = user("Привет, мир");
    let asked = |body: &Value| wire::yandexgpt::request(body.to_string().as_bytes(), &target()).unwrap().body;
    bench.shared.state.set_faults(vec![
        Fault::Status { status: 429, retry_after_s: None },
        Fault::ErrorInOk,
        Fault::Malformed,
        Fault::CutAfter { events: 2 },
        Fault::NoTerminator,
    ]);
    let (status, bytes) = bench.ask(paths::COMPLETION, KEY, asked(&body)).await;
    assert_eq!(error(status, &bytes).class, Class::RateWindow);
    let (_, bytes) = bench.ask(paths::COMPLETION, KEY, asked(&body)).await;
    assert_eq!(wire::yandexgpt::answer(&bytes, &back()), Answered::Error);
    let (_, bytes) = bench.ask(paths::COMPLETION, KEY, asked(&body)).await;
    assert_eq!(wire::yandexgpt::answer(&bytes, &back()), Answered::Malformed);
    body["stream"] = json!(true);
    for _ in 0..2 {
        let (_, bytes) = bench.ask(paths::COMPLETION, KEY, asked(&body)).await;
        let data = frames(&mut Stream::new(back(), MAX), &bytes);
        assert!(!content(&data).is_empty() && data.last().unwrap() != "[DONE]");
    }
}
