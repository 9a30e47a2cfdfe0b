//! Chats that take their time: an operation is begun at Yandex, asked after, and cancelled where nobody waits for it.

use std::time::Duration;

use super::world::{Abroad, say};
use crate::harness::Reply;

const BEGIN: &str = "/foundationModels/v1/completionAsync";

/// A world whose native provider of Yandex has an address for operations, and so many milliseconds.
async fn patient(total_ms: u64) -> Abroad {
    let world = Abroad::usual().await;
    let lines = |more: &str| format!("{more}folder = \"b1gstandin\"\ncredential = {{ file = \"yandex.json\" }}");
    let parts = total_ms / 2;
    let timeouts =
        format!("{{ connect_ms = {parts}, first_byte_ms = {parts}, idle_ms = {parts}, total_ms = {total_ms} }}");
    let more = format!("operations_url = \"{}\"\ntimeouts = {timeouts}\n", world.yandex.base_url());
    world.reload(&lines(""), &lines(&more));
    world
}

fn paths(world: &Abroad) -> Vec<String> {
    world.received("yandex").into_iter().map(|one| one.path).collect()
}

fn questions(world: &Abroad) -> usize {
    paths(world).iter().filter(|path| path.starts_with("/operations/") && !path.ends_with(":cancel")).count()
}

fn cancelled(world: &Abroad) -> usize {
    paths(world).iter().filter(|path| path.ends_with(":cancel")).count()
}

/// Waits until something is so, as long as that may take on a slow machine.
async fn until(mut so: impl FnMut() -> bool) -> bool {
    for _ in 0..2_000 {
        if so() {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    false
}

fn content(reply: &Reply) -> String {
    reply.json()["choices"][0]["message"]["content"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn an_operation_is_begun_asked_after_and_answered_like_any_chat() {
    let world = patient(60_000).await;
    let reply = world.chat(&say("yandex", "Привет", false)).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert!(content(&reply).ends_with("Привет"), "{}", reply.body);
    let usage = &reply.json()["usage"];
    assert!(usage["completion_tokens"].as_u64() > Some(0), "{usage}");
    let outcome = world.outcomes().pop().unwrap();
    assert_eq!(outcome.attempts.len(), 1);
    // The stand-in says once that it still runs.
    let seen = paths(&world);
    assert_eq!((seen[0].as_str(), seen.len(), questions(&world), cancelled(&world)), (BEGIN, 3, 2, 0), "{seen:?}");
}

#[tokio::test]
async fn an_error_is_the_clients_to_read_whether_it_is_said_to_be_over_or_not() {
    let world = patient(60_000).await;
    for said in ["[fail]", "[fail] [early]"] {
        let reply = world.chat(&say("yandex", said, false)).await;
        assert_eq!(reply.status, 400, "{}", reply.body);
        assert!(reply.body.contains("failing as asked"), "{}", reply.body);
    }
    assert_eq!(cancelled(&world), 0);
}

#[tokio::test]
async fn a_service_that_is_out_of_order_for_a_while_and_a_token_taken_back_end_nothing() {
    let world = patient(60_000).await;
    let reply = world.chat(&say("yandex", "[busy] hello", false)).await;
    assert_eq!((reply.status, questions(&world)), (200, 3), "{}", reply.body);
    let client = world.open("/v1/chat/completions", &say("yandex", "[endless] hello", false), &[]).await;
    assert!(until(|| questions(&world) > 5).await);
    world.yandex.revoke_tokens();
    let seen = questions(&world);
    assert!(until(|| world.yandex.tokens_asked() == 2 && questions(&world) > seen + 2).await);
    drop(client);
    assert!(until(|| cancelled(&world) == 1).await);
}

#[tokio::test]
async fn a_client_that_leaves_has_its_operation_cancelled() {
    let world = patient(60_000).await;
    let client = world.open("/v1/chat/completions", &say("yandex", "[endless] hello", false), &[]).await;
    assert!(until(|| questions(&world) > 1).await);
    assert_eq!(cancelled(&world), 0);
    drop(client);
    assert!(until(|| cancelled(&world) == 1).await);
    assert!(until(|| world.outcomes().len() == 1).await);
}

#[tokio::test]
async fn an_operation_that_is_known_no_longer_is_an_error_in_words() {
    let world = patient(60_000).await;
    let asked = say("yandex", "[endless] hello", false);
    let client = world.open("/v1/chat/completions", &asked, &[]).await;
    assert!(until(|| questions(&world) > 1).await);
    world.yandex.forget_operations();
    let reply = client.finish().await;
    assert_eq!((reply.status, reply.code().as_str()), (502, "upstream_error"), "{}", reply.body);
    assert!(reply.body.contains("no longer knows the operation"), "{}", reply.body);
    assert_eq!(cancelled(&world), 0, "there is nothing to cancel");
}

#[tokio::test]
async fn what_takes_longer_than_an_attempt_may_is_cancelled_too() {
    let world = patient(1_000).await;
    let reply = world.chat(&say("yandex", "[endless] hello", false)).await;
    assert_eq!((reply.status, reply.code().as_str()), (504, "upstream_timeout"), "{}", reply.body);
    assert!(until(|| cancelled(&world) == 1).await);
}

#[tokio::test]
async fn a_stream_is_refused_by_name_or_goes_to_a_deployment_that_has_them() {
    let world = patient(60_000).await;
    let reply = world.chat(&say("yandex", "hello", true)).await;
    assert_eq!((reply.status, reply.code().as_str()), (400, "unsupported_parameter"), "{}", reply.body);
    assert_eq!(reply.json()["error"]["param"], "stream");
    assert!(paths(&world).is_empty());
    let reply = world.chat(&say("two-of-one", "hello", true)).await;
    assert_eq!(reply.header("x-freehold-deployment"), Some("yandex-compatible"), "{}", reply.body);
}

#[tokio::test]
async fn the_compatible_surface_has_no_operations() {
    let world = Abroad::usual().await;
    let folder = "folder = \"b1gstandin\"\ncredential = { file = \"yandex.key\" }";
    world.reload(folder, &format!("operations_url = \"{}\"\n{folder}", world.yandex.base_url()));
    let warnings = world.warnings();
    assert!(warnings.contains("provider yandex-compatible: it has an operations_url"), "{warnings}");
}
