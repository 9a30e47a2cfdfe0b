//! G1, differentially: in random realms, with random rules, faults and suspensions, no byte reaches a deployment that a
//! naive reading of the rules forbids, and no value whose class may not be disclosed there.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use gateway::{Gateway, Key, Live, Parts, Ruled, Secret, Settings, Tasks, hash_of};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use policy::{Asked, Verdict, compile};
use proptest::prelude::Strategy;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use realm::load::SourceSet;
use realm::snapshot::Snapshot;
use realm::world::{Protocol, World};
use realm::{ClassSet, DataClass, Jurisdiction, UnixMs};
use tokio::net::TcpListener;

use crate::harness::{Act, Conversation, Events, FakeJournal, ManualClock, Provider, Reply};
use crate::naive::{Reading, Tree, read};
use crate::random::{DATES, rules, with, worlds};
use crate::world::{app_id, deployment_id, place, provider_id};

/// Realms, and requests in each.
const WORLDS: usize = 100;
const REQUESTS: usize = 100;

const IBANS: [&str; 3] = ["DE89370400440532013000", "DE89 3704 0044 0532 0130 00", "GB82 WEST 1234 5698 7654 32"];
const APPS: [(&str, &str); 2] =
    [("clinic", "fh_key-of-the-clinic-0123456789"), ("desk", "fh_key-of-the-desk-01234567890")];

/// What one request is like.
struct Drawn {
    app: usize,
    /// The spelling of a value in the text.
    iban: Option<&'static str>,
    asserted: ClassSet,
    purpose: &'static str,
    user: Option<Jurisdiction>,
    stream: bool,
    /// Whether the next answer of `far` and of `home` is a failure.
    faults: [bool; 2],
}

/// Two deployments, `far` and `home`, and what came of it.
struct Bench {
    gateway: Gateway,
    address: std::net::SocketAddr,
    clock: Arc<ManualClock>,
    far: Provider,
    home: Provider,
    events: Events,
    reached: [u64; 2],
    redacted: u64,
    refused: u64,
    _tasks: Tasks,
}

#[tokio::test]
async fn no_byte_reaches_whom_the_rules_forbid() {
    let mut runner = TestRunner::deterministic();
    let mut bench: Option<Bench> = None;
    for index in 0..WORLDS {
        let drawn = (worlds(), rules()).new_tree(&mut runner).unwrap().current();
        let (world, rules) = drawn;
        let date = DATES[index % DATES.len()];
        let bench = match &mut bench {
            Some(bench) => bench,
            none => none.insert(Bench::start(&with(&world, &rules)).await),
        };
        let world = bench.settle(&with(&world, &rules), date, index % 7 == 3);
        let suspended = index % 7 == 3;
        for _ in 0..REQUESTS {
            let request = draw(&mut runner);
            bench.ask(&world, &rules, date, suspended, &request).await;
        }
    }
    let Bench { reached, redacted, refused, .. } = bench.unwrap();
    println!(
        "{} requests: far {}, home {}, redacted {redacted}, refused {refused}",
        WORLDS * REQUESTS,
        reached[0],
        reached[1]
    );
    assert!(reached[0] > 500 && reached[1] > 500 && redacted > 200 && refused > 500, "the draws are of every kind");
}

fn draw(runner: &mut TestRunner) -> Drawn {
    let mut number = |below: u32| (0..below).new_tree(runner).unwrap().current() as usize;
    let iban = (number(2) == 0).then(|| IBANS[number(3)]);
    let mut asserted = ClassSet::EMPTY;
    for class in [DataClass::Internal, DataClass::Personal, DataClass::Secret] {
        if number(6) == 0 {
            asserted = asserted.with(class);
        }
    }
    let user = [None, None, Some(place("XB")), Some(place("XC"))][number(4)].clone();
    let purpose = ["work", "triage"][number(2)];
    let faults = [number(6) == 0, number(6) == 0];
    Drawn { app: number(2), iban, asserted, purpose, user, stream: number(2) == 0, faults }
}

