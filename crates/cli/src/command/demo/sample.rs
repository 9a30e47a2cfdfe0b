//! Requests of a made-up morning, so that the first look at a demo's console shows what a console shows. They go the
//! way of every request; their records say that they are sample traffic.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use gateway::{Gateway, Tasks};
use http::Request;
use realm::World;
use realm::world::{App, ModelKind};
use serde_json::json;

use crate::serve::sent;

/// Who asks, by which route, what. The first is refused, the second goes out redacted, the third as it is; whoever takes
/// the tour meets these.
const FIRST: [(&str, &str, &str); 3] = [
    ("clinic", "abroad", "Shorten this letter to a patient."),
    ("tourism", "abroad", "Refund DE89 3704 0044 0532 0130 00, please."),
    ("tourism", "abroad", "Where is the old town?"),
];

/// What people of a sector ask for on such a morning; some of it with data that has to stay.
const ASKED: [(&str, [&str; 4]); 10] = [
    (
        "agriculture",
        ["When is barley sown?", "Fill in form 12 for field 7.", "How dry was May?", "Who mills rye nearby?"],
    ),
    (
        "education",
        ["Explain entropy in one sentence.", "Three questions on rivers.", "Mark this essay.", "A plan for Monday."],
    ),
    (
        "energy",
        [
            "Load at noon tomorrow?",
            "Answer ada@mail.example about the outage.",
            "Which valve leaks?",
            "Read meter 4417.",
        ],
    ),
    (
        "finance",
        [
            "Draft a note about opening hours.",
            "Refund DE89 3704 0044 0532 0130 00.",
            "What is a bond?",
            "Sum up claim 88.",
        ],
    ),
    (
        "government",
        [
            "Answer a letter about a park bench.",
            "Where is the office?",
            "Code this trade: baker.",
            "Find cases on rent.",
        ],
    ),
    (
        "health",
        [
            "How many beds does a ward have?",
            "Letter to +44 20 7946 0958, please.",
            "Is 5 mg a usual dose?",
            "Notes of a round.",
        ],
    ),
    (
        "industry",
        [
            "Which bolt fits a hole of eight millimetres?",
            "Why is bearing 3 loud?",
            "Order 40 seals.",
            "Furnace 2 is hot.",
        ],
    ),
    (
        "leisure",
        ["When does the museum open?", "A headline on rain.", "Find photographs of 1912.", "Where is the harbour?"],
    ),
    (
        "technology",
        ["How is a password reset?", "Write to bob@mail.example.", "Why is the disk full?", "Name a safe cipher."],
    ),
    (
        "transport",
        ["Which platform is free at noon?", "Papers for container 9.", "Berth for 200 metres?", "Trains to the coast?"],
    ),
];

/// Requests on their way at a time.
const AT_ONCE: usize = 8;
/// How long some of them are waited for.
const SOME: Duration = Duration::from_secs(20);
/// Tokens of an answer: enough to be one.
const TOKENS_MAX: u32 = 24;

/// Sends them to whatever stands in for providers. What fails is a record too.
pub(super) async fn send(gateway: &Gateway, keys: &BTreeMap<String, String>) {
    gateway.simulate(true);
    for (app, route, text) in FIRST {
        one(gateway.clone(), keys.get(app).cloned(), route, text).await;
    }
    let snapshot = gateway.snapshot();
    let all: Vec<_> = snapshot.world.apps.values().flat_map(|app| of(&snapshot.world, app)).collect();
    for some in all.chunks(AT_ONCE) {
        let tasks = Tasks::default();
        for (app, route, text) in some {
            let (gateway, key) = (gateway.clone(), keys.get(app.id.as_str()).cloned());
            let (route, text) = ((*route).to_owned(), *text);
            tasks.spawn(async move { one(gateway, key, &route, text).await });
        }
        tasks.wait(SOME).await;
    }
    gateway.simulate(false);
}

/// What an app asks: more where more hangs on it, over each of its routes to models that answer in words.
fn of<'w>(world: &'w World, app: &'w App) -> Vec<(&'w App, &'w str, &'static str)> {
    let talks = |id: &&realm::RouteId| {
        let first = world.routes.get(*id).and_then(|route| route.targets.first());
        let model = first.and_then(|target| world.supply_of(&target.deployment)).map(|supply| supply.model);
        model.is_some_and(|model| model.kind == ModelKind::Chat)
    };
    let routes: Vec<&str> = app.routes.iter().filter(talks).map(realm::RouteId::as_str).collect();
    let sector = world.organisations.get(&app.organisation).map(|it| it.sector.as_str());
    let asked = ASKED.iter().find(|(of, _)| Some(*of) == sector).map_or(&[][..], |(_, asked)| asked);
    let count = 3 + 2 * usize::from(app.criticality);
    asked.iter().cycle().zip(routes.into_iter().cycle()).take(count).map(|(text, route)| (app, route, *text)).collect()
}

async fn one(gateway: Gateway, key: Option<String>, route: &str, text: &str) {
    let Some(key) = key else { return };
    let body = json!({
        "model": route, "messages": [{ "role": "user", "content": text }], "max_tokens": TOKENS_MAX,
    });
    let request = Request::post("/v1/chat/completions")
        .header("authorization", format!("Bearer {key}"))
        .header("content-type", "application/json")
        .body(Bytes::from(body.to_string()));
    let Ok(request) = request else { return };
    if let Err(why) = sent(gateway, request).await {
        tracing::warn!(route, why, "a sample request was not answered");
    }
}
