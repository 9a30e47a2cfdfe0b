//! A drill in shadow: requests go to their fallback too, through every guard, and their clients see nothing of it.

mod budget;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use gateway::{Bounds, CutOff, Shadow, ShadowRun, Whom};
use realm::mirrored::{Agreement, Fate, Mirrored};
use realm::record::{End, Estimate, Intent, Outcome};
use realm::{AppId, DeploymentId, Nano, UnixMs};
use tokio::sync::Notify;

use crate::harness::{Act, Changes, NOON, PERSONAL_STAYS, Reply, Step, World, answer, chunk, live, usage_chunk};

const ASK: &str = r#"{"model":"best","max_tokens":50,"messages":[{"role":"user","content":"hello"}]}"#;
const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";

/// What a test says of a drill in shadow that would cut some deployments off.
struct Drill {
    deployments: &'static [&'static str],
    percent: u8,
    spared: bool,
    concurrency: usize,
    answer_bytes: usize,
    timeout: Duration,
    tokens: u64,
}

impl Default for Drill {
    fn default() -> Self {
        Self {
            deployments: &["far", "embed"],
            percent: 100,
            spared: false,
            concurrency: 4,
            answer_bytes: 1 << 16,
            timeout: Duration::from_secs(5),
            tokens: 100_000,
        }
    }
}

/// A world in which it is on.
struct Shadowed {
    world: World,
    run: Arc<ShadowRun>,
}

impl Drill {
    async fn on(self) -> Shadowed {
        self.on_in(World::usual().await)
    }

    fn on_in(self, world: World) -> Shadowed {
        let everybody = || Whom { everybody: true, users: Vec::new() };
        let from: HashMap<_, _> =
            self.deployments.iter().map(|id| (DeploymentId::new(id).unwrap(), everybody())).collect();
        let spared: HashSet<_> = self.spared.then(|| AppId::new("clinic").unwrap()).into_iter().collect();
        let until = UnixMs(NOON + 60_000);
        let cut =
            CutOff { drill: "d1".into(), until, percent: 100, from, spared, feigned: None, tally: Arc::default() };
        let run = Arc::new(ShadowRun::default());
        run.budget.grant(Estimate { tokens: self.tokens, cost_nano: Nano(i64::MAX / 4) });
        let (concurrency, answer_bytes, timeout) = (self.concurrency, self.answer_bytes, self.timeout);
        let bounds = Bounds { concurrency, answer_bytes, timeout };
        let shadow = Shadow { cut: Arc::new(cut), percent: self.percent, seed: 1, bounds, run: run.clone() };
        world.gateway.refresh_live(live(|live| live.shadow = Some(Arc::new(shadow))));
        Shadowed { world, run }
    }
}

