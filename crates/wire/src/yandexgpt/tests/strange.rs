//! Bytes of any kind: nothing panics, whatever reads them.

use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use serde_json::{Value, json};

use super::{back, target};
use crate::json::tests::{spell, value};
use crate::translate::{Back, Translator};
use crate::yandexgpt::iam::{KeyFile, Token};
use crate::yandexgpt::{
    Rewritten, Stream, answer, auth, compatible, embeddings_answer, embeddings_request, error, operation, request,
    tokenize_answer,
};

/// Names that the protocol has, so that strange values stand where they are looked at.
const NAMES: [&str; 24] = [
    "result",
    "alternatives",
    "message",
    "status",
    "usage",
    "error",
    "choices",
    "delta",
    "tool_calls",
    "function",
    "toolCallList",
    "toolCalls",
    "functionCall",
    "arguments",
    "messages",
    "content",
    "role",
    "tools",
    "input",
    "text",
    "code",
    "index",
    "finish_reason",
    "data",
];

/// A value under names of the protocol, some levels deep.
fn shaped() -> impl Strategy<Value = Value> {
    let words = prop_oneof![Just("assistant"), Just("tool"), Just("content_filter"), Just("ALTERNATIVE_STATUS_FINAL")];
    let leaf = prop_oneof![value(), words.prop_map(Value::from)];
    leaf.prop_recursive(6, 40, 6, |inner| {
        prop_oneof![
            2 => proptest::collection::vec((0..NAMES.len(), inner.clone()), 0..6)
                .prop_map(|all| all.into_iter().map(|(name, value)| (NAMES[name].to_owned(), value)).collect()),
            1 => proptest::collection::vec(inner, 0..3).prop_map(Value::from),
        ]
    })
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..200),
        (shaped(), any::<u64>()).prop_map(|(value, seed)| spell(&value, seed).into_bytes()),
        shaped().prop_map(|value| format!("data: {value}\n\ndata: {}\n\n", json!({ "choices": [value] })).into_bytes()),
        shaped().prop_map(|value| json!({ "result": { "alternatives": [{ "message": value, "status": 3 }] } })
            .to_string()
            .into_bytes()),
        "[{}\"\\\\a-я\n\r,:]{0,60}".prop_map(String::into_bytes),
    ]
}

proptest! {
    #[test]
    fn no_bytes_are_too_strange(bytes in bytes(), at in any::<usize>(), legacy in any::<bool>()) {
        let back = Back { legacy_functions: legacy, ..back() };
        let _ = (request(&bytes, &target()), compatible::request(&bytes, &target()));
        let _ = (embeddings_request(&bytes, &target()), compatible::embeddings_request(&bytes, &target()));
        let _ = (answer(&bytes, &back), compatible::answer(&bytes, &back));
        let _ = (embeddings_answer(&bytes), compatible::embeddings_answer(&bytes), tokenize_answer(&bytes));
        let _ = (error(400, &bytes), error(200, &bytes), operation(&bytes));
        let _ = (KeyFile::read(&bytes), Token::read(&bytes), Token::read_metadata(&bytes, u64::MAX));
        let _ = auth::mask(&String::from_utf8_lossy(&bytes));
        let at = at % (bytes.len() + 1);
        let streams: [Box<dyn Translator>; 4] = [
            Box::new(Stream::new(back.clone(), 150)),
            Box::new(Stream::with(back.clone(), 1000, Rewritten::Splice)),
            Box::new(Stream::with(back.clone(), 1000, Rewritten::Hold)),
            Box::new(compatible::Stream::new(back, 150)),
        ];
        for mut stream in streams {
            let mut out = Vec::new();
            let _ = stream.push(&bytes[..at], &mut out);
            let _ = stream.push(&bytes[at..], &mut out);
            stream.end(&mut out);
        }
    }
}
