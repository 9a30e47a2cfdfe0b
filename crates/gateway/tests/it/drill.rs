//! A live drill: what is cut off sees no byte, what is open of it ends, what can goes elsewhere, and it returns by itself.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use gateway::{CutOff, Fared, Live, Whom};
use realm::record::End;
use realm::{AppId, DeploymentId, Jurisdiction, UnixMs};

use crate::harness::{Changes, NOON, Step, World, chunk, live};

const ASK: &str = r#"{"model":"best","messages":[{"role":"user","content":"hello"}]}"#;
const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";
const MINUTE_MS: u64 = 60_000;

fn everybody() -> Whom {
    Whom { everybody: true, users: Vec::new() }
}

/// A drill of a minute that takes these deployments away from everybody.
fn cut(deployments: &[&str]) -> CutOff {
    let from = deployments.iter().map(|id| (DeploymentId::new(id).unwrap(), everybody())).collect();
    let until = UnixMs(NOON + MINUTE_MS);
    CutOff {
        drill: "d1".into(),
        until,
        percent: 100,
        from,
        spared: HashSet::new(),
        feigned: None,
        tally: Arc::default(),
    }
}

fn drilled(cut: CutOff) -> Live {
    live(|live| live.cut = Some(Arc::new(cut)))
}

async fn put_in_force(world: &World, cut: CutOff) {
    world.gateway.refresh_live(drilled(cut));
    assert!(world.gateway.cut_is_in_force(Duration::from_secs(2)).await);
}

fn bytes_out(world: &World) -> HashMap<String, u64> {
    world.gateway.moved().into_iter().map(|(of, moved)| (of.to_string(), moved.bytes_out)).collect()
}

#[tokio::test]
async fn what_is_cut_off_sees_no_byte_and_returns_by_itself() {
    let world = World::usual().await;
    assert_eq!(world.chat(ASK).await.header("x-freehold-deployment"), Some("far"));
    let before = bytes_out(&world);
    assert!(before["first"] > 100 && before["second"] == 0, "{before:?}");
    put_in_force(&world, cut(&["far", "embed"])).await;
    assert_eq!(world.gateway.shut().iter().map(ToString::to_string).collect::<Vec<_>>(), ["first"]);
    for _ in 0..5 {
        assert_eq!(world.chat(ASK).await.header("x-freehold-deployment"), Some("near"));
    }
    let refused = world.chat(&ASK.replace("best", "abroad")).await;
    assert_eq!((refused.status, refused.code().as_str()), (503, "cut_off"));
    assert_eq!(refused.header("retry-after"), Some("60"));
    assert_eq!(world.refusals()[0].code, "cut_off");
    let during = bytes_out(&world);
    assert_eq!((during["first"], world.first.bodies().len()), (before["first"], 1), "not one byte more");
    assert!(during["second"] > 0);
    let text = world.get("/metrics").await.body;
    assert!(text.contains("freehold_destination_shut{provider=\"first\",deployment=\"\"} 1"), "{text}");
    assert!(text.contains("freehold_drill_until_seconds{drill=\"d1\"}"));
    // Nobody comes to end it.
    world.clock.0.fetch_add(MINUTE_MS, Ordering::SeqCst);
    assert_eq!(world.chat(ASK).await.header("x-freehold-deployment"), Some("far"));
    assert!(world.gateway.shut().is_empty());
}

/// Of one provider only some deployments are cut off: its connections stay, and nothing of those goes over them.
#[tokio::test]
async fn a_part_of_a_provider_is_cut_off_without_the_rest() {
    let world = World::usual().await;
    put_in_force(&world, cut(&["far"])).await;
    assert!(world.gateway.shut().is_empty());
    assert_eq!(world.chat(ASK).await.header("x-freehold-deployment"), Some("near"));
    assert!(world.first.bodies().is_empty());
}

#[tokio::test]
async fn an_open_stream_ends_at_once_as_a_cut_one() {
    for deployments in [&["far", "embed"][..], &["far"]] {
        let world = World::usual().await;
        world.first.script([Step::Send(format!("{HEAD}{}", chunk("one "))), Step::Hang]);
        let asked = ASK.replace("best", "abroad").replacen('{', "{\"stream\":true,", 1);
        let mut open = world.open(&asked).await;
        open.read_until("one ").await;
        put_in_force(&world, cut(deployments)).await;
        let reply = open.finish().await;
        assert_eq!(reply.body.matches("\"code\":\"cut_off\"").count(), 1, "{}", reply.body);
        assert!(!reply.body.contains("[DONE]"));
        let outcome = world.outcome().await;
        assert_eq!((outcome.end, outcome.code.as_deref()), (End::Error, Some("cut_off")));
        // It is not the provider's fault.
        assert!(world.gateway.places().iter().all(|place| place.wait_ms.is_none()));
    }
}

