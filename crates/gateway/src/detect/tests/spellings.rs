//! Identifiers as people, programs and evaders spell them: found, gone from the body that leaves, back as they were.

use bytes::Bytes;
use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use realm::{ClassSet, DataClass};
use serde_json::{Value, json};
use wire::openai::{Endpoint, Request};

use super::{around, card, iban};
use crate::detect::{Detectors, Scan};
use crate::redact::{Restorer, plan};

const ZEROS: [u32; 6] = [0x30, 0x660, 0x6f0, 0x966, 0xff10, 0x1d7ce];
const UNSEEN: [char; 5] = ['\u{200b}', '\u{200d}', '\u{ad}', '\u{feff}', '\u{2060}'];
const SEPARATORS: [&str; 12] =
    ["", " ", "\u{a0}", "\u{202f}", "\u{2009}", "-", "\u{2011}", "\u{2013}", "\t", ".", " - ", "\u{3000}"];

/// Groups of an identifier, and whether it can be cut into groups at all.
fn identifier() -> impl Strategy<Value = Vec<String>> {
    let cut = |text: String, size: usize| {
        let chars: Vec<char> = text.chars().collect();
        chars.chunks(size).map(|group| group.iter().collect()).collect::<Vec<String>>()
    };
    let mail = (
        "[a-z]{1,8}",
        prop_oneof![Just("example.com"), Just("пример.рф"), Just("münchen.de"), Just("xn--e1afmkfd.xn--p1ai")],
    );
    prop_oneof![
        // Fewer digits has no account.
        (iban().prop_filter("digits", |text| text.bytes().filter(u8::is_ascii_digit).count() > 3), 3..12_usize)
            .prop_map(move |(text, size)| cut(text, size)),
        (card(), 3..8_usize).prop_map(move |(text, size)| cut(text, size)),
        "9[0-9]{9}".prop_map(|rest| vec![
            "+7".to_owned(),
            rest[..3].into(),
            rest[3..6].into(),
            rest[6..8].into(),
            rest[8..].into()
        ]),
        mail.prop_map(|(local, domain)| vec![format!("{local}@{domain}")]),
    ]
}

/// One character, as the draw says: in another script, at full width, or as it is.
fn other(char: char, draw: u8) -> char {
    let full = |char: char| char::from_u32(u32::from(char) + 0xfee0).unwrap();
    match char {
        '0'..='9' => char::from_u32(ZEROS[usize::from(draw) % ZEROS.len()] + char.to_digit(10).unwrap()).unwrap(),
        '.' if draw % 4 == 1 => '。',
        '!'..='~' if draw.is_multiple_of(4) => full(char),
        _ => char,
    }
}

fn spelt(groups: &[String], separator: &str, draws: &[u8]) -> String {
    let mut draws = draws.iter().copied().cycle();
    let mut out = String::new();
    for (index, group) in groups.iter().enumerate() {
        out.push_str(if index > 0 { separator } else { "" });
        for (place, char) in group.chars().enumerate() {
            let draw = draws.next().unwrap();
            if place > 0 && draw >= 192 {
                out.push(UNSEEN[usize::from(draw) % UNSEEN.len()]);
            }
            out.push(other(char, draw / 4));
        }
    }
    out
}

/// Letters and digits alone, each in its plainest form.
fn normal(text: &str) -> String {
    let plain = |char: char| {
        let code = u32::from(char);
        let digit = ZEROS.iter().find_map(|zero| code.checked_sub(*zero).filter(|value| *value < 10));
        match (digit, char) {
            (Some(digit), _) => char::from_digit(digit, 10),
            (None, '\u{ff01}'..='\u{ff5e}') => char::from_u32(code - 0xfee0),
            _ => Some(char),
        }
    };
    text.chars().filter_map(plain).filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn strings(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::String(text) => out.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| strings(item, out)),
        Value::Object(members) => members.values().for_each(|value| strings(value, out)),
        _ => {}
    }
}

/// JSON in which everything that is not ASCII is an escape, if wanted.
fn written(body: &Value, escaped: bool) -> String {
    let text = body.to_string();
    if !escaped {
        return text;
    }
    let escape = |char: char| char.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect();
    text.chars().map(|char| if char.is_ascii() { char.to_string() } else { escape(char) }).collect()
}

