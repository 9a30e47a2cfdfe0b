//! Images for a provider that takes them as files uploaded before.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::Fault;

use super::world::Abroad;

const PNG: &str = "data:image/png;base64,iVBORw0KGgo=";

fn asking(stream: bool) -> Value {
    let parts =
        json!([{ "type": "text", "text": "what is this?" }, { "type": "image_url", "image_url": { "url": PNG } }]);
    json!({ "model": "giga", "stream": stream, "messages": [{ "role": "user", "content": parts }] })
}

/// Paths asked of the provider, once its files are destroyed.
async fn paths(world: &Abroad, files: usize) -> Vec<String> {
    for _ in 0..400 {
        let paths: Vec<String> = world.received("giga").into_iter().map(|one| one.path).collect();
        if paths.iter().filter(|path| path.ends_with("/delete")).count() == files {
            return paths;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("files stay at the provider: {:?}", world.received("giga"));
}

#[tokio::test]
async fn an_image_is_uploaded_named_and_destroyed_after() {
    for stream in [false, true] {
        let world = Abroad::usual().await;
        let reply = world.chat(&asking(stream)).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        let received = world.received("giga");
        let asked = received.iter().find(|one| one.path.ends_with("/chat/completions")).unwrap();
        let named = asked.body["messages"][0]["attachments"][0].as_str().unwrap().to_owned();
        assert_eq!(asked.body["messages"][0]["content"], "what is this?");
        let paths = paths(&world, 1).await;
        let ends: Vec<&str> = paths.iter().map(|path| path.strip_prefix("/api/v1").unwrap_or(path)).collect();
        assert_eq!(ends, ["/files", "/chat/completions", &format!("/files/{named}/delete")]);
        let intent = &world.intents()[0];
        let body_bytes = asked.text.len() - named.len() + "image-0x-0".len();
        assert_eq!(intent.bytes, body_bytes as u64 + 8, "what leaves counts, the image too");
        assert!(intent.needs.iter().any(|need| need == "images"), "{:?}", intent.needs);
    }
}

#[tokio::test]
async fn an_upload_that_fails_is_a_failed_attempt_and_leaves_nothing_behind() {
    let world = Abroad::usual().await;
    world.fail_next("giga", vec![Fault::Status { status: 503, retry_after_s: None }]);
    let reply = world.chat(&asking(false)).await;
    assert_eq!(reply.status, 502, "{}", reply.body);
    assert!(paths(&world, 0).await.iter().all(|path| !path.contains("chat")));
    assert_eq!((world.intents().len(), world.outcomes().len()), (1, 1));
}

#[tokio::test]
async fn a_request_that_fails_after_its_upload_leaves_no_file() {
    let world = Abroad::usual().await;
    let two = json!({ "model": "giga", "messages": [asking(false)["messages"][0], asking(false)["messages"][0]] });
    // The first upload takes a fault that only streams know; the second is refused.
    world.fail_next("giga", vec![Fault::NoTerminator, Fault::Status { status: 413, retry_after_s: None }]);
    let reply = world.chat(&two).await;
    assert_eq!(reply.status, 413, "{}", reply.body);
    paths(&world, 1).await;
}

#[tokio::test]
async fn what_the_provider_cannot_be_given_is_refused_by_name() {
    let world = Abroad::usual().await;
    let mut asking = asking(false);
    asking["messages"][0]["content"][1]["image_url"]["url"] = json!("https://example.org/picture.png");
    let reply = world.chat(&asking).await;
    assert_eq!((reply.status, reply.code().as_str()), (400, "unsupported_parameter"), "{}", reply.body);
    assert!(reply.body.contains("image_url") && world.received("giga").is_empty());
}
