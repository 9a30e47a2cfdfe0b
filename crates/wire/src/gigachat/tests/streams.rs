use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use serde_json::{Value, json};

use super::back;
use crate::gigachat::Stream;
use crate::openai;
use crate::sse::Frame;
use crate::translate::{Back, Translator};

const MAX: usize = 1 << 20;

/// What comes out of the bytes, cut at the given places, and whether it could be read.
fn run(bytes: &[u8], cuts: &[usize], back: Back) -> (Vec<String>, bool) {
    let mut stream = Stream::new(back, MAX);
    let mut out = Vec::new();
    let mut fine = true;
    let mut from = 0;
    for &cut in cuts.iter().chain([&bytes.len()]) {
        fine &= stream.push(&bytes[from..cut.max(from)], &mut out).is_ok();
        from = cut.max(from);
    }
    stream.end(&mut out);
    let data = |frame| match frame {
        Frame::Event(event) => event.data,
        Frame::Comment(text) => format!(":{text}"),
    };
    (out.into_iter().map(data).collect(), fine)
}

fn whole(text: &str, back: Back) -> Vec<String> {
    run(text.as_bytes(), &[], back).0
}

fn chunk(delta: &Value, finish: Option<&str>, usage: bool) -> String {
    let mut choice = json!({ "delta": delta, "index": 0 });
    if let Some(finish) = finish {
        choice["finish_reason"] = json!(finish);
    }
    let mut chunk = json!({ "choices": [choice], "created": 5, "model": "GigaChat:2", "object": "chat.completion" });
    if usage {
        chunk["usage"] =
            json!({ "prompt_tokens": 17, "completion_tokens": 25, "total_tokens": 42, "precached_prompt_tokens": 2 });
    }
    format!("data: {chunk}\n\n")
}

fn hello() -> String {
    [
        chunk(&json!({ "content": "При", "role": "assistant" }), None, false),
        chunk(&json!({ "content": "вет" }), None, false),
        chunk(&json!({ "content": "" }), Some("stop"), true),
        "data: [DONE]\n\n".to_owned(),
    ]
    .concat()
}

fn wanting() -> Back {
    Back { wants_usage: true, ..back() }
}

fn deltas(out: &[String]) -> Vec<Value> {
    out.iter()
        .filter_map(|data| serde_json::from_str::<Value>(data).ok())
        .filter_map(|chunk| chunk["choices"].get(0).cloned())
        .collect()
}

fn text(out: &[String]) -> String {
    deltas(out).iter().filter_map(|choice| choice["delta"]["content"].as_str()).collect()
}

#[test]
fn usage_present_in_stream_without_being_asked_reaches_who_asked() {
    let out = whole(&hello(), wanting());
    let head = |choices: Value| {
        json!({ "id": "chatcmpl-7", "object": "chat.completion.chunk", "created": 5, "model": "GigaChat:2",
            "system_fingerprint": null, "choices": choices })
    };
    let piece = |delta: Value, finish: Value| {
        head(json!([{ "index": 0, "delta": delta, "logprobs": null, "finish_reason": finish }])).to_string()
    };
    let mut usage = head(json!([]));
    usage["usage"] = json!({ "prompt_tokens": 17, "completion_tokens": 25, "total_tokens": 42,
        "prompt_tokens_details": { "cached_tokens": 2 } });
    let expected = [
        piece(json!({ "role": "assistant", "content": "При" }), Value::Null),
        piece(json!({ "content": "вет" }), Value::Null),
        piece(json!({}), json!("stop")),
        usage.to_string(),
        "[DONE]".to_owned(),
    ];
    assert_eq!(out, expected);
    assert_eq!(whole(&hello(), back()).len(), 4);
    for data in &out[..4] {
        assert!(matches!(openai::Event::read(data), openai::Event::Chunk(_)));
    }
}

#[test]
fn chunk_split_at_any_byte_gives_the_same_frames() {
    let call =
        json!({ "function_call": { "name": "f", "arguments": { "город": "Москва" } }, "functions_state_id": "s" });
    let text = format!("\n: alive\n\n{}{}", chunk(&call, None, false), hello()).replace("\n\n", "\r\n\r\n");
    let expected = run(text.as_bytes(), &[], wanting());
    assert!(expected.1);
    for cut in 0..text.len() {
        assert_eq!(run(text.as_bytes(), &[cut], wanting()), expected, "cut at {cut}");
    }
    let every: Vec<usize> = (0..text.len()).collect();
    assert_eq!(run(text.as_bytes(), &every, wanting()), expected);
}

