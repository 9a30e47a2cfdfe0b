use serde_json::json;

use super::params::Shape;
use super::*;

fn chat(extra: Value) -> Result<Ask, Refusal> {
    let mut body = json!({"model": "m", "messages": [{"role": "user", "content": "hi"}]});
    let fields = extra.as_object().expect("an object").clone();
    body.as_object_mut().expect("an object").extend(fields);
    Ask::read(Endpoint::Chat, body.to_string().as_bytes())
}

fn refused(extra: Value) -> (&'static str, String) {
    let refusal = chat(extra).expect_err("refused");
    assert_eq!(refusal.status, 400);
    (refusal.code, refusal.param.unwrap_or_default())
}

#[test]
fn content_in_parts_and_the_new_role_name() {
    let ask = chat(json!({"messages": [
        {"role": "developer", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]},
        {"role": "assistant", "content": null},
    ]}));
    let message = |role: &str, content: &str| Message { role: role.into(), content: content.into(), name: None };
    assert_eq!(ask.expect("read").input, Input::Chat(vec![message("system", "ab"), message("assistant", "")]));
}

#[test]
fn what_cannot_be_honoured_is_refused_by_name() {
    for (extra, param) in [
        (json!({"n": 2}), "n"),
        (json!({"tools": [{"type": "function"}]}), "tools"),
        (json!({"logprobs": true}), "logprobs"),
        (json!({"modalities": ["text", "audio"]}), "modalities"),
        (json!({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}), "messages.content"),
    ] {
        assert_eq!(refused(extra), ("unsupported_parameter", param.to_string()));
    }
}

#[test]
fn what_asks_for_nothing_passes() {
    let ask = chat(json!({
        "n": 1, "tools": [], "logprobs": false, "top_logprobs": 0, "user": "u", "metadata": {},
        "modalities": ["text"], "stop": null, "seed": null, "never_heard_of": 1,
    }));
    assert_eq!(ask.expect("read").params.sampling, crate::child::sample::Sampling::default());
}

#[test]
fn ranges_are_held() {
    for (extra, param) in [
        (json!({"temperature": 2.1}), "temperature"),
        (json!({"temperature": "hot"}), "temperature"),
        (json!({"top_p": -0.1}), "top_p"),
        (json!({"max_tokens": 0}), "max_tokens"),
        (json!({"max_completion_tokens": -1}), "max_completion_tokens"),
        (json!({"stop": ["a", "b", "c", "d", "e"]}), "stop"),
        (json!({"stop": ""}), "stop"),
        (json!({"logit_bias": {"x": 1}}), "logit_bias"),
        (json!({"seed": 1.5}), "seed"),
        (json!({"stream": 1}), "stream"),
        (json!({"messages": []}), "messages"),
        (json!({"response_format": {"type": "xml"}}), "response_format"),
        (json!({"response_format": {"type": "json_schema"}}), "response_format.json_schema"),
        (json!({"grammar": 3}), "grammar"),
    ] {
        assert_eq!(refused(extra), ("invalid_value", param.to_string()));
    }
}

#[test]
fn the_newer_limit_wins_and_shapes_are_read() {
    let ask = chat(json!({
        "max_tokens": 5, "max_completion_tokens": 6, "stop": "x", "seed": -1, "stream": true,
        "stream_options": {"include_usage": true}, "response_format": {"type": "json_object"},
    }))
    .expect("read");
    assert_eq!((ask.params.max_tokens, ask.params.seed), (Some(6), Some(u64::MAX)));
    assert_eq!(ask.params.stops, ["x"]);
    assert!(ask.stream && ask.include_usage);
    assert_eq!(ask.params.shape, Shape::Schema(Schema::any_object()));
}

#[test]
fn a_deep_schema_is_refused_before_it_reaches_recursion_elsewhere() {
    let mut schema = json!({});
    for _ in 0..40 {
        schema = json!({"items": schema});
    }
    let format = json!({"type": "json_schema", "json_schema": {"schema": schema}});
    let (code, _) = refused(json!({"response_format": format}));
    assert_eq!(code, "invalid_value");
}

#[test]
fn prompts_are_text_or_tokens() {
    let read = |prompt: Value| {
        let body = json!({ "prompt": prompt }).to_string();
        Ask::read(Endpoint::Completion, body.as_bytes()).map(|ask| ask.input)
    };
    assert_eq!(read(json!("a")).expect("read"), Input::Text("a".into()));
    assert_eq!(read(json!(["a"])).expect("read"), Input::Text("a".into()));
    assert_eq!(read(json!([1, 2])).expect("read"), Input::Tokens(vec![1, 2]));
    assert_eq!(read(json!([[1, 2]])).expect("read"), Input::Tokens(vec![1, 2]));
    for bad in [json!([]), json!(["a", "b"]), json!([1, "a"]), json!(3), json!([-1])] {
        assert!(read(bad.clone()).is_err(), "{bad}");
    }
}

#[test]
fn no_json_is_said_so() {
    let refusal = Ask::read(Endpoint::Chat, b"[1]").expect_err("refused");
    assert_eq!(refusal.code, "invalid_json");
}
