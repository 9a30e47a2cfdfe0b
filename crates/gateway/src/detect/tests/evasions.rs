//! Forms in which values once went by unseen.

use serde_json::json;

use super::check;
use super::spellings::sent;
use crate::detect::{Card, Detectors, Email, Iban, Phone};

#[test]
fn digits_that_words_stick_to() {
    check(
        &Card,
        &[
            "[4111111111111111]EUR Visa[4111111111111111] card_[4111111111111111] [4111111111111111]_old",
            "[4111|1111|1111|1111] [4111/1111/1111/1111] [4111_1111_1111_1111] [4111 | 1111 | 1111 | 1111]",
            "ab4111111111111111 4111111111111111cd a1bcd4111111111111111 4111/11111/1111111 1f4111111111111111",
        ],
    );
    check(&Iban, &["[DE89370400440532013000]EUR Konto[DE89370400440532013000] xDE89370400440532013000"]);
    check(
        &Email,
        &["[bounce+ivan=example.org@list.example.com]", r"[ivan\_petrov@example.com]", "to=[ivan@example.com]"],
    );
    check(
        &Phone,
        &["Ring me: [07911123456], 我的手机 [13812345678], Llámame al [612345678], Ruf mich an: [015112345678]"],
    );
}

#[test]
fn escapes_in_text_that_is_no_json_as_a_whole() {
    for text in [
        "Here:\n```json\n{\"mail\":\"ivan\\u0040example.com\"}\n```",
        "{\"a\":\"ivan\\u0040example.com\"}\n{\"b\":1}",
        "{\"x\":NaN,\"a\":\"ivan\\u0040example.com\"}",
        "{\"a\":\"+7\\u00a0916\\u00a0123-45-67\",}",
        "{\"a\":\"DE89\\u00a03704\\u00a00044\\u00a00532\\u00a00130\\u00a000\",}",
        "{\"a\":\"\\u0438\\u0432\\u0430\\u043d@\\u043f\\u0440\\u0438\\u043c\\u0435\\u0440.\\u0440\\u0444",
    ] {
        assert_eq!(Detectors::standard().find(text).len(), 1, "{text}");
        let (out, restorer, _) =
            sent(&json!({ "model": "m", "messages": [{ "role": "user", "content": text }] }).to_string());
        let said = out["messages"][0]["content"].as_str().unwrap();
        assert!(said.contains("_1⟩") && !said.contains("u0040"), "{said}");
        assert_eq!(restorer.text(said, false), text);
    }
}

#[test]
fn files_under_other_names_and_in_other_encodings() {
    let encoded = |text: &[u8]| base64::Engine::encode(&base64::engine::general_purpose::STANDARD, text);
    let said = "Grüße! Die IBAN lautet DE89370400440532013000, danke.";
    let latin: Vec<u8> = said.chars().map(|char| char as u32 as u8).collect();
    let wide: Vec<u8> = said.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for part in [
        json!({ "type": "file", "file": { "file_data": encoded(&latin), "filename": "a.txt" } }),
        json!({ "type": "file", "file": { "file_data": encoded(&[said.as_bytes(), &[0xc3]].concat()) } }),
        json!({ "type": "input_file", "file_data": encoded(said.as_bytes()) }),
        json!({ "type": "document", "source": { "media_type": "text/plain", "data": encoded(said.as_bytes()) } }),
        json!({ "type": "text", "text": encoded(said.as_bytes()) }),
        json!({ "type": "image_url", "image_url": { "url": format!("data:text/plain;base64, {}", encoded(said.as_bytes())) } }),
        json!({ "type": "image_url", "image_url": { "url": format!("data:application/octet-stream;base64,{}", encoded(&wide)) } }),
    ] {
        let body = json!({ "model": "m", "messages": [{ "role": "user", "content": [part] }] });
        let (_, _, scan) = sent(&body.to_string());
        assert!(!scan.diffuse().is_empty(), "{part}");
    }
}
