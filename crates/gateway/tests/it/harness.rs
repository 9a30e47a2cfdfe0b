//! A gateway with everything around it.

mod client;
mod journal;
mod provider;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use gateway::{ContentIn, Gateway, Key, Live, Parts, Ruled, Secret, Settings, Tasks, hash_of};
use jiff::civil::date;
use realm::load::SourceSet;
use realm::record::{Intent, Outcome, Record, Refusal};
use realm::{AppId, Clock, UnixMs};
use tokio::net::TcpListener;

pub use client::{Conversation, Reply};
pub use journal::FakeJournal;
pub use provider::{Act, Provider, Step, answer, chunk, usage_chunk};

/// A key of the app `clinic`.
pub const KEY: &str = "fh_clinic-key-0123456789abcdef";
/// 2026-11-24T12:00:00Z.
pub const NOON: u64 = 1_795_521_600_000;

/// A clock that moves only when told; and that panics once, after so many more readings (0: never).
pub struct ManualClock(pub AtomicU64, pub AtomicU64);

impl Clock for ManualClock {
    fn now(&self) -> UnixMs {
        let left = self.1.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        assert!(left != Ok(1), "the clock that a test broke");
        UnixMs(self.0.load(Ordering::SeqCst))
    }
}

/// What happened, in order.
#[derive(Clone, Default)]
pub struct Events(Arc<Mutex<Vec<String>>>);

impl Events {
    pub fn push(&self, event: impl Into<String>) {
        self.0.lock().unwrap().push(event.into());
    }

