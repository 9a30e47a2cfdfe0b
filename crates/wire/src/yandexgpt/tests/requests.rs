use serde_json::{Value, json};

use super::target;
use crate::translate::Target;
use crate::yandexgpt::{
    Scheme, embeddings_answer, embeddings_request, merge, model_uri, request, tokenize_answer, tokenize_request,
};

fn sent(body: &Value) -> Value {
    serde_json::from_slice(&request(body.to_string().as_bytes(), &target()).unwrap().body).unwrap()
}

fn refused(body: &Value) -> String {
    request(body.to_string().as_bytes(), &target()).unwrap_err().field
}

#[test]
fn every_field_that_has_a_counterpart_goes_there() {
    let body = json!({
        "model": "route", "stream": true, "temperature": 0.3, "max_tokens": 2000, "reasoning_effort": "high",
        "stream_options": { "include_usage": true }, "user": "u", "n": 1, "top_p": 1.0, "seed": null, "stop": [],
        "messages": [
            { "role": "developer", "content": "Отвечай кратко" },
            { "role": "user", "content": [{ "type": "text", "text": "При" }, { "type": "text", "text": "вет" }] },
        ],
        "tools": [{ "type": "function", "function": { "name": "f", "description": "d", "parameters": { "type": "object" }, "strict": null } }],
        "tool_choice": "required", "parallel_tool_calls": false,
        "response_format": { "type": "json_schema", "json_schema": { "name": "n", "strict": true, "schema": { "type": "object" } } },
    });
    assert_eq!(
        sent(&body),
        json!({
            "modelUri": "gpt://b1g/yandexgpt/latest",
            "completionOptions": { "stream": true, "temperature": 0.3, "maxTokens": "2000", "reasoningOptions": { "mode": "ENABLED_HIDDEN" } },
            "messages": [{ "role": "system", "text": "Отвечай кратко" }, { "role": "user", "text": "При\nвет" }],
            "tools": [{ "function": { "name": "f", "description": "d", "parameters": { "type": "object" } } }],
            "toolChoice": { "mode": "REQUIRED" },
            "parallelToolCalls": false,
            "jsonSchema": { "schema": { "type": "object" } },
        })
    );
    assert!(request(body.to_string().as_bytes(), &target()).unwrap().back.wants_usage);
}

#[test]
fn a_temperature_above_the_highest_goes_as_the_highest_and_none_effort_disables_reasoning() {
    let body = json!({ "messages": [{ "role": "user", "content": "x" }], "temperature": 1.7, "reasoning_effort": "none",
        "max_completion_tokens": 7, "max_tokens": 9, "response_format": { "type": "json_object" } });
    let sent = sent(&body);
    assert_eq!(sent["completionOptions"]["temperature"], 1);
    assert_eq!(sent["completionOptions"]["reasoningOptions"]["mode"], "DISABLED");
    assert_eq!(sent["completionOptions"]["maxTokens"], "7");
    assert_eq!(sent["jsonObject"], true);
}

#[test]
fn what_has_no_counterpart_is_refused_or_dropped_where_listed() {
    let said = json!([{ "role": "user", "content": "x" }]);
    let values = [
        ("top_p", json!(0.5)),
        ("stop", json!("x")),
        ("seed", json!(1)),
        ("n", json!(2)),
        ("presence_penalty", json!(1)),
        ("logprobs", json!(true)),
        ("web_search_options", json!({})),
        ("store", json!(true)),
        ("max_tokens", json!(0)),
    ];
    for (field, value) in values {
        let mut body = json!({ "messages": said });
        body[field] = value;
        assert_eq!(refused(&body), field);
        let droppable = [field.to_owned()];
        let target = Target { droppable: &droppable, ..target() };
        let out = request(body.to_string().as_bytes(), &target).unwrap();
        assert_eq!(out.dropped, droppable);
        let sent: Value = serde_json::from_slice(&out.body).unwrap();
        assert!(sent.get(field).is_none() && sent["completionOptions"].get("maxTokens").is_none());
    }
    let image = json!({ "messages": [{ "role": "user", "content": [{ "type": "image_url", "image_url": { "url": "data:" } }] }] });
    assert_eq!(refused(&image), "image_url");
    assert_eq!(refused(&json!({ "messages": [{ "role": "wizard", "content": "x" }] })), "messages.role");
    assert_eq!(refused(&json!({ "messages": said, "мой секрет": 1 })), "(an unknown parameter)");
}

