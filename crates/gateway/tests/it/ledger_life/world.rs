//! A gateway on a log on a simulated disk, life after life.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use gateway::{Gateway, Journal, LogJournal, Parts, Recovered, Ruled, Settings, Tasks};
use ledger::checkpoint::Keys;
use ledger::note::VerifierKey;
use ledger::storage::sim::{Fault, Lies, Sim};
use ledger::{KeySource, Log, Options, Origin, verify};
use realm::load::SourceSet;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

use super::check::{self, Entries};
use super::hasty::{Early, Hasty};
use super::notes::{Broken, Kind, Notes, Tally, draw};
use super::upstream::Upstream;
use crate::harness::{Conversation, Events, KEY, ManualClock, NOON, live, ruled};

/// What is wrong on purpose.
#[derive(Clone, Copy, Debug)]
pub enum Mutant {
    None,
    Disk(Lies),
    Journal(Early),
}

/// What stays from life to life: the realm, and the ports of its two providers.
pub struct Stage {
    ruled: Ruled,
    providers: [std::net::TcpListener; 2],
}

/// What came of the lives on one disk.
pub struct Report {
    pub broken: Vec<Broken>,
    pub tally: Tally,
}

struct World<'s> {
    stage: &'s Stage,
    seed: u64,
    disk: Sim,
    notes: Notes,
    mutant: Mutant,
    gateways: AtomicU64,
}

const CLIENTS: usize = 12;
const REQUESTS_MAX: usize = 9;
const LIVES: u64 = 2;
const DEPLOYMENTS: [&str; 2] = ["far", "near"];

