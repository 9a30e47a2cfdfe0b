use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use realm::{ClassSet, DataClass};
use serde_json::{Value, json};
use wire::Edits;
use wire::openai::{Answer, Endpoint, Event, Field, Request};

use super::{Plan, Restorer, SPELLING_MAX, StreamRestorer, plan};
use crate::detect::{Detectors, Scan};

fn request(body: &Value) -> Request {
    Request::parse(Endpoint::Chat, Bytes::from(body.to_string())).unwrap()
}

fn personal() -> ClassSet {
    ClassSet::of(DataClass::Personal)
}

/// The body as it leaves, and the plan that made it.
fn redacted(body: &Value) -> (Value, Plan) {
    let request = request(body);
    let plan = plan(&Scan::of(&Detectors::standard(), &request), personal());
    let out = plan.edits.apply(request.body()).unwrap();
    (serde_json::from_slice(&out).unwrap(), plan)
}

fn one(content: &str) -> (String, Plan) {
    let (body, plan) = redacted(&json!({ "model": "m", "messages": [{ "role": "user", "content": content }] }));
    (body["messages"][0]["content"].as_str().unwrap().to_owned(), plan)
}

/// Some pieces of a text: words of several scripts, what looks like tokens and escapes, and values.
fn words() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        Just("DE89370400440532013000"),
        Just("DE89 3704 0044 0532 0130 00"),
        Just("gb29 nwbk 6016 1331 9268 19"),
        Just("4111 1111 1111 1111"),
        Just("5500000000000004"),
        Just("ivan@example.com"),
        Just("мария@пример.рф"),
        Just("+7 916 123-45-67"),
        Just("8 (495) 123-45-67"),
    ];
    let lookalike = prop_oneof![
        Just("⟨IBAN_1⟩"),
        Just("⟨EMAIL_2⟩"),
        Just("⟨CARD_"),
        Just("⟨"),
        Just("⟩"),
        Just("⟨IBAN_99⟩"),
        Just("\\u27e8IBAN_1\\u27e9"),
        Just("\\"),
        Just("\\\\"),
        Just("\\u27"),
        Just("⟨⟨PHONE_1⟩⟩"),
    ];
    let word = prop_oneof![
        3 => value.prop_map(str::to_owned),
        2 => lookalike.prop_map(str::to_owned),
        3 => "[a-zа-яё😀\"{}\n]{1,6}",
    ];
    proptest::collection::vec((word, prop_oneof![3 => Just(" "), 1 => Just(", "), 1 => Just("\n")]), 0..8)
        .prop_map(|words| words.into_iter().map(|(word, gap)| word + gap).collect())
}

/// A literal with escapes where the seed says so.
fn spell(text: &str, seed: &mut u64) -> String {
    let mut out = String::from("\"");
    for char in text.chars() {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(99_991);
        if *seed >> 62 == 0 {
            char.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04X}")));
        } else {
            out.push_str(&wire::json::escape(&char.to_string()));
        }
    }
    out + "\""
}

/// Splits a text into pieces of one to a few characters.
fn pieces(text: &str, seed: &mut u64) -> Vec<String> {
    let mut out = vec![String::new()];
    for char in text.chars() {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(7);
        if *seed >> 62 != 0 {
            out.push(String::new());
        }
        out.last_mut().unwrap().push(char);
    }
    out
}

/// Runs a stream through a restorer: the texts that the client gets, by choice and field.
struct Client {
    restorer: StreamRestorer,
    got: BTreeMap<(u32, Field), String>,
}

impl Client {
    fn new(plan: &Plan) -> Self {
        Self { restorer: StreamRestorer::new(Arc::clone(&plan.table)), got: BTreeMap::new() }
    }

    fn send(&mut self, data: &str) {
        let Event::Chunk(chunk) = Event::read(data) else { panic!("{data}") };
        let mut edits = Edits::new();
        let before = self.restorer.chunk(data, &chunk, &mut edits);
        before.iter().for_each(|before| self.take(before));
        self.take(&String::from_utf8(edits.apply_to(data.as_bytes()).unwrap()).unwrap());
        assert!(self.restorer.held.values().all(|held| held.0.len() <= SPELLING_MAX));
    }

    fn take(&mut self, data: &str) {
        let Event::Chunk(chunk) = Event::read(data) else { panic!("{data}") };
        for said in chunk.said {
            self.got.entry((said.choice, said.field)).or_default().push_str(&said.literal.decode(data));
        }
    }

