use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, proptest};
use serde_json::{Value, json};

use super::{back, chunks, content, finish, run};
use crate::translate::{Back, Translator};
use crate::yandexgpt::{Rewritten, Stream};

const MAX: usize = 4 << 20;

fn line(text: &str, status: &str, tokens: u64) -> String {
    let usage = json!({ "inputTextTokens": "20", "completionTokens": tokens.to_string(), "totalTokens": (20 + tokens).to_string() });
    let status = format!("ALTERNATIVE_STATUS_{status}");
    json!({ "result": { "alternatives": [{ "message": { "role": "assistant", "text": text }, "status": status }], "usage": usage, "modelVersion": "v" } }).to_string()
}

fn translated(body: &str, piece: usize) -> Vec<String> {
    run(&mut Stream::new(back(), MAX), body.as_bytes(), piece)
}

fn error_of(data: &[String]) -> Value {
    assert!(data.iter().all(|data| data != "[DONE]"));
    let last: Value = serde_json::from_str(data.last().unwrap()).unwrap();
    last["error"].clone()
}

#[test]
fn cumulative_text_becomes_deltas_with_role_finish_usage_and_terminator() {
    let body = format!("{}\n{}\n", line("При", "PARTIAL", 1), line("Привет!", "FINAL", 3));
    let data = translated(&body, MAX);
    let all = chunks(&data);
    assert_eq!(all[0]["choices"][0]["delta"], json!({ "role": "assistant", "content": "" }));
    assert_eq!(
        all[1]["choices"][0],
        json!({ "index": 0, "delta": { "content": "При" }, "logprobs": null, "finish_reason": null })
    );
    assert_eq!((content(&data).as_str(), finish(&data).as_deref()), ("Привет!", Some("stop")));
    let last = all.last().unwrap();
    assert_eq!(last["choices"], json!([]));
    assert_eq!(
        last["usage"],
        json!({ "prompt_tokens": 20, "completion_tokens": 3, "total_tokens": 23 }),
        "the last line's, not a sum"
    );
    assert_eq!(data.last().unwrap(), "[DONE]");
    for chunk in &all {
        assert_eq!(
            (&chunk["object"], &chunk["id"], &chunk["model"]),
            (&json!("chat.completion.chunk"), &json!("chatcmpl-1"), &json!("yandexgpt"))
        );
    }
    let unasked = run(&mut Stream::new(Back { wants_usage: false, ..back() }, MAX), body.as_bytes(), MAX);
    assert!(chunks(&unasked).iter().all(|chunk| chunk["usage"].is_null()));
}

#[test]
fn values_are_found_without_lines_with_crlf_blank_lines_and_no_final_newline() {
    let (one, two) = (line("а\"}{\\", "PARTIAL", 1), line("а\"}{\\б", "FINAL", 2));
    let expected = translated(&format!("{one}\n{two}\n"), MAX);
    assert_eq!(content(&expected), "а\"}{\\б");
    for body in [format!("{one}{two}"), format!("\r\n\r\n{one}\r\n\n \t{two}"), format!("\u{feff}{one}\n{two}")] {
        assert_eq!(translated(&body, MAX), expected);
    }
}

#[test]
fn a_line_of_a_megabyte_passes_and_one_over_the_bound_does_not() {
    let long = "ы".repeat(500_000);
    let body = format!("{}\n", line(&long, "FINAL", 1));
    assert_eq!(content(&translated(&body, 4096)), long);
    let mut out = Vec::new();
    assert!(Stream::new(back(), 1000).push(body.as_bytes(), &mut out).is_err());
}

#[test]
fn an_error_line_in_the_middle_ends_the_stream_in_an_error() {
    let error = r#"{"error":{"grpcCode":14,"httpCode":503,"message":"unavailable","httpStatus":"Service Unavailable","details":[]}}"#;
    let data = translated(&format!("{}\n{error}\n{}\n", line("При", "PARTIAL", 1), line("Привет", "FINAL", 2)), 7);
    assert_eq!(content(&data), "При");
    assert_eq!(
        error_of(&data),
        json!({ "message": "unavailable", "type": "server_error", "param": null, "code": "server_error" })
    );
    assert_eq!(error_of(&translated("<html>\n", 1))["type"], "server_error");
}

#[test]
fn a_body_that_ends_without_a_final_status_ends_without_a_terminator() {
    let body = format!("{}\n{}", line("При", "PARTIAL", 1), line("Привет", "FINAL", 2));
    for cut in [body.len() - 1, body.len() / 2 + 40] {
        let data = run(&mut Stream::new(back(), MAX), &body.as_bytes()[..cut], MAX);
        assert_eq!((content(&data).as_str(), finish(&data)), ("При", None));
        assert_ne!(data.last().unwrap(), "[DONE]");
    }
}

