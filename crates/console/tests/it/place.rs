//! A console for one test, and a browser that keeps its cookies.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use api::{Around, Opened, PlaceState, Ready};
use bytes::Bytes;
use console::{Console, Guard, Parts};
use http::{HeaderMap, Request, Response, StatusCode};
use jiff::civil::date;
use ledger::{KeySource, Log, Options, Origin};
use policy::Compiled;
use realm::load::{Loaded, SourceSet};
use realm::snapshot::Snapshot;
use realm::world::{Credential, SignIn};
use realm::{Clock, UnixMs};
use store::{Role, Roles, Store};

use crate::declared::{REALM, RULES};

/// 2026-11-24T12:00:00Z.
pub const NOON: u64 = 1_795_521_600_000;

/// A clock that tests move.
pub struct HandClock(AtomicU64);

impl Clock for HandClock {
    fn now(&self) -> UnixMs {
        UnixMs(self.0.load(Ordering::Relaxed))
    }
}

/// What stands around the console.
pub struct Stage {
    pub snapshot: Arc<Snapshot>,
    pub compiled: Arc<Compiled>,
    pub ready: Ready,
    pub places: Vec<PlaceState>,
    /// Keys that were asked about, requests that were sent, and what the next is answered.
    pub keys: Mutex<HashSet<[u8; 32]>>,
    /// Whether it is a demo, and who asked to begin anew.
    pub demo: bool,
    pub begun_anew: Mutex<Vec<String>>,
    /// What an identity provider answers at which address.
    pub provider: HashMap<String, String>,
    pub sent: Mutex<Vec<Request<Bytes>>>,
    pub answer: Mutex<Option<Response<Bytes>>>,
}

impl Around for Stage {
    fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.clone()
    }
    fn compiled(&self) -> Arc<Compiled> {
        self.compiled.clone()
    }
    fn ready(&self) -> Ready {
        self.ready.clone()
    }
    fn places(&self) -> Vec<PlaceState> {
        self.places.clone()
    }
    fn lets_in(&self, key: &[u8; 32]) -> bool {
        self.keys.lock().unwrap().insert(*key);
        true
    }
    fn may_begin_anew(&self) -> bool {
        self.demo
    }
    fn begin_anew(&self, by: &str) {
        self.begun_anew.lock().unwrap().push(by.to_owned());
    }
    fn backup(&self) -> api::Saved {
        let (parts, rest) = tokio::sync::mpsc::channel(1);
        let made = parts.try_send(Bytes::from_static(b"a backup")).map_err(|_| api::Unsaved::Busy);
        Box::pin(async move { made.map(|()| rest) })
    }
    fn ask_provider(&self, _: &SignIn, request: Request<Vec<u8>>) -> api::Heard {
        let found = self.provider.get(&request.uri().to_string()).cloned();
        Box::pin(async move {
            let answer = Response::builder().header("content-type", "application/json");
            answer.body(found.ok_or("nothing is there")?.into_bytes()).map_err(|error| error.to_string())
        })
    }
    fn secret(&self, _: &Credential) -> Result<String, String> {
        Ok("secret".to_owned())
    }
    fn open(&self, request: Request<Bytes>) -> Opened<'_> {
        self.sent.lock().unwrap().push(request);
        Box::pin(async move {
            let (head, body) = self.answer.lock().unwrap().take().unwrap().into_parts();
            let (parts, rest) = tokio::sync::mpsc::channel(1);
            parts.try_send(body).map_err(|error| error.to_string())?;
            Ok(Response::from_parts(head, rest))
        })
    }
}

/// A console and everything behind it.
pub struct Place {
    dir: tempfile::TempDir,
    pub console: Console,
    pub store: Store,
    pub log: Log,
    pub clock: Arc<HandClock>,
    pub stage: Stage,
    pub archive: Arc<HashMap<realm::SnapshotId, Arc<Compiled>>>,
}

