use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use serde_json::Value;

use super::{Cursor, LeafKind, Literal, escape, leaves, quoted};
use crate::error::Problem;

/// Any JSON value.
pub(crate) fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<i32>().prop_map(|quarters| Value::from(f64::from(quarters) / 4.0)),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::vec((text(), inner), 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

pub(crate) fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z ]{0,8}",
        "[а-яё\\\\\"/\n\t\u{1}⟨⟩€😀]{0,6}",
        any::<String>().prop_map(|s| s.chars().take(12).collect())
    ]
}

/// Writes a value the way some client might: white space and escapes where the seed says so.
pub(crate) fn spell(value: &Value, seed: u64) -> String {
    let mut writer = Writer { seed, out: String::new() };
    writer.value(value);
    writer.out
}

struct Writer {
    seed: u64,
    out: String,
}

impl Writer {
    fn draw(&mut self, of: u64) -> u64 {
        self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.seed >> 33) % of
    }

    fn space(&mut self) {
        let space = ["", "", "", " ", "\n", "\t\r "][self.draw(6) as usize];
        self.out.push_str(space);
    }

    fn value(&mut self, value: &Value) {
        self.space();
        match value {
            Value::Object(members) => {
                self.out.push('{');
                self.list(members.iter().map(|(key, value)| (Some(key.as_str()), value)).collect());
                self.out.push('}');
            }
            Value::Array(items) => {
                self.out.push('[');
                self.list(items.iter().map(|value| (None, value)).collect());
                self.out.push(']');
            }
            Value::String(text) => self.string(text),
            other => self.out.push_str(&other.to_string()),
        }
        self.space();
    }

    fn list(&mut self, items: Vec<(Option<&str>, &Value)>) {
        self.space();
        for (number, (key, value)) in items.into_iter().enumerate() {
            if number > 0 {
                self.out.push(',');
            }
            if let Some(key) = key {
                self.space();
                self.string(key);
                self.space();
                self.out.push(':');
            }
            self.value(value);
        }
    }

    fn string(&mut self, text: &str) {
        self.out.push('"');
        for char in text.chars() {
            match (char, self.draw(4)) {
                ('/', 0) => self.out.push_str("\\/"),
                (_, 0) => {
                    for unit in char.encode_utf16(&mut [0; 2]) {
                        self.out.push_str(&format!("\\u{unit:04x}"));
                    }
                }
                _ => self.out.push_str(&escape(&char.to_string())),
            }
        }
        self.out.push('"');
    }
}

fn strings(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::String(text) => out.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| strings(item, out)),
        Value::Object(members) => members.iter().for_each(|(key, value)| {
            out.push(key.clone());
            strings(value, out);
        }),
        _ => {}
    }
}

proptest! {
    #[test]
    fn leaves_are_what_another_reader_finds(value in value(), seed in any::<u64>()) {
        let text = spell(&value, seed);
        prop_assert_eq!(&serde_json::from_str::<Value>(&text).unwrap(), &value);
        let found = leaves(&text).unwrap().into_iter().filter(|leaf| leaf.kind != LeafKind::Number);
        let mut wanted = Vec::new();
        strings(&value, &mut wanted);
        prop_assert_eq!(found.map(|leaf| leaf.literal.decode(&text).into_owned()).collect::<Vec<_>>(), wanted);
    }

    #[test]
    fn the_same_texts_are_json_as_for_another_reader(value in value(), seed in any::<u64>(), at in any::<usize>(), byte in "[ -~]{0,2}", cut in 0..3_usize) {
        let mut text = spell(&value, seed);
        let mut at = at % (text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let mut end = (at + cut).min(text.len());
        while !text.is_char_boundary(end) {
            end += 1;
        }
        text.replace_range(at..end, &byte);
        let other = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
        prop_assert_eq!(leaves(&text).is_ok(), other, "{}", text);
    }

    #[test]
    fn located_bytes_say_the_located_text(said in text(), seed in any::<u64>(), cuts in proptest::collection::vec(any::<usize>(), 0..6)) {
        let text = spell(&Value::from(said.clone()), seed);
        let literal = leaves(&text).unwrap()[0].literal;
        let mut cuts: Vec<usize> = cuts.into_iter().map(|at| {
            let mut at = at % (said.len() + 1);
            while !said.is_char_boundary(at) {
                at -= 1;
            }
            at
        }).collect();
        cuts.sort_unstable();
        let ranges: Vec<_> = cuts.chunks_exact(2).map(|pair| pair[0]..pair[1]).collect();
        for (range, raw) in ranges.iter().zip(literal.locate(&text, &ranges)) {
            let part = format!("\"{}\"", &text[raw]);
            prop_assert_eq!(serde_json::from_str::<String>(&part).unwrap(), &said[range.clone()]);
        }
    }

    #[test]
    fn escaping_is_undone_by_another_reader(said in any::<String>()) {
        prop_assert_eq!(serde_json::from_str::<String>(&quoted(&said)).unwrap(), said);
    }

    #[test]
    fn no_text_is_too_strange(text in any::<String>()) {
        let read = leaves(&text);
        prop_assert!(read.is_err() || serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok());
    }
}

fn problem(text: &str) -> Problem {
    leaves(text).unwrap_err().problem
}

#[test]
fn a_text_that_stops_early_says_so() {
    let whole = r#"{"a":[1,-2.5e3,true,null,"x\u00e9\n"],"b":{}}"#;
    for end in 0..whole.len() {
        assert_eq!(problem(&whole[..end]), Problem::Unfinished, "{}", &whole[..end]);
    }
    assert!(leaves(whole).is_ok());
}

#[test]
fn what_is_not_json_is_refused_where_it_starts() {
    for (text, at) in
        [("{\"a\":01}", 6), ("{,}", 1), ("[1,]", 3), ("\"\u{1}\"", 1), ("\"\\x\"", 2), ("[1] 2", 4), ("nul1", 3)]
    {
        let error = leaves(text).unwrap_err();
        assert_eq!((error.problem, error.at), (Problem::Syntax, at), "{text}");
    }
}

#[test]
fn depth_is_bounded() {
    let bomb = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(leaves(&bomb(128)).is_ok());
    assert_eq!(problem(&bomb(129)), Problem::TooDeep);
    assert_eq!(problem(&"[".repeat(10_000_000)), Problem::TooDeep);
    assert_eq!(problem(&"{\"a\":".repeat(1_000_000)), Problem::TooDeep);
}

#[test]
fn lone_surrogates_pass_and_decode_to_the_replacement() {
    let text = r#""a\ud83db\ude00""#;
    let literal = leaves(text).unwrap()[0].literal;
    assert_eq!(literal.decode(text), "a\u{fffd}b\u{fffd}");
    assert_eq!(literal.locate(text, std::slice::from_ref(&(4..5))), vec![8..9]);
}

#[test]
fn numbers_keep_any_precision_and_only_long_ones_are_leaves() {
    let text = "[123456789,1234567890,1.00000000000000000000001e-999]";
    let found: Vec<&str> = leaves(text).unwrap().iter().map(|leaf| leaf.literal.raw(text)).collect();
    assert_eq!(found, ["1234567890", "1.00000000000000000000001e-999"]);
}

#[test]
fn a_literal_knows_its_quotes() {
    let text = r#"  "abc" "#;
    let mut cursor = Cursor::new(text).unwrap();
    cursor.peek().unwrap();
    let literal: Literal = cursor.string().unwrap();
    assert_eq!((literal.outer(), literal.inner()), (2..7, 3..6));
}
