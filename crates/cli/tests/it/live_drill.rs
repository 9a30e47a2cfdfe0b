//! A supplier cut off from the live traffic of a real server: what it sees by its own count, what clients see, and how it
//! returns.

mod failing;
mod forged;
mod guarded;
mod shadow;
mod shared;
mod whole;

use std::io::{BufRead, BufReader};
use std::process::Output;
use std::time::{SystemTime, UNIX_EPOCH};

use realm::UnixMs;
use serde_json::{Value, json};
use store::Store;
use store::content::people::Hand;
use store::drill::{Says, Step, sign};
use testkit::StandIn;
use ureq::Agent;

use crate::place::{Place, agent};

/// Two suppliers, and three routes: one with an alternative, one without, one on which a cut stream goes on.
const MORE: &str = r#"
[[organisation]]
id = "abroad"
name = "Abroad"
kind = "company"
sector = "office"
jurisdiction = "XB"

[[provider]]
id = "far"
operator = "abroad"
protocol = "openai"
base_url = "@FAR@"

[[deployment]]
id = "one-far"
model = "chat-one"
provider = "far"
host = "XB"
price = { input = "0.10", output = "0.20" }

[[route]]
id = "alone"
deployments = [{ id = "one-far" }]

[[route]]
id = "lasting"
deployments = [{ id = "one-far", priority = 1 }, { id = "one-here", priority = 2 }]
resume = true
"#;

const SCENARIO: &str = "title = \"Abroad leaves\"\nseed = 1\n\n[[cut]]\nparent = \"abroad\"\n\n[hypothesis]\n\
    survival_share_min = \"0.5\"\nstopped_requests_max = 0\n";

/// A realm with two suppliers and two people who may drill, and what is asked of its server.
pub struct Drilled {
    pub place: Place,
    pub far: StandIn,
}

/// What a client got.
#[derive(Debug, Clone)]
pub struct Got {
    pub status: u16,
    pub body: String,
}

impl Drilled {
    pub fn new() -> Self {
        Self::of(Place::new())
    }

    pub fn of(place: Place) -> Self {
        let far = place.block_on(StandIn::start("far", 0)).unwrap();
        let people: Vec<String> = ["ann", "bob"]
            .iter()
            .map(|name| {
                let file = place.dir.path().join(format!("{name}.key"));
                let made = place.json(&["content", "keygen", "--person", "--out", file.to_str().unwrap()]);
                format!("{{ name = \"{name}\", key = {} }}", made["public"])
            })
            .collect();
        let text = place.realm_text();
        let text = text.replacen("home = \"XA\"", &format!("home = \"XA\"\ndrill_people = [{}]", people.join(", ")), 1);
        let text = text.replace(
            "routes = [\"main\"]",
            "routes = [\"main\", \"alone\", \"lasting\"]\nrto_min = 5\ncriticality = 3",
        );
        let both = "deployments = [{ id = \"one-far\", priority = 1 }, { id = \"one-here\", priority = 2 }]";
        let text = text.replace("deployments = [{ id = \"one-here\" }]", both);
        place.write_realm(&format!("{text}{}", MORE.replace("@FAR@", &far.base_url())));
        Self { place, far }
    }

    /// Writes a scenario and proposes it as ann; the drill's id.
    pub fn proposed(&self, scenario: &str, mode: &[&str]) -> String {
        let file = self.place.dir.path().join("scenario.toml");
        std::fs::write(&file, scenario).unwrap();
        let mut args = vec!["drill", "start", file.to_str().unwrap(), "--minutes", "1", "--reason", "an exercise"];
        args.extend_from_slice(mode);
        let signer = self.key_of("ann");
        args.extend(["--by", "ann", "--signer", &signer]);
        let told = self.place.json(&args);
        assert_eq!(told["deployments"], json!(["one-far"]), "{told}");
        told["drill"].as_str().unwrap().to_owned()
    }

    /// Approves a drill as somebody, with somebody's key.
    pub fn approve(&self, id: &str, by: &str, key: &str) -> Output {
        let signer = self.key_of(key);
        self.place.run(&["drill", "approve", id, "--by", by, "--signer", &signer, "--json"])
    }

