use serde_json::{Value, json};

use super::sent;

fn messages(said: Value) -> Value {
    sent(&json!({ "model": "r", "messages": said }), &[]).unwrap().1["messages"].clone()
}

fn refused(body: &Value) -> String {
    sent(body, &[]).unwrap_err().field
}

#[test]
fn late_system_and_two_systems_become_one_in_front() {
    let said = messages(json!([
        { "role": "user", "content": "u1" },
        { "role": "system", "content": "first" },
        { "role": "user", "content": "u2" },
        { "role": "developer", "content": [{ "type": "text", "text": "second" }] },
    ]));
    let expected = json!([{ "role": "system", "content": "first\nsecond" }, { "role": "user", "content": "u1\nu2" }]);
    assert_eq!(said, expected);
}

#[test]
fn null_content_and_array_content_become_strings() {
    let said = messages(json!([
        { "role": "user", "content": [{ "type": "text", "text": "раз" }, { "type": "text", "text": "два" }] },
        { "role": "assistant", "content": null, "refusal": null, "annotations": [] },
        { "role": "user", "content": "three" },
        { "role": "assistant", "content": null, "refusal": "no" },
    ]));
    let contents: Vec<&str> = said.as_array().unwrap().iter().map(|m| m["content"].as_str().unwrap()).collect();
    assert_eq!(contents, ["раз\nдва", "", "three", "no"]);
}

fn call(id: &str, name: &str, arguments: &str) -> Value {
    json!({ "id": id, "type": "function", "function": { "name": name, "arguments": arguments } })
}

