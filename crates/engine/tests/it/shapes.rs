//! Answers of a given shape.

use serde_json::{Value, json};

use crate::harness::{Engine, text};

/// Enough tokens for any sentence of the small grammars below.
const ROOM: u32 = 200;

#[tokio::test]
async fn a_schema_is_obeyed_by_a_model_that_only_babbles() {
    let engine = Engine::start().await;
    let schema = json!({
        "type": "object", "additionalProperties": false,
        "properties": {"kind": {"enum": ["cat", "dog"]}, "legs": {"type": "integer", "minimum": 0, "maximum": 9}},
        "required": ["kind", "legs"],
    });
    let format = json!({"type": "json_schema", "json_schema": {"name": "pet", "schema": schema}});
    for seed in 0..3 {
        let extra = json!({"response_format": format, "max_tokens": ROOM, "temperature": 1, "seed": seed});
        let answer = engine.answer(extra).await;
        let value: Value = serde_json::from_str(text(&answer)).expect("JSON");
        assert!(value["kind"] == "cat" || value["kind"] == "dog", "{value}");
        assert!(value["legs"].as_u64().is_some_and(|n| n < 10), "{value}");
        assert_eq!(answer["choices"][0]["finish_reason"], "stop");
    }
}

#[tokio::test]
async fn any_json_object_is_an_object() {
    let engine = Engine::start().await;
    // The bias keeps the babble short: closing marks are liked.
    let bias = json!({"125": 30, "34": 10});
    let extra = json!({"response_format": {"type": "json_object"}, "max_tokens": ROOM, "logit_bias": bias});
    let answer = engine.answer(extra).await;
    assert!(serde_json::from_str::<Value>(text(&answer)).expect("JSON").is_object());
}

#[tokio::test]
async fn a_grammar_is_obeyed_also_beyond_ascii() {
    let engine = Engine::start().await;
    let grammar = "root ::= (\"да\" | \"нет\") \"!\"";
    let answer = engine.answer(json!({"grammar": grammar, "max_tokens": ROOM})).await;
    assert!(["да!", "нет!"].contains(&text(&answer)), "{answer}");
}

#[tokio::test]
async fn bad_grammars_and_schemas_are_errors_to_one_client() {
    let engine = Engine::start().await;
    let pid = engine.handle.status().pid;
    let deep = format!("root ::= {}\"a\"{}", "(".repeat(5000), ")".repeat(5000));
    let grammars = [
        "",
        "root",
        "root ::= missing",
        "root ::= root \"a\"",
        "root ::= (\"a\"",
        "start ::= \"a\"",
        "root ::= [a",
        "root ::= \"\\x\"",
        "root ::= <[99999999]>",
        "root ::= \"a\"\0",
        deep.as_str(),
    ];
    for grammar in grammars {
        let (status, answer) = engine.chat(json!({"grammar": grammar})).await;
        let error = &answer["error"];
        assert_eq!((status, &error["param"]), (400, &json!("grammar")), "{grammar:.40}: {answer}");
    }
    for schema in [
        json!({"type": "no such type"}),
        json!({"$ref": "#/nowhere"}),
        json!({"$ref": "https://example.org/schema.json"}),
        json!({"type": "string", "pattern": "^(a"}),
        json!({"type": "string", "pattern": "(?=a)b"}),
    ] {
        let format = json!({"type": "json_schema", "json_schema": {"schema": schema}});
        let (status, answer) = engine.chat(json!({"response_format": format})).await;
        assert_eq!((status, &answer["error"]["type"]), (400, &json!("invalid_request_error")), "{schema}: {answer}");
    }
    engine.answer(json!({})).await;
    assert_eq!(engine.handle.status().pid, pid, "the child lived through all of it");
}

#[tokio::test]
async fn grammars_that_loop_or_explode_stop_neither_the_child_nor_others() {
    let engine = Engine::start().await;
    let pid = engine.handle.status().pid;
    for grammar in [
        "root ::= ",
        "root ::= \"\"*",
        "root ::= (\"a\"*)*",
        "root ::= (\"\" | \"a\")+",
        "root ::= \"a\"{1,100000000}",
        "root ::= (\"a\"{1000}){1000}",
        "root ::= a\na ::= b\nb ::= a",
    ] {
        let limit = std::time::Duration::from_secs(20);
        let answer = tokio::time::timeout(limit, engine.chat(json!({"grammar": grammar}))).await;
        let (status, answer) = answer.expect("an answer in time");
        assert!([200, 400].contains(&status), "{grammar}: {answer}");
    }
    engine.answer(json!({})).await;
    assert_eq!(engine.handle.status().pid, pid, "the child lived through all of it");
}