    /// Proposes and approves; comes back once it is in force.
    pub fn begun(&self, scenario: &str, mode: &[&str]) -> String {
        let id = self.proposed(scenario, mode);
        let told = self.approve(&id, "bob", "bob");
        assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
        let told: Value = serde_json::from_slice(&told.stdout).unwrap();
        assert_eq!(told["effect"], "in_force", "{told}");
        id
    }

    pub fn key_of(&self, name: &str) -> String {
        self.place.dir.path().join(format!("{name}.key")).to_str().unwrap().to_owned()
    }

    pub fn status(&self, id: &str) -> Value {
        self.place.json(&["drill", "status", id])
    }

    /// Has bob approve a drill so long ago that it ends so many milliseconds from now.
    pub fn shorten(&self, id: &str, ms: u64) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
        let until = UnixMs(u64::try_from(now).unwrap() + ms);
        let bob = Hand::parse(std::fs::read_to_string(self.key_of("bob")).unwrap().trim()).unwrap();
        let path = self.place.data().join("store.db");
        let mut drill = self.place.block_on(async {
            let store = Store::open(&path).await.unwrap();
            store.drills().await.unwrap().drills.into_iter().find(|drill| drill.id == id).unwrap()
        });
        let at = UnixMs(until.0 - drill.ends(UnixMs(0)).0);
        drill.approved = Some(Step { by: "bob".to_owned(), at, signature: String::new() });
        let signature = sign(&bob, &drill, Says::Approves);
        let set = format!("approved_ms = {}, until_ms = {}, approved_signature = '{signature}'", at.0, until.0);
        self.written(&[&format!("UPDATE drill SET {set} WHERE id = '{id}'")]);
    }

    /// What somebody writes into the store who has its file and no key, with servers told that it changed.
    pub fn written(&self, statements: &[&str]) {
        let path = self.place.data().join("store.db");
        self.place.block_on(async {
            use sqlx::Connection;
            sqlx::any::install_default_drivers();
            let mut store = sqlx::AnyConnection::connect(&format!("sqlite://{}", path.display())).await.unwrap();
            for statement in statements.iter().chain(&["UPDATE generation SET value = value + 1"]) {
                sqlx::query(sqlx::AssertSqlSafe(*statement)).execute(&mut store).await.unwrap();
            }
            store.close().await.unwrap();
        });
    }

    /// Every record of a change by a drill, as "what by".
    pub fn steps(&self) -> Vec<String> {
        let log = self.place.ok(&["ledger", "export"]);
        let records = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let change = |record: Value| {
            let record = if record["t"].is_string() { record } else { record["entry"].clone() };
            let what = record["what"].as_str().filter(|what| what.starts_with("drill."))?.to_owned();
            Some(format!("{what} {}", record["by"].as_str().unwrap()))
        };
        records.filter_map(change).collect()
    }
}

/// Asks by a route.
pub fn ask(agent: &Agent, url: &str, key: &str, route: &str) -> Got {
    let body = json!({ "model": route, "messages": [{ "role": "user", "content": "Where is it?" }] });
    let request = agent.post(format!("{url}/v1/chat/completions")).header("authorization", format!("Bearer {key}"));
    let mut response = request.send(body.to_string()).unwrap();
    let status = response.status().as_u16();
    Got { status, body: response.body_mut().read_to_string().unwrap_or_default() }
}

/// Asks for a stream of some seconds, and tells when its first word is there.
pub fn stream(url: &str, key: &str, route: &str, begun: &std::sync::mpsc::Sender<()>) -> Got {
    let long = "It goes on and on. ".repeat(40);
    let body = json!({ "model": route, "stream": true, "messages": [{ "role": "user", "content": long }] });
    let request = agent().post(format!("{url}/v1/chat/completions")).header("authorization", format!("Bearer {key}"));
    let response = request.send(body.to_string()).unwrap();
    let status = response.status().as_u16();
    let (mut said, mut begun) = (String::new(), Some(begun));
    for line in BufReader::new(response.into_body().into_reader()).lines() {
        let Ok(line) = line else { break };
        if line.contains("\"[st")
            && let Some(begun) = begun.take()
        {
            begun.send(()).unwrap();
        }
        said.push_str(&line);
        said.push('\n');
    }
    Got { status, body: said }
}