impl Shadowed {
    /// What was counted, once so many requests have their fate and no mirror runs.
    async fn counted(&self, requests: u64) -> Mirrored {
        for _ in 0..1_000 {
            let counted = self.run.counted();
            let (fates, sum) = (counted.fates(), counted.sum());
            if fates.requests() >= requests && fates.of(Fate::Mirrored) == sum.mirrors + sum.given_up {
                assert_eq!(fates.requests(), requests);
                return counted;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("{:?}", self.run.counted());
    }

    async fn agreement(&self, requests: u64) -> Agreement {
        self.counted(requests).await.sum()
    }

    fn mirrors(&self) -> (Vec<Intent>, Vec<Outcome>) {
        let intents = self.world.intents().into_iter().filter(|it| it.mirrors.is_some());
        (intents.collect(), self.world.outcomes().into_iter().filter(|it| it.mirrors.is_some()).collect())
    }
}

fn streamed(ask: &str) -> String {
    ask.replacen('{', "{\"stream\":true,", 1)
}

#[tokio::test]
async fn the_fallback_is_asked_too_and_the_client_sees_nothing_of_it() {
    let plain = World::usual().await.chat(ASK).await;
    let on = Drill::default().on().await;
    let got = on.world.chat(ASK).await;
    assert_eq!((got.status, got.header("x-freehold-deployment")), (200, Some("far")));
    assert_eq!((&got.body, got.header("x-freehold-attempts")), (&plain.body, plain.header("x-freehold-attempts")));
    let counted = on.counted(1).await;
    let (app, near) = (AppId::new("clinic").unwrap(), DeploymentId::new("near").unwrap());
    let pair = &counted.apps[&app].fallbacks[&near];
    assert_eq!((pair.mirrors, pair.both_ok, pair.compared, pair.agreeing, pair.exact), (1, 1, 1, 1, 1));
    assert_eq!((pair.similarity.sum, pair.length_ratio.sum, pair.tokens), (1_000_000, 1_000, 15));
    assert_eq!(pair.cost_nano, Nano(15_000), "a token of `near` costs a millionth");
    assert_eq!((on.world.first.bodies().len(), on.world.second.bodies().len()), (1, 1));
    // Its own intent and outcome, which name the request that it repeats.
    let request = got.header("x-freehold-request").unwrap();
    let (intents, outcomes) = on.mirrors();
    let mirrors = intents[0].mirrors.clone().unwrap();
    assert_eq!((mirrors.drill.as_str(), mirrors.req.as_str(), intents[0].dep.as_str()), ("d1", request, "near"));
    assert_ne!(intents[0].req, request);
    assert_eq!((outcomes.len(), outcomes[0].end, outcomes[0].req == intents[0].req), (1, End::Ok, true));
    assert!(outcomes[0].mac.is_some() && outcomes[0].attempts.len() == 1);
    assert_eq!(on.world.outcomes().len(), 2);
    let text = on.world.get("/metrics").await.body;
    assert!(text.contains("freehold_shadow_requests_total{drill=\"d1\",fate=\"mirrored\"} 1"), "{text}");
    assert!(text.contains("freehold_destination_bytes_total{provider=\"second\""));
    assert!(on.world.gateway.shut().is_empty(), "nothing is cut off");
}

#[tokio::test]
async fn a_stream_is_compared_event_by_event_and_passed_on_as_ever() {
    let plain = World::usual().await.chat(&streamed(ASK)).await;
    let on = Drill::default().on().await;
    let got = on.world.chat(&streamed(ASK)).await;
    assert_eq!((got.said(), got.events().len()), (plain.said(), plain.events().len()));
    let pair = on.agreement(1).await;
    assert_eq!((pair.compared, pair.exact, pair.agreeing, pair.tokens), (1, 1, 1, 15));
    // One that says another thing, and ends otherwise.
    let other = r#"data: {"choices":[{"index":0,"delta":{"content":"no way"},"finish_reason":"length"}]}"#;
    on.world.second.script([Step::Send(format!("{HEAD}{other}\n\n{}data: [DONE]\n\n", usage_chunk(10, 20)))]);
    on.world.chat(&streamed(ASK)).await;
    let pair = on.agreement(2).await;
    assert_eq!((pair.compared, pair.exact, pair.agreeing, pair.finish_differs), (2, 1, 1, 1));
    assert_eq!((pair.similarity.n, pair.length_ratio.sum), (2, 1_000 + 4_000));
}

/// Whatever the fallback does, its client has its answer as soon as ever, and the same.
#[tokio::test]
async fn a_fallback_that_hangs_fails_or_drips_is_no_affair_of_the_clients() {
    let plain = World::usual().await.chat(ASK).await.body;
    let on = Drill { timeout: Duration::from_millis(300), ..Drill::default() }.on().await;
    let drips = (0..20).flat_map(|_| [Step::Send(chunk("x")), Step::Pause(100)]);
    let drips = [Step::Send(HEAD.to_owned())].into_iter().chain(drips).collect();
    let acts = [
        Act::Script(vec![Step::Hang]),
        Act::Status(500, "", "{}".to_owned()),
        Act::Script(vec![Step::Reset]),
        Act::Script(vec![Step::Send("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nnot JSON!".to_owned())]),
        Act::Script(drips),
    ];
    let count = acts.len() as u64;
    on.world.second.will(acts);
    for at in 0..count {
        let begun = Instant::now();
        let ask = if at + 1 == count { streamed(ASK) } else { ASK.to_owned() };
        let got = on.world.chat(&ask).await;
        assert!(begun.elapsed() < Duration::from_millis(250), "{:?}", begun.elapsed());
        assert_eq!(got.status, 200);
        if at + 1 < count {
            assert_eq!(got.body, plain);
        }
        let pair = on.agreement(at + 1).await;
        assert_eq!((pair.mirrors, pair.fallback_failed, pair.compared), (at + 1, at + 1, 0), "{pair:?}");
    }
    let (intents, outcomes) = on.mirrors();
    assert_eq!((intents.len() as u64, outcomes.len() as u64), (count, count), "nothing leaves unrecorded");
    assert_eq!(outcomes[0].code.as_deref(), Some("upstream_timeout"));
    assert!(outcomes.iter().all(|it| it.end == End::Error));
    // Nor of those who ask it: its health is judged by their requests.
    assert!(on.world.gateway.places().iter().all(|place| place.wait_ms.is_none()));
}

#[tokio::test]
async fn why_a_request_is_not_mirrored_is_counted() {
    let fate = |drill: Drill, ask: &'static str| async move {
        let on = drill.on().await;
        on.world.chat(ask).await;
        let counted = on.counted(1).await.fates();
        assert!(on.world.second.bodies().len() <= 1 && on.mirrors().0.is_empty());
        Fate::ALL.into_iter().find(|fate| counted.of(*fate) == 1).unwrap()
    };
    let abroad: &'static str = r#"{"model":"abroad","messages":[{"role":"user","content":"hello"}]}"#;
    assert_eq!(fate(Drill { percent: 0, ..Drill::default() }, ASK).await, Fate::NotSampled);
    assert_eq!(fate(Drill { spared: true, ..Drill::default() }, ASK).await, Fate::Excluded);
    assert_eq!(fate(Drill { deployments: &["near"], ..Drill::default() }, ASK).await, Fate::Unconcerned);
    assert_eq!(fate(Drill::default(), abroad).await, Fate::NoFallback);
    assert_eq!(fate(Drill { tokens: 20, ..Drill::default() }, ASK).await, Fate::Budget);
    assert_eq!(fate(Drill { concurrency: 0, ..Drill::default() }, ASK).await, Fate::Busy);
}

/// A mirror is a request like another: what the rules do not let go to the fallback does not go.
#[tokio::test]
async fn rules_hold_for_mirrors() {
    let rules = r#"@id("not-near")
@title("x")
@cite("y")
forbid (principal, action == Action::"infer", resource == Deployment::"near");
"#;
    let on = Drill::default().on_in(World::with(Changes { rules, ..Changes::default() }).await);
    assert_eq!(on.world.chat(ASK).await.status, 200);
    assert_eq!(on.counted(1).await.fates().of(Fate::NoFallback), 1);
    assert!(on.world.second.bodies().is_empty());
    for kind in ["approval", "notify"] {
        let rules: &'static str = Box::leak(
            format!(
                "@id(\"people\")\n@title(\"x\")\n@cite(\"y\")\n@obligation(\"{kind}\")\nforbid (principal, action == \
                 Action::\"oblige\", resource == Deployment::\"near\");\n"
            )
            .into_boxed_str(),
        );
        let on = Drill::default().on_in(World::with(Changes { rules, ..Changes::default() }).await);
        assert_eq!(on.world.chat(ASK).await.status, 200);
        assert_eq!(on.counted(1).await.fates().of(Fate::NoFallback), 1, "{kind} takes people");
    }
}

