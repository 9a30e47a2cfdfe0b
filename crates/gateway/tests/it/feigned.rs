//! What a live drill has fail in some way fails so, without a byte, and nobody outside the drill feels it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use gateway::{CutOff, FailureShape, Feigned, Live, Whom};
use realm::record::End;
use realm::{AppId, DeploymentId, UnixMs};

use crate::harness::{NOON, World, live};

const ASK: &str = r#"{"model":"best","messages":[{"role":"user","content":"hello"}]}"#;

/// A drill of a minute that has these deployments fail for everybody.
fn failing(shape: FailureShape, deployments: &[&str]) -> CutOff {
    let everybody = || Whom { everybody: true, users: Vec::new() };
    let from: HashMap<_, _> = deployments.iter().map(|id| (DeploymentId::new(id).unwrap(), everybody())).collect();
    let (until, feigned) = (UnixMs(NOON + 60_000), Some(Arc::new(Feigned::new(shape))));
    let (spared, tally) = (HashSet::new(), Arc::default());
    CutOff { drill: "d1".into(), until, percent: 100, from, spared, feigned, tally }
}

fn drilled(cut: CutOff) -> Live {
    live(|live| live.cut = Some(Arc::new(cut)))
}

async fn put_in_force(world: &World, cut: CutOff) {
    world.gateway.refresh_live(drilled(cut));
    assert!(world.gateway.cut_is_in_force(Duration::from_secs(2)).await);
}

fn status(status: u16) -> FailureShape {
    FailureShape::Status { status, retry_after_s: None }
}

#[tokio::test]
async fn each_shape_is_one_failed_attempt_and_the_next_answers() {
    for (shape, said) in [
        (FailureShape::Refused, (None, "upstream_error")),
        (status(401), (Some(401), "upstream_error")),
        (status(403), (Some(403), "upstream_error")),
        (status(429), (Some(429), "rate_limited")),
        (status(503), (Some(503), "upstream_error")),
        (FailureShape::Silent, (None, "upstream_timeout")),
    ] {
        let world = World::usual().await;
        put_in_force(&world, failing(shape, &["far", "embed"])).await;
        let (begun, reply) = (Instant::now(), world.chat(ASK).await);
        assert_eq!((reply.status, reply.header("x-freehold-deployment")), (200, Some("near")), "{shape:?}");
        // The realm waits 700 ms for a first byte.
        assert_eq!(begun.elapsed() >= Duration::from_millis(700), shape == FailureShape::Silent, "{shape:?}");
        let outcome = world.outcome().await;
        let attempts =
            outcome.attempts.iter().map(|it| (it.deployment.as_str(), it.status, it.error.as_deref(), it.feigned));
        let attempts: Vec<_> = attempts.collect();
        assert_eq!(attempts, [("far", said.0, Some(said.1), true), ("near", Some(200), None, false)], "{shape:?}");
        assert_eq!((outcome.end, world.second.bodies().len()), (End::Ok, 1));
        let moved = world.gateway.moved();
        let first = moved.iter().find(|(of, _)| of.to_string() == "first").unwrap().1;
        assert_eq!((first.bytes_out, first.bytes_in, world.first.bodies().len()), (0, 0, 0), "{shape:?}");
    }
}

#[tokio::test]
async fn after_failures_in_a_row_the_drill_leaves_it_alone_and_nobody_else_feels_it() {
    let world = World::usual().await;
    let spared = HashSet::from([AppId::new("bank").unwrap()]);
    put_in_force(&world, CutOff { spared, ..failing(status(503), &["far", "embed"]) }).await;
    for _ in 0..8 {
        assert_eq!(world.chat(ASK).await.header("x-freehold-deployment"), Some("near"));
    }
    let feigned = world.outcomes().iter().filter(|it| it.attempts[0].feigned).count();
    assert_eq!(feigned, 5, "then it is passed over, as anything that fails is");
    assert!(world.gateway.places().iter().all(|place| place.wait_ms.is_none()), "its own health is untouched");
    world.gateway.refresh_live(live(|_| {}));
    assert_eq!(world.chat(ASK).await.header("x-freehold-deployment"), Some("far"), "back at once");
}

#[tokio::test]
async fn what_has_no_other_way_ends_with_the_failure_and_waiting_ends_with_the_drill() {
    let world = World::usual().await;
    put_in_force(&world, failing(status(401), &["far", "embed"])).await;
    let refused = world.chat(&ASK.replace("best", "abroad")).await;
    assert_eq!((refused.status, refused.code().as_str()), (502, "upstream_error"), "{}", refused.body);
    assert!(refused.body.contains("a drill"), "{}", refused.body);
    let outcome = world.outcome().await;
    assert!(outcome.attempts.len() == 1 && outcome.attempts[0].feigned, "it is not asked again");
    assert_eq!(outcome.cost_nano.0, 0, "nothing can have cost anything");
    let world = World::usual().await;
    put_in_force(&world, failing(FailureShape::SlowDrip, &["far", "embed"])).await;
    let begun = Instant::now();
    let waiting = world.open(ASK).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    world.gateway.refresh_live(live(|_| {}));
    let reply = waiting.finish().await;
    assert_eq!((reply.status, reply.header("x-freehold-deployment")), (200, Some("near")));
    assert!(begun.elapsed() < Duration::from_secs(3), "the realm would wait five seconds for the whole");
}
