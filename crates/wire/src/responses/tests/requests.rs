use proptest::prelude::{any, proptest};
use serde_json::{Value, json};

use super::{refusal, translated};
use crate::responses::{Back, answer, request};
use crate::translate::Refusal;

fn with(name: &str, value: Value) -> Value {
    let mut body = json!({ "model": "r", "input": "hi" });
    body[name] = value;
    body
}

#[test]
fn settings_get_their_names_of_a_chat() {
    let body = json!({
        "model": "r", "instructions": "Be brief.", "input": "hi", "max_output_tokens": 9, "temperature": 0.5, "stream": true,
        "store": false, "background": false, "truncation": "disabled", "previous_response_id": null, "metadata": { "a": "b" },
        "include": ["reasoning.encrypted_content"], "reasoning": { "effort": "low", "summary": "auto" }, "user": "u",
        "text": { "format": { "type": "json_schema", "name": "n", "strict": true, "schema": { "type": "object" } }, "verbosity": "low" },
        "tools": [{ "type": "function", "name": "f", "description": "d", "parameters": { "type": "object" }, "strict": false }],
        "tool_choice": { "type": "function", "name": "f" }, "parallel_tool_calls": false,
    });
    let wanted = json!({
        "model": "r",
        "messages": [{ "role": "system", "content": "Be brief." }, { "role": "user", "content": "hi" }],
        "max_completion_tokens": 9,
        "tools": [{ "type": "function", "function": { "name": "f", "description": "d", "parameters": { "type": "object" }, "strict": false } }],
        "tool_choice": { "type": "function", "function": { "name": "f" } },
        "temperature": 0.5,
        "user": "u",
        "parallel_tool_calls": false,
        "response_format": { "type": "json_schema", "json_schema": { "name": "n", "schema": { "type": "object" }, "strict": true } },
        "verbosity": "low",
        "reasoning_effort": "low",
        "stream": true,
        "stream_options": { "include_usage": true },
    });
    assert_eq!(translated(&body), wanted);
}

#[test]
fn items_become_messages_and_calls_side_by_side_one() {
    let call =
        |id: &str| json!({ "type": "function_call", "id": "fc_1", "call_id": id, "name": "f", "arguments": "{}" });
    let output = |id: &str, said: Value| json!({ "type": "function_call_output", "call_id": id, "output": said });
    let body = with(
        "input",
        json!([
            { "role": "developer", "content": "Be kind." },
            { "role": "user", "content": [
                { "type": "input_text", "text": "see" },
                { "type": "input_image", "image_url": "data:image/png;base64,AA==", "detail": "low" },
                { "type": "input_file", "filename": "a.txt", "file_data": "data:text/plain;base64,AA==" },
            ] },
            { "type": "reasoning", "id": "rs_1", "summary": [] },
            { "type": "message", "role": "assistant", "content": [{ "type": "output_text", "text": "I ask", "annotations": [] }] },
            call("a"), call("b"), output("a", json!("1")), output("b", json!([{ "type": "input_text", "text": "2" }])),
            { "role": "user", "content": "so?" },
        ]),
    );
    let called = |id: &str| json!({ "id": id, "type": "function", "function": { "name": "f", "arguments": "{}" } });
    let wanted = json!([
        { "role": "system", "content": "Be kind." },
        { "role": "user", "content": [
            { "type": "text", "text": "see" },
            { "type": "image_url", "image_url": { "url": "data:image/png;base64,AA==", "detail": "low" } },
            { "type": "file", "file": { "filename": "a.txt", "file_data": "data:text/plain;base64,AA==" } },
        ] },
        { "role": "assistant", "content": "I ask", "tool_calls": [called("a"), called("b")] },
        { "role": "tool", "tool_call_id": "a", "content": "1" },
        { "role": "tool", "tool_call_id": "b", "content": "2" },
        { "role": "user", "content": "so?" },
    ]);
    assert_eq!(translated(&body)["messages"], wanted);
}

