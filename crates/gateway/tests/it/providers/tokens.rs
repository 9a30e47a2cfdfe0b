//! Credentials that are exchanged for tokens.

use testkit::Fault;

use super::world::{Abroad, GIGA_KEY, say};

#[tokio::test]
async fn one_token_serves_all_who_come_at_once() {
    let world = Abroad::usual().await;
    let body = say("giga", "hello", false);
    let replies = futures(16, || world.chat(&body)).await;
    assert!(replies.iter().all(|reply| reply.status == 200), "{replies:?}");
    assert_eq!(world.giga.tokens_issued(), 1);
}

#[tokio::test]
async fn a_token_that_is_taken_back_is_replaced_once_unseen() {
    let world = Abroad::usual().await;
    assert_eq!(world.chat(&say("giga", "one", false)).await.status, 200);
    world.giga.revoke_tokens();
    let reply = world.chat(&say("giga", "two", false)).await;
    assert_eq!((reply.status, reply.header("x-freehold-attempts")), (200, Some("1")), "{}", reply.body);
    assert_eq!(world.giga.tokens_issued(), 2);
    assert!(!world.warnings().contains("credential"), "{}", world.warnings());
}

#[tokio::test]
async fn tokens_are_renewed_aside_before_they_end_and_asked_for_anew_after() {
    let world = Abroad::usual().await;
    assert_eq!(world.chat(&say("giga", "one", false)).await.status, 200);
    // A token serves 30 minutes; after four fifths of that the next is fetched aside.
    world.advance(25 * 60_000);
    assert_eq!(world.chat(&say("giga", "two", false)).await.status, 200);
    for _ in 0..200 {
        if world.giga.tokens_issued() == 2 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    assert_eq!(world.giga.tokens_issued(), 2);
    world.advance(40 * 60_000);
    assert_eq!(world.chat(&say("giga", "three", false)).await.status, 200);
    assert_eq!(world.giga.tokens_issued(), 3);
}

#[tokio::test]
async fn a_wrong_key_is_the_operators_matter_and_is_not_tried_for_each_request() {
    let world = Abroad::usual().await;
    world.write("giga.key", "d3Jvbmc6a2V5");
    world.reload("name = \"Test\"", "name = \"Test again\"");
    for _ in 0..3 {
        let reply = world.chat(&say("giga", "hello", false)).await;
        assert_eq!((reply.status, reply.code().as_str()), (502, "upstream_error"), "{}", reply.body);
        assert!(!reply.body.contains("d3Jvbmc6a2V5"));
    }
    let asked = world.giga.received().iter().filter(|one| one.path.contains("oauth")).count();
    assert_eq!(asked, 1, "a provider locks out who keeps asking with a wrong key");
    let warnings = world.warnings();
    assert!(warnings.contains("provider giga: no token for our credential"), "{warnings}");
    assert!(!warnings.contains("d3Jvbmc6a2V5"), "{warnings}");
    assert!(world.received("giga").is_empty());
    // The other deployment of the route serves.
    assert_eq!(world.chat(&say("any", "hello", false)).await.header("x-freehold-deployment"), Some("plain"));
    world.write("giga.key", GIGA_KEY);
    world.reload("name = \"Test\"", "name = \"Test once more\"");
    world.advance(20_000);
    assert_eq!(world.chat(&say("giga", "hello", false)).await.status, 200);
    assert!(!world.warnings().contains("credential"), "{}", world.warnings());
}

#[tokio::test]
async fn a_token_endpoint_in_trouble_costs_the_attempt_and_nothing_more() {
    let world = Abroad::usual().await;
    world.giga.fail_next_tokens(vec![Fault::Status { status: 500, retry_after_s: None }]);
    let reply = world.chat(&say("any", "hello", false)).await;
    assert_eq!(reply.header("x-freehold-deployment"), Some("plain"), "{}", reply.body);
    let outcome = world.outcomes().pop().unwrap();
    assert_eq!(outcome.attempts.len(), 2);
    assert!(!outcome.cost_estimated, "nothing was sent, so nothing is charged for it");
    world.advance(1_001);
    assert_eq!(world.chat(&say("giga", "hello", false)).await.status, 200);
}

/// As many at the same time.
pub async fn futures<T, F: Future<Output = T>>(count: usize, make: impl Fn() -> F) -> Vec<T> {
    let mut all: Vec<_> = (0..count).map(|_| Box::pin(make())).collect();
    let mut done = Vec::new();
    std::future::poll_fn(|cx| {
        all.retain_mut(|one| match one.as_mut().poll(cx) {
            std::task::Poll::Ready(value) => {
                done.push(value);
                false
            }
            std::task::Poll::Pending => true,
        });
        if all.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    done
}