/// Lives until the crash, again and again; then recovers twice.
pub fn run(stage: &Stage, seed: u64, mutant: Mutant) -> Report {
    let world =
        World { stage, seed, disk: Sim::new(seed), notes: Notes::default(), mutant, gateways: AtomicU64::new(0) };
    let mut crashes = 0;
    for life in 0..LIVES {
        crashes += usize::from(world.live(life));
        world.disk.crash();
    }
    world.disk.set_lies(Lies::default());
    let tally = world.recover_twice();
    let broken = std::mem::take(&mut world.notes.lock().broken);
    Report { broken, tally: Tally { crashes, ..tally } }
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

impl Stage {
    pub fn new() -> Self {
        let listen = || {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            listener.set_nonblocking(true).unwrap();
            listener
        };
        let providers = [listen(), listen()];
        let urls = providers.each_ref().map(|listener| format!("http://{}", listener.local_addr().unwrap()));
        Self { ruled: ruled(&files(&urls)), providers }
    }
}

// === lives ===

impl World<'_> {
    /// One life, from recovery to the crash; tells whether the crash came before everybody was served.
    fn live(&self, life: u64) -> bool {
        let runtime = runtime();
        runtime.block_on(async {
            let instant = draw(&format!("crash {} {life}", self.seed));
            // One in four dies while it is starting, too.
            if instant.is_multiple_of(4) {
                self.disk.fail_after(instant / 4 % 60, Fault::Crash);
            }
            let Some((journal, gateway, _)) = self.start(true).await else { return };
            self.check(&journal);
            self.disk.heal();
            self.disk.fail_after(10 + instant / 256 % 150, Fault::Crash);
            if let Mutant::Disk(lies) = self.mutant {
                self.disk.set_lies(lies);
            }
            let gateway = match self.mutant {
                Mutant::Journal(early) => {
                    self.gateway(Arc::new(Hasty { inner: journal.clone(), early, tasks: Tasks::default() }))
                }
                _ => gateway,
            };
            self.serve(gateway, life).await;
            // Its threads must be gone before the disk lives again. Whether it closes well is not the question.
            let _ = journal.log().close().await;
        });
        let dead = self.disk.is_dead();
        // Everything that still runs ends here, in the middle of what it does.
        drop(runtime);
        dead
    }

    /// Recovers until it works, as a supervisor would: a lost machine is started again.
    async fn start(&self, seal: bool) -> Option<(LogJournal, Gateway, Recovered)> {
        for _ in 0..4 {
            match self.try_start(seal).await {
                Ok(started) => return Some(started),
                Err(_) if self.disk.is_dead() => self.disk.crash(),
                Err(error) => {
                    self.notes.broken(Broken::new(Kind::Unrecoverable, error));
                    return None;
                }
            }
        }
        unreachable!("one crash is planned in a life")
    }

    async fn try_start(&self, seal: bool) -> Result<(LogJournal, Gateway, Recovered), String> {
        let mut options = Options::new(Path::new("/data"), "life", Origin::new("life.example/log").unwrap());
        options.segment_bytes = 24 << 10;
        options.publish_ms = 15;
        options.seal = seal;
        let key = KeySource::Stored { seed_if_new: [5; 32] };
        let opened = Log::open(Arc::new(self.disk.clone()), options, key, Arc::new(|| NOON));
        let (log, _) = opened.map_err(|error| error.to_string())?;
        let journal = LogJournal::new("life".to_owned(), log);
        let gateway = self.gateway(Arc::new(journal.clone()));
        match gateway.recover().await {
            Ok(recovered) => Ok((journal, gateway, recovered)),
            Err(error) => {
                let _ = journal.log().close().await;
                Err(error.to_string())
            }
        }
    }

    fn gateway(&self, journal: Arc<dyn Journal>) -> Gateway {
        Gateway::new(Parts {
            ruled: self.stage.ruled.clone(),
            live: live(|_| {}),
            journal,
            clock: Arc::new(ManualClock(AtomicU64::new(NOON), AtomicU64::new(0))),
            // No two lives draw the same ids.
            seed: draw(&format!("ids {} {}", self.seed, self.gateways.fetch_add(1, Ordering::Relaxed))),
            settings: Settings { breaker_failures: u32::MAX, ..Settings::default() },
            page: "".into(),
            content: None,
            traces: None,
        })
    }

    /// Serves clients until every one is done or the disk is dead.
    async fn serve(&self, gateway: Gateway, life: u64) {
        let tasks = Tasks::default();
        for (listener, deployment) in self.stage.providers.iter().zip(DEPLOYMENTS) {
            let listener = TcpListener::from_std(listener.try_clone().unwrap()).unwrap();
            let upstream = Upstream { deployment, disk: self.disk.clone(), notes: self.notes.clone() };
            tasks.spawn(Arc::new(upstream).serve(listener, tasks.clone()));
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tasks.spawn(async move { gateway.serve(listener, None).await.unwrap() });
        let mut clients = JoinSet::new();
        for number in 0..CLIENTS {
            let name = format!("s{}l{life}c{number}", self.seed);
            clients.spawn(client(name, address, self.disk.clone(), self.notes.clone()));
        }
        clients.join_all().await;
    }
}

/// Asks, streamed or not, until the disk is dead; sometimes leaves without waiting.
async fn client(name: String, address: std::net::SocketAddr, disk: Sim, notes: Notes) {
    let bearer = format!("Bearer {KEY}");
    for count in 0..REQUESTS_MAX {
        if disk.is_dead() {
            return;
        }
        let id = format!("{name}n{count}.");
        notes.lock().asked.insert(id.clone());
        let (streamed, leaves) = (draw(&id).is_multiple_of(2), (draw(&id) / 2).is_multiple_of(10));
        let body = format!(
            r#"{{"model":"best","stream":{streamed},"max_tokens":20,"messages":[{{"role":"user","content":"{id}"}}]}}"#
        );
        let headers = [("authorization", bearer.as_str()), ("x-freehold-user", id.as_str())];
        let path = "/v1/chat/completions";
        let events = Events::default();
        let asked = Conversation::begin(address, "POST", path, &headers, body.as_bytes(), &events).await;
        if leaves {
            tokio::time::sleep(Duration::from_millis(draw(&id) / 20 % 3)).await;
            continue;
        }
        let reply = asked.finish().await;
        if reply.status == 200 && (!streamed || reply.body.contains("data: [DONE]")) {
            notes.lock().ended.insert(id, streamed);
        }
    }
}

// === afterwards ===

impl World<'_> {
    fn check(&self, journal: &LogJournal) -> Tally {
        match entries(journal) {
            Ok(entries) => check::check(&entries, &mut self.notes.lock()),
            // Died again: the next start looks.
            Err(_) if self.disk.is_dead() => Tally::default(),
            Err(error) => {
                self.notes.broken(Broken::new(Kind::Unrecoverable, error));
                Tally::default()
            }
        }
    }

    /// Recovers, verifies, recovers again: the second time changes nothing.
    fn recover_twice(&self) -> Tally {
        let runtime = runtime();
        let recover = || {
            runtime.block_on(async {
                let (journal, _, recovered) = self.start(false).await?;
                let (tally, held) = (self.check(&journal), entries(&journal));
                journal.log().close().await.unwrap();
                Some((tally, held, recovered, journal.log().verifier_key()))
            })
        };
        let Some((tally, held, _, key)) = recover() else { return Tally::default() };
        let files = self.kept_files();
        if let Err(failure) = self.verify(&files, &key) {
            self.notes.broken(Broken::new(Kind::Untidy, format!("verification fails: {failure}")));
        }
        let Some((_, held_again, again, _)) = recover() else { return tally };
        if held != held_again || again.closed != 0 {
            self.notes.broken(Broken::new(Kind::Untidy, format!("recovering again closes {}", again.closed)));
        }
        let now = self.kept_files();
        let changed = |path: &&PathBuf| files.get(*path) != now.get(*path);
        let paths: BTreeSet<_> = files.keys().chain(now.keys()).filter(changed).collect();
        if !paths.is_empty() {
            self.notes.broken(Broken::new(Kind::Untidy, format!("recovering again changes {paths:?}")));
        }
        tally
    }

    /// Every file but those in preparation.
    fn kept_files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = self.disk.files();
        files.retain(|path, _| path.extension().is_none_or(|extension| extension != "tmp"));
        files
    }

    /// Lets somebody who trusts nothing look at the log.
    fn verify(&self, files: &BTreeMap<PathBuf, Vec<u8>>, key: &str) -> Result<(), String> {
        let copy = tempfile::tempdir().unwrap();
        for (path, bytes) in files {
            let Ok(below) = path.strip_prefix("/data/ledger/life") else { continue };
            let path = copy.path().join(below);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        let keys = Keys { logs: vec![VerifierKey::parse(key).unwrap()], witnesses: Vec::new() };
        let options = verify::Options { keys, ..verify::Options::default() };
        verify::log_dir(copy.path(), &options).map(drop).map_err(|failure| failure.to_string())
    }
}