    fn end(mut self) -> BTreeMap<(u32, Field), String> {
        let last = self.restorer.finish();
        last.iter().for_each(|last| self.take(last));
        self.got.retain(|_, text| !text.is_empty());
        self.got
    }
}

fn content_piece(choice: u32, piece: &str, seed: &mut u64) -> String {
    format!(r#"{{"id":"x","choices":[{{"delta":{{"content":{}}},"index":{choice}}}]}}"#, spell(piece, seed))
}

fn arguments_piece(choice: u32, piece: &str, seed: &mut u64) -> String {
    let says = spell(piece, seed);
    format!(
        r#"{{"choices":[{{"index":{choice},"delta":{{"tool_calls":[{{"index":2,"function":{{"arguments":{says}}}}}]}}}}]}}"#
    )
}

const FINISH: &str = r#"{"id":"x","choices":[{"index":0,"delta":{},"finish_reason":"stop"},{"index":1,"delta":{"content":""},"finish_reason":"stop"}]}"#;

proptest! {
    #[test]
    fn what_leaves_holds_no_value_and_the_same_structure(text in words(), more in words(), arguments in words()) {
        let arguments = json!({ "to": arguments, "n": [1, { "deep": more }] }).to_string();
        let body = json!({ "model": "m", "user": more, "messages": [
            { "role": "user", "content": text }, { "role": "user", "content": [{ "type": "text", "text": more }] },
            { "role": "assistant", "content": null, "tool_calls": [{ "id": "c", "function": { "name": "f", "arguments": arguments } }] } ] });
        let (out, plan) = redacted(&body);
        prop_assert!(Scan::of(&Detectors::standard(), &request(&out)).classes().is_empty(), "{}", out);
        let inner: Value = serde_json::from_str(out["messages"][2]["tool_calls"][0]["function"]["arguments"].as_str().unwrap()).unwrap();
        let restorer = Restorer::new(plan.table);
        let whole = |value: &Value| restorer.text(value.as_str().unwrap(), false).into_owned();
        prop_assert_eq!(whole(&out["user"]), more.clone());
        prop_assert_eq!(whole(&inner["n"][1]["deep"]), more);
    }

    #[test]
    fn redacting_and_restoring_is_the_identity_for_any_split(text in words(), more in words(), seed in any::<u64>(), finishes: bool) {
        let mut seed = seed;
        let arguments = json!({ "a": more, "b": text }).to_string();
        let (out, plan) = redacted(&json!({ "model": "m", "messages": [ { "role": "user", "content": text }, { "role": "user", "content": more },
            { "role": "assistant", "tool_calls": [{ "function": { "arguments": arguments } }] } ] }));
        let said = |at: usize| out["messages"][at]["content"].as_str().unwrap();
        let called = out["messages"][2]["tool_calls"][0]["function"]["arguments"].as_str().unwrap();
        let mut client = Client::new(&plan);
        let mut queues = [
            pieces(said(0), &mut seed).iter().map(|piece| content_piece(0, piece, &mut seed)).collect::<Vec<_>>().into_iter(),
            pieces(said(1), &mut seed).iter().map(|piece| content_piece(1, piece, &mut seed)).collect::<Vec<_>>().into_iter(),
            pieces(called, &mut seed).iter().map(|piece| arguments_piece(0, piece, &mut seed)).collect::<Vec<_>>().into_iter(),
        ];
        // The three texts come interleaved.
        loop {
            let turn: Vec<String> = queues.iter_mut().filter_map(Iterator::next).collect();
            if turn.is_empty() {
                break;
            }
            turn.iter().for_each(|data| client.send(data));
        }
        if finishes {
            client.send(FINISH);
            prop_assert!(client.restorer.held.is_empty());
        }
        let mut wanted = BTreeMap::from([((0, Field::Content), text), ((1, Field::Content), more), ((0, Field::ToolArguments(2)), arguments)]);
        wanted.retain(|_, text| !text.is_empty());
        prop_assert_eq!(client.end(), wanted);
    }

    #[test]
    fn whole_answers_come_back_as_they_were(text in words(), more in words(), seed in any::<u64>()) {
        let mut seed = seed;
        let arguments = json!({ "a": more }).to_string();
        let (out, plan) = redacted(&json!({ "model": "m", "messages": [ { "role": "user", "content": text },
            { "role": "assistant", "tool_calls": [{ "function": { "arguments": arguments } }] } ] }));
        let says = |value: &Value, seed: &mut u64| spell(value.as_str().unwrap(), seed);
        let content = says(&out["messages"][0]["content"], &mut seed);
        let called = says(&out["messages"][1]["tool_calls"][0]["function"]["arguments"], &mut seed);
        let answer = format!(r#"{{"choices":[{{"message":{{"content":{content},"tool_calls":[{{"function":{{"arguments":{called}}}}}]}}}}]}}"#);
        let Answer::Response(response) = Answer::read(answer.as_bytes()) else { panic!("{answer}") };
        let mut edits = Edits::new();
        Restorer::new(plan.table).answer(&answer, &response, &mut edits);
        let got: Value = serde_json::from_slice(&edits.apply_to(answer.as_bytes()).unwrap()).unwrap();
        prop_assert_eq!(&got["choices"][0]["message"]["content"], &json!(text));
        prop_assert_eq!(&got["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"], &json!(arguments));
    }

    #[test]
    fn a_history_that_grows_keeps_its_tokens(first in words(), second in words()) {
        let message = |content: &str| json!({ "role": "user", "content": content });
        let (short, _) = redacted(&json!({ "model": "m", "messages": [message(&first)] }));
        let second = second.replace(['⟨', '\\'], "");
        let (long, _) = redacted(&json!({ "model": "m", "messages": [message(&first), message(&second)] }));
        prop_assert_eq!(&short["messages"][0], &long["messages"][0]);
    }
}

#[test]
fn tokens_are_typed_and_numbered_by_first_appearance() {
    let body = json!({ "user": "z@example.com", "model": "m", "messages": [
        { "role": "user", "content": "a@example.com и DE89370400440532013000, b@example.com" },
        { "role": "user", "content": "b@example.com, DE89 3704 0044 0532 0130 00, a@example.com" } ] });
    let (out, plan) = redacted(&body);
    assert_eq!(out["messages"][0]["content"], "⟨EMAIL_1⟩ и ⟨IBAN_1⟩, ⟨EMAIL_2⟩");
    assert_eq!(out["messages"][1]["content"], "⟨EMAIL_2⟩, ⟨IBAN_2⟩, ⟨EMAIL_1⟩");
    assert_eq!((&out["user"], plan.table.len()), (&json!("⟨EMAIL_3⟩"), 5));
}

#[test]
fn numbers_that_stand_in_the_input_are_skipped() {
    let (text, plan) = one("⟨IBAN_1⟩ \\u27e8IBAN_2\\u27E9 DE89370400440532013000");
    assert_eq!(text, "⟨IBAN_1⟩ \\u27e8IBAN_2\\u27E9 ⟨IBAN_3⟩");
    assert_eq!(Restorer::new(plan.table).text("⟨IBAN_1⟩⟨IBAN_3⟩", false), "⟨IBAN_1⟩DE89370400440532013000");
}

#[test]
fn an_invented_token_and_another_tables_are_left_alone() {
    let (_, mine) = one("a@example.com");
    let (_, other) = one("b@example.com, c@example.com");
    let restorer = Restorer::new(mine.table);
    assert_eq!(
        restorer.text("⟨EMAIL_2⟩ ⟨EMAIL_1⟩ ⟨IBAN_1⟩ ⟨EMAIL_01⟩", false),
        "⟨EMAIL_2⟩ a@example.com ⟨IBAN_1⟩ ⟨EMAIL_01⟩"
    );
    assert_eq!(Restorer::new(other.table).text("⟨EMAIL_1⟩", false), "b@example.com");
}

#[test]
fn values_are_escaped_where_the_text_is_json() {
    let (text, plan) = one("\"o'neil\"@example.com? no: o'neil@example.com");
    let token = text.rsplit(' ').next().unwrap();
    let restorer = Restorer::new(plan.table);
    assert_eq!(restorer.text(token, true), "o'neil@example.com");
    assert_eq!(
        restorer.text("{\"a\":\"\\u27e8EMAIL_1\\u27E9 \\\\u27e8EMAIL_1\\u27e9\"}", true),
        "{\"a\":\"o'neil@example.com \\\\u27e8EMAIL_1\\u27e9\"}"
    );
}

#[test]
fn text_in_json_in_text_is_read_as_json() {
    let inner = r#"{"note":"счёт\nDE89370400440532013000","mail":"ivan\u0040example.com","card":4111111111111111,"ivan@example.com":"[\"a\\nDE89370400440532013000\"]"}"#;
    let body = json!({ "model": "m", "messages": [
        { "role": "tool", "content": inner },
        { "role": "assistant", "tool_calls": [{ "function": { "arguments": inner } }] } ], "metadata": { "card": 4111111111111111_u64 } });
    let (out, plan) = redacted(&body);
    let content = out["messages"][0]["content"].as_str().unwrap();
    let wanted = r#"{"note":"счёт\n⟨IBAN_1⟩","mail":"⟨EMAIL_1⟩","card":⟨CARD_1⟩,"⟨EMAIL_2⟩":"[\"a\\n⟨IBAN_1⟩\"]"}"#;
    assert_eq!(content, wanted);
    let arguments = out["messages"][1]["tool_calls"][0]["function"]["arguments"].as_str().unwrap();
    assert_eq!(arguments, wanted.replace("⟨CARD_1⟩", "\"⟨CARD_1⟩\""));
    assert_eq!(out["metadata"]["card"], "⟨CARD_1⟩");
    let restorer = Restorer::new(plan.table);
    assert_eq!(restorer.text(content, false), inner);
    assert_eq!(restorer.text("{\"mail\":\"⟨EMAIL_1⟩\"}", true), "{\"mail\":\"ivan@example.com\"}");
}

#[test]
fn only_the_classes_asked_for_are_redacted() {
    let request = request(&json!({ "model": "m", "messages": [{ "role": "user", "content": "a@example.com" }] }));
    let scan = Scan::of(&Detectors::standard(), &request);
    assert_eq!(scan.classes(), personal());
    let nothing = plan(&scan, ClassSet::of(DataClass::Secret));
    assert!(nothing.edits.is_empty() && nothing.table.is_empty());
    assert!(StreamRestorer::new(nothing.table).is_idle());
}

#[test]
fn a_beginning_is_held_only_while_it_can_be_ours() {
    let (_, plan) = one("a@example.com");
    let mut client = Client::new(&plan);
    let mut seed = 1;
    for (piece, so_far) in [
        ("x ⟨", "x "),
        ("E", "x "),
        ("X", "x ⟨EX"),
        (" \\", "x ⟨EX "),
        ("n⟨EMAIL_1", "x ⟨EX \\n"),
        ("⟩.", "x ⟨EX \\na@example.com."),
    ] {
        client.send(&content_piece(0, piece, &mut seed));
        assert_eq!(client.got[&(0, Field::Content)], so_far);
    }
}

#[test]
fn what_is_held_comes_out_before_the_end() {
    let (_, plan) = one("a@example.com");
    let mut seed = 1;
    let mut client = Client::new(&plan);
    client.send(&content_piece(0, "see ⟨EMA", &mut seed));
    let data = r#"{"id":"x","choices":[{"index":0,"delta":{},"finish_reason":"length"}],"usage":{"prompt_tokens":1}}"#;
    let Event::Chunk(chunk) = Event::read(data) else { panic!() };
    let mut edits = Edits::new();
    let before = client.restorer.chunk(data, &chunk, &mut edits).unwrap();
    let wanted = r#"{"id":"x","choices":[{"index":0,"delta":{"content":"⟨EMA"},"finish_reason":null}],"usage":null}"#;
    assert_eq!((before.as_str(), edits.is_empty(), client.restorer.finish()), (wanted, true, None));
}

#[test]
fn pieces_without_tokens_are_not_touched() {
    let (_, plan) = one("a@example.com");
    let mut restorer = StreamRestorer::new(plan.table);
    let data = r#"{"choices":[{"index":0,"delta":{"content":"a \ud83d \u00e9 ⟩ [EMAIL_1]"},"logprobs":{"content":[{"token":"⟨EMAIL_1⟩"}]}}]}"#;
    let Event::Chunk(chunk) = Event::read(data) else { panic!() };
    let mut edits = Edits::new();
    assert!(restorer.chunk(data, &chunk, &mut edits).is_none() && edits.is_empty());
}

#[test]
fn nothing_prints_a_value() {
    let request = request(&json!({ "model": "m", "messages": [{ "role": "user", "content": "hush@example.com" }] }));
    let scan = Scan::of(&Detectors::standard(), &request);
    let plan = plan(&scan, personal());
    let mut client = Client::new(&plan);
    client.send(&content_piece(0, "⟨EMAIL", &mut 1));
    let restorer = Restorer::new(Arc::clone(&plan.table));
    let printed = format!("{request:?}{scan:?}{:?}{plan:?}{restorer:?}{:?}", scan.hits(), client.restorer);
    assert!(!printed.contains("hush"), "{printed}");
}
