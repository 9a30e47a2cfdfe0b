//! What is revoked sees no further attempt, and what is open of it ends.

use crate::harness::{Act, KEY, Step, World, chunk, live};
use gateway::{Live, hash_of};
use realm::record::End;
use realm::{AppId, DeploymentId, ProviderId, UnixMs};

const ASK: &str = r#"{"model":"best","messages":[{"role":"user","content":"hello"}]}"#;
const STREAM: &str = r#"{"model":"abroad","stream":true,"messages":[{"role":"user","content":"hello"}]}"#;
const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";

type Change = fn(&mut Live);

fn revoke_key(live: &mut Live) {
    live.keys.clear();
}

fn suspend_app(live: &mut Live) {
    live.suspended.apps.insert(AppId::new("clinic").unwrap());
}

fn suspend_deployment(live: &mut Live) {
    live.suspended.deployments.insert(DeploymentId::new("far").unwrap());
}

fn suspend_provider(live: &mut Live) {
    live.suspended.providers.insert(ProviderId::new("first").unwrap());
}

#[tokio::test]
async fn nothing_starts_for_a_revoked_key_or_a_suspended_app() {
    let world = World::usual().await;
    world.gateway.refresh_live(live(revoke_key));
    let reply = world.chat(ASK).await;
    assert_eq!((reply.status, reply.code().as_str()), (401, "invalid_api_key"));
    world.gateway.refresh_live(live(suspend_app));
    let reply = world.chat(ASK).await;
    assert_eq!((reply.status, reply.code().as_str()), (403, "app_suspended"));
    assert!(world.first.bodies().is_empty());
}

#[tokio::test]
async fn a_refusal_of_a_suspended_app_is_recorded_and_its_receipt_can_be_had() {
    let world = World::usual().await;
    world.gateway.refresh_live(live(revoke_key));
    world.chat(ASK).await;
    assert!(world.journal.entries().is_empty(), "nobody's request is counted, not recorded");
    world.gateway.refresh_live(live(suspend_app));
    let reply = world.chat_with(ASK, &[("x-request-id", "r-7")]).await;
    assert_eq!(reply.header("x-freehold-receipt"), Some("test/0"));
    let refusal = world.refusals().remove(0);
    assert_eq!(
        (Some(refusal.req.as_str()), refusal.code.as_str()),
        (reply.header("x-freehold-request"), "app_suspended")
    );
    assert_eq!(reply.header("x-request-id"), Some("r-7"), "the client's own id is echoed and nothing more");
    assert_eq!((refusal.app.as_str(), refusal.route, refusal.mac.is_some()), ("clinic", None, false));
    assert_eq!(world.events.list().first().map(String::as_str), Some("client has all"), "the first was nobody's");
    assert!(world.events.list().contains(&"durable refusal".to_owned()));
    assert_eq!(world.get("/api/v1/receipts/test/0").await.body, "proof of 0");
    assert_eq!(world.get("/v1/models").await.code(), "app_suspended");
}

#[tokio::test]
async fn a_key_ends_by_itself() {
    let world = World::usual().await;
    world.gateway.refresh_live(live(|live| {
        let key = live.keys.get_mut(&hash_of(KEY.as_bytes())).unwrap();
        key.expires = Some(UnixMs(crate::harness::NOON + 1_000));
    }));
    assert_eq!(world.chat(ASK).await.status, 200);
    world.clock.0.fetch_add(1_000, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(world.chat(ASK).await.code(), "invalid_api_key");
}

#[tokio::test]
async fn a_suspended_deployment_or_provider_is_passed_over() {
    for change in [suspend_deployment as Change, suspend_provider] {
        let world = World::usual().await;
        world.gateway.refresh_live(live(change));
        assert_eq!(world.chat(ASK).await.header("x-freehold-deployment"), Some("near"));
        let reply = world.chat(&ASK.replace("best", "abroad")).await;
        assert_eq!((reply.status, reply.code().as_str()), (503, "no_deployment_available"));
        assert!(world.first.bodies().is_empty());
    }
}

#[tokio::test]
async fn an_open_stream_is_cut_with_an_error() {
    for (change, code) in [
        (revoke_key as Change, "invalid_api_key"),
        (suspend_app, "app_suspended"),
        (suspend_deployment, "no_deployment_available"),
        (suspend_provider, "no_deployment_available"),
    ] {
        let world = World::usual().await;
        world.first.script([Step::Send(format!("{HEAD}{}", chunk("one "))), Step::Hang]);
        let mut open = world.open(STREAM).await;
        open.read_until("one ").await;
        // A change that is none of its business does nothing.
        world.gateway.refresh_live(live(|_| {}));
        world.gateway.refresh_live(live(change));
        let reply = open.finish().await;
        assert!(reply.body.contains(&format!("\"code\":\"{code}\"")), "{code}: {}", reply.body);
        assert!(!reply.body.contains("[DONE]"));
        assert_eq!(world.outcome().await.end, End::Error);
    }
}

#[tokio::test]
async fn a_request_under_way_sees_no_further_attempt() {
    let world = World::usual().await;
    world.first.script([Step::Hang]);
    let open = world.open(ASK).await;
    while world.first.bodies().is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    world.gateway.refresh_live(live(revoke_key));
    let reply = open.finish().await;
    assert_eq!((reply.status, reply.code().as_str()), (401, "invalid_api_key"));
    assert!(world.second.bodies().is_empty());
    assert_eq!(world.intents().len(), 1);
}

#[tokio::test]
async fn a_suspended_deployment_hands_over_what_has_not_begun() {
    let world = World::usual().await;
    world.first.will([Act::Script(vec![Step::Hang])]);
    let open = world.open(ASK).await;
    while world.first.bodies().is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    world.gateway.refresh_live(live(suspend_deployment));
    assert_eq!(open.finish().await.header("x-freehold-deployment"), Some("near"));
}
