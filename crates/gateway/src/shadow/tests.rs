//! What the comparison of two answers counts.

use bytes::Bytes;
use realm::mirrored::Pairs;
use serde_json::json;

use super::*;

fn side(body: &Value, took_ms: u64, tokens: u64) -> Side {
    let mut heard = Heard::new(1 << 16);
    heard.whole(&Bytes::from(body.to_string()));
    Side { heard, ok: true, took: Duration::from_millis(took_ms), tokens }
}

fn says(text: &str) -> Side {
    side(&json!({ "choices": [{ "message": { "content": text }, "finish_reason": "stop" }] }), 100, 10)
}

fn calls(names: &[(&str, &str)]) -> Side {
    let calls: Vec<Value> =
        names.iter().map(|(name, with)| json!({ "function": { "name": name, "arguments": with } })).collect();
    let message = json!({ "content": null, "tool_calls": calls });
    side(&json!({ "choices": [{ "message": message, "finish_reason": "tool_calls" }] }), 100, 10)
}

fn of(first: &Side, second: &Side) -> Agreement {
    compare(first, second, &Form::default(), (7, Nano(3)))
}

#[test]
fn texts_are_compared_by_letter_by_word_and_by_length() {
    let longer = Side { tokens: 25, took: Duration::from_millis(40), ..says("Hello, World! And more.") };
    let counted = of(&says("hello world"), &longer);
    assert_eq!((counted.mirrors, counted.both_ok, counted.compared, counted.agreeing), (1, 1, 1, 1));
    assert_eq!((counted.exact, counted.same_words), (0, 0));
    assert_eq!((counted.similarity.sum, counted.length_ratio.sum, counted.latency_ms.sum), (666_666, 2_500, -60));
    assert_eq!((counted.tokens, counted.cost_nano), (7, Nano(3)));
    let counted = of(&says("Hello, world."), &says("hello  WORLD"));
    assert_eq!((counted.exact, counted.same_words, counted.similarity.sum), (0, 1, 1_000_000));
    assert_eq!(of(&says("x"), &says("x")).exact, 1);
    assert_eq!(of(&Side { tokens: 0, ..says("x") }, &says("x")).length_ratio.n, 0, "of nothing no ratio");
}

#[test]
fn who_did_not_end_well_is_counted_and_not_compared() {
    let bad = || Side { ok: false, ..says("x") };
    let counted = |first: &Side, second: &Side| {
        let it = of(first, second);
        assert_eq!((it.compared, it.latency_ms.n, it.mirrors), (0, 0, 1));
        (it.both_ok, it.fallback_failed, it.only_fallback_ok, it.neither_ok)
    };
    assert_eq!(counted(&says("x"), &bad()), (0, 1, 0, 0));
    assert_eq!(counted(&bad(), &says("x")), (0, 0, 1, 0));
    assert_eq!(counted(&bad(), &bad()), (0, 0, 0, 1));
}

#[test]
fn a_refusal_or_another_end_is_a_disagreement() {
    let refusal = json!({ "choices": [{ "message": { "refusal": "no" }, "finish_reason": "stop" }] });
    let counted = of(&says("x"), &side(&refusal, 1, 1));
    assert_eq!((counted.refusal.second_only, counted.finish_differs, counted.agreeing), (1, 0, 0));
    let cut = json!({ "choices": [{ "message": { "content": "x" }, "finish_reason": "length" }] });
    let counted = of(&says("x"), &side(&cut, 1, 1));
    assert_eq!((counted.finish_differs, counted.agreeing, counted.exact), (1, 0, 1));
}

