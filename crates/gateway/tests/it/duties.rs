//! What rules owe for a request that may go: a label on the answer, somebody's agreement before it.

use crate::harness::{Changes, World};

const ASK: &str = r#"{"model":"best","messages":[{"role":"user","content":"hello"}]}"#;

async fn world(rules: &'static str) -> World {
    World::with(Changes { rules, ..Changes::default() }).await
}

#[tokio::test]
async fn a_label_that_is_owed_comes_with_the_answer_whole_or_streamed() {
    let rule = r#"
@id("say-so")
@title("People are told that a machine answers")
@cite("Test Act, section 5")
@obligation("label")
forbid (principal, action == Action::"oblige", resource) when { resource.host != "XA" };
"#;
    let world = world(rule).await;
    let streamed = ASK.replace("{\"model\":\"best\"", "{\"stream\":true,\"model\":\"abroad\"");
    for body in [ASK.replace("best", "abroad"), streamed] {
        let reply = world.chat(&body).await;
        assert_eq!((reply.status, reply.header("x-freehold-label")), (200, Some("say-so")), "{}", reply.body);
    }
    assert_eq!(world.intents()[0].oblige.len(), 1, "and the record names the rule");
    let free = World::usual().await.chat(&ASK.replace("best", "abroad")).await;
    assert_eq!((free.status, free.header("x-freehold-label")), (200, None));
}

#[tokio::test]
async fn what_somebody_must_agree_to_goes_elsewhere_or_nowhere() {
    let rule = r#"
@id("ask-first")
@title("Somebody agrees before anything goes abroad")
@cite("Test Act, section 6")
@obligation("approval")
forbid (principal, action == Action::"oblige", resource) when { resource.host != "XA" };
"#;
    let world = world(rule).await;
    let reply = world.chat(ASK).await;
    assert_eq!((reply.status, reply.header("x-freehold-deployment")), (200, Some("near")), "{}", reply.body);
    let refused = world.chat(&ASK.replace("best", "abroad")).await;
    assert_eq!((refused.status, refused.code().as_str()), (403, "approval_required"), "{}", refused.body);
    assert_eq!(refused.json()["error"]["freehold"]["rules"][0]["id"], "ask-first");
    assert!(world.first.bodies().is_empty(), "no byte has left");
    assert_eq!(world.refusals()[0].code, "approval_required");
}