pub(super) fn sent(body: &str) -> (Value, Restorer, Scan) {
    let request = Request::parse(Endpoint::Chat, Bytes::copy_from_slice(body.as_bytes())).unwrap();
    let scan = Scan::of(&Detectors::standard(), &request);
    let plan = plan(&scan, ClassSet::of(DataClass::Personal));
    let out = plan.edits.apply(request.body()).unwrap();
    (serde_json::from_slice(&out).unwrap(), Restorer::new(plan.table), scan)
}

fn parts(texts: &[&str]) -> (Vec<String>, Restorer) {
    let content: Vec<Value> = texts.iter().map(|text| json!({ "type": "text", "text": text })).collect();
    let (out, restorer, _) =
        sent(&json!({ "model": "m", "messages": [{ "role": "user", "content": content }] }).to_string());
    let said =
        out["messages"][0]["content"].as_array().unwrap().iter().map(|part| part["text"].as_str().unwrap().to_owned());
    (said.collect(), restorer)
}

proptest! {
    #[test]
    fn no_spelling_leaves_and_every_one_comes_back(groups in identifier(), draws in proptest::collection::vec(any::<u8>(), 40), separator in 0..SEPARATORS.len(), (before, after) in around(), cut in any::<usize>(), escaped: bool) {
        let identifier = spelt(&groups, SEPARATORS[separator], &draws);
        let text = format!("{before}{identifier}{after}");
        let spans = Detectors::standard().find(&text);
        prop_assert_eq!(spans.iter().map(|span| &text[span.range.clone()]).collect::<Vec<_>>(), vec![identifier.as_str()]);

        let cuts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let (first, second) = text.split_at(cuts[cut % cuts.len()]);
        let body = json!({ "model": "m", "user": text, "x_new": { "deep": [text] }, "metadata": { "k": text }, "messages": [
            { "role": "user", "content": text },
            { "role": "user", "content": [{ "type": "text", "text": first }, { "type": "image_url", "image_url": { "url": "https://a.example/b" } }, { "type": "text", "text": second }] },
            { "role": "assistant", "tool_calls": [{ "function": { "name": "f", "arguments": json!({ "a": text }).to_string() } }] } ] });
        let (out, restorer, _) = sent(&written(&body, escaped));
        let mut said = Vec::new();
        strings(&out, &mut said);
        let content = &out["messages"][1]["content"];
        let (one, two) = (content[0]["text"].as_str().unwrap(), content[2]["text"].as_str().unwrap());
        said.push(format!("{one}{two}"));
        let hidden = normal(&groups.concat());
        prop_assert!(!said.iter().any(|said| normal(said).contains(&hidden)), "{} leaves in {}", text, out);

        let back = |value: &Value| restorer.text(value.as_str().unwrap(), false).into_owned();
        prop_assert_eq!(back(&out["user"]), text.clone());
        prop_assert_eq!(back(&out["messages"][0]["content"]), text.clone());
        prop_assert_eq!(back(&content[0]["text"]), first);
        prop_assert_eq!(back(&content[2]["text"]), second);
        let arguments = restorer.text(out["messages"][2]["tool_calls"][0]["function"]["arguments"].as_str().unwrap(), true);
        prop_assert_eq!(&serde_json::from_str::<Value>(&arguments).unwrap()["a"], &json!(text));
    }
}

