use serde_json::{Value, json};

use super::{V2023, V2026, json as read, sent, translate};
use crate::translate::Unsupported;

fn with(name: &str, value: Value) -> Value {
    let mut body = json!({ "model": "r", "messages": [{ "role": "user", "content": "hi" }] });
    body[name] = value;
    body
}

fn refused(body: &Value) -> String {
    match translate(body, &V2023, &[]) {
        Err(Unsupported { field, .. }) => field,
        Ok(out) => panic!("{}", String::from_utf8_lossy(&out.body)),
    }
}

#[test]
fn max_tokens_is_required_there_so_a_default_stands_in() {
    assert_eq!(
        sent(&with("stream", json!(null))),
        json!({ "model": "claude-x", "max_tokens": 100, "messages": [{ "role": "user", "content": "hi" }] })
    );
    assert_eq!(sent(&with("max_tokens", json!(7)))["max_tokens"], 7);
    let mut both = with("max_tokens", json!(7));
    both["max_completion_tokens"] = json!(8);
    assert_eq!(sent(&both)["max_tokens"], 8);
    assert_eq!(refused(&with("max_tokens", json!(0))), "max_tokens");
}

#[test]
fn system_text_is_hoisted_and_neighbours_of_one_role_are_merged() {
    let body = json!({ "messages": [
        { "role": "system", "content": "a" },
        { "role": "user", "content": "b" },
        { "role": "user", "content": [{ "type": "text", "text": "c" }] },
        { "role": "developer", "content": [{ "type": "text", "text": "d" }] },
        { "role": "assistant", "content": "e" },
        { "role": "assistant", "content": null, "refusal": "f" },
        { "role": "user", "content": " " },
    ] });
    let out = sent(&body);
    let text = |text: &str| json!({ "type": "text", "text": text });
    assert_eq!(out["system"], json!([text("a"), text("d")]));
    assert_eq!(
        out["messages"],
        json!([
            { "role": "user", "content": [text("b"), text("c")] },
            { "role": "assistant", "content": [text("e"), text("f")] },
        ])
    );
    assert_eq!(
        sent(&with("messages", json!([{ "role": "system", "content": "a" }, { "role": "user", "content": "b" }])))["system"],
        "a"
    );
    assert_eq!(refused(&json!({ "messages": [{ "role": "system", "content": "a" }] })), "messages");
}

/// Calls whose names and ids the API takes, and others.
fn with_calls() -> Value {
    let arguments = "{\"b\": 1.50, \"a\": 123456789012345678901234567890, \"t\": \"\\u27e8X\\u27e9\"}";
    json!({
        "messages": [
            { "role": "user", "content": "q" },
            { "role": "assistant", "content": "", "tool_calls": [
                { "id": "c1", "type": "function", "function": { "name": "f", "arguments": arguments } },
                { "id": "c:2", "type": "function", "function": { "name": "g.h", "arguments": "" } },
            ] },
            { "role": "tool", "tool_call_id": "c1", "content": "one" },
            { "role": "tool", "tool_call_id": "c:2", "name": "g.h", "content": [{ "type": "text", "text": "[tool error]\ntwo" }] },
            { "role": "user", "content": "go on" },
        ],
        "tools": [
            { "type": "function", "function": { "name": "f", "description": "d", "parameters": { "type": "object", "properties": {} }, "strict": true } },
            { "type": "function", "function": { "name": "g.h" } },
            { "type": "function", "function": { "name": "g_h", "parameters": {} } },
        ],
        "tool_choice": { "type": "function", "function": { "name": "g.h" } },
        "parallel_tool_calls": false,
    })
}

