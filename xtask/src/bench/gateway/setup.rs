//! Three servers: nginx as the model, nginx as the peer, freehold.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::super::process::{Running, start};
use super::tensorzero::{self, TensorZero};

const MODEL_PORT: u16 = 18_081;
const PEER_PORT: u16 = 18_082;
/// Where the model with slow streams is.
pub const STREAMS_PORT: u16 = 18_083;

/// A server under measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The model itself, without anything between.
    Direct,
    /// nginx with `proxy_pass`.
    Nginx,
    /// The gateway, everything on.
    Freehold,
    /// Another gateway, where it is installed.
    TensorZero,
}

/// Running servers and what a client needs.
pub struct Bench {
    dir: PathBuf,
    peer: Running,
    _model: Running,
    freehold: Running,
    freehold_address: String,
    /// A gateway of its own before the slow streams, so that nothing of the rest is in its figures.
    _slow: Running,
    slow_address: String,
    tensorzero: Option<TensorZero>,
    key: String,
    slow_key: String,
}

/// 578 bytes with the head of an ordinary request.
pub fn request_body() -> String {
    let filler = "Please answer in one short paragraph and say what you are not sure about. ".repeat(6);
    format!(
        r#"{{"model":"main","temperature":0.2,"messages":[{{"role":"system","content":"You help at a desk."}},{{"role":"user","content":"{}"}}]}}"#,
        filler.trim()
    )
}

fn answer_body() -> String {
    let filler = "The office is open from nine to five on working days and closed on holidays. ".repeat(5);
    format!(
        r#"{{"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"chat-one","choices":[{{"index":0,"message":{{"role":"assistant","content":"{}"}},"finish_reason":"stop"}}],"usage":{{"prompt_tokens":120,"completion_tokens":80,"total_tokens":200}}}}"#,
        filler.trim()
    )
}

impl Bench {
    /// Starts all three below the build directory, on a real disk.
    pub fn start(root: &Path) -> Result<Self> {
        let dir = root.join("target/bench-gateway");
        fs::remove_dir_all(&dir).ok();
        fs::create_dir_all(&dir)?;
        let answer = answer_body().replace('"', "\\\"");
        let model = format!("location / {{ default_type application/json; return 200 \"{answer}\"; }}");
        let peer = "location / { proxy_pass http://model; proxy_http_version 1.1; proxy_set_header Connection \"\"; }";
        let model = nginx(&dir, "model", MODEL_PORT, &model)?;
        let peer = nginx(&dir, "peer", PEER_PORT, peer)?;
        let exe = root.join("target/release/freehold");
        let (freehold, freehold_address, key) = gateway(&exe, &dir, MODEL_PORT)?;
        let (slow, slow_address, slow_key) = gateway(&exe, &dir.join("slow"), STREAMS_PORT)?;
        let tensorzero = tensorzero::start(&dir, MODEL_PORT)?;
        fs::write(dir.join("post.lua"), lua(&key, "main"))?;
        fs::write(dir.join("post-tensorzero.lua"), lua("none", tensorzero::MODEL))?;
        for port in [MODEL_PORT, PEER_PORT] {
            wait_for(port)?;
        }
        Ok(Self {
            dir,
            peer,
            _model: model,
            freehold,
            freehold_address,
            _slow: slow,
            slow_address,
            tensorzero,
            key,
            slow_key,
        })
    }

    /// The process that is measured.
    pub fn pid(&self, target: Target) -> u32 {
        match target {
            Target::Direct | Target::Nginx => self.peer.0.id(),
            Target::Freehold => self.freehold.0.id(),
            Target::TensorZero => self.tensorzero.as_ref().map_or(0, |other| other.running.0.id()),
        }
    }

    /// Host and port.
    pub fn address(&self, target: Target) -> String {
        match target {
            Target::Direct => format!("127.0.0.1:{MODEL_PORT}"),
            Target::Nginx => format!("127.0.0.1:{PEER_PORT}"),
            Target::Freehold | Target::TensorZero => self.freehold_address.clone(),
        }
    }

    /// Where requests go.
    pub fn url(&self, target: Target) -> String {
        match (&self.tensorzero, target) {
            (Some(other), Target::TensorZero) => other.url.clone(),
            _ => format!("http://{}/v1/chat/completions", self.address(target)),
        }
    }

    /// wrk's script.
    pub fn script(&self) -> PathBuf {
        self.dir.join("post.lua")
    }

    /// wrk's script for a target.
    pub fn script_for(&self, target: Target) -> PathBuf {
        match target {
            Target::TensorZero => self.dir.join("post-tensorzero.lua"),
            _ => self.script(),
        }
    }

    /// The version of TensorZero, where it is there.
    pub fn tensorzero(&self) -> Option<&str> {
        self.tensorzero.as_ref().map(|other| other.version.as_str())
    }

    /// The gateway before the slow streams, and a key for it.
    pub fn slow(&self) -> (&str, &str) {
        (&self.slow_address, &self.slow_key)
    }

    /// Where the ledger lies, for measuring its disk.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The client's key.
    pub fn key(&self) -> &str {
        &self.key
    }
}