#[test]
fn leading_blank_line_crlf_and_comment_lines() {
    let plain = whole(&hello(), wanting());
    assert_eq!(whole(&format!("\n\n{}", hello()), wanting()), plain);
    assert_eq!(whole(&hello().replace('\n', "\r\n"), wanting()), plain);
    let commented = whole(&format!(": ping\n\n{}", hello()), wanting());
    assert_eq!((commented[0].as_str(), &commented[1..]), (":ping", &plain[..]));
}

#[test]
fn missing_done_after_a_finish_is_complete_and_before_it_is_not() {
    let plain = whole(&hello(), wanting());
    let missing = hello().replace("data: [DONE]\n\n", "");
    assert_eq!(whole(&missing, wanting()), plain);
    assert_eq!(whole(missing.trim_end(), wanting()), plain);
    let cut = chunk(&json!({ "content": "При", "role": "assistant" }), None, false);
    let out = whole(&cut, wanting());
    assert_eq!((out.len(), text(&out).as_str()), (1, "При"));
    let inside = &missing[..missing.len() - 9];
    assert_eq!(whole(inside, wanting()).len(), 2);
    assert!(whole("", wanting()).is_empty());
}

#[test]
fn done_without_trailing_newline() {
    assert_eq!(whole(hello().trim_end(), wanting()), whole(&hello(), wanting()));
}

#[test]
fn a_call_comes_whole_with_its_state_in_this_or_a_neighbouring_event() {
    let call = json!({ "name": "f", "arguments": { "город": "Москва", "n": 1 } });
    let state = json!("77d3fb14-457a-46ba-937e-8d856156d003");
    let first = json!({ "role": "assistant", "content": "" });
    let streams = [
        vec![(json!({ "role": "assistant", "content": "", "function_call": call, "functions_state_id": state }), true)],
        vec![
            (json!({ "role": "assistant", "content": "", "function_call": call }), false),
            (json!({ "functions_state_id": state }), true),
        ],
        vec![
            (json!({ "role": "assistant", "content": "", "functions_state_id": state }), false),
            (json!({ "function_call": call }), false),
            (json!({}), true),
        ],
        vec![
            (first, false),
            (json!({ "function_call": call }), false),
            (json!({ "content": "", "functions_state_id": state }), true),
        ],
    ];
    for events in streams {
        let body: String =
            events.iter().map(|(delta, last)| chunk(delta, last.then_some("function_call"), *last)).collect();
        let out = whole(&format!("{body}data: [DONE]\n\n"), back());
        let expected = json!([{ "index": 0, "id": "gc_77d3fb14-457a-46ba-937e-8d856156d003", "type": "function",
            "function": { "name": "f", "arguments": "{\"город\":\"Москва\",\"n\":1}" } }]);
        let said = deltas(&out);
        assert_eq!(said.len(), 3, "{out:?}");
        assert_eq!(said[0]["delta"]["role"], "assistant");
        assert_eq!(said[1]["delta"]["tool_calls"], expected);
        assert_eq!(said[2]["finish_reason"], "tool_calls");
    }
}

#[test]
fn a_call_in_the_older_form_and_a_call_without_state() {
    let call = json!({ "function_call": { "name": "f", "arguments": {} } });
    let body = format!("{}data: [DONE]\n\n", chunk(&call, Some("function_call"), false));
    let out = whole(&body, Back { legacy_functions: true, ..back() });
    assert_eq!(deltas(&out)[1]["delta"]["function_call"], json!({ "name": "f", "arguments": "{}" }));
    assert_eq!(deltas(&out)[2]["finish_reason"], "function_call");
    assert_eq!(deltas(&whole(&body, back()))[1]["delta"]["tool_calls"][0]["id"], "call_7_0_0");
}

#[test]
fn blacklist_becomes_content_filter_in_a_stream() {
    let out = whole(&hello().replace("\"stop\"", "\"blacklist\""), back());
    assert_eq!(deltas(&out).last().unwrap()["finish_reason"], "content_filter");
    assert_eq!(out.last().unwrap(), "[DONE]");
}

