//! A gateway before stand-ins of every kind.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use gateway::{Gateway, Parts, Ruled, Settings, Tasks};
use realm::load::SourceSet;
use realm::record::{Intent, Outcome, Record};
use realm::{Clock, UnixMs};
use serde_json::{Value, json};
use testkit::{Anthropic, Fault, GigaChat, GigaChatOptions, Received, StandIn, YandexGpt, YandexGptSettings};
use tokio::net::TcpListener;

use crate::harness::{Conversation, Events, FakeJournal, KEY, ManualClock, NOON, PERSONAL_STAYS, Reply, live, ruled};

/// Routes that lead to one provider each.
pub const ROUTES: [&str; 5] = ["plain", "giga", "yandex", "yandex-compatible", "claude"];
/// The authorization key that the stand-in of GigaChat knows.
pub const GIGA_KEY: &str = "c3RhbmQtaW46b3BlbnMtbm90aGluZw==";

/// A gateway, and whom it can reach.
pub struct Abroad {
    pub gateway: Gateway,
    pub address: SocketAddr,
    pub clock: Arc<ManualClock>,
    pub journal: Arc<FakeJournal>,
    pub plain: StandIn,
    pub giga: GigaChat,
    pub yandex: YandexGpt,
    pub claude: Anthropic,
    files: SourceSet,
    realm: String,
    dir: tempfile::TempDir,
    events: Events,
    _tasks: Tasks,
}

/// The clock of the gateway, for stand-ins whose tokens live by it.
struct Shared(Arc<ManualClock>);

impl Clock for Shared {
    fn now(&self) -> UnixMs {
        self.0.now()
    }
}

impl Abroad {
    pub async fn usual() -> Self {
        Self::with("", "").await
    }

    /// With lines more in every provider, and rules more.
    pub async fn with(provider: &str, rules: &str) -> Self {
        let clock = Arc::new(ManualClock(AtomicU64::new(NOON), AtomicU64::new(0)));
        let time = || Arc::new(Shared(clock.clone())) as Arc<dyn Clock>;
        let plain = StandIn::start("plain", 0).await.unwrap();
        let options = GigaChatOptions { key: Some(GIGA_KEY.to_owned()), ..GigaChatOptions::default() };
        let giga = GigaChat::start("giga", 0, options, time()).await.unwrap();
        let yandex = YandexGpt::start_with(YandexGptSettings::default(), time(), 0).await.unwrap();
        let claude = Anthropic::start("claude", 0).await.unwrap();
        let dir = credentials(&yandex);
        let realm = realm(provider, (&plain, &giga, &yandex, &claude));
        let files = files(&realm, rules);
        let events = Events::default();
        let journal = Arc::new(FakeJournal::new(&events, 0));
        let gateway = Gateway::new(Parts {
            ruled: at(&files, dir.path()),
            live: live(|_| {}),
            journal: journal.clone(),
            clock: clock.clone(),
            seed: 7,
            settings: Settings { operation_pause: Duration::from_millis(5), ..Settings::default() },
            page: "".into(),
            content: None,
            traces: None,
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, serving, tasks) = (listener.local_addr().unwrap(), gateway.clone(), Tasks::default());
        tasks.spawn(async move { serving.serve(listener, None).await.unwrap() });
        Self { gateway, address, clock, journal, plain, giga, yandex, claude, files, realm, dir, events, _tasks: tasks }
    }

    /// Changes the realm's text and loads it.
    pub fn reload(&self, from: &str, to: &str) {
        let mut files = self.files.clone();
        assert!(self.realm.contains(from), "{from}");
        files.insert("realm.toml", self.realm.replace(from, to));
        self.gateway.reload(at(&files, self.dir.path()));
    }

    pub fn write(&self, file: &str, text: &str) {
        std::fs::write(self.dir.path().join(file), text).unwrap();
    }

    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        self.post_with(path, body, &[]).await
    }

    pub async fn post_with(&self, path: &str, body: &Value, more: &[(&str, &str)]) -> Reply {
        self.open(path, body, more).await.finish().await
    }

