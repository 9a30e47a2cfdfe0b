//! PostgreSQL, two servers and nginx before them, under load: one is killed, the database restarts, the database is gone
//! for longer than a lease. Budgets hold throughout, and in the end the database says what the ledgers say.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::Value;
use testkit::Postgres;

use crate::place::{Place, Server, agent, wait_for};

const CLIENTS: usize = 8;
const LEASE: Duration = Duration::from_secs(6);
const BUDGET_NANO: i64 = 50_000_000;

/// One request as its client saw it.
#[derive(Debug, Clone)]
struct Seen {
    began: Instant,
    status: u16,
    code: String,
}

/// Clients that ask without end.
struct Load {
    stop: Arc<AtomicBool>,
    pause_ms: Arc<AtomicU64>,
    seen: Arc<Mutex<Vec<Seen>>>,
    clients: Vec<JoinHandle<()>>,
}

/// nginx as `docs/replicas.md` sets it up; killed when dropped.
struct Nginx {
    child: Child,
    url: String,
}

impl Nginx {
    fn start(dir: &Path, servers: [&Server; 2]) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let [one, two] = servers.map(|server| server.url.trim_start_matches("http://").to_owned());
        let conf = include_str!("replicas/nginx.conf")
            .replace("@DIR@", dir.to_str().unwrap())
            .replace("@PORT@", &port.to_string())
            .replace("@ONE@", &one)
            .replace("@TWO@", &two);
        let path = dir.join("nginx.conf");
        std::fs::write(&path, conf).unwrap();
        let program = if Path::new("/usr/sbin/nginx").exists() { "/usr/sbin/nginx" } else { "nginx" };
        let mut command = Command::new(program);
        command.arg("-p").arg(dir).arg("-c").arg(&path).arg("-e").arg(dir.join("nginx-error.log"));
        let child = command.stdout(Stdio::null()).stderr(Stdio::inherit()).spawn();
        let child = child.expect("nginx is not installed: the package `nginx` has it");
        wait_for("nginx to listen", || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
        Self { child, url: format!("http://127.0.0.1:{port}") }
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Load {
    fn start(url: &str, key: &str) -> Self {
        let (stop, seen) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
        let pause_ms = Arc::new(AtomicU64::new(20));
        let clients = (0..CLIENTS)
            .map(|_| {
                let (stop, seen, pause) = (stop.clone(), seen.clone(), pause_ms.clone());
                let (url, key) = (url.to_owned(), key.to_owned());
                std::thread::spawn(move || {
                    let agent = agent();
                    while !stop.load(Ordering::Relaxed) {
                        let one = ask(&agent, &url, &key);
                        seen.lock().unwrap().push(one);
                        std::thread::sleep(Duration::from_millis(pause.load(Ordering::Relaxed)));
                    }
                })
            })
            .collect();
        Self { stop, pause_ms, seen, clients }
    }

    /// What began since a moment.
    fn since(&self, moment: Instant) -> Vec<Seen> {
        self.seen.lock().unwrap().iter().filter(|seen| seen.began >= moment).cloned().collect()
    }

    fn count(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    fn end(self) {
        self.stop.store(true, Ordering::Relaxed);
        self.clients.into_iter().for_each(|client| client.join().unwrap());
    }
}

fn ask(agent: &ureq::Agent, url: &str, key: &str) -> Seen {
    let began = Instant::now();
    let body = r#"{"model":"main","max_tokens":20,"messages":[{"role":"user","content":"How much is left?"}]}"#;
    let request = agent.post(format!("{url}/v1/chat/completions")).header("authorization", format!("Bearer {key}"));
    let Ok(mut response) = request.send(body) else { return Seen { began, status: 0, code: String::new() } };
    let status = response.status().as_u16();
    let text = response.body_mut().read_to_string().unwrap_or_default();
    let json: Value = serde_json::from_str(&text).unwrap_or_default();
    Seen { began, status, code: json["error"]["code"].as_str().unwrap_or_default().to_owned() }
}

fn bad(seen: &[Seen]) -> Vec<&Seen> {
    seen.iter().filter(|seen| seen.status != 200).collect()
}

/// A place whose app has a budget, a rate and a concurrency.
fn place(postgres: &Postgres) -> Place {
    let place = Place::sharing(&postgres.url());
    let limits = "limits = { requests_per_min = 60000, concurrent = 64 }\nbudget = { per_month = \"0.05\" }";
    place.write_realm(&place.realm_text().replace("id = \"desk\"\n", &format!("id = \"desk\"\n{limits}\n")));
    place
}

fn pause(ms: u64) {
    std::thread::sleep(Duration::from_millis(ms));
}

fn serve(place: &Place, data: &str, listen: &str) -> Server {
    place.replica(data, listen, &["--lease", &format!("{}s", LEASE.as_secs())])
}

#[test]
fn two_servers_keep_one_budget_through_a_kill_a_restart_and_a_loss_of_the_database() {
    let mut postgres = Postgres::start().unwrap();
    let place = place(&postgres);
    let key = place.key();
    let (mut one, mut two) = (serve(&place, "a", "127.0.0.1:0"), serve(&place, "b", "127.0.0.1:0"));
    let nginx = Nginx::start(place.dir.path(), [&one, &two]);
    let load = Load::start(&nginx.url, &key);
    let begun = Instant::now();
    pause(1_500);
    assert!(bad(&load.since(begun)).is_empty(), "{:?}", bad(&load.since(begun)));

    two = killed(&place, two, &load);
    restarted(&mut postgres, &load);
    gone_and_back(&mut postgres, &load);
    used_up(&load);
    load.end();

    place.stop(&mut one);
    place.stop(&mut two);
    let (first, second) = (spent(&place, "a"), spent(&place, "b"));
    assert!(first > 0 && second > 0, "both served");
    assert!(first + second <= BUDGET_NANO, "{first} + {second} is over the budget");
    assert!(first + second >= BUDGET_NANO * 8 / 10, "{first} + {second}: the budget was not used");
    let sum = "SELECT sum(used), sum(granted) FROM lease WHERE scope = 'app:desk' AND kind = 'money'";
    assert_eq!(postgres.sql(sum).unwrap().trim(), format!("{0}|{0}", first + second));
}

/// Only what was under way at the killed server fails; the others go to the other one.
fn killed(place: &Place, mut server: Server, load: &Load) -> Server {
    let before = Instant::now();
    server.child.kill().unwrap();
    server.child.wait().unwrap();
    // The balancer may have handed out a kept connection before it heard of its end.
    let dead = Instant::now() + Duration::from_millis(50);
    pause(1_500);
    let after = load.since(dead);
    assert!(bad(&after).is_empty() && after.len() > CLIENTS, "{:?}", bad(&after));
    let lost = load.since(before - Duration::from_secs(1)).iter().filter(|seen| seen.status != 200).count();
    assert!(lost <= CLIENTS, "{lost} requests failed");
    let again = serve(place, "b", server.url.trim_start_matches("http://"));
    pause(2_500);
    assert!(bad(&load.since(dead)).is_empty(), "{:?}", bad(&load.since(dead)));
    again
}

/// Within the leases nobody notices.
fn restarted(postgres: &mut Postgres, load: &Load) {
    let before = Instant::now();
    postgres.stop();
    pause(1_000);
    postgres.go_on().unwrap();
    pause(3_000);
    let seen = load.since(before);
    let offsets: Vec<_> = bad(&seen).iter().map(|seen| (seen.began - before, seen.code.clone())).collect();
    assert!(offsets.is_empty() && seen.len() > 50, "{offsets:?} of {}", seen.len());
}

/// After the leases nothing is let through, and everything again once the database is back.
fn gone_and_back(postgres: &mut Postgres, load: &Load) {
    postgres.stop();
    pause(1_000);
    let within = load.since(Instant::now() - Duration::from_millis(500));
    assert!(within.iter().any(|seen| seen.status == 200), "leases are spent");
    std::thread::sleep(LEASE);
    let after = Instant::now();
    pause(1_000);
    let seen = load.since(after);
    let shut = |seen: &Seen| (seen.status, seen.code.as_str()) == (503, "limits_unavailable");
    assert!(!seen.is_empty() && seen.iter().all(shut), "{seen:?}");
    postgres.go_on().unwrap();
    let back = Instant::now();
    wait_for("answers again", || load.since(back).iter().rev().take(CLIENTS).all(|seen| seen.status == 200));
}

/// Until the budget is spent and everybody is told so.
fn used_up(load: &Load) {
    load.pause_ms.store(0, Ordering::Relaxed);
    let end = Instant::now() + Duration::from_secs(30);
    loop {
        let from = Instant::now();
        pause(2_000);
        let seen = load.since(from);
        if !seen.is_empty() && seen.iter().all(|seen| seen.code == "budget_exceeded") {
            return;
        }
        assert!(Instant::now() < end, "{} requests did not use the budget up: {:?}", load.count(), seen.last());
    }
}

/// What a verified ledger says was spent: outcomes, those that a crash left unknown included.
fn spent(place: &Place, data: &str) -> i64 {
    let data = place.dir.path().join(data);
    let data = data.to_str().unwrap();
    place.ok(&["ledger", "verify", "--data", data]);
    let log = place.ok(&["ledger", "export", "--data", data]);
    let entries = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["entry"].take());
    entries.filter(|entry| entry["t"] == "outcome").map(|entry| cost(&entry["cost"])).sum()
}

fn cost(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| value.as_str().map_or(0, |text| text.parse().unwrap()))
}