#[test]
fn an_error_inside_a_200_stream_is_an_error_without_done() {
    let failure = "data: {\"status\":429,\"message\":\"Too many requests\"}\n\n";
    let first = chunk(&json!({ "content": "При", "role": "assistant" }), None, false);
    let out = whole(&format!("{first}{failure}{}", hello()), wanting());
    let expected = json!({ "error": { "message": "Too many requests", "type": "rate_limit_error", "param": null,
        "code": "rate_limit_exceeded" } });
    assert_eq!(out[1..], [expected.to_string()]);
    assert!(matches!(openai::Event::read(&out[1]), openai::Event::Error(_)));
    // The same without the event stream around it, as a body that ends at once.
    let bare = whole("data: {\"status\":429,\"message\":\"Too many requests\"}", wanting());
    assert_eq!(bare, [expected.to_string()]);
}

#[test]
fn a_model_that_fails_and_an_event_that_is_nonsense_are_errors() {
    let failed = whole(&hello().replace("\"stop\"", "\"error\""), wanting());
    assert!(failed.last().unwrap().contains("\"code\":\"model_error\""), "{failed:?}");
    for nonsense in
        ["data: {\n\n", "data: <html>\n\n", "data: {\"choices\":[{\"delta\":{\"content\":7},\"index\":0}]}\n\n"]
    {
        let out = whole(nonsense, wanting());
        assert_eq!(out.len(), 1, "{out:?}");
        assert!(out[0].contains("\"code\":\"upstream_invalid\""), "{out:?}");
    }
}

#[test]
fn reasoning_content_and_progress_of_built_in_tools() {
    let body = [
        chunk(&json!({ "role": "function_in_progress", "content": "drawing" }), None, false),
        chunk(&json!({ "role": "assistant", "content": "", "reasoning_content": "hm" }), None, false),
        hello(),
    ]
    .concat();
    let out = whole(&body, back());
    assert_eq!(text(&out), "Привет");
    assert_eq!(deltas(&out)[1]["delta"], json!({ "reasoning_content": "hm" }));
}

#[test]
fn lines_and_events_are_bounded() {
    let mut stream = Stream::new(back(), 64);
    let mut out = Vec::new();
    assert!(stream.push("data: ".repeat(20).as_bytes(), &mut out).is_err());
    let many = format!("data: {}\n\n", json!({ "choices": [{ "delta": {}, "index": 4_000_000 }] }));
    assert!(whole(&many, back())[0].contains("upstream_invalid"));
}

/// Pieces of a stream, well formed or not.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => any::<String>().prop_map(|text| chunk(&json!({ "content": text }), None, false)),
        1 => Just(chunk(&json!({ "role": "assistant", "content": "" }), None, false)),
        1 => crate::json::tests::value().prop_map(|value|
            chunk(&json!({ "function_call": { "name": "f", "arguments": { "v": value } } }), None, false)),
        1 => Just(chunk(&json!({ "functions_state_id": "s" }), None, false)),
        1 => Just(chunk(&json!({}), Some("stop"), true)),
        1 => Just(": ping\r\n\r\n".to_owned()),
        1 => Just("\n".to_owned()),
        1 => any::<String>().prop_map(|text| format!("data: {text}\n\n")),
    ]
}

proptest! {
    #[test]
    fn cuts_change_nothing(pieces in proptest::collection::vec(piece(), 0..8), cuts in proptest::collection::vec(any::<u16>(), 0..8)) {
        let bytes = pieces.concat().into_bytes();
        let mut cuts: Vec<usize> = cuts.iter().map(|&cut| usize::from(cut) % (bytes.len() + 1)).collect();
        cuts.sort_unstable();
        prop_assert_eq!(run(&bytes, &cuts, wanting()), run(&bytes, &[], wanting()));
    }

    #[test]
    fn deltas_concatenate_to_the_text(texts in proptest::collection::vec(any::<String>(), 1..8)) {
        let body: String = texts.iter().map(|text| chunk(&json!({ "content": text }), None, false)).collect();
        let out = whole(&format!("{body}{}data: [DONE]\n\n", chunk(&json!({}), Some("stop"), true)), wanting());
        prop_assert_eq!(text(&out), texts.concat());
        prop_assert_eq!(out.last().map(String::as_str), Some("[DONE]"));
        for data in &out[..out.len() - 1] {
            prop_assert!(matches!(openai::Event::read(data), openai::Event::Chunk(_)));
        }
    }
}