#[test]
fn plain_text_tool_result_becomes_a_json_object() {
    let cases = [
        ("plain \"text\"", r#"{"result":"plain \"text\""}"#),
        (r#"{ "temp" : -3.10 }"#, r#"{"temp":-3.10}"#),
        ("[1, 2]", r#"{"result":[1,2]}"#),
        ("12345678901234567890123", r#"{"result":12345678901234567890123}"#),
        ("", r#"{"result":""}"#),
        ("null", r#"{"result":null}"#),
    ];
    for (said, expected) in cases {
        let history = messages(json!([
            { "role": "user", "content": "u" },
            { "role": "assistant", "content": null, "tool_calls": [call("a", "f", "{}")] },
            { "role": "tool", "tool_call_id": "a", "content": said },
        ]));
        assert_eq!(history[2], json!({ "role": "function", "name": "f", "content": expected }));
    }
}

#[test]
fn two_tool_calls_in_one_message_become_pairs_in_order() {
    let history = messages(json!([
        { "role": "user", "content": "u" },
        { "role": "assistant", "content": "both", "tool_calls": [call("a", "f", "{\"x\":1}"), call("b", "g", "")] },
        { "role": "tool", "tool_call_id": "b", "content": "{\"g\":2}" },
        { "role": "tool", "tool_call_id": "a", "content": "{\"f\":1}" },
        { "role": "user", "content": "and?" },
    ]));
    let expected = json!([
        { "role": "user", "content": "u" },
        { "role": "assistant", "content": "both", "function_call": { "name": "f", "arguments": { "x": 1 } } },
        { "role": "function", "content": "{\"f\":1}", "name": "f" },
        { "role": "assistant", "content": "", "function_call": { "name": "g", "arguments": {} } },
        { "role": "function", "content": "{\"g\":2}", "name": "g" },
        { "role": "user", "content": "and?" },
    ]);
    assert_eq!(history, expected);
}

#[test]
fn invalid_arguments_are_refused() {
    for arguments in ["{", "[1]", "\"text\"", "nonsense", "{} {}"] {
        let calls = json!([call("a", "f", arguments)]);
        let body = json!({ "model": "r", "messages": [{ "role": "assistant", "tool_calls": calls }] });
        assert_eq!(refused(&body), "tool_calls", "{arguments}");
    }
}

#[test]
fn a_result_of_no_known_call_is_refused() {
    let body = json!({ "model": "r", "messages": [{ "role": "tool", "tool_call_id": "x", "content": "1" }] });
    assert_eq!(refused(&body), "messages");
}

#[test]
fn temperature_zero_becomes_top_p_zero() {
    let said = json!([{ "role": "user", "content": "u" }]);
    let body = |more: Value| {
        let mut body = json!({ "model": "r", "messages": said });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        sent(&body, &[]).unwrap().1
    };
    let greedy = body(json!({ "temperature": 0, "top_p": 0.9 }));
    assert_eq!((&greedy["top_p"], greedy.get("temperature")), (&json!(0), None));
    let warm = body(json!({ "temperature": 0.7, "top_p": 0.9, "max_tokens": 5, "max_completion_tokens": 7 }));
    assert_eq!(warm["temperature"], 0.7);
    assert_eq!(warm["top_p"], 0.9);
    assert_eq!(warm["max_tokens"], 7);
}

#[test]
fn tools_become_functions() {
    let tool = json!({ "type": "function", "function": { "name": "web_search", "description": "d", "strict": true,
        "parameters": { "type": "object", "properties": { "q": { "type": "string" } }, "required": ["q"] } } });
    let body = |choice: Value| {
        json!({ "model": "r", "messages": [{ "role": "user", "content": "u" }], "tools": [tool], "tool_choice": choice,
            "parallel_tool_calls": true })
    };
    let (outgoing, read) = sent(&body(Value::Null), &[]).unwrap();
    let function = json!({ "name": "user_web_search", "description": "d",
        "parameters": { "type": "object", "properties": { "q": { "type": "string" } }, "required": ["q"] } });
    assert_eq!(read["functions"], json!([function]));
    assert_eq!(read["function_call"], "auto");
    assert_eq!(outgoing.back.renamed, [("user_web_search".to_owned(), "web_search".to_owned())]);
    for choice in [json!("required"), json!({ "type": "function", "function": { "name": "web_search" } })] {
        assert_eq!(sent(&body(choice), &[]).unwrap().1["function_call"], json!({ "name": "user_web_search" }));
    }
    assert_eq!(sent(&body(json!("none")), &[]).unwrap().1["function_call"], "none");
    for field in ["tools", "tool_choice", "parallel_tool_calls"] {
        assert_eq!(read.get(field), None, "{field} must not pass");
    }
}

#[test]
fn a_choice_it_cannot_express_is_refused_or_dropped() {
    let tool = |name: &str| json!({ "type": "function", "function": { "name": name } });
    let body = json!({ "model": "r", "messages": [{ "role": "user", "content": "u" }],
        "tools": [tool("f"), tool("g")], "tool_choice": "required" });
    assert_eq!(refused(&body), "tool_choice");
    let (outgoing, read) = sent(&body, &["tool_choice"]).unwrap();
    assert_eq!((outgoing.dropped, &read["function_call"]), (vec!["tool_choice".to_owned()], &json!("auto")));
    let body = json!({ "model": "r", "messages": [], "tools": [{ "type": "custom", "custom": { "name": "f" } }] });
    assert_eq!(refused(&body), "tools");
}

#[test]
fn the_older_functions_keep_their_form() {
    let body = json!({ "model": "r", "functions": [{ "name": "f", "parameters": {} }], "function_call": { "name": "f" },
        "messages": [
            { "role": "user", "content": "u" },
            { "role": "assistant", "content": null, "function_call": { "name": "f", "arguments": "{\"a\": 1.50}" } },
            { "role": "function", "name": "f", "content": "done" },
        ] });
    let (outgoing, read) = sent(&body, &[]).unwrap();
    assert!(outgoing.back.legacy_functions);
    assert_eq!(read["function_call"], json!({ "name": "f" }));
    assert_eq!(read["messages"][2], json!({ "role": "function", "content": "{\"result\":\"done\"}", "name": "f" }));
    assert!(String::from_utf8(outgoing.body).unwrap().contains("{\"a\":1.50}"));
}

#[test]
fn json_schema_is_flat_and_json_object_is_refused() {
    let body = |format: Value| json!({ "model": "r", "messages": [], "response_format": format });
    let schema = json!({ "type": "object", "properties": { "a": { "$ref": "#/$defs/A" } }, "$defs": { "A": {} } });
    let nested = json!({ "type": "json_schema", "json_schema": { "name": "n", "schema": schema, "strict": true } });
    let flat = json!({ "type": "json_schema", "schema": schema, "strict": true });
    assert_eq!(sent(&body(nested), &[]).unwrap().1["response_format"], flat);
    assert_eq!(sent(&body(json!({ "type": "text" })), &[]).unwrap().1.get("response_format"), None);
    assert_eq!(refused(&body(json!({ "type": "json_object" }))), "response_format");
}

#[test]
fn what_it_cannot_express_is_refused_and_never_silently_dropped() {
    let fields = json!({ "stop": ["x"], "seed": 1, "logit_bias": { "1": 1 }, "logprobs": true, "top_logprobs": 2,
        "frequency_penalty": 0.5, "presence_penalty": 1, "n": 2, "store": true, "modalities": ["text", "audio"],
        "audio": {}, "prediction": {}, "web_search_options": {}, "service_tier": "flex", "verbosity": "low",
        "reasoning_effort": "minimal", "unknown": 1, "storage": { "is_stateful": true }, "flags": ["x"] });
    for (name, value) in fields.as_object().unwrap() {
        let body = json!({ "model": "r", "messages": [{ "role": "user", "content": "u" }], name: value });
        assert_eq!(&refused(&body), name);
        let (outgoing, read) = sent(&body, &[name]).unwrap();
        assert_eq!(outgoing.dropped, std::slice::from_ref(name));
        assert_eq!(read.get(name), None);
    }
}

#[test]
fn harmless_values_are_absorbed() {
    let body = json!({ "model": "r", "messages": [{ "role": "user", "content": "u" }], "stop": [], "seed": null,
        "logit_bias": {}, "logprobs": false, "top_logprobs": 0, "frequency_penalty": 0, "presence_penalty": 0.0, "n": 1,
        "store": false, "modalities": ["text"], "service_tier": "auto", "verbosity": "medium", "user": "x",
        "metadata": { "a": "b" }, "safety_identifier": "s", "prompt_cache_key": "k", "tool_choice": "auto", "tools": [],
        "stream": true, "stream_options": { "include_usage": true }, "reasoning_effort": "low" });
    let (outgoing, read) = sent(&body, &[]).unwrap();
    let expected = json!({ "model": "GigaChat-2", "messages": [{ "role": "user", "content": "u" }], "stream": true,
        "reasoning_effort": "low" });
    assert_eq!(read, expected);
    assert!(outgoing.dropped.is_empty() && outgoing.back.wants_usage);
}

#[test]
fn image_parts_and_names_are_refused_or_dropped() {
    let body = json!({ "model": "r", "messages": [{ "role": "user", "name": "eve", "content": [
        { "type": "text", "text": "what?" }, { "type": "image_url", "image_url": { "url": "data:," } }] }] });
    assert_eq!(refused(&body), "name");
    assert_eq!(sent(&body, &["name"]).unwrap_err().field, "image_url");
    let (outgoing, read) = sent(&body, &["name", "image_url"]).unwrap();
    assert_eq!(outgoing.dropped, ["name", "image_url"]);
    assert_eq!(read["messages"], json!([{ "role": "user", "content": "what?" }]));
}

#[test]
fn what_is_no_chat_request_is_refused() {
    for body in ["", "[]", "{", "{\"messages\":1}", "{\"messages\":[1]}", "{\"messages\":[{\"role\":\"bard\"}]}"] {
        assert!(super::request(body.as_bytes(), &super::Target::default()).is_err(), "{body}");
    }
}
