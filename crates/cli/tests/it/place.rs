//! A realm, a data directory and a server process for one test.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use testkit::StandIn;
use ureq::Agent;

/// Where a test happens.
pub struct Place {
    pub dir: tempfile::TempDir,
    pub stand_in: StandIn,
    /// Where servers and commands share a database.
    pub database: Option<String>,
    runtime: tokio::runtime::Runtime,
}

/// A running server; killed when dropped.
pub struct Server {
    pub child: Child,
    pub url: String,
}

const REALM: &str = r#"
[realm]
name = "Test"
home = "XA"
currency = "EUR"
ledger = { public = false, publish_ms = 100 }

[[sector]]
id = "office"
name = "Offices"

[[organisation]]
id = "house"
name = "House"
kind = "company"
sector = "office"
jurisdiction = "XA"

[[app]]
id = "desk"
organisation = "house"
purposes = ["letters"]
data_classes = ["personal"]
routes = ["main"]

[[model]]
id = "chat-one"
name = "Chat One"
developer = "house"
origin = "XA"
weights = "open"
kind = "chat"

[[provider]]
id = "here"
operator = "house"
protocol = "openai"
base_url = "@BASE@"

[[deployment]]
id = "one-here"
model = "chat-one"
provider = "here"
host = "XA"
price = { input = "0.10", output = "0.20" }

[[route]]
id = "main"
deployments = [{ id = "one-here" }]
"#;

const PERMIT: &str =
    "@id(\"base\")\npermit (principal, action in [Action::\"infer\", Action::\"disclose\"], resource);\n";

impl Place {
    pub fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let stand_in = runtime.block_on(StandIn::start("here", 0)).unwrap();
        let place = Self { dir: tempfile::tempdir().unwrap(), stand_in, database: None, runtime };
        std::fs::create_dir_all(place.realm().join("policies")).unwrap();
        place.write_realm(&REALM.replace("@BASE@", &place.stand_in.base_url()));
        std::fs::write(place.realm().join("policies/base.cedar"), PERMIT).unwrap();
        place
    }

    /// The same, with a database that several servers share.
    pub fn sharing(database: &str) -> Self {
        Self { database: Some(database.to_owned()), ..Self::new() }
    }

    pub fn write_realm(&self, text: &str) {
        std::fs::write(self.realm().join("realm.toml"), text).unwrap();
    }

    pub fn realm_text(&self) -> String {
        std::fs::read_to_string(self.realm().join("realm.toml")).unwrap()
    }

    pub fn realm(&self) -> PathBuf {
        self.dir.path().join("realm")
    }

    pub fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// Runs a command to its end.
    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Runs a command that must succeed; its standard output.
    pub fn ok(&self, args: &[&str]) -> String {
        let output = self.run(args);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{args:?}: {errors}");
        String::from_utf8(output.stdout).unwrap()
    }

    pub fn json(&self, args: &[&str]) -> Value {
        let args: Vec<&str> = args.iter().copied().chain(["--json"]).collect();
        serde_json::from_str(&self.ok(&args)).unwrap()
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_freehold"));
        command.args(args).env("FREEHOLD_REALM", self.realm()).env("FREEHOLD_DATA", self.data());
        command.env("FREEHOLD_LANG", "en").env("FREEHOLD_LOG", "warn").env_remove("FREEHOLD_DATABASE_URL");
        if let Some(database) = &self.database {
            command.env("FREEHOLD_DATABASE_URL", database);
        }
        command
    }

    /// A new key for the app.
    pub fn key(&self) -> String {
        self.json(&["key", "new", "--app", "desk"])["key"].as_str().unwrap().to_owned()
    }

    pub fn serve(&self) -> Server {
        self.serve_with(&[])
    }

    pub fn serve_with(&self, more: &[&str]) -> Server {
        let args: Vec<&str> =
            ["serve", "--json", "--listen", "127.0.0.1:0"].into_iter().chain(more.iter().copied()).collect();
        started(self.command(&args).stderr(Stdio::inherit()))
    }

    /// A server with a data directory of its own, at an address or at any (`127.0.0.1:0`).
    pub fn replica(&self, data: &str, listen: &str, more: &[&str]) -> Server {
        let data = self.dir.path().join(data);
        let data = data.to_str().unwrap();
        let args: Vec<&str> =
            ["serve", "--json", "--listen", listen, "--data", data].into_iter().chain(more.iter().copied()).collect();
        let log = std::fs::File::options().create(true).append(true).open(format!("{data}.log")).unwrap();
        started(self.command(&args).stderr(log))
    }

    pub fn stop(&self, server: &mut Server) {
        let pid = rustix::process::Pid::from_child(&server.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        assert!(server.child.wait().unwrap().success());
    }

    pub fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }
}

/// Starts a server, and comes back when it says where it listens.
pub fn started(command: &mut Command) -> Server {
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap_or_else(|e| panic!("{e}: {line:?}"));
    Server { child, url: format!("http://{}", ready["listen"].as_str().unwrap()) }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An HTTP client that takes every status as an answer.
pub fn agent() -> Agent {
    let config = Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(20)));
    config.build().into()
}

/// What a chat request came to.
pub struct Chat {
    pub status: u16,
    pub body: String,
    /// The id in its records.
    pub request: String,
}

/// One chat request, or none where the connection broke.
pub fn chat(agent: &Agent, url: &str, key: &str, id: &str, stream: bool) -> Option<Chat> {
    let body =
        format!(r#"{{"model":"main","stream":{stream},"messages":[{{"role":"user","content":"Number {id}"}}]}}"#);
    let request = agent.post(format!("{url}/v1/chat/completions")).header("authorization", format!("Bearer {key}"));
    let mut response = request.send(body).ok()?;
    let status = response.status().as_u16();
    let request = response.headers().get("x-freehold-request").and_then(|id| id.to_str().ok()).unwrap_or_default();
    let request = request.to_owned();
    Some(Chat { status, body: response.body_mut().read_to_string().ok()?, request })
}

/// Waits until something holds.
pub fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(10);
    while !holds() {
        assert!(Instant::now() < end, "waited in vain for: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Every file below a directory.
pub fn files_below(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files_below(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}
