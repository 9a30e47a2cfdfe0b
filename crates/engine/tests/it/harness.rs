//! A supervised engine with a small model, and a client for it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use engine::{Config, Handle, Supervisor};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};

use crate::fixture::{Gguf, babbler};

pub const LIMIT: Duration = Duration::from_secs(60);

/// An engine and the directory it lives in.
pub struct Engine {
    pub handle: Handle,
    pub dir: tempfile::TempDir,
}

pub fn config(dir: &Path, model: PathBuf) -> Config {
    Config {
        exe: env!("CARGO_BIN_EXE_engine-child").into(),
        args: Vec::new(),
        model,
        context_tokens: None,
        parallel: 4,
        threads: Some(1),
        run_dir: dir.join("run"),
        limits: engine::Limits::default(),
    }
}

pub fn write(dir: &Path, gguf: &Gguf) -> PathBuf {
    let path = dir.join("model.gguf");
    std::fs::write(&path, gguf.bytes()).expect("writes the model");
    path
}

impl Engine {
    pub async fn start() -> Self {
        Self::with(&babbler(), |_| {}).await
    }

    pub async fn with(gguf: &Gguf, change: impl FnOnce(&mut Config)) -> Self {
        let dir = tempfile::tempdir().expect("temp dir");
        let mut config = config(dir.path(), write(dir.path(), gguf));
        change(&mut config);
        let handle = Supervisor::start(config).expect("starts");
        handle.wait_ready(LIMIT).await.expect("becomes ready");
        Self { handle, dir }
    }

    pub async fn client(&self) -> Client {
        Client::connect(&self.handle).await.expect("connects")
    }

    pub async fn chat(&self, extra: Value) -> (u16, Value) {
        self.client().await.post("/v1/chat/completions", &chat_body(extra)).await
    }

    /// A chat that must work.
    pub async fn answer(&self, extra: Value) -> Value {
        let (status, answer) = self.chat(extra).await;
        assert_eq!(status, 200, "{answer}");
        answer
    }
}

/// A short greedy chat, changed by `extra`.
pub fn chat_body(extra: Value) -> Value {
    let mut body = json!({
        "model": "any", "temperature": 0, "max_tokens": 24,
        "messages": [{"role": "user", "content": "hello"}],
    });
    let fields = extra.as_object().expect("an object").clone();
    body.as_object_mut().expect("an object").extend(fields);
    body
}

pub fn text(answer: &Value) -> &str {
    answer["choices"][0]["message"]["content"].as_str().expect("text")
}

/// One connection.
pub struct Client {
    sender: http1::SendRequest<Full<Bytes>>,
    driver: tokio::task::JoinSet<()>,
}

impl Client {
    pub async fn connect(handle: &Handle) -> Result<Self, engine::Error> {
        let stream = handle.connect().await?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.expect("shakes hands");
        let mut driver = tokio::task::JoinSet::new();
        driver.spawn(async {
            // Tests look at the answers, not at how the connection ended.
            let _ = connection.await;
        });
        Ok(Self { sender, driver })
    }

    /// Breaks the connection, as a client that leaves does.
    pub fn leave(mut self) {
        self.driver.abort_all();
    }

    pub async fn send(
        &mut self,
        method: &str,
        path: &str,
        app: &str,
        body: String,
    ) -> Result<http::Response<Incoming>, hyper::Error> {
        let request = http::Request::builder()
            .method(method)
            .uri(path)
            .header("host", "engine")
            .header("x-freehold-app", app)
            .body(Full::new(Bytes::from(body)))
            .expect("a request");
        self.sender.send_request(request).await
    }

    pub async fn post(&mut self, path: &str, body: &Value) -> (u16, Value) {
        let answer = self.send("POST", path, "app", body.to_string()).await.expect("an answer");
        read(answer).await
    }

    pub async fn get(&mut self, path: &str) -> (u16, Value) {
        read(self.send("GET", path, "app", String::new()).await.expect("an answer")).await
    }

    /// The data of every event.
    pub async fn stream(&mut self, path: &str, body: &Value) -> Vec<String> {
        let answer = self.send("POST", path, "app", body.to_string()).await.expect("an answer");
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        let bytes = answer.into_body().collect().await.expect("a whole body").to_bytes();
        events(std::str::from_utf8(&bytes).expect("UTF-8"))
    }
}

async fn read(answer: http::Response<Incoming>) -> (u16, Value) {
    let status = answer.status().as_u16();
    let bytes = answer.into_body().collect().await.expect("a whole body").to_bytes();
    (status, serde_json::from_slice(&bytes).expect("JSON"))
}

pub fn events(text: &str) -> Vec<String> {
    text.split("\n\n")
        .filter(|e| !e.is_empty())
        .map(|e| e.strip_prefix("data: ").expect("a data line").to_string())
        .collect()
}

/// The text of a chat's stream.
pub fn stream_text(events: &[String]) -> String {
    let delta = |event: &String| {
        let value: Value = serde_json::from_str(event).ok()?;
        value["choices"][0]["delta"]["content"].as_str().map(String::from)
    };
    events.iter().filter_map(delta).collect()
}
