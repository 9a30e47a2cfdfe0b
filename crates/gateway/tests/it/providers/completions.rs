//! OpenAI's older completions, to every provider: those that have chats only are asked with one message.

use serde_json::{Value, json};

use super::world::{Abroad, ROUTES};
use crate::harness::Reply;

const IBAN: &str = "DE89370400440532013000";

fn prompt(route: &str, stream: bool) -> Value {
    json!({ "model": route, "prompt": format!("pay to {IBAN}"), "max_tokens": 60, "stream": stream })
}

fn said(reply: &Reply) -> String {
    let texts = |data: &String| -> Option<String> {
        let chunk: Value = serde_json::from_str(data).ok()?;
        assert_eq!(chunk["object"], "text_completion", "{chunk}");
        chunk["choices"][0]["text"].as_str().map(str::to_owned)
    };
    reply.events().iter().filter_map(texts).collect()
}

#[tokio::test]
async fn every_provider_completes_and_values_stay_here() {
    let world = Abroad::usual().await;
    for route in ROUTES {
        let whole = world.post("/v1/completions", &prompt(route, false)).await;
        assert_eq!(whole.status, 200, "{route}: {}", whole.body);
        let answer = whole.json();
        let text = answer["choices"][0]["text"].as_str().unwrap().to_owned();
        assert!(text.ends_with(&format!("pay to {IBAN}")), "{route}: {answer}");
        assert_eq!(
            (&answer["object"], &answer["choices"][0]["finish_reason"]),
            (&json!("text_completion"), &json!("stop"))
        );
        assert!(answer["usage"]["completion_tokens"].as_u64().unwrap() > 0, "{route}");

        let streamed = world.post("/v1/completions", &prompt(route, true)).await;
        assert_eq!(said(&streamed), text, "{route}: {}", streamed.body);
        assert_eq!(streamed.events().last().map(String::as_str), Some("[DONE]"), "{route}");
        assert!(world.received(route).iter().all(|one| !one.text.contains(IBAN)), "{route}");
    }
}

#[tokio::test]
async fn what_a_chat_cannot_say_is_refused_by_name_or_goes_to_one_that_can() {
    let world = Abroad::usual().await;
    for (field, value) in [
        ("suffix", json!("the end")),
        ("echo", json!(true)),
        ("logprobs", json!(1)),
        ("best_of", json!(3)),
        ("prompt", json!(["one", "two"])),
    ] {
        for route in ["giga", "yandex", "yandex-compatible", "claude"] {
            let mut body = prompt(route, false);
            body[field] = value.clone();
            let reply = world.post("/v1/completions", &body).await;
            let error = reply.json()["error"].take();
            assert_eq!(
                (reply.status, &error["code"]),
                (400, &json!("unsupported_parameter")),
                "{route}: {field}: {error}"
            );
            assert_eq!(error["param"], field, "{route}");
            assert!(world.received(route).is_empty(), "{route}");
        }
        let mut body = prompt("any", false);
        body[field] = value;
        let reply = world.post("/v1/completions", &body).await;
        assert_eq!(
            (reply.status, reply.header("x-freehold-deployment")),
            (200, Some("plain")),
            "{field}: {}",
            reply.body
        );
    }
}

#[tokio::test]
async fn every_answer_that_is_made_is_set_aside() {
    let world = Abroad::usual().await;
    let mut body = prompt("plain", false);
    let mut reserved = async |field: &str, value: Value| {
        body[field] = value;
        assert_eq!(world.post("/v1/completions", &body).await.status, 200);
        world.intents().last().unwrap().est.tokens
    };
    let one = reserved("n", json!(1)).await;
    assert_eq!(reserved("best_of", json!(4)).await, one + 3 * 60);
    assert_eq!(reserved("n", json!(2)).await, one + 3 * 60, "the best two of four");
    let two_prompts = json!([format!("pay to {IBAN}"), "x"]);
    let more = reserved("prompt", two_prompts).await;
    assert!((one + 7 * 60..one + 7 * 60 + 4).contains(&more), "{one}: {more}");
}
