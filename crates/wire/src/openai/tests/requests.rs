use bytes::Bytes;
use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use serde_json::{Value, json};

use crate::edit::Edits;
use crate::error::{Error, Problem};
use crate::json::tests::{spell, text, value};
use crate::openai::{Endpoint, Form, Request, ResponseFormat, Section};

fn chat(body: &str) -> Result<Request, Error> {
    Request::parse(Endpoint::Chat, Bytes::copy_from_slice(body.as_bytes()))
}

fn edited(request: &Request, model: &str) -> Bytes {
    let mut edits = Edits::new();
    request.set_model(model, &mut edits);
    request.ask_usage(&mut edits);
    edits.apply(request.body()).unwrap()
}

/// A chat body with fields in any order, unknown ones among them.
fn body() -> impl Strategy<Value = Value> {
    let part = text().prop_map(|text| json!({ "type": "text", "text": text }));
    let content = prop_oneof![
        text().prop_map(Value::from),
        Just(Value::Null),
        proptest::collection::vec(part, 0..3).prop_map(Value::from),
    ];
    let message = (content, text(), value()).prop_map(|(content, arguments, extra)| {
        json!({ "role": "user", "content": content, "x_extra": extra,
            "tool_calls": [{ "id": "call_1", "type": "function", "function": { "name": "f", "arguments": arguments } }] })
    });
    let options = prop_oneof![
        Just(None),
        Just(Some(Value::Null)),
        Just(Some(json!({}))),
        Just(Some(json!({ "x": [1] }))),
        any::<bool>().prop_map(|on| Some(json!({ "include_usage": on, "x": 1 }))),
    ];
    let fields =
        (text(), proptest::collection::vec(message, 1..4), any::<bool>(), options, value(), any::<[bool; 2]>());
    (fields, any::<usize>()).prop_map(|((model, messages, stream, options, extra, has), turn)| {
        let mut members = vec![("model".to_owned(), json!(model)), ("messages".to_owned(), json!(messages))];
        members.push(("x_extra".to_owned(), extra));
        if let Some(options) = options {
            members.push(("stream_options".to_owned(), options));
        }
        if has[0] {
            members.push(("stream".to_owned(), json!(stream)));
        }
        if has[1] {
            members.push(("max_tokens".to_owned(), json!(turn % 1000)));
        }
        let middle = turn % members.len();
        members.rotate_left(middle);
        Value::Object(members.into_iter().collect())
    })
}

fn strings(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::String(text) => out.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| strings(item, out)),
        Value::Object(members) => members.values().for_each(|value| strings(value, out)),
        _ => {}
    }
}

proptest! {
    #[test]
    fn a_view_says_what_another_reader_says(body in body(), seed in any::<u64>()) {
        let text = spell(&body, seed);
        let request = chat(&text).unwrap();
        prop_assert_eq!(Some(&*request.model()), body["model"].as_str());
        prop_assert_eq!(request.stream, body["stream"].as_bool().unwrap_or(false));
        prop_assert_eq!(request.max_tokens, body["max_tokens"].as_u64());
        prop_assert_eq!(request.wants_usage(), body["stream_options"]["include_usage"] == json!(true));
        prop_assert!(!request.unscannable.any());
        let said = |wanted: Section| request.places().iter()
            .filter(|place| place.section == wanted && matches!(place.form, Form::Text | Form::Arguments))
            .map(|place| place.literal.decode(&text).into_owned()).collect::<Vec<_>>();
        let mut wanted = Vec::new();
        strings(&body["messages"], &mut wanted);
        prop_assert_eq!(said(Section::Messages), wanted);
        let mut rest = Vec::new();
        strings(&body["x_extra"], &mut rest);
        prop_assert_eq!(said(Section::Rest), rest);
    }

    #[test]
    fn without_edits_the_bytes_stay(body in body(), seed in any::<u64>()) {
        let text = spell(&body, seed);
        let request = chat(&text).unwrap();
        prop_assert_eq!(&Edits::new().apply(request.body()).unwrap()[..], text.as_bytes());
        let mut same = Edits::new();
        request.set_model(&request.model(), &mut same);
        prop_assert!(same.is_empty());
    }

    #[test]
    fn edits_change_what_they_say_and_nothing_else(body in body(), seed in any::<u64>(), model in text()) {
        let text = spell(&body, seed);
        let request = chat(&text).unwrap();
        let out = edited(&request, &model);
        let mut wanted = body.clone();
        wanted["model"] = json!(model);
        if request.stream {
            if !wanted["stream_options"].is_object() {
                wanted["stream_options"] = json!({});
            }
            wanted["stream_options"]["include_usage"] = json!(true);
        }
        let got: Value = serde_json::from_slice(&out).unwrap();
        prop_assert_eq!(got, wanted);
        let again = Request::parse(Endpoint::Chat, out).unwrap();
        prop_assert!(!again.stream || again.wants_usage());
    }

    #[test]
    fn no_bytes_are_too_strange(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Request::parse(Endpoint::Chat, Bytes::from(bytes));
    }
}