#[test]
fn what_needs_a_memory_or_foreign_tools_is_named() {
    for (name, value) in [
        ("store", json!(true)),
        ("previous_response_id", json!("resp_1")),
        ("background", json!(true)),
        ("conversation", json!("conv_1")),
        ("prompt", json!({ "id": "p" })),
        ("truncation", json!("auto")),
        ("include", json!(["file_search_call.results"])),
        ("max_tool_calls", json!(3)),
        ("top_logprobs", json!(2)),
        ("anything_else", json!(1)),
    ] {
        let refusal = refusal(&with(name, value));
        assert!(matches!(&refusal, Refusal::Unsupported(what) if what.field == name), "{refusal:?}");
    }
    for (name, value, field) in [
        ("tools", json!([{ "type": "web_search" }]), "tools[0].type"),
        ("tools", json!([{ "type": "function", "name": "f" }, { "type": "mcp" }]), "tools[1].type"),
        ("text", json!({ "format": { "type": "grammar" } }), "text.format"),
        ("input", json!([{ "type": "item_reference", "id": "x" }]), "input[0]"),
        (
            "input",
            json!([{ "role": "user", "content": [{ "type": "input_image", "file_id": "f" }] }]),
            "input[0].content[0]",
        ),
    ] {
        let refusal = refusal(&with(name, value));
        assert!(matches!(&refusal, Refusal::Unsupported(what) if what.field == field), "{refusal:?}");
    }
}

#[test]
fn what_is_wrong_is_named() {
    for (body, field) in [
        (json!({ "input": "hi" }), "model"),
        (json!({ "model": "r" }), "input"),
        (with("input", json!([])), "input"),
        (with("instructions", json!(5)), "instructions"),
        (with("input", json!([{ "role": "tool", "content": "x" }])), "input[0].role"),
        (with("input", json!([{ "role": "user", "content": 5 }])), "input[0].content"),
        (with("input", json!([{ "type": "function_call", "call_id": "a", "name": "f" }])), "input[0].arguments"),
        (with("tools", json!([{ "type": "function" }])), "tools[0].name"),
    ] {
        assert!(matches!(refusal(&body), Refusal::Invalid { field: said, .. } if said == field), "{field}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in "[\\[\\]{}\":,a-z0-9]{0,80}") {
        for bytes in [bytes.as_slice(), text.as_bytes()] {
            let _ = request(bytes);
            let _ = answer(bytes, &Back::default());
        }
    }
}

#[test]
fn what_is_written_otherwise_than_it_can_be_read_is_told() {
    let tool = json!([{"type": "function", "name": "f", "parameters": {}}]);
    let cases = [
        ("tools", json!({}), "tools"),
        ("tools", json!("web_search"), "tools"),
        ("tool_choice", json!("required"), "tool_choice"),
        ("text", json!("json"), "text"),
        ("text", json!({"frmat": {"type": "json_object"}}), "text.frmat"),
        ("reasoning", json!("high"), "reasoning"),
        ("reasoning", json!({"bogus": 1}), "reasoning.bogus"),
        ("include", json!("file_search_call.results"), "include"),
        ("stream", json!("true"), "stream"),
        ("stream", json!(1), "stream"),
        ("max_output_tokens", json!("x"), "max_output_tokens"),
    ];
    for (name, value, field) in cases {
        let told = match refusal(&with(name, value.clone())) {
            Refusal::Invalid { field, .. } => field,
            Refusal::Unsupported(unsupported) => unsupported.field,
        };
        assert_eq!(told, field, "{name}: {value}");
    }
    let body = json!({"model": "m", "input": "x", "tools": tool, "tool_choice": "required"});
    assert_eq!(translated(&body)["tool_choice"], "required");
    assert!(request(json!({"model": "m", "input": "x", "tool_choice": "none"}).to_string().as_bytes()).is_ok());
}

#[test]
fn a_name_given_twice_is_refused_at_any_depth() {
    for body in [
        r#"{"model":"a","model":"b","input":"x"}"#,
        r#"{"model":"a","input":[{"role":"user","role":"system","content":"x"}]}"#,
        r#"{"model":"a","input":"x","text":{"format":{"type":"json_schema","name":"n","schema":{"a":1,"a":2}}}}"#,
    ] {
        assert!(matches!(request(body.as_bytes()), Err(Refusal::Invalid { .. })), "{body}");
    }
}
