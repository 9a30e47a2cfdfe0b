//! What the name in `model` leads to.

use crate::harness::{Act, Changes, STRATEGIC_STAYS, World};

const ASK: &str = r#"{"model":"best","messages":[{"role":"user","content":"hello"}]}"#;

/// A second model, served by the second provider only, behind routes of its own.
const LARGE: &str = r#"
[[model]]
id = "large"
name = "Large"
developer = "maker"
origin = "XB"
weights = "closed"
kind = "chat"
[[deployment]]
id = "large-near"
model = "large"
provider = "second"
host = "XA"
[[route]]
id = "mixed"
deployments = [{ id = "far", priority = 1 }, { id = "large-near", priority = 2 }]
[[route]]
id = "not-ours"
deployments = [{ id = "large-near" }]
"#;

fn with_mixed(text: &str) -> String {
    text.replace("routes = [\"best\", \"abroad\"", "routes = [\"best\", \"abroad\", \"mixed\"") + LARGE
}

fn failing() -> Act {
    Act::Status(500, "", "{}".to_owned())
}

fn edit(world: &World, change: impl FnOnce(&str) -> String) {
    world.reload(|files| {
        let realm = files.files.get_mut(std::path::Path::new("realm.toml")).unwrap();
        *realm = change(std::str::from_utf8(realm).unwrap()).into_bytes();
    });
}

#[tokio::test]
async fn a_model_is_reached_by_the_route_with_most_deployments_of_it() {
    let world = World::usual().await;
    let reply = world.chat(&ASK.replace("best", "small")).await;
    assert_eq!((reply.status, reply.header("x-freehold-deployment")), (200, Some("far")), "{}", reply.body);
    assert_eq!(world.intents()[0].route.as_str(), "best", "`abroad` comes first by name and leads there once");
    // The rules and fail-over of that route hold.
    world.first.will([failing()]);
    assert_eq!(world.chat(&ASK.replace("best", "small")).await.header("x-freehold-deployment"), Some("near"));
    let world = World::with(Changes { rules: STRATEGIC_STAYS, ..Changes::default() }).await;
    assert_eq!(world.chat(&ASK.replace("best", "small")).await.header("x-freehold-deployment"), Some("near"));
}

#[tokio::test]
async fn only_deployments_of_the_model_that_was_named_are_tried() {
    let world = World::usual().await;
    edit(&world, with_mixed);
    let reply = world.chat(&ASK.replace("best", "large")).await;
    assert_eq!((reply.status, reply.header("x-freehold-deployment")), (200, Some("large-near")), "{}", reply.body);
    assert_eq!((world.intents()[0].route.as_str(), world.outcomes()[0].route.as_str()), ("mixed", "mixed"));
    assert!(world.first.bodies().is_empty(), "another model of the route comes first there, and is not asked");
    assert!(world.second.bodies()[0].contains(r#""model":"large""#), "{:?}", world.second.bodies());
    world.second.will([failing()]);
    let reply = world.chat(&ASK.replace("best", "large")).await;
    assert_eq!((reply.status, world.first.bodies().len()), (502, 0), "and it does not take over");
}

#[tokio::test]
async fn a_model_that_no_route_of_the_app_leads_to_is_not_found() {
    let world = World::usual().await;
    for name in ["large", "maker", "far"] {
        let reply = world.chat(&ASK.replace("best", name)).await;
        assert_eq!((reply.status, reply.code().as_str()), (404, "model_not_found"), "{name}");
    }
    edit(&world, |text| text.to_owned() + LARGE);
    assert_eq!(world.chat(&ASK.replace("best", "large")).await.code(), "model_not_found", "it exists for others");
}

#[tokio::test]
async fn the_routes_limits_hold_for_its_models() {
    let world = World::with(Changes { route: "limits = { requests_per_min = 1 }", ..Changes::default() }).await;
    assert_eq!(world.chat(ASK).await.status, 200);
    assert_eq!(world.chat(&ASK.replace("best", "small")).await.code(), "rate_limited");
}