#[test]
fn values_in_pieces_are_found_and_neighbours_left_alone() {
    let (said, restorer) = parts(&["pay DE89 3704 0044", " 0532 0130 00 now"]);
    assert_eq!(said, ["pay ⟨IBAN_1⟩", "⟨IBAN_2⟩ now"]);
    assert_eq!(
        (restorer.text(&said[0], false), restorer.text(&said[1], false)),
        ("pay DE89 3704 0044".into(), " 0532 0130 00 now".into())
    );
    for split in [
        vec!["account", "DE89 3704 0044", "0532 0130 00"],
        vec!["4111 1111", "1111", "1111."],
        vec!["write to ivan.petrov@", "example.com"],
        vec!["+7 916", "123-45-67"],
        vec!["D", "E", "8", "9", "3704004405320130", "0", "0"],
    ] {
        let (said, _) = parts(&split);
        let digits = said.concat().replace(|char: char| !char.is_ascii_digit(), "");
        assert!(digits.len() <= split.len() && !said.concat().contains("petrov"), "{said:?}");
    }
    let long = format!("{}DE89 3704", "слово ".repeat(2000));
    let (said, _) = parts(&[&long, "0044 0532 0130 00"]);
    assert!(said[0].ends_with("слово ⟨IBAN_1⟩") && said[1] == "⟨IBAN_2⟩", "{}", said[1]);
    for alone in [
        vec!["mail ivan@example.com", "Hello, page 8"],
        vec!["the sum is 4111", "1111 people, 12"],
        vec!["call +49 30 901820", "100 items"],
        vec!["in 2024", "05 was warm", "12 too"],
        vec!["item 1", "item 2", "DE 12"],
    ] {
        let (said, _) = parts(&alone);
        let found: Vec<Vec<String>> = alone.iter().map(|text| parts(&[text]).0).collect();
        assert_eq!(said.len(), found.len());
        assert_eq!(said[1..], found[1..].concat(), "{alone:?}");
    }
}

#[test]
fn numbers_become_strings_where_they_may_and_diffuse_elsewhere() {
    let body = |fields: Value| {
        let mut body = json!({ "model": "m", "messages": [{ "role": "user", "content": "x" }] });
        body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        body.to_string()
    };
    let personal = ClassSet::of(DataClass::Personal);
    let card = 4_111_111_111_111_111_u64;
    for fields in [
        json!({ "x_account": card }),
        json!({ "x_deep": { "a": [{ "b": 4.111_111_111_111_111e15 }] } }),
        json!({ "tools": [{ "type": "function", "function": { "name": "f", "parameters": { "const": card } } }] }),
        json!({ "response_format": { "type": "json_schema", "json_schema": { "default": 79_161_234_567_u64 } } }),
        json!({ "logit_bias": { "50256": card } }),
    ] {
        let (_, _, scan) = sent(&body(fields.clone()));
        assert_eq!((scan.diffuse(), scan.classes()), (personal, ClassSet::EMPTY), "{fields}");
    }
    let (out, restorer, scan) =
        sent(&body(json!({ "metadata": { "card": -4_111_111_111_111_111_i64 }, "user": card })));
    assert_eq!((&out["metadata"]["card"], &out["user"]), (&json!("⟨CARD_1⟩"), &json!("⟨CARD_2⟩")));
    assert_eq!((scan.diffuse(), restorer.text("⟨CARD_1⟩", false)), (ClassSet::EMPTY, "-4111111111111111".into()));
    for fields in [
        json!({ "seed": card, "max_tokens": 128, "temperature": 0.123_456_789_012, "top_p": 1, "n": 1, "logprobs": true }),
        json!({ "x_time": 1_700_000_000_u64, "x_ms": 1_700_000_000_000_u64, "logit_bias": { "50256": -100, "100257": 5 } }),
        json!({ "tools": [{ "function": { "parameters": { "maximum": 9_007_199_254_740_991_u64, "minimum": -2_147_483_648_i64 } } }] }),
        json!({ "safety_identifier": "user-7f3a", "prompt_cache_key": "9f86d081884c7d65", "metadata": { "run": "1700000000" } }),
    ] {
        let (_, _, scan) = sent(&body(fields.clone()));
        assert_eq!((scan.diffuse(), scan.classes()), (ClassSet::EMPTY, ClassSet::EMPTY), "{fields}");
    }
    for name in ["user", "safety_identifier", "prompt_cache_key", "x_new"] {
        let (out, ..) = sent(&body(json!({ name: "ivan@example.com" })));
        assert_eq!(out[name], "⟨EMAIL_1⟩");
    }
}