#[test]
fn tools_their_calls_and_results_keep_the_text_of_numbers() {
    let body = with_calls();
    let out = translate(&body, &V2023, &[]).unwrap();
    let text = String::from_utf8(out.body.clone()).unwrap();
    assert!(text.contains(r#""input":{"b":1.50,"a":123456789012345678901234567890,"t":"⟨X⟩"}"#), "{text}");
    assert_eq!(out.back.renamed, [("g_h_2".to_owned(), "g.h".to_owned())]);
    let out = read(&out.body);
    assert_eq!(
        out["messages"][1]["content"][1],
        json!({ "type": "tool_use", "id": "c_2_r0", "name": "g_h_2", "input": {} })
    );
    assert_eq!(
        out["messages"][2],
        json!({ "role": "user", "content": [
        { "type": "tool_result", "tool_use_id": "c1", "content": "one" },
        { "type": "tool_result", "tool_use_id": "c_2_r0", "content": [{ "type": "text", "text": "two" }], "is_error": true },
        { "type": "text", "text": "go on" },
    ] })
    );
    assert_eq!(
        out["tools"][0],
        json!({ "name": "f", "description": "d", "input_schema": { "type": "object", "properties": {} }, "strict": true })
    );
    assert_eq!(out["tools"][2], json!({ "name": "g_h", "input_schema": { "type": "object" } }));
    assert_eq!(out["tool_choice"], json!({ "type": "tool", "name": "g_h_2", "disable_parallel_tool_use": true }));
}

#[test]
fn every_tool_choice_has_its_form() {
    let tools = json!([{ "type": "function", "function": { "name": "f" } }]);
    for (choice, parallel, wanted) in [
        (json!("auto"), json!(true), json!({ "type": "auto" })),
        (json!("required"), json!(null), json!({ "type": "any" })),
        (json!("none"), json!(false), json!({ "type": "none" })),
        (json!(null), json!(false), json!({ "type": "auto", "disable_parallel_tool_use": true })),
        (json!(null), json!(null), json!(null)),
    ] {
        let mut body = with("tools", tools.clone());
        body["tool_choice"] = choice;
        body["parallel_tool_calls"] = parallel;
        assert_eq!(sent(&body)["tool_choice"], wanted);
    }
    assert_eq!(refused(&with("tool_choice", json!("required"))), "tool_choice");
    assert_eq!(refused(&with("tools", json!([{ "type": "custom", "custom": { "name": "f" } }]))), "tools");
}

#[test]
fn older_functions_become_tools_one_at_a_time() {
    let body = json!({
        "messages": [
            { "role": "user", "content": "q" },
            { "role": "assistant", "content": null, "function_call": { "name": "f", "arguments": "{}" } },
            { "role": "function", "name": "f", "content": "r" },
        ],
        "functions": [{ "name": "f", "parameters": { "type": "object" } }],
        "function_call": { "name": "f" },
    });
    let out = translate(&body, &V2023, &[]).unwrap();
    assert!(out.back.legacy_functions);
    let out = read(&out.body);
    assert_eq!(out["messages"][1]["content"][0]["id"], out["messages"][2]["content"][0]["tool_use_id"]);
    assert_eq!(out["tool_choice"], json!({ "type": "tool", "name": "f", "disable_parallel_tool_use": true }));
}

#[test]
fn images_and_documents_come_as_data_or_from_https() {
    let part = |url: &str| json!({ "type": "image_url", "image_url": { "url": url, "detail": "high" } });
    let pdf =
        json!({ "type": "file", "file": { "filename": "a.pdf", "file_data": "data:application/pdf;base64,QQ==" } });
    let content = json!([part("data:image/png;base64,iVBO"), part("https://a/b.png"), pdf]);
    let out = sent(&with("messages", json!([{ "role": "user", "content": content }])));
    assert_eq!(
        out["messages"][0]["content"],
        json!([
            { "type": "image", "source": { "type": "base64", "media_type": "image/png", "data": "iVBO" } },
            { "type": "image", "source": { "type": "url", "url": "https://a/b.png" } },
            { "type": "document", "source": { "type": "base64", "media_type": "application/pdf", "data": "QQ==" }, "title": "a.pdf" },
        ])
    );
    for url in ["http://a/b.png", "data:image/bmp;base64,QQ==", "data:image/png,raw", "file:///etc/passwd"] {
        assert_eq!(
            refused(&with("messages", json!([{ "role": "user", "content": [part(url)] }]))),
            "messages.image_url"
        );
    }
    let sound = json!([{ "type": "input_audio", "input_audio": { "data": "", "format": "wav" } }, { "type": "text", "text": "x" }]);
    let body = with("messages", json!([{ "role": "user", "content": sound }]));
    assert_eq!(refused(&body), "messages.input_audio");
    assert_eq!(translate(&body, &V2023, &["messages.input_audio"]).unwrap().dropped, ["messages.input_audio"]);
}

#[test]
fn the_newer_version_takes_no_sampling_parameters() {
    for (name, value) in
        [("temperature", json!(0.2)), ("top_p", json!(0.5)), ("top_k", json!(40)), ("temperature", json!(0))]
    {
        let body = with(name, value.clone());
        assert_eq!(sent(&body)[name], value);
        assert_eq!(translate(&body, &V2026, &[]).unwrap_err().field, name);
        let out = translate(&body, &V2026, &[name]).unwrap();
        assert_eq!(out.dropped, [name]);
        assert!(read(&out.body).get(name).is_none());
    }
    let default = translate(&with("temperature", json!(1.0)), &V2026, &[]).unwrap();
    assert!(default.dropped.is_empty() && read(&default.body).get("temperature").is_none());
    assert_eq!(refused(&with("temperature", json!(1.5))), "temperature");
    assert_eq!(refused(&with("temperature", json!("hot"))), "temperature");
}

#[test]
fn formats_efforts_stops_and_tiers_have_other_names() {
    let schema = json!({ "type": "object", "properties": {} });
    let mut body =
        with("response_format", json!({ "type": "json_schema", "json_schema": { "name": "n", "schema": schema } }));
    body["reasoning_effort"] = json!("minimal");
    body["stop"] = json!("END");
    body["service_tier"] = json!("default");
    let out = sent(&body);
    assert_eq!(out["output_config"], json!({ "effort": "low", "format": { "type": "json_schema", "schema": schema } }));
    assert_eq!((&out["stop_sequences"], &out["service_tier"]), (&json!(["END"]), &json!("standard_only")));
    assert_eq!(sent(&with("reasoning_effort", json!("none")))["thinking"], json!({ "type": "disabled" }));
    assert_eq!(refused(&with("response_format", json!({ "type": "json_object" }))), "response_format");
    assert_eq!(refused(&with("stop", json!(["a", "\n"]))), "stop");
    assert_eq!(refused(&with("service_tier", json!("flex"))), "service_tier");
}

#[test]
fn what_means_nothing_is_absorbed() {
    for (name, value) in [
        ("n", json!(1)),
        ("presence_penalty", json!(0.0)),
        ("logit_bias", json!({})),
        ("logprobs", json!(false)),
        ("store", json!(false)),
        ("modalities", json!(["text"])),
        ("user", json!("u")),
        ("seed", json!(null)),
        ("stream_options", json!({ "include_usage": true })),
        ("prompt_cache_key", json!("k")),
        ("response_format", json!({ "type": "text" })),
        ("tools", json!([])),
        ("service_tier", json!("auto")),
    ] {
        let out = translate(&with(name, value), &V2023, &[]).unwrap();
        assert_eq!(read(&out.body).as_object().unwrap().len(), 3, "{name}");
        assert!(out.dropped.is_empty());
    }
}

#[test]
fn what_has_no_equivalent_is_named_and_dropped_only_where_it_may_be() {
    for (name, value) in [
        ("n", json!(2)),
        ("seed", json!(1)),
        ("logit_bias", json!({ "1": 2 })),
        ("logprobs", json!(true)),
        ("frequency_penalty", json!(0.5)),
        ("store", json!(true)),
        ("metadata", json!({ "a": "b" })),
        ("audio", json!({})),
        ("prediction", json!({})),
        ("web_search_options", json!({})),
        ("unheard_of", json!(1)),
    ] {
        assert_eq!(refused(&with(name, value.clone())), name);
        assert_eq!(translate(&with(name, value), &V2023, &[name]).unwrap().dropped, [name]);
    }
    let named = json!([{ "role": "user", "name": "ann", "content": "x" }]);
    assert_eq!(refused(&with("messages", named)), "messages.name");
    let bad =
        json!([{ "role": "assistant", "tool_calls": [{ "id": "a", "function": { "name": "f", "arguments": "{" } }] }]);
    assert_eq!(refused(&with("messages", bad)), "messages.tool_calls.function");
}