#[test]
fn truncated_and_filtered_streams_say_so() {
    assert_eq!(finish(&translated(&line("а", "TRUNCATED_FINAL", 1), 5)).as_deref(), Some("length"));
    let first = translated(&line("Давайте сменим тему", "CONTENT_FILTER", 1), 5);
    assert_eq!((content(&first).as_str(), finish(&first).as_deref()), ("Давайте сменим тему", Some("content_filter")));
    let body = format!("{}\n{}", line("Запретн", "PARTIAL", 1), line("Давайте сменим тему", "CONTENT_FILTER", 1));
    let later = translated(&body, 5);
    assert_eq!(
        (content(&later).as_str(), finish(&later).as_deref()),
        ("Запретн", Some("content_filter")),
        "nothing more is said"
    );
    assert_eq!(later.last().unwrap(), "[DONE]");
}

#[test]
fn rewritten_text_fails_splices_or_never_happens() {
    let body = format!(
        "{}\n{}\n{}",
        line("Кот идёт", "PARTIAL", 1),
        line("Кит", "PARTIAL", 1),
        line("Кит плывёт", "FINAL", 2)
    );
    let with = |how| run(&mut Stream::with(back(), MAX, how), body.as_bytes(), 3);
    let failed = with(Rewritten::Fail);
    assert_eq!((content(&failed).as_str(), &error_of(&failed)["code"]), ("Кот идёт", &json!("stream_rewritten")));
    assert_eq!(content(&with(Rewritten::Splice)), "Кот идётит плывёт");
    assert_eq!(content(&with(Rewritten::Hold)), "Кит плывёт");
    let back_again =
        format!("{}\n{}\n{}", line("Кот", "PARTIAL", 1), line("Ко", "PARTIAL", 1), line("Кот.", "FINAL", 2));
    assert_eq!(content(&translated(&back_again, 9)), "Кот.", "what changes back is no harm");
}

#[test]
fn tool_calls_come_whole_with_index_and_id_and_in_the_older_form() {
    let call = |city: &str| json!({ "functionCall": { "name": "weather", "arguments": { "city": city } } });
    let body = json!({ "result": { "alternatives": [{ "message": { "role": "assistant", "toolCallList": { "toolCalls": [call("Москва"), call("Омск")] } }, "status": "ALTERNATIVE_STATUS_TOOL_CALLS" }] } }).to_string();
    let data = translated(&body, 1);
    let calls = chunks(&data)[1]["choices"][0]["delta"]["tool_calls"].clone();
    assert_eq!((&calls[0]["index"], &calls[1]["index"]), (&json!(0), &json!(1)));
    assert_eq!(calls[1]["function"], json!({ "name": "weather", "arguments": r#"{"city":"Омск"}"# }));
    assert_ne!(calls[0]["id"], calls[1]["id"]);
    assert_eq!(finish(&data).as_deref(), Some("tool_calls"));
    let legacy = Back { legacy_functions: true, ..back() };
    let data = run(&mut Stream::new(legacy, MAX), body.as_bytes(), 1);
    assert_eq!(error_of(&data)["type"], "server_error", "two calls have no room there");
}

#[test]
fn a_status_of_the_future_is_final_where_the_body_ends_with_it() {
    let body = format!("{}\n{}", line("а", "OF_THE_FUTURE", 1), line("аб", "OF_THE_FUTURE", 2));
    let data = translated(&body, 2);
    assert_eq!((content(&data).as_str(), finish(&data).as_deref()), ("аб", Some("stop")));
    assert_eq!(data.last().unwrap(), "[DONE]");
}

/// Cyrillic, emoji, combining marks, joiners, escapes.
fn letters() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec("[а-яёa-z \"\\\\{}\n]{0,4}|(👩‍👩‍👧|🇷🇺|é|й|е\u{301}|\u{301}){1,3}|\\PC{0,3}", 1..8)
}

proptest! {
    #[test]
    fn deltas_concatenate_to_the_final_text_and_any_split_gives_the_same_frames(pieces in letters(), size in 1_usize..40, crlf in any::<bool>()) {
        let end = if crlf { "\r\n" } else { "\n" };
        let mut text = String::new();
        let mut body = String::new();
        for (place, piece) in pieces.iter().enumerate() {
            text.push_str(piece);
            let status = if place + 1 == pieces.len() { "FINAL" } else { "PARTIAL" };
            body.push_str(&line(&text, status, place as u64));
            body.push_str(end);
        }
        let whole = translated(&body, MAX);
        prop_assert_eq!(content(&whole), text);
        prop_assert!(whole.last().is_some_and(|last| last == "[DONE]"));
        for piece in [1, 2, 3, size] {
            prop_assert_eq!(&translated(&body, piece), &whole);
        }
    }

    #[test]
    fn a_cut_at_any_byte_changes_nothing(at in 0_usize..2000) {
        let body = format!("{}\n{}\n", line("При👩‍👧", "PARTIAL", 1), line("При👩‍👧вет", "FINAL", 3));
        let at = at % body.len();
        let mut stream = Stream::new(back(), MAX);
        let mut out = Vec::new();
        stream.push(&body.as_bytes()[..at], &mut out).unwrap();
        stream.push(&body.as_bytes()[at..], &mut out).unwrap();
        stream.end(&mut out);
        let mut whole = Vec::new();
        let mut other = Stream::new(back(), MAX);
        other.push(body.as_bytes(), &mut whole).unwrap();
        other.end(&mut whole);
        prop_assert_eq!(out, whole);
    }
}
