use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};
use serde_json::{Value, json};

use super::sent;
use crate::gigachat::{delete_path, uploaded};

/// The smallest that anybody could call a PNG's head.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

fn image(kind: &str, content: &[u8]) -> Value {
    json!({ "type": "image_url", "image_url": { "url": format!("data:{kind};base64,{}", STANDARD.encode(content)) } })
}

fn user(parts: &[Value]) -> Value {
    json!({ "role": "user", "content": parts })
}

fn text(text: &str) -> Value {
    json!({ "type": "text", "text": text })
}

fn chat(messages: &[Value]) -> Value {
    json!({ "model": "r", "messages": messages })
}

fn why(messages: &[Value]) -> (String, String) {
    let refused = sent(&chat(messages), &[]).unwrap_err();
    (refused.field, refused.why)
}

#[test]
fn each_image_is_uploaded_and_named_in_its_message() {
    let messages = [
        user(&[text("what is this?"), image("image/png", PNG)]),
        user(&[image("IMAGE/JPG", b"\xff\xd8\xff"), text("and this?")]),
        user(&[text("say it briefly")]),
    ];
    let (outgoing, _) = sent(&chat(&messages), &[]).unwrap();
    let contents: Vec<&[u8]> = outgoing.images.iter().map(crate::gigachat::Image::content).collect();
    assert_eq!(contents, [PNG, b"\xff\xd8\xff".as_slice()]);
    let body = outgoing.images.named(&outgoing.body, &["id-one".to_owned(), "id-two".to_owned()]);
    let named: Value = serde_json::from_slice(&body).unwrap();
    let expected = json!([
        { "role": "user", "content": "what is this?", "attachments": ["id-one"] },
        { "role": "user", "content": "and this?\nsay it briefly", "attachments": ["id-two"] },
    ]);
    assert_eq!(named["messages"], expected);
}

#[test]
fn an_upload_is_a_form_with_a_purpose_and_a_file_that_has_no_name_of_its_own() {
    let (outgoing, _) = sent(&chat(&[user(&[image("image/tiff", b"II*\0 freehold-0 \r\n--")])]), &[]).unwrap();
    let (kind, body) = outgoing.images.iter().next().unwrap().upload();
    let boundary = kind.strip_prefix("multipart/form-data; boundary=").unwrap();
    assert_eq!(boundary, "freehold-1x", "one that the content does not hold");
    let form = String::from_utf8(body).unwrap();
    let parts: Vec<&str> = form.split(&format!("--{boundary}")).collect();
    assert_eq!((parts.len(), parts[0], parts[3]), (4, "", "--\r\n"));
    assert!(parts[1].ends_with("name=\"purpose\"\r\n\r\ngeneral\r\n"), "{form}");
    assert!(parts[2].contains("name=\"file\"; filename=\"image.tiff\"\r\ncontent-type: image/tiff\r\n\r\n"), "{form}");
    assert!(parts[2].ends_with("\r\n\r\nII*\0 freehold-0 \r\n--\r\n"), "{form}");
}

#[test]
fn what_the_provider_cannot_be_given_is_refused_in_words() {
    let png = || image("image/png", PNG);
    let cases = [
        (user(&[png(), png()]), "one image in a message"),
        (user(&[json!({ "type": "image_url", "image_url": { "url": "https://example.org/a.png" } })]), "data: URL"),
        (user(&[json!({ "type": "image_url", "image_url": { "url": "data:image/png,x" } })]), "base64"),
        (user(&[json!({ "type": "image_url", "image_url": { "url": "data:image/png;base64,?" } })]), "damaged"),
        (user(&[image("image/png", b"")]), "empty"),
        (user(&[image("image/gif", b"GIF89a")]), "JPEG, PNG, TIFF and BMP"),
        (user(&[image("image/bmp", &vec![0; (15 << 20) + 1])]), "15 MB"),
        (json!({ "role": "assistant", "content": [png()] }), "images of users"),
    ];
    for (message, words) in cases {
        let (field, said) = why(&[message]);
        assert!(field == "image_url" && said.contains(words), "{field}: {said}");
    }
    let (field, said) = why(&vec![user(&[png()]); 11]);
    assert!(field == "image_url" && said.contains("ten images"), "{said}");
    assert!(sent(&chat(&vec![user(&[png()]); 10]), &[]).is_ok());
}

#[test]
fn what_may_be_left_out_is_left_out_only_where_it_must_be() {
    let messages = [user(&[text("x"), image("image/png", PNG), image("image/gif", b"GIF89a")])];
    let (outgoing, _) = sent(&chat(&messages), &["image_url"]).unwrap();
    assert_eq!((outgoing.images.iter().count(), outgoing.dropped), (1, vec!["image_url".to_owned()]));
}

#[test]
fn an_id_stands_in_a_path_escaped() {
    assert_eq!(uploaded(br#"{"id":"c757-A_9"}"#).as_deref(), Some("c757-A_9"));
    assert_eq!(uploaded(br#"{"id":"../\"a"}"#).as_deref(), Some("../\"a"));
    assert_eq!(delete_path("c757-A_9.x"), "/files/c757-A_9.x/delete");
    assert_eq!(delete_path("../\"a"), "/files/..%2F%22a/delete");
    let long = format!(r#"{{"id":"{}"}}"#, "a".repeat(129));
    for bad in [r#"{"id":""}"#, r#"{"id":".."}"#, r#"{"id":"a\nb"}"#, r#"{"id":7}"#, "[]", "", &long] {
        assert_eq!(uploaded(bad.as_bytes()), None, "{bad}");
    }
}

#[test]
fn nothing_in_a_request_makes_marks_and_boundaries_long() {
    let noughts = "0".repeat(1 << 20);
    let messages =
        [user(&[text(&format!("image-{noughts}")), image("image/png", format!("freehold-{noughts}").as_bytes())])];
    let (outgoing, _) = sent(&chat(&messages), &[]).unwrap();
    assert!(outgoing.body.len() < (1 << 20) + 200, "{}", outgoing.body.len());
    assert!(outgoing.images.iter().next().unwrap().upload().0.len() < 70, "the longest boundary that a form may have");
}

proptest! {
    /// Whatever the client writes, only the places of ids are written over.
    #[test]
    fn text_that_looks_like_the_place_of_an_id_stays(said in "(image-|0|1|x|-|\"|\\\\|[а-я]){0,12}", noise in any::<String>()) {
        let messages = [user(&[text(&said), image("image/png", PNG)]), json!({ "role": "assistant", "content": said }),
            user(&[text(&noise), image("image/png", PNG)])];
        let (outgoing, _) = sent(&chat(&messages), &[]).unwrap();
        let named = outgoing.images.named(&outgoing.body, &["one".to_owned(), "two".to_owned()]);
        let read: Value = serde_json::from_slice(&named).unwrap();
        prop_assert_eq!(&read["messages"][0]["content"], &said);
        prop_assert_eq!(&read["messages"][1]["content"], &said);
        prop_assert_eq!(&read["messages"][2]["content"], &noise);
        prop_assert!(read["messages"][0]["attachments"] == json!(["one"]) && read["messages"][2]["attachments"] == json!(["two"]));
    }
}