    pub fn list(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

/// What a test changes of the usual world.
#[derive(Default)]
pub struct Changes {
    /// Lines more in the `[[app]]` of `clinic`.
    pub app: &'static str,
    /// Rules more.
    pub rules: &'static str,
    /// Lines more in every route.
    pub route: &'static str,
    /// Lines more in provider `first`.
    pub first: String,
    pub settings: Settings,
    /// Where provider `first` is instead of at the scripted one.
    pub first_url: Option<String>,
    /// Whether there is an engine behind a Unix socket, with a deployment `own` and a route `home`.
    pub engine: bool,
    /// Where content goes that is to be kept.
    pub content: Option<ContentIn>,
    /// Whether there are routes on which a cut stream goes on: `lasting` like `best`, `back` the other way round.
    pub resume: bool,
    /// How long the journal takes for an entry, in milliseconds.
    pub journal_ms: u64,
}

/// A running gateway, two providers, a journal.
pub struct World {
    pub gateway: Gateway,
    pub address: SocketAddr,
    pub first: Provider,
    pub second: Provider,
    pub journal: Arc<FakeJournal>,
    pub clock: Arc<ManualClock>,
    pub events: Events,
    pub engine: Option<Provider>,
    files: SourceSet,
    pub tasks: Tasks,
}

impl World {
    pub async fn usual() -> Self {
        Self::with(Changes::default()).await
    }

    pub async fn with(changes: Changes) -> Self {
        let (events, tasks) = (Events::default(), Tasks::default());
        let first = Provider::start("first", &events, &tasks).await;
        let second = Provider::start("second", &events, &tasks).await;
        let files = files(&changes, &first, &second);
        let engine = match changes.engine {
            true => Some(Provider::start_unix("engine", &events, &tasks)),
            false => None,
        };
        let mut ruled = ruled(&files);
        if let Some(engine) = &engine {
            ruled.engines.insert(realm::DeploymentId::new("own").unwrap(), engine.socket());
        }
        let journal = Arc::new(FakeJournal::new(&events, changes.journal_ms));
        let clock = Arc::new(ManualClock(AtomicU64::new(NOON), AtomicU64::new(0)));
        let gateway = Gateway::new(Parts {
            ruled,
            live: live(|_| {}),
            journal: journal.clone(),
            clock: clock.clone(),
            seed: 7,
            settings: changes.settings,
            page: "<h1>Freehold</h1>".into(),
            content: changes.content,
            traces: None,
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let serving = gateway.clone();
        tasks.spawn(async move { serving.serve(listener, None).await.unwrap() });
        Self { gateway, address, first, second, journal, clock, events, engine, files, tasks }
    }

    /// Posts a chat request with the usual key.
    pub async fn chat(&self, body: &str) -> Reply {
        self.chat_with(body, &[]).await
    }

    pub async fn chat_with(&self, body: &str, headers: &[(&str, &str)]) -> Reply {
        self.open_with(body, headers).await.finish().await
    }

    /// Begins a chat request, to be read piece by piece.
    pub async fn open(&self, body: &str) -> Conversation {
        self.open_with(body, &[]).await
    }

    pub async fn open_with(&self, body: &str, headers: &[(&str, &str)]) -> Conversation {
        let bearer = format!("Bearer {KEY}");
        let mut all = vec![("authorization", bearer.as_str())];
        all.extend_from_slice(headers);
        Conversation::begin(self.address, "POST", "/v1/chat/completions", &all, body.as_bytes(), &self.events).await
    }

    pub async fn get(&self, path: &str) -> Reply {
        let bearer = format!("Bearer {KEY}");
        let headers = [("authorization", bearer.as_str())];
        Conversation::begin(self.address, "GET", path, &headers, b"", &self.events).await.finish().await
    }

    pub fn reload(&self, edit: impl FnOnce(&mut SourceSet)) {
        let mut files = self.files.clone();
        edit(&mut files);
        self.gateway.reload(ruled(&files));
    }

    pub fn intents(&self) -> Vec<Intent> {
        self.records(|record| if let Record::Intent(it) = record { Some(it) } else { None })
    }

    pub fn outcomes(&self) -> Vec<Outcome> {
        self.records(|record| if let Record::Outcome(it) = record { Some(it) } else { None })
    }

    pub fn refusals(&self) -> Vec<Refusal> {
        self.records(|record| if let Record::Refusal(it) = record { Some(it) } else { None })
    }

    fn records<T>(&self, pick: impl Fn(Record) -> Option<T>) -> Vec<T> {
        self.journal.entries().iter().filter_map(|entry| pick(Record::from_bytes(entry).unwrap())).collect()
    }

    /// Waits until a request has its outcome.
    pub async fn outcome(&self) -> Outcome {
        for _ in 0..500 {
            if let Some(outcome) = self.outcomes().pop() {
                return outcome;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        panic!("no outcome: {:?}", self.events.list());
    }
}

/// The usual keys, changed.
pub fn live(change: impl FnOnce(&mut Live)) -> Live {
    let app = AppId::new("clinic").unwrap();
    let mut live = Live::default();
    live.keys.insert(hash_of(KEY.as_bytes()), Key { id: "k1".into(), app: app.clone(), expires: None });
    live.secrets.insert(app, Secret::new([9; 32]));
    change(&mut live);
    live
}

pub fn ruled(files: &SourceSet) -> Ruled {
    let loaded = realm::load::check(files, date(2026, 11, 24));
    let loaded = loaded.unwrap_or_else(|problems| panic!("{problems:?}"));
    let compiled = policy::compile(&loaded.snapshot.world).unwrap_or_else(|p| panic!("{p:?}"));
    let (engines, realm_dir) = (HashMap::new(), PathBuf::new());
    Ruled { snapshot: loaded.snapshot, compiled: Arc::new(compiled), engines, realm_dir }
}

fn files(changes: &Changes, first: &Provider, second: &Provider) -> SourceSet {
    let mut files = SourceSet::default();
    let first_url = changes.first_url.clone().unwrap_or_else(|| first.url());
    let realm = [
        ("@APP@", changes.app),
        ("@ROUTE@", changes.route),
        ("@FIRST@", first_url.as_str()),
        ("@HOME@", if changes.engine { ", \"home\"" } else { "" }),
        ("@ENGINE@", if changes.engine { ENGINE } else { "" }),
        ("@LASTING@", if changes.resume { ", \"lasting\", \"back\"" } else { "" }),
        ("@RESUME@", if changes.resume { RESUME } else { "" }),
        ("@FIRST_MORE@", changes.first.as_str()),
        ("@SECOND@", second.url().as_str()),
    ]
    .into_iter()
    .fold(include_str!("harness/realm.toml").to_owned(), |text, (place, value)| text.replace(place, value));
    files.insert("realm.toml", realm);
    let base = r#"@id("base")
permit (principal, action in [Action::"infer", Action::"disclose"], resource);
"#;
    files.insert("policies/base.cedar", format!("{base}{}", changes.rules));
    files
}

const RESUME: &str = r#"
[[route]]
id = "lasting"
deployments = [{ id = "far", priority = 1 }, { id = "near", priority = 2 }]
resume = true
[[route]]
id = "back"
deployments = [{ id = "near", priority = 1 }, { id = "far", priority = 2 }]
resume = true
"#;

const ENGINE: &str = r#"
[[provider]]
id = "engine"
operator = "hospital"
protocol = "embedded"
[[deployment]]
id = "own"
model = "small"
provider = "engine"
host = "XA"
weights_file = "small.gguf"
[[route]]
id = "home"
deployments = [{ id = "own" }]
"#;

/// Personal data may not go abroad in clear.
pub const PERSONAL_STAYS: &str = r#"
@id("personal-stays")
@title("Personal data stays at home")
@cite("Test Act, section 1")
forbid (principal, action == Action::"disclose", resource)
when { context.class == "personal" && resource.host != "XA" };
"#;

/// Nothing of a strategic sector goes abroad.
pub const STRATEGIC_STAYS: &str = r#"
@id("strategic-stays")
@title("Strategic sectors stay at home")
@cite("Test Act, section 2")
forbid (principal, action == Action::"infer", resource)
when { resource.host != "XA" };
"#;