#[tokio::test]
async fn an_open_stream_goes_on_elsewhere_where_its_route_says_so() {
    let world = World::with(Changes { resume: true, ..Changes::default() }).await;
    world.first.script([Step::Send(format!("{HEAD}{}", chunk("one "))), Step::Hang]);
    let asked = ASK.replace("best", "lasting").replacen('{', "{\"stream\":true,", 1);
    let mut open = world.open(&asked).await;
    open.read_until("one ").await;
    world.second.script([Step::Send(format!("{HEAD}{}data: [DONE]\n\n", chunk("two")))]);
    put_in_force(&world, cut(&["far", "embed"])).await;
    let reply = open.finish().await;
    assert!(reply.body.contains("two") && reply.body.contains("[DONE]"), "{}", reply.body);
    let outcome = world.outcome().await;
    let errors: Vec<_> = outcome.attempts.iter().map(|one| one.error.as_deref()).collect();
    assert_eq!((outcome.end, errors), (End::Ok, vec![Some("cut_off"), None]));
}

#[tokio::test]
async fn what_waits_for_its_first_word_goes_elsewhere_and_none_fails() {
    let world = World::usual().await;
    world.first.will((0..8).map(|_| crate::harness::Act::Script(vec![Step::Hang])));
    let mut waiting = Vec::new();
    for _ in 0..8 {
        waiting.push(world.open(ASK).await);
    }
    while world.first.bodies().len() < 8 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    put_in_force(&world, cut(&["far", "embed"])).await;
    for one in waiting {
        let reply = one.finish().await;
        assert_eq!((reply.status, reply.header("x-freehold-deployment")), (200, Some("near")));
    }
}

#[tokio::test]
async fn a_cut_for_users_looks_at_where_they_are_or_who_the_customer_is() {
    let world = World::with(Changes { app: "asserts_user = true", ..Changes::default() }).await;
    let users = |place: &str| {
        let whom = Whom { everybody: false, users: vec![Jurisdiction::new(place)] };
        CutOff { from: HashMap::from([(DeploymentId::new("far").unwrap(), whom)]), ..cut(&[]) }
    };
    put_in_force(&world, users("XA")).await;
    let went = |reply: &crate::harness::Reply| reply.header("x-freehold-deployment").map(str::to_owned);
    assert_eq!(went(&world.chat(ASK).await).as_deref(), Some("near"), "the hospital itself is in XA");
    let abroad = [("x-freehold-user-jurisdiction", "XC")];
    assert_eq!(went(&world.chat_with(ASK, &abroad).await).as_deref(), Some("far"));
    put_in_force(&world, users("XC")).await;
    assert_eq!(went(&world.chat(ASK).await).as_deref(), Some("far"));
    assert_eq!(went(&world.chat_with(ASK, &abroad).await).as_deref(), Some("near"));
}

#[tokio::test]
async fn a_canary_takes_a_part_and_a_spared_app_is_left_alone() {
    let world = World::usual().await;
    put_in_force(&world, CutOff { percent: 50, ..cut(&["far", "embed"]) }).await;
    assert!(world.gateway.shut().is_empty(), "others still go there");
    for _ in 0..60 {
        assert_eq!(world.chat(ASK).await.status, 200);
    }
    let taken = world.second.bodies().len();
    assert!((10..50).contains(&taken), "{taken} of 60");
    let spared = HashSet::from([AppId::new("clinic").unwrap()]);
    put_in_force(&world, CutOff { spared, ..cut(&["far", "embed"]) }).await;
    assert_eq!(world.chat(ASK).await.header("x-freehold-deployment"), Some("far"));
}

#[tokio::test]
async fn a_reload_does_not_open_what_is_cut_off() {
    let world = World::usual().await;
    world.chat(ASK).await;
    put_in_force(&world, cut(&["far", "embed"])).await;
    let before = bytes_out(&world)["first"];
    world.reload(|_| {});
    assert_eq!(world.gateway.shut().len(), 1);
    assert_eq!(world.chat(ASK).await.header("x-freehold-deployment"), Some("near"));
    assert_eq!(bytes_out(&world)["first"], before, "the count goes on over a reload");
    world.gateway.refresh_live(live(|_| {}));
    assert_eq!(world.chat(ASK).await.header("x-freehold-deployment"), Some("far"));
}

#[tokio::test]
async fn how_requests_fare_is_known_for_the_guardrails() {
    let world = World::usual().await;
    let on = cut(&["far", "embed"]);
    let tally = on.tally.clone();
    world.chat(ASK).await;
    put_in_force(&world, on).await;
    world.chat(ASK).await;
    world.chat(&ASK.replace("best", "abroad")).await;
    let Fared { requests, failed, median_ms } = tally.since(UnixMs(NOON - 1));
    assert_eq!((requests, failed, median_ms.is_some()), (2, 1, true));
    assert_eq!(tally.since(UnixMs(NOON)), Fared::default());
}