#[test]
fn calls_are_the_same_whatever_the_order_of_their_fields() {
    let one = calls(&[("look", r#"{"a":1,"b":[2]}"#)]);
    for (other, counts) in [
        (calls(&[("look", r#"{ "b": [2], "a": 1 }"#)]), (1, 1, 1, 1)),
        (calls(&[("look", r#"{"a":2,"b":[2]}"#)]), (1, 1, 0, 0)),
        (calls(&[("find", r#"{"a":1,"b":[2]}"#)]), (1, 0, 0, 0)),
        (calls(&[("look", "{}"), ("look", "{}")]), (1, 0, 0, 0)),
        (says("I would look"), (1, 0, 0, 0)),
    ] {
        let it = of(&one, &other);
        assert_eq!((it.calling, it.same_names, it.same_calls, it.agreeing), counts, "{other:?}");
    }
    assert_eq!(of(&says("x"), &says("y")).calling, 0);
}

#[test]
fn a_form_that_was_asked_for_is_checked() {
    let schema = json!({ "type": "object", "required": ["a"], "properties": { "a": { "type": "integer" } } });
    let format = json!({ "type": "json_schema", "json_schema": { "name": "x", "schema": schema } });
    let form = Form::of(json!({ "model": "m", "response_format": format }).to_string().as_bytes());
    let counted = |first: &str, second: &str| {
        let it = compare(&says(first), &says(second), &form, (0, Nano::ZERO));
        (it.json, it.schema, it.agreeing)
    };
    let (both, first) = (Pairs { both: 1, ..Pairs::default() }, Pairs { first_only: 1, ..Pairs::default() });
    assert_eq!(counted(r#"{"a":1}"#, r#"{ "a": 2 }"#), (both, both, 1));
    assert_eq!(counted(r#"{"a":1}"#, r#"{"a":"x"}"#), (both, first, 0));
    assert_eq!(counted(r#"{"a":1}"#, "sure, here it is"), (first, first, 0));
    let object = Form::of(br#"{"response_format":{"type":"json_object"}}"#);
    let it = compare(&says("{}"), &says("no"), &object, (0, Nano::ZERO));
    assert_eq!((it.json, it.schema.n(), it.agreeing), (first, 0, 0));
    assert_eq!(of(&says("{}"), &says("no")).json.n(), 0, "nobody asked for it");
}

/// A client writes the schema: none of its patterns may keep a thread busy.
#[test]
fn a_schema_that_cannot_be_checked_in_linear_time_is_not() {
    let with = |pattern: &str| {
        let schema = json!({ "type": "string", "pattern": pattern });
        let format = json!({ "type": "json_schema", "json_schema": { "schema": schema } });
        Form::of(json!({ "response_format": format }).to_string().as_bytes())
    };
    assert!(with("^a+$").schema.is_some());
    assert!(with(r"(a)\1").schema.is_none());
    let evil = with("^(a+)+$");
    let text = json!(format!("{}!", "a".repeat(5_000))).to_string();
    let it = compare(&says(&text), &says(&text), &evil, (0, Nano::ZERO));
    assert_eq!((it.schema.neither, it.json.both), (1, 1));
}

#[test]
fn embeddings_are_compared_where_their_dimensions_are_the_same() {
    let vector = |numbers: &[&[f64]]| {
        let data: Vec<Value> = numbers.iter().map(|one| json!({ "embedding": one })).collect();
        side(&json!({ "data": data }), 1, 0)
    };
    let it = of(&vector(&[&[1.0, 0.0], &[0.0, 2.0]]), &vector(&[&[2.0, 0.0], &[3.0, 0.0]]));
    assert_eq!((it.cosine.n, it.cosine.sum, it.compared, it.similarity.n), (2, 1_000_000, 1, 0));
    for other in [vector(&[&[1.0, 0.0]]), vector(&[&[1.0], &[1.0]]), vector(&[&[0.0, 0.0], &[0.0, 0.0]]), says("x")] {
        let it = of(&vector(&[&[1.0, 0.0], &[0.0, 2.0]]), &other);
        assert_eq!((it.unlike, it.compared), (1, 0), "{other:?}");
    }
}

#[test]
fn what_is_too_long_is_said_to_be() {
    let mut long = says("x");
    long.heard = Heard::new(4);
    long.heard.whole(&Bytes::from_static(b"{\"choices\":[]}"));
    let it = of(&says("x"), &long);
    assert_eq!((it.too_long, it.compared, it.both_ok, it.latency_ms.n), (1, 0, 1, 1));
}

/// What a client writes is work for the server: a schema that refers, nests or multiplies without bound is not held against
/// anything, and answers of any depth are still compared.
#[test]
fn a_schema_that_asks_for_any_amount_of_work_is_not_checked() {
    let wanted = |schema: Value| {
        let format = json!({ "type": "json_schema", "json_schema": { "schema": schema } });
        Form::of(json!({ "response_format": format }).to_string().as_bytes())
    };
    let plain = wanted(json!({ "type": "object", "properties": { "a": { "anyOf": [{ "type": "string" }, {}] } } }));
    assert!(plain.json && plain.schema.is_some());
    let mut deep = json!({ "type": "object" });
    (0..40).for_each(|_| deep = json!({ "properties": { "x": deep } }));
    let doubling = json!({ "allOf": [{ "anyOf": [{}, {}] }, {}] });
    let refers = json!({ "$defs": { "a": { "allOf": [{ "$ref": "#/$defs/a" }] } }, "$ref": "#/$defs/a" });
    for schema in [deep, doubling, refers, json!({ "items": { "$dynamicRef": "#a" } })] {
        let form = wanted(schema.clone());
        assert!(form.json && form.schema.is_none(), "{schema}");
    }
}