#[test]
fn text_in_data_urls_and_files_is_diffuse() {
    let encoded = |text: &[u8]| base64::Engine::encode(&base64::engine::general_purpose::STANDARD, text);
    let secret = encoded(b"{\"iban\":\"DE89370400440532013000\"}");
    let harmless = encoded("Guten Tag, 12 Stühle".as_bytes());
    let picture = encoded(&[0x89, b'P', b'N', b'G', 0xff, 0xd8].repeat(3000));
    let image = |url: &str| json!({ "type": "image_url", "image_url": { "url": url } });
    let file = |data: &str| json!({ "type": "file", "file": { "file_data": data, "filename": "a.txt" } });
    let diffuse = |part: Value| {
        let body = json!({ "model": "m", "messages": [{ "role": "user", "content": [part] }] });
        let (out, _, scan) = sent(&body.to_string());
        (!scan.diffuse().is_empty(), out["messages"][0]["content"][0].clone())
    };
    for part in [
        image(&format!("data:text/plain;base64,{secret}")),
        image(&format!("data:image/png;base64,{secret}")),
        image("data:text/plain,pay%20DE89%203704%200044%200532%200130%2000"),
        image(&format!("data:text/plain;base64,{picture}")),
        file(&format!("data:application/json;base64,{secret}")),
        file(&secret),
        json!({ "type": "text", "text": format!("see data:;base64,{secret} here") }),
    ] {
        assert!(diffuse(part.clone()).0, "{part}");
    }
    for part in [
        image(&format!("data:text/plain;base64,{harmless}")),
        image(&format!("data:image/png;base64,{picture}")),
        image("https://example.org/data:1,2.png"),
        file(&format!("data:application/pdf;base64,{picture}")),
        json!({ "type": "input_audio", "input_audio": { "data": picture, "format": "wav" } }),
        json!({ "type": "text", "text": format!("![](data:image/png;base64,{picture}) data: 5, 6") }),
    ] {
        assert_eq!(diffuse(part.clone()), (false, part.clone()), "{part}");
    }
    let (is_diffuse, part) = diffuse(file("in the clear: DE89370400440532013000"));
    assert_eq!((is_diffuse, &part["file"]["file_data"]), (false, &json!("in the clear: ⟨IBAN_1⟩")));
    let (is_diffuse, part) = diffuse(image("data:text/plain,DE89370400440532013000"));
    assert_eq!((is_diffuse, &part["image_url"]["url"]), (false, &json!("data:text/plain,⟨IBAN_1⟩")));
}

#[test]
fn every_kind_leaves_as_its_token_and_comes_back() {
    for (text, token) in [
        ("ИНН 500100732259.", "INN"),
        ("СНИЛС 112-233-445 95.", "SNILS"),
        ("паспорт 45 08 № 123456.", "PASSPORT"),
        ("полис ОМС 7700 0000 0000 0008.", "OMS"),
        ("ОГРН 1027700132195.", "OGRN"),
        ("USt-IdNr. DE 136 695 976.", "VAT"),
        ("cf RSSMRA85T10A562S.", "TAXID"),
        ("NIR 2 55 08 14 168 025 38.", "NATIONALID"),
        ("from 192.168.100.200.", "IP"),
        ("писал Иван Петров.", "PERSON"),
        ("на ул. Ленина, д. 5, кв. 12.", "ADDRESS"),
    ] {
        let arguments = json!({ "a": text }).to_string();
        let call =
            json!({ "role": "assistant", "tool_calls": [{ "function": { "name": "f", "arguments": arguments } }] });
        let user = json!({ "role": "user", "content": text });
        let (out, restorer, _) = sent(&written(&json!({ "model": "m", "messages": [user, call] }), true));
        let said = out["messages"][0]["content"].as_str().unwrap();
        assert!(said.ends_with(&format!("⟨{token}_1⟩.")), "{said}");
        assert_eq!(restorer.text(said, false), text);
        let said = out["messages"][1]["tool_calls"][0]["function"]["arguments"].as_str().unwrap();
        assert!(said.contains(&format!("⟨{token}_1⟩")), "{said}");
        assert_eq!(serde_json::from_str::<Value>(&restorer.text(said, true)).unwrap()["a"], text);
    }
}

#[test]
fn the_name_of_a_member_counts_as_a_word_beside_its_value() {
    let said =
        json!({ "client": { "inn": "7707083893", "ogrn": 1_027_700_132_195_u64, "order": "7728168971" } }).to_string();
    let (out, restorer, _) =
        sent(&json!({ "model": "m", "messages": [{ "role": "user", "content": said }] }).to_string());
    let left = out["messages"][0]["content"].as_str().unwrap();
    assert!(left.contains(r#""inn":"⟨INN_1⟩""#) && left.contains(r#""ogrn":⟨OGRN_1⟩"#), "{left}");
    assert!(left.contains(r#""order":"7728168971""#), "{left}");
    assert_eq!(restorer.text(left, false), said);
}
