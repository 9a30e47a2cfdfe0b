//! What was found once never leaves in clear when a stream goes on, nor elsewhere in the same request.

use serde_json::json;

use super::{asked, cut, one_stream, rest, world};
use crate::harness::{Changes, PERSONAL_STAYS, World};

const NUMBER: &str = "7707083893";
/// Personal data may not go anywhere in clear.
const PERSONAL_NOWHERE: &str = r#"
@id("personal-nowhere")
@title("Personal data goes nowhere")
@cite("Test Act, section 3")
forbid (principal, action == Action::"disclose", resource)
when { context.class == "personal" };
"#;

#[tokio::test]
async fn a_value_that_a_word_explained_is_a_token_in_the_answer_so_far() {
    let world = world(PERSONAL_NOWHERE).await;
    world.first.script(cut(&["The number: \u{27e8}INN_1\u{27e9} ;", " and"]));
    world.second.script(rest(&[" \u{27e8}INN_1\u{27e9}."], (30, 7)));
    let reply = world.chat(&asked(&format!("Проверь ИНН {NUMBER}"), "")).await;
    assert_eq!(reply.said(), format!("The number: {NUMBER} ; and {NUMBER}."), "{}", reply.body);
    one_stream(&reply);
    for sent in [world.first.bodies().remove(0), world.second.bodies().remove(0)] {
        assert!(!sent.contains(NUMBER) && sent.contains("INN_1"), "{sent}");
    }
    assert!(world.intents().iter().all(|intent| intent.redacted.to_string() == "personal"));
}

#[tokio::test]
async fn pieces_of_a_value_side_by_side_are_tokens_too() {
    let world = world(PERSONAL_NOWHERE).await;
    world.first.script(cut(&["It is \u{27e8}INN_1\u{27e9}", "\u{27e8}INN_2\u{27e9} and"]));
    world.second.script(rest(&[" so on"], (30, 7)));
    let parts = json!([{ "type": "text", "text": "ИНН 77070" }, { "type": "text", "text": "83893" }]);
    let body = json!({ "model": "lasting", "stream": true, "messages": [{ "role": "user", "content": parts }] });
    let reply = world.chat(&body.to_string()).await;
    assert_eq!(reply.said(), format!("It is {NUMBER} and so on"), "{}", reply.body);
    let sent = world.second.bodies().remove(0);
    assert!(!sent.contains("77070") && !sent.contains("83893"), "{sent}");
}

#[tokio::test]
async fn what_one_at_home_said_in_clear_leaves_as_a_token_and_so_does_half_of_it() {
    let half = "IBAN DE89 3704 0044 0532 ";
    for (question, said, gone) in [
        (format!("ИНН {NUMBER}?"), format!("Ваш номер {NUMBER} и "), NUMBER),
        (format!("ИНН {NUMBER}?"), "Ваш номер 77 07 08 38 93 и ".to_owned(), "38 93"),
        (format!("ИНН {NUMBER}?"), "Он начинается с 77070".to_owned(), "77070"),
        ("say one".to_owned(), half.to_owned(), "3704"),
    ] {
        let world = world(PERSONAL_STAYS).await;
        world.second.script(cut(&[&said]));
        world.first.script(rest(&["done"], (30, 7)));
        let reply = world.chat(&asked(&question, "").replace("lasting", "back")).await;
        assert_eq!(reply.said(), format!("{said}done"), "{}", reply.body);
        let sent = world.first.bodies().remove(0);
        assert!(!sent.contains(gone), "{said}: {sent}");
        assert_eq!(world.intents()[1].classes.to_string(), "personal", "{said}");
    }
}

#[tokio::test]
async fn a_value_found_by_its_word_is_found_without_it_in_the_same_request() {
    let world = World::with(Changes { rules: PERSONAL_NOWHERE, ..Changes::default() }).await;
    let message = |content: &str| json!({ "role": "user", "content": content });
    let messages = [
        message(&format!("ещё {NUMBER}, 12")),
        message(&format!("ИНН {NUMBER}, пациент Петров")),
        message("или 77 07 08 38 93; дом Петров; 770708389300"),
    ];
    let reply = world.chat(&json!({ "model": "best", "messages": messages }).to_string()).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let sent: serde_json::Value = serde_json::from_str(&world.first.bodies()[0]).unwrap();
    let said = |at: usize| sent["messages"][at]["content"].as_str().unwrap();
    assert_eq!(said(0), "ещё \u{27e8}INN_1\u{27e9}, 12");
    assert!(said(1).starts_with("ИНН \u{27e8}INN_1\u{27e9}"), "{}", said(1));
    assert!(!said(2).contains("38 93"), "{}", said(2));
    // A single word may be anybody's, and a longer number is another.
    assert!(said(2).contains("дом Петров; 770708389300"), "{}", said(2));
}
