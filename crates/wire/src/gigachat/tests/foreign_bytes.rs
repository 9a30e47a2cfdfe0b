use proptest::prelude::{Strategy, any, prop_oneof, proptest};
use serde_json::Value;

use super::{answer, back, request};
use crate::gigachat::{
    Stream, count_answer, embeddings_answer, embeddings_request, error, error_status, models_answer, oauth,
};
use crate::json::tests::value;
use crate::translate::{Target, Translator};

/// Names that the parsers look for, so that random bodies get past the first door.
const NAMES: &str = "messages role content tool_calls function_call arguments tools function parameters $ref anyOf \
    properties choices message delta index usage status data embedding finish_reason name type input exp tok";
/// Words that they look for.
const WORDS: &str = "function assistant tool user system #/properties {} stop error";

fn one_of(words: &'static str) -> impl Strategy<Value = String> {
    let words: Vec<String> = words.split_ascii_whitespace().map(str::to_owned).collect();
    proptest::sample::select(words)
}

fn named() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![value(), one_of(WORDS).prop_map(Value::from)];
    leaf.prop_recursive(6, 40, 6, |inner| {
        let member = (one_of(NAMES), inner.clone());
        prop_oneof![
            proptest::collection::vec(inner, 0..4).prop_map(Value::from),
            proptest::collection::vec(member, 0..6).prop_map(|members| members.into_iter().collect::<Value>()),
        ]
    })
}

fn everything(bytes: &[u8]) {
    let droppable: Vec<String> = Vec::new();
    let target = Target { model: "m", droppable: &droppable, ..Target::default() };
    let _ = request(bytes, &target);
    let _ = embeddings_request(bytes, &target);
    let _ = (answer(bytes, &back()), embeddings_answer(bytes, &back()), models_answer(bytes), count_answer(bytes));
    let _ = (error(200, bytes), error(400, bytes), error_status(200, bytes));
    let _ = (oauth::Token::read(bytes), oauth::failure(400, bytes));
    let mut stream = Stream::new(back(), 4096);
    let mut out = Vec::new();
    let _ = stream.push(b"data: ", &mut out);
    let _ = stream.push(bytes, &mut out);
    let _ = stream.push(b"\n\n", &mut out);
    stream.end(&mut out);
    stream.end(&mut out);
}

proptest! {
    #[test]
    fn random_bytes_make_nothing_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        everything(&bytes);
    }

    #[test]
    fn random_bodies_make_nothing_panic(body in named()) {
        everything(body.to_string().as_bytes());
    }
}
