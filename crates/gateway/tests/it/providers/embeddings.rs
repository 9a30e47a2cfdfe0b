//! Embeddings: one text or many, as numbers or base64.

use serde_json::json;

use super::world::Abroad;

#[tokio::test]
async fn many_texts_come_back_in_order_from_every_provider() {
    let world = Abroad::usual().await;
    for route in ["giga", "yandex", "yandex-compatible"] {
        let deployments = r#"[{ id = "giga-vectors", priority = 1 }, { id = "yandex-vectors", priority = 2 }, { id = "yandex-compatible-vectors", priority = 3 }]"#;
        world.reload(deployments, &format!("[{{ id = \"{route}-vectors\" }}]"));
        let body = json!({ "model": "vectors", "input": ["one", "two", "one"] });
        let reply = world.post("/v1/embeddings", &body).await;
        assert_eq!(reply.status, 200, "{route}: {}", reply.body);
        let answer = reply.json();
        let data = answer["data"].as_array().unwrap();
        assert_eq!(data.len(), 3, "{route}");
        assert_eq!(data[0]["embedding"], data[2]["embedding"], "{route}: equal texts embed equally");
        assert_ne!(data[0]["embedding"], data[1]["embedding"], "{route}");
        let indexes: Vec<_> = data.iter().map(|one| one["index"].as_u64().unwrap()).collect();
        assert_eq!(indexes, [0, 1, 2], "{route}");
        let outcome = world.outcomes().pop().unwrap();
        assert!(!outcome.tokens.estimated && outcome.tokens.input > 0, "{route}: {outcome:?}");

        let body = json!({ "model": "vectors", "input": "one", "encoding_format": "base64" });
        let reply = world.post("/v1/embeddings", &body).await;
        assert!(reply.json()["data"][0]["embedding"].is_string(), "{route}: {}", reply.body);
    }
}

#[tokio::test]
async fn a_route_of_another_kind_is_refused_before_anything_leaves() {
    let world = Abroad::usual().await;
    let reply = world.post("/v1/embeddings", &json!({ "model": "plain", "input": "x" })).await;
    assert_eq!((reply.status, reply.code().as_str()), (400, "invalid_request"), "{}", reply.body);
    let reply = world.chat(&super::world::say("vectors", "hello", false)).await;
    assert_eq!((reply.status, reply.json()["error"]["param"].as_str()), (400, Some("model")), "{}", reply.body);
    assert!(world.intents().is_empty());
}

#[tokio::test]
async fn embeddings_are_not_streamed_and_no_deployment_is_blamed_for_it() {
    let world = Abroad::usual().await;
    for _ in 0..8 {
        let body = json!({ "model": "vectors", "input": "x", "stream": true });
        let reply = world.post("/v1/embeddings", &body).await;
        assert_eq!((reply.status, reply.code().as_str()), (400, "unsupported_parameter"), "{}", reply.body);
    }
    assert!(world.intents().is_empty());
    let reply = world.post("/v1/embeddings", &json!({ "model": "vectors", "input": "x" })).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
}