    pub async fn open(&self, path: &str, body: &Value, more: &[(&str, &str)]) -> Conversation {
        let bearer = format!("Bearer {KEY}");
        let mut headers = vec![("authorization", bearer.as_str())];
        headers.extend_from_slice(more);
        Conversation::begin(self.address, "POST", path, &headers, body.to_string().as_bytes(), &self.events).await
    }

    pub async fn chat(&self, body: &Value) -> Reply {
        self.post("/v1/chat/completions", body).await
    }

    /// The next answers of the provider behind a route fail.
    pub fn fail_next(&self, route: &str, faults: Vec<Fault>) {
        match route {
            "plain" => self.plain.fail_next(faults),
            "giga" => self.giga.fail_next(faults),
            "claude" => self.claude.fail_next(faults),
            _ => self.yandex.fail_next(faults),
        }
    }

    /// What the provider behind a route received of requests for generation or embeddings.
    pub fn received(&self, route: &str) -> Vec<Received> {
        let all = match route {
            "plain" => self.plain.received(),
            "giga" => self.giga.received(),
            "claude" => self.claude.received(),
            _ => self.yandex.received(),
        };
        all.into_iter().filter(|one| !one.path.contains("oauth") && !one.path.contains("/iam/")).collect()
    }

    pub fn warnings(&self) -> String {
        self.gateway.ready().warnings.join("\n")
    }

    pub fn advance(&self, ms: u64) {
        self.clock.0.fetch_add(ms, Ordering::SeqCst);
    }

    pub fn intents(&self) -> Vec<Intent> {
        self.records(|record| if let Record::Intent(it) = record { Some(it) } else { None })
    }

    pub fn outcomes(&self) -> Vec<Outcome> {
        self.records(|record| if let Record::Outcome(it) = record { Some(it) } else { None })
    }

    fn records<T>(&self, pick: impl Fn(Record) -> Option<T>) -> Vec<T> {
        self.journal.entries().iter().filter_map(|entry| pick(Record::from_bytes(entry).unwrap())).collect()
    }
}

/// The files that the realm's `credential` fields name.
fn credentials(yandex: &YandexGpt) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("giga.key", GIGA_KEY),
        ("yandex.json", YandexGpt::KEY_FILE),
        ("yandex.key", &yandex.settings().api_key),
        ("claude.key", Anthropic::KEY),
    ] {
        std::fs::write(dir.path().join(name), text).unwrap();
    }
    dir
}

fn realm(more: &str, (plain, giga, yandex, claude): (&StandIn, &GigaChat, &YandexGpt, &Anthropic)) -> String {
    [
        ("@PLAIN@", plain.base_url()),
        ("@GIGA@", giga.base_url()),
        ("@GIGA_AUTH@", giga.auth_url()),
        ("@YANDEX@", yandex.base_url()),
        ("@FOLDER@", yandex.settings().folder.clone()),
        ("@CLAUDE@", claude.base_url()),
        ("@MORE@", more.to_owned()),
    ]
    .into_iter()
    .fold(include_str!("realm.toml").to_owned(), |text, (place, value)| text.replace(place, &value))
}

fn files(realm: &str, rules: &str) -> SourceSet {
    let mut files = SourceSet::default();
    files.insert("realm.toml", realm);
    let base = "@id(\"base\")\npermit (principal, action in [Action::\"infer\", Action::\"disclose\"], resource);\n";
    files.insert("policies/base.cedar", format!("{base}{PERSONAL_STAYS}{rules}"));
    files
}

fn at(files: &SourceSet, dir: &Path) -> Ruled {
    let found = ruled(files);
    Ruled { realm_dir: dir.to_owned(), engines: HashMap::new(), ..found }
}

/// A chat request of one message.
pub fn say(route: &str, text: &str, stream: bool) -> Value {
    json!({ "model": route, "stream": stream, "messages": [{ "role": "user", "content": text }] })
}