#[test]
fn tool_results_go_in_one_list_in_the_order_of_the_calls_even_two_of_one_function() {
    let call = |id: &str, city: &str| json!({ "id": id, "type": "function", "function": { "name": "weather", "arguments": json!({ "city": city }).to_string() } });
    let body = json!({ "messages": [
        { "role": "user", "content": "?" },
        { "role": "assistant", "content": "Смотрю", "tool_calls": [call("a", "Москва"), call("b", "Омск")] },
        { "role": "tool", "tool_call_id": "b", "content": "-20" },
        { "role": "tool", "tool_call_id": "a", "content": "-3" },
        { "role": "user", "content": "Спасибо" },
        { "role": "assistant", "content": null, "tool_calls": [call("a", "Тверь")] },
        { "role": "tool", "tool_call_id": "a", "content": [{ "type": "text", "text": "0" }] },
    ] });
    let result = |content: &str| json!({ "functionResult": { "name": "weather", "content": content } });
    let called = |city: &str| json!({ "functionCall": { "name": "weather", "arguments": { "city": city } } });
    assert_eq!(
        sent(&body)["messages"],
        json!([
            { "role": "user", "text": "?" },
            { "role": "assistant", "text": "Смотрю" },
            { "role": "assistant", "toolCallList": { "toolCalls": [called("Москва"), called("Омск")] } },
            { "role": "user", "toolResultList": { "toolResults": [result("-3"), result("-20")] } },
            { "role": "user", "text": "Спасибо" },
            { "role": "assistant", "toolCallList": { "toolCalls": [called("Тверь")] } },
            { "role": "user", "toolResultList": { "toolResults": [result("0")] } },
        ])
    );
    let unknown = json!({ "messages": [{ "role": "tool", "tool_call_id": "?", "content": "" }] });
    assert_eq!(refused(&unknown), "messages.tool_call_id");
    let broken = json!({ "messages": [{ "role": "assistant", "tool_calls": [{ "id": "a", "function": { "name": "f", "arguments": "[1" } }] }] });
    assert_eq!(refused(&broken), "messages.tool_calls");
}

#[test]
fn functions_go_as_tools_and_come_back_as_functions() {
    let body = json!({ "messages": [
            { "role": "assistant", "content": null, "function_call": { "name": "f", "arguments": "" } },
            { "role": "function", "name": "f", "content": "1" },
        ],
        "functions": [{ "name": "f" }], "function_call": { "name": "f" } });
    let out = request(body.to_string().as_bytes(), &target()).unwrap();
    assert!(out.back.legacy_functions);
    let sent: Value = serde_json::from_slice(&out.body).unwrap();
    assert_eq!(sent["tools"], json!([{ "function": { "name": "f" } }]));
    assert_eq!(sent["toolChoice"], json!({ "functionName": "f" }));
    assert_eq!(sent["parallelToolCalls"], false);
    assert_eq!(sent["messages"][1]["toolResultList"]["toolResults"][0]["functionResult"]["name"], "f");
}

#[test]
fn a_plain_name_becomes_a_uri_and_a_uri_stays() {
    let uri = |model, folder| model_uri(Scheme::Generation, &Target { model, folder, droppable: &[] });
    assert_eq!(uri("yandexgpt", Some("b1g")).unwrap(), "gpt://b1g/yandexgpt/latest");
    assert_eq!(uri("yandexgpt/rc", Some("b1g")).unwrap(), "gpt://b1g/yandexgpt/rc");
    assert_eq!(uri("ds://x", None).unwrap(), "ds://x");
    assert_eq!(uri("yandexgpt", None).unwrap_err().field, "model");
}

#[test]
fn embeddings_are_one_text_a_request_in_order_and_doc_and_query_are_models() {
    let target = Target { model: "text-search-query", ..target() };
    let body = json!({ "model": "m", "input": ["а", "б"], "dimensions": 2, "encoding_format": "base64" });
    let out = embeddings_request(body.to_string().as_bytes(), &target).unwrap();
    let first: Value = serde_json::from_slice(&out.bodies[0]).unwrap();
    assert_eq!(first, json!({ "modelUri": "emb://b1g/text-search-query/latest", "text": "а", "dim": "2" }));
    assert_eq!(out.bodies.len(), 2);
    let one =
        embeddings_answer(br#"{"embedding":[-0.012100000000000001,1],"numTokens":"4","modelVersion":"v"}"#).unwrap();
    let two = embeddings_answer(br#"{"embedding":[0.5,2e-3],"numTokens":3}"#).unwrap();
    let merged = String::from_utf8(merge(&[one.clone(), two.clone()], "vectors", false)).unwrap();
    assert!(merged.contains("-0.012100000000000001"), "the numbers keep their text");
    let merged: Value = serde_json::from_str(&merged).unwrap();
    assert_eq!((&merged["data"][1]["index"], &merged["usage"]["prompt_tokens"]), (&json!(1), &json!(7)));
    let encoded: Value = serde_json::from_slice(&merge(&[two], "vectors", true)).unwrap();
    assert_eq!(encoded["data"][0]["embedding"], "AAAAP28SAzs=");
    let tokens = json!({ "input": [[1, 2]] }).to_string();
    assert_eq!(embeddings_request(tokens.as_bytes(), &target).unwrap_err().field, "input");
    assert_eq!(embeddings_answer(b"{}"), None);
}

#[test]
fn tokens_are_counted() {
    let asked: Value = serde_json::from_slice(&tokenize_request("Ге", &target()).unwrap()).unwrap();
    assert_eq!(asked, json!({ "modelUri": "gpt://b1g/yandexgpt/latest", "text": "Ге" }));
    assert_eq!(tokenize_answer(br#"{"tokens":[{"id":"1","text":"x"}],"modelVersion":"v"}"#), Some(1));
    assert_eq!(tokenize_answer(br#"{"modelVersion":"v"}"#), Some(0));
    assert_eq!(tokenize_answer(b"{}"), None);
}
