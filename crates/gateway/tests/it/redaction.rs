//! Values that stay here: out as tokens, back as they were (G5).

use crate::harness::{Changes, PERSONAL_STAYS, Step, World, chunk};

const IBAN: &str = "DE89370400440532013000";

async fn world() -> World {
    World::with(Changes { rules: PERSONAL_STAYS, ..Changes::default() }).await
}

fn ask(stream: bool) -> String {
    format!(r#"{{"model":"abroad","stream":{stream},"messages":[{{"role":"user","content":"pay to {IBAN} today"}}]}}"#)
}

#[tokio::test]
async fn an_iban_leaves_as_a_token_and_comes_back_whole() {
    let world = world().await;
    let reply = world.chat(&ask(false)).await;
    assert_eq!((reply.status, reply.header("x-freehold-decision")), (200, Some("redact")), "{}", reply.body);
    assert_eq!(reply.json()["choices"][0]["message"]["content"], format!("You said: pay to {IBAN} today"));
    let sent = world.first.bodies().remove(0);
    assert!(!sent.contains(IBAN) && sent.contains("IBAN_1"), "{sent}");
    let intent = world.intents().remove(0);
    assert_eq!((intent.classes.to_string(), intent.redacted.to_string()), ("personal".into(), "personal".into()));
    let entries = world.journal.entries().concat();
    assert!(!String::from_utf8_lossy(&entries).contains(IBAN), "no record holds a value");
}

#[tokio::test]
async fn a_token_split_over_pieces_of_a_stream_comes_back_whole() {
    let world = world().await;
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";
    let pieces: String =
        ["to \u{27e8}", "IB", "AN_", "1\u{27e9}", " it goes"].iter().map(|piece| chunk(piece)).collect();
    world.first.script([Step::Send(format!("{head}{pieces}data: [DONE]\n\n"))]);
    let reply = world.chat(&ask(true)).await;
    assert_eq!(reply.said(), format!("to {IBAN} it goes"), "{}", reply.body);
    assert!(reply.body.contains("[DONE]"));
}

#[tokio::test]
async fn what_cannot_be_replaced_stays_at_home() {
    let schema = r#","tools":[{"type":"function","function":{"name":"f","parameters":{"const":4111111111111111}}}]"#;
    let (url, hidden) = ("data:text/plain;base64", "REU4OTM3MDQwMDQ0MDUzMjAxMzAwMA==");
    let image = format!(r#"[{{"type":"image_url","image_url":{{"url":"{url},{hidden}"}}}}]"#);
    for (content, more) in [(r#""hello""#, schema), (r#""hello""#, r#","x_account":4111111111111111"#), (&image, "")] {
        let world = world().await;
        let body = format!(r#"{{"model":"best","messages":[{{"role":"user","content":{content}}}]{more}}}"#);
        let reply = world.chat(&body).await;
        assert_eq!(
            (reply.status, reply.header("x-freehold-deployment")),
            (200, Some("near")),
            "{body}: {}",
            reply.body
        );
        assert_eq!(reply.header("x-freehold-decision"), Some("permit"));
        let reply = world.chat(&body.replace("best", "abroad")).await;
        assert_eq!((reply.status, reply.code().as_str()), (403, "policy_denied"), "{body}");
        assert!(world.first.bodies().is_empty());
        assert_eq!(world.intents()[0].classes.to_string(), "personal");
    }
}

#[tokio::test]
async fn a_value_in_two_parts_and_another_script_leaves_as_tokens() {
    let world = world().await;
    let parts =
        r#"[{"type":"text","text":"pay to DE89\u00a03704\u200b 00४४"},{"type":"text","text":" 0532 0130 00 today"}]"#;
    let body = format!(r#"{{"model":"abroad","messages":[{{"role":"user","content":{parts}}}]}}"#);
    world.first.will([crate::harness::Act::Status(200, "", crate::harness::answer("to ⟨IBAN_1⟩⟨IBAN_2⟩"))]);
    let reply = world.chat(&body).await;
    let sent = world.first.bodies().remove(0);
    assert!(sent.contains("pay to ⟨IBAN_1⟩") && sent.contains("\"⟨IBAN_2⟩ today"), "{sent}");
    let said = "to DE89\u{a0}3704\u{200b} 00४४ 0532 0130 00";
    assert_eq!(reply.json()["choices"][0]["message"]["content"], said, "{}", reply.body);
}

/// Within JSON a value is escaped where it could not stand, and stands as it did where it can.
#[tokio::test]
async fn an_answer_that_is_json_stays_json() {
    let spelt = "DE89 3704 0044\n0532 0130 00";
    let ask = |stream: bool| {
        serde_json::json!({ "model": "abroad", "stream": stream, "response_format": { "type": "json_object" },
            "messages": [{ "role": "user", "content": format!("pay to {spelt} today") }] })
        .to_string()
    };
    let world = world().await;
    world.first.will([crate::harness::Act::Status(200, "", crate::harness::answer("{\"iban\":\"⟨IBAN_1⟩\"}"))]);
    let reply = world.chat(&ask(false)).await;
    let content = reply.json()["choices"][0]["message"]["content"].as_str().unwrap().to_owned();
    let read: serde_json::Value = serde_json::from_str(&content).unwrap_or_else(|e| panic!("{e}: {content:?}"));
    assert_eq!(read["iban"], spelt);

    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";
    let pieces: String = ["{\"iban\":", "\"\u{27e8}IB", "AN_1\u{27e9}\"}"].iter().map(|piece| chunk(piece)).collect();
    world.first.script([Step::Send(format!("{head}{pieces}data: [DONE]\n\n"))]);
    let said = world.chat(&ask(true)).await.said();
    let read: serde_json::Value = serde_json::from_str(&said).unwrap_or_else(|e| panic!("{e}: {said:?}"));
    assert_eq!(read["iban"], spelt);
}

#[tokio::test]
async fn at_home_nothing_is_redacted() {
    let world = World::with(Changes { rules: PERSONAL_STAYS, ..Changes::default() }).await;
    world.first.will((0..5).map(|_| crate::harness::Act::Status(500, "", "{}".into())));
    let body = ask(false).replace("abroad", "best");
    let reply = world.chat(&body).await;
    assert_eq!(reply.header("x-freehold-decision"), Some("permit"));
    assert!(!world.first.bodies()[0].contains(IBAN));
    assert!(world.second.bodies()[0].contains(IBAN), "each attempt starts from the original body");
}