/// What may not go to the fallback in clear goes there as a token, and is compared as its client reads it.
#[tokio::test]
async fn a_mirror_is_redacted_for_where_it_goes() {
    let world = World::with(Changes { resume: true, rules: PERSONAL_STAYS, ..Changes::default() }).await;
    let on = Drill { deployments: &["near"], ..Drill::default() }.on_in(world);
    let ask = ASK.replace("best", "back").replace("hello", "write to anna.petrova@example.org");
    let got = on.world.chat(&ask).await;
    assert_eq!(got.header("x-freehold-deployment"), Some("near"));
    assert!(got.body.contains("anna.petrova@example.org"));
    let pair = on.agreement(1).await;
    assert_eq!((pair.compared, pair.exact), (1, 1), "restored before it is compared");
    let sent = &on.world.first.bodies()[0];
    assert!(!sent.contains("anna.petrova"), "{sent}");
    let (intents, _) = on.mirrors();
    assert!(!intents[0].redacted.is_empty());
}

#[tokio::test]
async fn the_apps_limits_are_not_charged() {
    let world = World::with(Changes { app: "limits = { requests_per_min = 3 }", ..Changes::default() }).await;
    let on = Drill::default().on_in(world);
    for _ in 0..3 {
        assert_eq!(on.world.chat(ASK).await.status, 200);
    }
    assert_eq!(on.agreement(3).await.mirrors, 3);
    assert_eq!(on.world.chat(ASK).await.status, 429);
}

/// As many mirrors at a time as may run; the others are dropped, and nobody waits.
#[tokio::test]
async fn mirrors_are_dropped_and_never_queued() {
    let on = Drill { concurrency: 1, ..Drill::default() }.on().await;
    let go = Arc::new(Notify::new());
    let body = answer("hi");
    let late =
        format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    on.world.second.script([Step::Wait(go.clone()), Step::Send(late)]);
    for _ in 0..3 {
        assert_eq!(on.world.chat(ASK).await.status, 200);
    }
    let counted = async {
        while on.run.counted().fates().requests() < 3 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        on.run.counted().fates()
    };
    let counted = counted.await;
    assert_eq!((counted.of(Fate::Mirrored), counted.of(Fate::Busy)), (1, 2));
    go.notify_one();
    assert_eq!(on.agreement(3).await.mirrors, 1);
    on.world.chat(ASK).await;
    assert_eq!(on.agreement(4).await.mirrors, 2, "there is room again");
}