impl Bench {
    async fn start(world: &World) -> Self {
        let (events, tasks) = (Events::default(), Tasks::default());
        let far = Provider::start("far", &events, &tasks).await;
        let home = Provider::start("home", &events, &tasks).await;
        let clock = Arc::new(ManualClock(AtomicU64::new(0), AtomicU64::new(0)));
        let gateway = Gateway::new(Parts {
            ruled: ruled(world),
            live: live(false),
            journal: Arc::new(FakeJournal::new(&events, 0)),
            clock: clock.clone(),
            seed: 11,
            settings: Settings { breaker_failures: u32::MAX, repeat_pause: Duration::ZERO, ..Settings::default() },
            page: "".into(),
            content: None,
            traces: None,
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, serving) = (listener.local_addr().unwrap(), gateway.clone());
        tasks.spawn(async move { serving.serve(listener, None).await.unwrap() });
        Self { gateway, address, clock, far, home, events, reached: [0; 2], redacted: 0, refused: 0, _tasks: tasks }
    }

    /// Takes over another realm, at noon of a day.
    fn settle(&self, world: &World, date: Date, suspended: bool) -> World {
        let noon = date.at(12, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap().timestamp().as_millisecond();
        self.clock.0.store(u64::try_from(noon).unwrap(), Ordering::SeqCst);
        let world = self.connected(world);
        self.gateway.reload(ruled(&world));
        self.gateway.refresh_live(live(suspended));
        world
    }

    /// The same realm, with both providers at stand-ins.
    fn connected(&self, world: &World) -> World {
        let mut world = world.clone();
        for (id, stand_in) in [("meridian", &self.far), ("engine", &self.home)] {
            let provider = world.providers.get_mut(&provider_id(id)).unwrap();
            provider.protocol = Protocol::Openai;
            provider.base_url = Some(format!("{}/v1", stand_in.url()));
        }
        world
    }

    async fn ask(&mut self, world: &World, rules: &[Tree], date: Date, suspended: bool, drawn: &Drawn) {
        for (stand_in, fails) in [&self.far, &self.home].into_iter().zip(drawn.faults) {
            stand_in.behave();
            stand_in.will(fails.then(|| Act::Status(500, "", "{}".to_owned())));
        }
        let reply = self.send(drawn).await;
        let readings = ["far", "home"].map(|id| reading(world, rules, date, drawn, id));
        let bodies = [self.far.take_bodies(), self.home.take_bodies()];
        for (at, (reading, bodies)) in readings.iter().zip(&bodies).enumerate() {
            let permitted = reading.verdict == Verdict::Permit && !(suspended && at == 0);
            assert!(permitted || bodies.is_empty(), "reached: {reading:?} {:?}", drawn.asserted);
            self.reached[at] += bodies.len() as u64;
            for body in bodies.iter().filter(|_| reading.redact.contains(DataClass::Personal)) {
                self.redacted += 1;
                let bare: String = body.chars().filter(char::is_ascii_alphanumeric).collect();
                let value: String = drawn.iban.unwrap().chars().filter(char::is_ascii_alphanumeric).collect();
                assert!(!bare.contains(&value), "in clear: {body}");
            }
        }
        let alive = |at: usize| readings[at].verdict == Verdict::Permit && !(suspended && at == 0) && !drawn.faults[at];
        let anybody = bodies.iter().any(|bodies| !bodies.is_empty());
        assert!(reply.status != 200 || anybody, "answered by nobody");
        self.refused += u64::from(reply.status != 200);
        assert!(reply.status == 200 || !(alive(0) || alive(1)), "refused although permitted: {}", reply.body);
    }

    async fn send(&self, drawn: &Drawn) -> Reply {
        let text = drawn.iban.map_or_else(|| "hello".to_owned(), |iban| format!("pay to {iban} today"));
        let stream = drawn.stream;
        let body = format!(r#"{{"model":"best","stream":{stream},"messages":[{{"role":"user","content":"{text}"}}]}}"#);
        let bearer = format!("Bearer {}", APPS[drawn.app].1);
        let classes = drawn.asserted.to_string();
        let mut headers = vec![("authorization", bearer.as_str()), ("x-freehold-purpose", drawn.purpose)];
        if !drawn.asserted.is_empty() {
            headers.push(("x-freehold-data-class", &classes));
        }
        if let Some(user) = &drawn.user {
            headers.push(("x-freehold-user-jurisdiction", user.as_str()));
        }
        let path = "/v1/chat/completions";
        Conversation::begin(self.address, "POST", path, &headers, body.as_bytes(), &self.events).await.finish().await
    }
}

/// What the rules say, read one by one.
fn reading(world: &World, rules: &[Tree], date: Date, drawn: &Drawn, deployment: &str) -> Reading {
    let binding: Vec<&Tree> = rules.iter().filter(|rule| rule.binds_on(date)).collect();
    let located = drawn.iban.map_or(ClassSet::EMPTY, |_| ClassSet::of(DataClass::Personal));
    let (app, deployment) = (app_id(APPS[drawn.app].0), deployment_id(deployment));
    let asked = Asked {
        app: &app,
        deployment: &deployment,
        located,
        diffuse: drawn.asserted,
        purpose: drawn.purpose,
        user_jurisdiction: drawn.user.as_ref(),
        date,
    };
    read(world, &binding, &asked)
}

fn ruled(world: &World) -> Ruled {
    let compiled = Arc::new(compile(world).unwrap_or_else(|problems| panic!("{problems:?}")));
    let snapshot = Arc::new(Snapshot::new(world.clone(), SourceSet::default()));
    Ruled { snapshot, compiled, engines: HashMap::new(), realm_dir: PathBuf::new() }
}

fn live(suspended: bool) -> Live {
    let mut live = Live::default();
    for (id, key) in APPS {
        live.keys.insert(hash_of(key.as_bytes()), Key { id: id.into(), app: app_id(id), expires: None });
        live.secrets.insert(app_id(id), Secret::new([7; 32]));
    }
    if suspended {
        live.suspended.providers.insert(provider_id("meridian"));
    }
    live
}

#[test]
fn a_clock_at_noon_is_that_day() {
    let noon = DATES[0].at(12, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap().timestamp().as_millisecond();
    assert_eq!(UnixMs(u64::try_from(noon).unwrap()).date_in(&TimeZone::UTC), DATES[0]);
}