/// What a browser got.
#[derive(Debug)]
pub struct Got {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Got {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// The same with its body as it came.
pub struct Raw {
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Raw {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// The realm, with a text wherever it says one.
fn loaded(name: &str, rules: &str) -> Loaded {
    let mut files = SourceSet::default();
    let quoted = name.replace('\\', "\\\\").replace('"', "\\\"");
    files.insert("realm.toml", REALM.replace("@NAME@", &quoted).replace("@PURPOSE@", "letters"));
    files.insert("policies/base.cedar", format!("{}{rules}", RULES.replace("@NAME@", &quoted)));
    for (path, text) in crate::packs::ACT {
        files.insert(path, text.replace("@NAME@", &quoted));
    }
    realm::load::check(&files, date(2026, 11, 24)).unwrap_or_else(|problems| panic!("{problems:?}"))
}

impl Place {
    pub async fn new() -> Self {
        Self::named("House", Guard::Clear).await
    }

    /// One whose realm says a text wherever it says one.
    pub async fn named(name: &str, guard: Guard) -> Self {
        Self::built(guard, loaded(name, "")).await
    }

    /// One with rules more.
    pub async fn ruled(rules: &str) -> Self {
        Self::built(Guard::Clear, loaded("House", rules)).await
    }

    async fn built(guard: Guard, loaded: Loaded) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let compiled = Arc::new(policy::compile(&loaded.snapshot.world).unwrap_or_else(|p| panic!("{p:?}")));
        let store = Store::open(&dir.path().join("store.db")).await.unwrap();
        let origin = Origin::new("freehold/test/log-1").unwrap();
        let options = Options::new(dir.path(), "log-1", origin);
        let clock: ledger::Clock = Arc::new(|| NOON);
        let key = KeySource::Stored { seed_if_new: [7; 32] };
        let (log, _) = Log::open(Arc::new(ledger::storage::Disk), options, key, clock).unwrap();
        let clock = Arc::new(HandClock(AtomicU64::new(NOON)));
        let archive: Arc<HashMap<realm::SnapshotId, Arc<Compiled>>> =
            Arc::new([(loaded.snapshot.id, compiled.clone())].into());
        let console = Console::new(Parts {
            desk: api::Parts {
                scenarios: Some(dir.path().join("drills")),
                ..api::Parts::new(store.clone(), log.clone(), "log-1".into(), dir.path().to_owned(), archive.clone())
            },
            program: "freehold".into(),
            clock: clock.clone(),
            guard,
        });
        let stage = Stage {
            snapshot: loaded.snapshot,
            compiled,
            ready: Ready::default(),
            places: Vec::new(),
            keys: Mutex::default(),
            demo: true,
            begun_anew: Mutex::default(),
            provider: HashMap::new(),
            sent: Mutex::default(),
            answer: Mutex::default(),
        };
        Self { dir, console, store, log, clock, stage, archive }
    }

    pub fn dir(&self) -> &std::path::Path {
        self.dir.path()
    }

    pub fn pass(&self, ms: u64) {
        self.clock.0.fetch_add(ms, Ordering::Relaxed);
    }

    /// One request as a browser sends it.
    pub async fn send(&self, method: &str, path: &str, cookies: &str, body: &str, more: &[(&str, &str)]) -> Got {
        let mut request = Request::builder().method(method).uri(path).header("cookie", cookies);
        for (name, value) in more {
            request = request.header(*name, *value);
        }
        let request = request.body(Bytes::copy_from_slice(body.as_bytes())).unwrap();
        let got = self.console.answer(&self.stage, "192.0.2.7".parse().unwrap(), request, None).await;
        let (head, body) = got.into_parts();
        Got { status: head.status, headers: head.headers, text: String::from_utf8_lossy(&body).into_owned() }
    }

    /// What the control API answers to a program.
    pub async fn api(&self, request: Request<Bytes>) -> Response<Bytes> {
        let nowhere = |_| tokio::sync::mpsc::channel(1).0;
        api::v1::respond(&self.console.parts().desk, &self.stage, &*self.clock, request, &nowhere).await
    }

    /// What nobody in particular gets, as it came.
    pub async fn bytes(&self, path: &str, more: &[(&str, &str)]) -> Raw {
        let mut request = Request::builder().uri(path);
        for (name, value) in more {
            request = request.header(*name, *value);
        }
        let request = request.body(Bytes::new()).unwrap();
        let got = self.console.answer(&self.stage, "192.0.2.7".parse().unwrap(), request, None).await;
        let (head, body) = got.into_parts();
        Raw { headers: head.headers, body }
    }

    pub async fn get(&self, path: &str, cookies: &str) -> Got {
        self.send("GET", path, cookies, "", &[]).await
    }

    /// Signs somebody in with a role in the one organisation and in the whole: the cookie.
    pub async fn enter(&self, role: Role) -> String {
        self.enter_as(&format!("Ann {role}"), &format!("house={role} @={role}")).await
    }

    /// Signs somebody in with roles: the cookie.
    pub async fn enter_as(&self, person: &str, roles: &str) -> String {
        let roles: Roles = roles.parse().unwrap();
        let token = self.store.new_link(person, &roles, "test", self.clock.now()).await.unwrap();
        let got = self.send("POST", "/console/enter", "", &format!("token={token}"), &[]).await;
        assert_eq!((got.status, got.header("location")), (StatusCode::SEE_OTHER, "/console"));
        got.header("set-cookie").split(';').next().unwrap().to_owned()
    }

    /// The token in the forms of a session.
    pub async fn form(&self, cookie: &str) -> String {
        let page = self.get("/console/ledger", cookie).await.text;
        let (_, rest) = page.split_once("name=\"form\" value=\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    }

    /// What waits for the ledger: what, about whom, by whom.
    pub async fn said(&self) -> Vec<(String, String, String)> {
        let pending = self.store.pending(100).await.unwrap();
        let changes = pending.iter().map(|pending| match realm::record::Record::from_bytes(&pending.body).unwrap() {
            realm::record::Record::Change(change) => (change.what, change.subject, change.by),
            other => panic!("{other:?}"),
        });
        changes.collect()
    }
}