/// A provider that takes one request at a time: the client's own comes first, and the mirror leaves.
#[tokio::test]
async fn a_mirror_leaves_when_a_client_wants_its_place() {
    let first = "concurrency = 1".to_owned();
    let world = World::with(Changes { resume: true, first, ..Changes::default() }).await;
    let on = Drill { deployments: &["near"], ..Drill::default() }.on_in(world);
    on.world.first.script([Step::Hang]);
    assert_eq!(on.world.chat(&ASK.replace("best", "back")).await.status, 200);
    while on.world.first.bodies().is_empty() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let got = on.world.chat(&ASK.replace("best", "abroad")).await;
    assert_eq!((got.status, got.header("x-freehold-deployment")), (200, Some("far")));
    let pair = on.agreement(2).await;
    assert_eq!((pair.given_up, pair.mirrors), (1, 0));
    assert_eq!(on.mirrors().1[0].end, End::ClientClosed, "and it is in the ledger");
}

#[tokio::test]
async fn the_end_of_the_drill_ends_its_mirrors() {
    let on = Drill::default().on().await;
    on.world.second.script([Step::Hang]);
    on.world.chat(ASK).await;
    while on.world.second.bodies().is_empty() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let text = on.world.get("/metrics").await.body;
    assert!(text.contains("\nfreehold_in_flight 0\n"), "a mirror is no request that runs: {text}");
    on.world.gateway.set_drill(gateway::Drilled::default());
    assert_eq!(on.agreement(1).await.given_up, 1);
    on.world.chat(ASK).await;
    assert_eq!((on.world.second.bodies().len(), on.run.counted().fates().requests()), (1, 1), "it is over");
}

#[tokio::test]
async fn a_client_that_leaves_or_an_answer_that_is_too_long_is_not_compared() {
    let on = Drill { answer_bytes: 400, ..Drill::default() }.on().await;
    let long = ASK.replace("hello", &"hello ".repeat(80));
    on.world.chat(&long).await;
    assert_eq!((on.agreement(1).await.too_long, on.agreement(1).await.compared), (1, 0));
    on.world.first.script([Step::Send(format!("{HEAD}{}", chunk("one "))), Step::Hang]);
    let mut open = on.world.open(&streamed(ASK)).await;
    open.read_until("one ").await;
    drop(open);
    assert_eq!(on.counted(2).await.fates().of(Fate::NoAnswer), 1);
}

/// The client's own request fails, and the fallback would have answered.
#[tokio::test]
async fn what_the_client_did_not_get_is_asked_of_the_fallback() {
    let world = World::with(Changes { route: "", resume: true, ..Changes::default() }).await;
    let on = Drill { deployments: &["near"], ..Drill::default() }.on_in(world);
    // Both fail for the client, the last of them `near`; then the other answers the mirror.
    let bad = || Act::Status(400, "", r#"{"error":{"message":"no","type":"invalid_request_error"}}"#.to_owned());
    on.world.second.will([bad()]);
    assert_eq!(on.world.chat(&ASK.replace("best", "back")).await.status, 400);
    let pair = on.agreement(1).await;
    assert_eq!((pair.mirrors, pair.only_fallback_ok, pair.compared), (1, 1, 0));
}

/// Messages and responses are chats inside, and embeddings have a cosine.
#[tokio::test]
async fn every_way_of_asking_is_compared() {
    let on = Drill::default().on().await;
    let post = |path: &'static str, body: &'static str| {
        let bearer = format!("Bearer {}", crate::harness::KEY);
        let (address, events) = (on.world.address, on.world.events.clone());
        async move {
            let headers = [("authorization", bearer.as_str())];
            let open = crate::harness::Conversation::begin(address, "POST", path, &headers, body.as_bytes(), &events);
            open.await.finish().await
        }
    };
    let ok = |reply: Reply| assert_eq!(reply.status, 200, "{}", reply.body);
    ok(post("/v1/messages", r#"{"model":"best","max_tokens":20,"messages":[{"role":"user","content":"hi"}]}"#).await);
    ok(post("/v1/responses", r#"{"model":"best","input":"hi"}"#).await);
    let pair = on.agreement(2).await;
    assert_eq!((pair.compared, pair.exact, pair.agreeing), (2, 2, 2));
}
