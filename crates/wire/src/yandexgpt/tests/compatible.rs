use proptest::prelude::{prop_assert_eq, proptest};
use serde_json::{Value, json};

use super::{back, chunks, content, finish, run, target};
use crate::translate::{Answered, Back, Target};
use crate::yandexgpt::compatible::{Stream, answer, embeddings_answer, embeddings_request, request};
use crate::yandexgpt::merge;

const MAX: usize = 1 << 20;

fn events(chunks: &[Value]) -> String {
    let mut body: String = chunks.iter().map(|chunk| format!("data: {chunk}\n\n")).collect();
    body.push_str("data: [DONE]\n\n");
    body
}

fn translated(body: &str, piece: usize) -> Vec<String> {
    run(&mut Stream::new(back(), MAX), body.as_bytes(), piece)
}

fn piece(delta: &Value) -> Value {
    json!({ "id": "x", "object": "chat.completion.chunk", "created": 7, "model": "gpt://b1g/yandexgpt/latest", "choices": [{ "index": 0, "delta": delta }] })
}

fn ends(delta: &Value, reason: &str) -> Value {
    let mut chunk = piece(delta);
    chunk["choices"][0]["finish_reason"] = reason.into();
    chunk
}

#[test]
fn an_absent_finish_reason_is_null_and_usage_without_choices_comes_last() {
    let counted = json!({ "id": "x", "choices": [], "usage": { "prompt_tokens": "3", "completion_tokens": 2 } });
    let body = events(&[
        piece(&json!({ "role": "assistant" })),
        piece(&json!({ "content": "При" })),
        piece(&json!({})),
        piece(&json!({ "content": "вет" })),
        ends(&json!({}), "STOP"),
        counted,
    ]);
    let data = translated(&body, MAX);
    let all = chunks(&data);
    assert_eq!(
        all[0]["choices"][0],
        json!({ "index": 0, "delta": { "role": "assistant", "content": "" }, "logprobs": null, "finish_reason": null })
    );
    assert_eq!((content(&data).as_str(), finish(&data).as_deref()), ("Привет", Some("stop")));
    assert_eq!(all.len(), 5, "an empty delta is not worth a chunk");
    assert_eq!(all[4]["usage"], json!({ "prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5 }));
    assert_eq!((&all[4]["choices"], &all[4]["id"]), (&json!([]), &json!("x")));
    assert_eq!(data.last().unwrap(), "[DONE]");
    let unasked = run(&mut Stream::new(Back { wants_usage: false, ..back() }, MAX), body.as_bytes(), 3);
    assert!(chunks(&unasked).iter().all(|chunk| chunk["usage"].is_null()));
}

#[test]
fn the_text_of_a_content_filter_replaces_and_is_not_appended() {
    let filtered = ends(&json!({ "content": "Давайте сменим тему" }), "content_filter");
    let data = translated(&events(&[piece(&json!({ "content": "Запретн" })), filtered.clone()]), 4);
    assert_eq!((content(&data).as_str(), finish(&data).as_deref()), ("Запретн", Some("content_filter")));
    assert_eq!(content(&translated(&events(&[filtered]), 4)), "Давайте сменим тему");
    let same = ends(&json!({ "content": "Да!" }), "content_filter");
    assert_eq!(content(&translated(&events(&[piece(&json!({ "content": "Да" })), same]), 4)), "Да!");
}

#[test]
fn missing_deltas_ids_indexes_and_ends_are_made_up_for() {
    let call = json!({ "tool_calls": [{ "function": { "name": "f", "arguments": "{\"a\"" } }] });
    let more = json!({ "role": "assistant", "tool_calls": [{ "index": 0, "function": { "arguments": ":1}" } }] });
    let data = translated(&events(&[json!({ "choices": [{}] }), piece(&call), piece(&more)]), 1);
    let all = chunks(&data);
    let first = &all[1]["choices"][0]["delta"]["tool_calls"][0];
    assert_eq!((&first["index"], &first["type"]), (&json!(0), &json!("function")));
    assert!(first["id"].as_str().is_some_and(|id| id.starts_with("call_")));
    assert_eq!(all[2]["choices"][0]["delta"].get("role"), None, "clients append roles");
    assert_eq!((&all[0]["id"], &all[0]["created"]), (&json!("chatcmpl-1"), &json!(1_764_000_000)));
    assert_eq!(finish(&data).as_deref(), Some("tool_calls"));
}

#[test]
fn an_error_in_the_stream_ends_it_and_a_cut_one_has_no_terminator() {
    let body = format!(
        "data: {}\n\ndata: {{\"error\":{{\"message\":\"no\",\"code\":429}}}}\n\ndata: [DONE]\n\n",
        piece(&json!({ "content": "а" }))
    );
    let data = translated(&body, 2);
    let last: Value = serde_json::from_str(data.last().unwrap()).unwrap();
    assert_eq!(last["error"]["code"], "rate_limit_exceeded");
    let cut = translated(&format!("data: {}\n\n", ends(&json!({}), "stop")), 2);
    assert_ne!(cut.last().unwrap(), "[DONE]");
}

#[test]
fn a_whole_answer_is_completed_and_errors_are_told_apart() {
    let body = json!({ "choices": [{ "message": { "tool_calls": [{ "function": { "name": "f", "arguments": { "a": 1 } } }] } }], "usage": { "prompt_tokens": 1, "completion_tokens": "2" } });
    let Answered::Json(bytes) = answer(body.to_string().as_bytes(), &back()) else { panic!("no answer") };
    let value: Value = serde_json::from_slice(&bytes).unwrap();
    let choice = &value["choices"][0];
    assert_eq!(
        (&choice["finish_reason"], &choice["message"]["content"], &choice["message"]["role"]),
        (&json!("tool_calls"), &Value::Null, &json!("assistant"))
    );
    assert_eq!(choice["message"]["tool_calls"][0]["function"]["arguments"], "{\"a\":1}");
    assert!(choice["message"]["tool_calls"][0]["id"].is_string());
    assert_eq!((&value["object"], &value["usage"]["total_tokens"]), (&json!("chat.completion"), &json!(3)));
    assert_eq!(answer(br#"{"error":{"message":"x"}}"#, &back()), Answered::Error);
    assert_eq!(answer(b"{}", &back()), Answered::Malformed);
}

#[test]
fn requests_name_the_model_by_uri_and_undocumented_parameters_are_refused_only_for_own_models() {
    let body = json!({ "model": "route", "messages": [{ "role": "developer", "content": "x" }], "max_completion_tokens": 5, "max_tokens": 9, "user": "u", "top_p": 0.5 });
    let refused = request(body.to_string().as_bytes(), &target()).unwrap_err();
    assert_eq!(refused.field, "top_p");
    let droppable = ["top_p".to_owned()];
    let out = request(body.to_string().as_bytes(), &Target { droppable: &droppable, ..target() }).unwrap();
    assert_eq!(out.dropped, droppable);
    let sent: Value = serde_json::from_slice(&out.body).unwrap();
    assert_eq!(
        sent,
        json!({ "model": "gpt://b1g/yandexgpt/latest", "messages": [{ "role": "system", "content": "x" }], "max_tokens": 5 })
    );
    let open = Target { model: "qwen3-235b-a22b-fp8", ..target() };
    let sent: Value = serde_json::from_slice(&request(body.to_string().as_bytes(), &open).unwrap().body).unwrap();
    assert_eq!((&sent["top_p"], &sent["model"]), (&json!(0.5), &json!("gpt://b1g/qwen3-235b-a22b-fp8/latest")));
    let image = json!({ "messages": [{ "role": "user", "content": [{ "type": "image_url" }] }] }).to_string();
    assert_eq!(request(image.as_bytes(), &target()).unwrap_err().field, "image_url");
    assert!(request(image.as_bytes(), &open).is_ok());
}

#[test]
fn embeddings_are_one_text_a_request_here_too() {
    let target = Target { model: "text-search-doc", ..target() };
    let out = embeddings_request(br#"{"input":["a","b"],"model":"m"}"#, &target).unwrap();
    let second: Value = serde_json::from_slice(&out.bodies[1]).unwrap();
    assert_eq!(
        second,
        json!({ "model": "emb://b1g/text-search-doc/latest", "input": "b", "encoding_format": "float" })
    );
    let one =
        embeddings_answer(br#"{"data":[{"embedding":[1.50]}],"usage":{"prompt_tokens":2,"total_tokens":2}}"#).unwrap();
    let merged = String::from_utf8(merge(&[one], "m", false)).unwrap();
    assert!(merged.contains("[1.50]") && merged.contains("\"prompt_tokens\":2"), "{merged}");
}

proptest! {
    #[test]
    fn any_split_gives_the_same_frames_and_the_whole_text(pieces in proptest::collection::vec("[а-я 👩‍👧\"\n]{0,5}", 0..6), size in 1_usize..50) {
        let mut all: Vec<Value> = pieces.iter().map(|text| piece(&json!({ "content": text }))).collect();
        all.push(ends(&json!({ "content": "." }), "stop"));
        let body = events(&all);
        let whole = translated(&body, MAX);
        prop_assert_eq!(content(&whole), pieces.concat() + ".");
        for size in [1, 2, size] {
            prop_assert_eq!(&translated(&body, size), &whole);
        }
    }
}