fn entries(journal: &LogJournal) -> Result<Entries, String> {
    let mut entries = Entries::new();
    let scanned = journal.scan(0, &mut |index, entry| drop(entries.insert(index, entry.to_vec())));
    scanned.map(|()| entries).map_err(|error| error.to_string())
}

fn files(urls: &[String; 2]) -> SourceSet {
    let [first, second] = urls;
    let timeouts = "{ connect_ms = 9000, first_byte_ms = 9000, idle_ms = 9000, total_ms = 30000 }";
    let realm = format!(
        r#"
[realm]
name = "Test"
home = "XA"
[[sector]]
id = "health"
name = "Health"
[[organisation]]
id = "hospital"
name = "Hospital"
kind = "hospital"
sector = "health"
jurisdiction = "XA"
[[app]]
id = "clinic"
organisation = "hospital"
purposes = ["triage"]
routes = ["best"]
[[model]]
id = "small"
name = "Small"
developer = "hospital"
origin = "XA"
weights = "open"
kind = "chat"
[[provider]]
id = "first"
operator = "hospital"
protocol = "openai"
base_url = "{first}"
timeouts = {timeouts}
[[provider]]
id = "second"
operator = "hospital"
protocol = "openai"
base_url = "{second}"
timeouts = {timeouts}
[[deployment]]
id = "far"
model = "small"
provider = "first"
host = "XB"
price = {{ input = "2.00", output = "4.00" }}
[[deployment]]
id = "near"
model = "small"
provider = "second"
host = "XA"
price = {{ input = "1.00", output = "1.00" }}
[[route]]
id = "best"
deployments = [{{ id = "far", priority = 1 }}, {{ id = "near", priority = 2 }}]
fallback = true
"#
    );
    let mut files = SourceSet::default();
    files.insert("realm.toml", realm);
    let base = "@id(\"base\")\npermit (principal, action in [Action::\"infer\", Action::\"disclose\"], resource);\n";
    files.insert("policies/base.cedar", base);
    files
}
