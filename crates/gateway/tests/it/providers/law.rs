//! Refusals by law are not got round.

use testkit::Fault;

use super::world::{Abroad, say};

#[tokio::test]
async fn nothing_else_of_an_operator_that_refuses_by_law_is_tried() {
    let world = Abroad::usual().await;
    world.yandex.fail_next(vec![Fault::Status { status: 451, retry_after_s: None }]);
    let reply = world.chat(&say("two-of-one", "hello", false)).await;
    assert_eq!(reply.header("x-freehold-deployment"), Some("plain"), "{}", reply.body);
    assert_eq!(world.received("yandex").len(), 1, "its other endpoint was not asked");
    let outcome = world.outcomes().pop().unwrap();
    assert_eq!(outcome.attempts[0].error.as_deref(), Some("upstream_legal_refusal"));
    assert!(world.warnings().contains("operator yandex: refuses for reasons of law"), "{}", world.warnings());

    let reply = world.chat(&say("yandex-compatible", "hello", false)).await;
    assert_eq!((reply.status, reply.code().as_str()), (503, "no_deployment_available"), "{}", reply.body);
    assert_eq!(world.received("yandex").len(), 1, "nor later");

    world.reload("name = \"Test\"", "name = \"Test again\"");
    assert_eq!(world.chat(&say("yandex", "hello", false)).await.status, 503, "nor after a reload");
    world.advance(3_600_001);
    assert_eq!(world.chat(&say("yandex", "hello", false)).await.status, 200);
}

#[tokio::test]
async fn who_has_no_other_deployment_is_told_so() {
    let world = Abroad::usual().await;
    world.claude.fail_next(vec![Fault::Status { status: 451, retry_after_s: None }]);
    let reply = world.chat(&say("claude", "hello", false)).await;
    assert_eq!((reply.status, reply.code().as_str()), (451, "upstream_legal_refusal"), "{}", reply.body);
}