#[test]
fn spaces_and_unknown_fields_survive_an_edit() {
    let text = "{ \"seed\" : 12345678901234567890123,\n\"model\":\"a\\u0062\", \"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"stream\":true }";
    let out = edited(&chat(text).unwrap(), "other \"one\"");
    let wanted = text.replace("\"a\\u0062\"", "\"other \\\"one\\\"\"").replacen(
        '{',
        "{\"stream_options\":{\"include_usage\":true},",
        1,
    );
    assert_eq!(String::from_utf8_lossy(&out), wanted);
}

#[test]
fn a_request_that_readers_could_differ_on_is_refused() {
    let refused = |text: &str| chat(text).unwrap_err().problem;
    let rest = r#""messages":[{"role":"user","content":"x"}]}"#;
    assert_eq!(refused(&format!(r#"{{"model":"a","model":"b",{rest}"#)), Problem::DuplicateField);
    assert_eq!(refused(&format!(r#"{{"model":"a","mod\u0065l":"b",{rest}"#)), Problem::DuplicateField);
    assert_eq!(refused(&format!(r#"{{"model":"a","Model":"b",{rest}"#)), Problem::AmbiguousField("model"));
    assert_eq!(refused(&format!(r#"{{"model":"a","ſtream":true,{rest}"#)), Problem::AmbiguousField("stream"));
    let twice = r#"{"model":"a","stream_options":{"include_usage":false,"include_usage":true},"#;
    assert_eq!(refused(&format!("{twice}{rest}")), Problem::DuplicateField);
}

#[test]
fn what_is_missing_or_of_another_type_is_named() {
    let messages = r#""messages":[{"role":"user","content":"x"}]"#;
    for (text, param) in [
        ("{}".to_owned(), Some("model")),
        (r#"{"model":"a"}"#.to_owned(), Some("messages")),
        (r#"{"model":"a","prompt":"x"}"#.to_owned(), Some("messages")),
        (r#"{"model":"a","messages":[]}"#.to_owned(), Some("messages")),
        (r#"{"model":"a","messages":["x"]}"#.to_owned(), Some("messages")),
        (r#"{"model":"a","messages":{"role":"user"}}"#.to_owned(), Some("messages")),
        (format!(r#"{{"model":null,{messages}}}"#), Some("model")),
        (format!(r#"{{"model":"a","stream":"true",{messages}}}"#), Some("stream")),
        (format!(r#"{{"model":"a","stream_options":true,{messages}}}"#), Some("stream_options")),
        (format!(r#"{{"model":"a","n":-1,{messages}}}"#), Some("n")),
        (format!(r#"{{"model":"a","max_tokens":1.5,{messages}}}"#), Some("max_tokens")),
        (format!(r#"{{"model":"a","max_tokens":99999999999999999999,{messages}}}"#), Some("max_tokens")),
        (format!(r#"{{"model":"a","max_tokens":2147483648,{messages}}}"#), Some("max_tokens")),
        (
            format!(r#"{{"model":"a","max_completion_tokens":18446744073709551615,{messages}}}"#),
            Some("max_completion_tokens"),
        ),
        (format!(r#"{{"model":"a","n":129,{messages}}}"#), Some("n")),
        ("[]".to_owned(), None),
        (String::new(), None),
    ] {
        assert_eq!(chat(&text).unwrap_err().param(), param, "{text}");
    }
    let bytes = Bytes::from_static(b"{\"model\":\"\xFF\"}");
    let error = Request::parse(Endpoint::Chat, bytes).unwrap_err();
    assert_eq!((error.problem, error.at), (Problem::Utf8, 10));
}

#[test]
fn parts_that_are_not_text_are_counted_and_their_data_left_alone() {
    let text = r#"{"model":"a","tools":[{"type":"function"}],"response_format":{"type":"json_schema"},"n":2,"user":"u\u0031","max_tokens":1,"max_completion_tokens":2,"messages":[{"role":"user","content":[
        {"type":"text","text":"look"},
        {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA","detail":"low"}},
        {"type":"image_url","image_url":{"url":"https://example.org/a.png"}},
        {"type":"input_audio","input_audio":{"data":"BBBB","format":"wav"}},
        {"type":"file","file":{"file_data":"CCCC","filename":"ivan.pdf"}}]}]}"#;
    let request = chat(text).unwrap();
    let counted = request.unscannable;
    assert_eq!((counted.images, counted.audio, counted.files), (2, 1, 1));
    assert_eq!((request.tools, request.response_format, request.n), (true, ResponseFormat::JsonSchema, Some(2)));
    assert_eq!((request.user.as_deref(), request.max_tokens), (Some("u1"), Some(2)));
    let texts = request.places().iter().filter(|place| place.form != Form::Data);
    let said: Vec<_> = texts.map(|place| place.literal.raw(text)).collect();
    assert!(["look", "https://example.org/a.png", "ivan.pdf"].iter().all(|wanted| said.contains(wanted)));
    assert!(!said.iter().any(|said| said.contains("AAAA") || said.contains("BBBB") || said.contains("CCCC")));
    let data: Vec<_> = request.places().iter().filter(|place| place.form == Form::Data).collect();
    let data: Vec<_> = data.iter().map(|place| place.literal.raw(text)).collect();
    assert_eq!(data, ["data:image/png;base64,AAAA", "BBBB", "CCCC"]);
}

#[test]
fn texts_of_one_message_stand_in_a_row() {
    let text = r#"{"model":"a","messages":[{"role":"user","content":[{"type":"text","text":"a"},"b",{"type":"image_url","image_url":"\u0064ATA:,x"},{"text":"c","type":"text"}]},
        {"role":"user","content":[{"type":"text","text":"d"}]},{"role":"user","content":"e"}]}"#;
    let request = chat(text).unwrap();
    let rows: Vec<_> =
        request.places().iter().filter_map(|place| Some((place.row?, place.literal.raw(text)))).collect();
    assert_eq!(rows, [(1, "a"), (1, "b"), (1, "c"), (2, "d")]);
    assert!(request.places().iter().any(|place| place.form == Form::Data && place.row.is_none()));
    let text = r#"{"model":"a","input":["x","y"]}"#;
    let request = Request::parse(Endpoint::Embeddings, Bytes::copy_from_slice(text.as_bytes())).unwrap();
    assert!(request.places().iter().all(|place| place.row == Some(1)));
}

#[test]
fn numbers_are_told_apart_by_what_can_stand_in_their_place() {
    let number = "4111111111111111";
    let forms = |fields: &str| {
        let text = format!(r#"{{"model":"a","messages":[{{"role":"user","content":"x"}}],{fields}}}"#);
        let request = chat(&text.replace('@', number)).unwrap();
        let numbers = request.places().iter().filter(|place| place.literal.raw(request.text()) == number);
        numbers.map(|place| place.form).collect::<Vec<_>>()
    };
    for (fields, wanted) in [
        (r#""seed":@,"temperature":@"#, vec![]),
        (r#""metadata":{"a":@},"user":@,"prompt_cache_key":[@]"#, vec![Form::Number; 3]),
        (r#""x_account":@,"logit_bias":{"50256":@}"#, vec![Form::Setting; 2]),
        (r#""tools":[{"function":{"parameters":{"const":@}}}],"response_format":{"x":@}"#, vec![Form::Setting; 2]),
        (r#""logit_bias":{"@":1}"#, vec![Form::Key]),
    ] {
        assert_eq!(forms(fields), wanted, "{fields}");
    }
}

#[test]
fn the_conversation_comes_first_whatever_the_order_of_fields() {
    let text = r#"{"user":"u","model":"a","tools":[{"x_name":"t","n":4111111111111111}],"seed":4111111111111111,"messages":[{"role":"r","content":"c","tool_calls":[{"function":{"arguments":"{}"}}]}]}"#;
    let request = chat(text).unwrap();
    let said: Vec<_> = request.places().iter().map(|place| (place.literal.raw(text), place.form)).collect();
    let wanted = [
        ("r", Form::Text),
        ("c", Form::Text),
        ("{}", Form::Arguments),
        ("u", Form::Text),
        ("x_name", Form::Key),
        ("t", Form::Text),
        ("n", Form::Key),
        ("4111111111111111", Form::Setting),
        ("seed", Form::Key),
    ];
    assert_eq!(said, wanted);
}

#[test]
fn completions_and_embeddings_have_their_own_text() {
    for (endpoint, text, wanted) in [
        (Endpoint::Completions, r#"{"model":"a","prompt":["x","y"],"suffix":"z"}"#, vec!["x", "y", "suffix", "z"]),
        (Endpoint::Embeddings, r#"{"input":"x","model":"a","dimensions":3}"#, vec!["x", "dimensions"]),
        (Endpoint::Embeddings, r#"{"input":[[1,2],[3]],"model":"a"}"#, vec![]),
    ] {
        let request = Request::parse(endpoint, Bytes::copy_from_slice(text.as_bytes())).unwrap();
        let said: Vec<_> = request.places().iter().map(|place| place.literal.raw(text)).collect();
        assert_eq!(said, wanted, "{text}");
    }
    let error = Request::parse(Endpoint::Completions, Bytes::from_static(br#"{"model":"a","messages":[{}]}"#));
    assert_eq!(error.unwrap_err().param(), Some("prompt"));
}

#[test]
fn overlapping_edits_change_nothing() {
    let mut edits = Edits::new();
    edits.replace(0..3, "x");
    edits.replace(2..4, "y");
    assert!(edits.apply_to(b"abcdef").is_err());
    let mut outside = Edits::new();
    outside.replace(5..9, "x");
    assert!(outside.apply_to(b"abcdef").is_err());
}

#[test]
fn every_answer_that_is_made_counts() {
    let answers = |endpoint, body: &str| Request::parse(endpoint, Bytes::from(body.to_owned())).unwrap().answers();
    for (more, wanted) in [
        (r#""prompt":"a""#, 1),
        (r#""prompt":"a","n":2,"best_of":3"#, 3),
        (r#""prompt":"a","n":3"#, 3),
        (r#""prompt":["a","b"],"best_of":3"#, 6),
        (r#""prompt":[1,2,3]"#, 1),
        (r#""prompt":[[1],[2],[3]],"n":0"#, 3),
    ] {
        assert_eq!(answers(Endpoint::Completions, &format!(r#"{{"model":"m",{more}}}"#)), wanted, "{more}");
    }
    assert_eq!(
        answers(
            Endpoint::Chat,
            r#"{"model":"m","messages":[{"role":"user","content":"hi"}],"prompt":["a","b"],"n":2}"#
        ),
        2
    );
    let body = Bytes::from(r#"{"model":"m","prompt":"a","best_of":129}"#);
    assert!(Request::parse(Endpoint::Completions, body).is_err());
}
