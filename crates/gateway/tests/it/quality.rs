//! Routes that choose the cheapest deployment that is known to be good enough: by evaluations as they stand at the
//! moment, without a reload, and never past a rule.

use std::collections::HashMap;

use gateway::Live;
use realm::DeploymentId;

use crate::harness::{Act, Changes, STRATEGIC_STAYS, World, live};

const ASK: &str = r#"{"model":"best","messages":[{"role":"user","content":"hello"}]}"#;
const LAST: &str = "strategy = \"cheapest_passing\"\nquality = { suite = \"en\", share_min = \"0.8\" }";
const REFUSE: &str =
    "strategy = \"cheapest_passing\"\nquality = { suite = \"en\", share_min = \"0.8\", otherwise = \"refuse\" }";

/// `far` at 6.00 and `near` at 2.00 for a million of both kinds, of one priority.
async fn world(changes: Changes) -> World {
    let world = World::with(changes).await;
    world.reload(|files| {
        let realm = files.files.get_mut(std::path::Path::new("realm.toml")).unwrap();
        let text = std::str::from_utf8(realm).unwrap().replace("\"near\", priority = 2", "\"near\", priority = 1");
        *realm = text.into_bytes();
    });
    world
}

/// What evaluations on a suite say, in hundredths.
fn known(suite: &str, all: &[(&str, u32)]) -> Live {
    let one = |(id, percent): &(&str, u32)| {
        (DeploymentId::new(id).unwrap(), HashMap::from([(suite.to_owned(), percent * 10_000)]))
    };
    live(|live| live.known = all.iter().map(one).collect())
}

async fn asked(world: &World) -> (u16, String) {
    let reply = world.chat(ASK).await;
    let code = reply.header("x-freehold-deployment").map_or_else(|| reply.body.clone(), str::to_owned);
    (reply.status, code)
}

#[tokio::test]
async fn the_cheapest_that_passes_is_asked_first_and_the_rest_after_it() {
    let world = world(Changes { route: LAST, ..Changes::default() }).await;
    for (suite, all, first) in [
        ("en", &[("far", 90), ("near", 80)][..], "near"),
        ("en", &[("far", 90), ("near", 79)], "far"),
        // What nobody evaluated comes after what passes and before what does not.
        ("en", &[("far", 90)], "far"),
        ("en", &[("near", 79)], "far"),
        ("en", &[("far", 10)], "near"),
        // Another suite says nothing of this one.
        ("ru", &[("far", 90)], "near"),
    ] {
        world.gateway.refresh_live(known(suite, all));
        for _ in 0..8 {
            assert_eq!(asked(&world).await, (200, first.to_owned()), "{suite} {all:?}");
        }
    }
    world.gateway.refresh_live(known("en", &[("far", 90), ("near", 85)]));
    world.second.will([Act::Status(500, "", "{}".to_owned())]);
    assert_eq!(asked(&world).await.1, "far", "where the cheapest fails, the next one is tried");
}

#[tokio::test]
async fn nothing_is_sent_to_what_is_not_known_to_be_good_where_the_realm_refuses_it() {
    let world = world(Changes { route: REFUSE, ..Changes::default() }).await;
    let (status, body) = asked(&world).await;
    assert_eq!(status, 503);
    assert!(body.contains("\"quality_unproven\""), "{body}");
    assert_eq!(world.refusals().last().unwrap().code, "quality_unproven");
    world.gateway.refresh_live(known("en", &[("far", 95)]));
    assert_eq!(asked(&world).await, (200, "far".to_owned()));
    world.first.will([Act::Status(500, "", "{}".to_owned()), Act::Status(500, "", "{}".to_owned())]);
    assert_eq!(asked(&world).await.0, 502, "nor where what passes fails");
    assert!(world.intents().iter().all(|it| it.dep.as_str() == "far"));
}

#[tokio::test]
async fn a_rule_comes_before_any_score() {
    let world = world(Changes { route: LAST, rules: STRATEGIC_STAYS, ..Changes::default() }).await;
    world.gateway.refresh_live(known("en", &[("far", 99)]));
    assert_eq!(asked(&world).await, (200, "near".to_owned()));
}

#[tokio::test]
async fn an_apps_own_margin_comes_before_the_routes() {
    let app = "quality = { suite = \"en\", share_min = \"0.5\" }";
    let world = world(Changes { route: REFUSE, app, ..Changes::default() }).await;
    world.gateway.refresh_live(known("en", &[("far", 90), ("near", 60)]));
    assert_eq!(asked(&world).await, (200, "near".to_owned()));
}