fn nginx(dir: &Path, name: &str, port: u16, location: &str) -> Result<Running> {
    let conf = format!(
        "daemon off; worker_processes 1; pid {dir}/{name}.pid; error_log {dir}/{name}.log crit;\n\
         events {{ worker_connections 4096; }}\n\
         http {{ access_log off; keepalive_requests 1000000; client_body_buffer_size 64k;\n\
         client_body_temp_path {dir}/{name}-body; proxy_temp_path {dir}/{name}-proxy; fastcgi_temp_path {dir}/{name}-f; uwsgi_temp_path {dir}/{name}-u; scgi_temp_path {dir}/{name}-s;\n\
         upstream model {{ server 127.0.0.1:{MODEL_PORT}; keepalive 512; keepalive_requests 1000000; }}\n\
         server {{ listen 127.0.0.1:{port} backlog=4096; {location} }} }}\n",
        dir = dir.display()
    );
    let path = dir.join(format!("{name}.conf"));
    fs::write(&path, conf)?;
    start(Command::new("nginx").arg("-p").arg(dir).arg("-c").arg(&path))
}

/// Starts a gateway before the model at a port; its address and a key.
fn gateway(exe: &Path, dir: &Path, port: u16) -> Result<(Running, String, String)> {
    write_realm(dir, port)?;
    let key = new_key(exe, dir)?;
    let (running, address) = serve(exe, dir)?;
    Ok((running, address, key))
}

/// The model alone, below a folder that is made anew.
pub fn model(dir: &Path) -> Result<Running> {
    fs::remove_dir_all(dir).ok();
    fs::create_dir_all(dir)?;
    let answer = answer_body().replace('"', "\\\"");
    let location = format!("location / {{ default_type application/json; return 200 \"{answer}\"; }}");
    let model = nginx(dir, "model", MODEL_PORT, &location)?;
    wait_for(MODEL_PORT)?;
    Ok(model)
}

/// A gateway by itself before the model.
pub struct Alone {
    exe: PathBuf,
    dir: PathBuf,
    running: Running,
    address: String,
    url: String,
    script: PathBuf,
}

impl Alone {
    /// Starts it in a folder of its own, its realm written and then added to.
    pub fn start(root: &Path, dir: &Path, more: impl Fn(&Path) -> Result<()>) -> Result<Self> {
        let exe = root.join("target/release/freehold");
        write_realm(dir, MODEL_PORT)?;
        more(&dir.join("realm"))?;
        let key = new_key(&exe, dir)?;
        let script = dir.join("post.lua");
        fs::write(&script, lua(&key, "main"))?;
        let (running, address) = serve(&exe, dir)?;
        let url = format!("http://{address}/v1/chat/completions");
        Ok(Self { exe, dir: dir.to_owned(), running, address, url, script })
    }

    /// It, as `wrk` drives it.
    pub fn driven(&self) -> super::Driven<'_> {
        super::Driven { pid: self.running.0.id(), url: &self.url, script: &self.script }
    }

    /// Host and port.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The program on its realm and data.
    pub fn freehold(&self) -> Command {
        freehold(&self.exe, &self.dir)
    }
}

fn write_realm(dir: &Path, port: u16) -> Result<()> {
    let realm = dir.join("realm");
    fs::create_dir_all(realm.join("policies"))?;
    fs::write(realm.join("realm.toml"), REALM.replace("@PORT@", &port.to_string()))?;
    let permit = "@id(\"base\")\npermit (principal, action in [Action::\"infer\", Action::\"disclose\"], resource);\n";
    fs::write(realm.join("policies/base.cedar"), permit)?;
    Ok(())
}

fn new_key(exe: &Path, dir: &Path) -> Result<String> {
    let output = freehold(exe, dir).args(["key", "new", "--app", "desk"]).output()?;
    if !output.status.success() {
        bail!("no key: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

fn serve(exe: &Path, dir: &Path) -> Result<(Running, String)> {
    let mut child = freehold(exe, dir)
        .args(["serve", "--json", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut line = String::new();
    BufReader::new(child.stdout.take().context("no output")?).read_line(&mut line)?;
    let ready: serde_json::Value = serde_json::from_str(&line).context("freehold did not start")?;
    let address = ready["listen"].as_str().context("no address")?.to_owned();
    Ok((Running(child), address))
}

fn freehold(exe: &Path, dir: &Path) -> Command {
    let mut command = Command::new(exe);
    command.env("FREEHOLD_REALM", dir.join("realm")).env("FREEHOLD_DATA", dir.join("data")).env("FREEHOLD_LOG", "warn");
    command
}

fn lua(key: &str, model: &str) -> String {
    let body = request_body().replace("\"main\"", &format!("\"{model}\""));
    format!(
        "wrk.method = \"POST\"\nwrk.body = [==[{body}]==]\nwrk.headers[\"Content-Type\"] = \"application/json\"\n\
         wrk.headers[\"Authorization\"] = \"Bearer {key}\"\n"
    )
}

/// Waits until something listens.
pub fn wait_for(port: u16) -> Result<()> {
    let end = Instant::now() + Duration::from_secs(5);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        if Instant::now() > end {
            bail!("nothing listens on port {port}");
        }
    }
    Ok(())
}

const REALM: &str = r#"
[realm]
name = "Bench"
home = "XA"
currency = "EUR"

[[sector]]
id = "office"
name = "Offices"

[[organisation]]
id = "house"
name = "House"
kind = "company"
sector = "office"
jurisdiction = "XA"
budget = { per_month = "1000000.00" }

[[app]]
id = "desk"
organisation = "house"
purposes = ["letters"]
data_classes = ["personal"]
routes = ["main"]
budget = { per_month = "1000000.00" }
limits = { requests_per_min = 100000000, tokens_per_min = 1000000000000, concurrent = 10000 }

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
base_url = "http://127.0.0.1:@PORT@/v1"

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
