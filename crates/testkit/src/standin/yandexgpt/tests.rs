//! The stand-in by its calls, and `wire`'s translation against it.

mod native;
mod others;

use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use axum::response::Response;
use http_body_util::BodyExt;
use realm::UnixMs;
use serde_json::{Value, json};
use tower::ServiceExt;
use wire::translate::{Answered, Back, Target, Translator};

use super::{Shared, YandexGptSettings, routes};
use crate::ManualClock;

const NOW_S: u64 = 1_764_000_000;
const KEY: &str = "Api-Key AQVNstandin-key-of-a-stand-in-opens-nothing";

struct Bench {
    shared: Arc<Shared>,
    clock: Arc<ManualClock>,
}

fn bench() -> Bench {
    let clock = Arc::new(ManualClock::at(UnixMs(NOW_S * 1000)));
    let settings = YandexGptSettings { concurrent_max: 2, ..YandexGptSettings::default() };
    Bench { shared: Arc::new(Shared::new(settings, clock.clone())), clock }
}

impl Bench {
    async fn respond(&self, path: &str, key: &str, body: Vec<u8>) -> Response {
        let method = if body.is_empty() { "GET" } else { "POST" };
        let request = Request::builder().method(method).uri(path).header("authorization", key);
        let request = request.header("openai-project", "b1gstandin").body(Body::from(body)).unwrap();
        routes::router(Arc::clone(&self.shared)).oneshot(request).await.unwrap()
    }

    /// Status and body; a body that breaks off is what came until then.
    async fn ask(&self, path: &str, key: &str, body: Vec<u8>) -> (u16, Vec<u8>) {
        let response = self.respond(path, key, body).await;
        let status = response.status().as_u16();
        let (mut body, mut bytes) = (response.into_body(), Vec::new());
        while let Some(Ok(frame)) = body.frame().await {
            bytes.extend_from_slice(frame.data_ref().unwrap());
        }
        (status, bytes)
    }

    async fn json(&self, path: &str, body: &Value) -> (u16, Value) {
        let bytes = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let (status, bytes) = self.ask(path, KEY, bytes).await;
        (status, serde_json::from_slice(&bytes).unwrap())
    }

    /// An OpenAI chat through `wire` to the native protocol and back: the answer.
    async fn chat(&self, body: &Value) -> Value {
        let out = wire::yandexgpt::request(body.to_string().as_bytes(), &target()).unwrap();
        let (status, bytes) = self.ask(wire::yandexgpt::paths::COMPLETION, KEY, out.body).await;
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&bytes));
        read(wire::yandexgpt::answer(&bytes, &back()))
    }
}

fn read(answered: Answered) -> Value {
    match answered {
        Answered::Json(bytes) => serde_json::from_slice(&bytes).unwrap(),
        other => panic!("{other:?}"),
    }
}

fn target<'a>() -> Target<'a> {
    Target { model: "yandexgpt", droppable: &[], folder: Some("b1gstandin") }
}

fn back() -> Back {
    Back {
        id: "chatcmpl-1".to_owned(),
        created: 1,
        model: "yandexgpt".to_owned(),
        wants_usage: true,
        ..Back::default()
    }
}

fn user(said: &str) -> Value {
    json!({ "messages": [{ "role": "user", "content": said }] })
}

/// The data of a stream, in pieces of seven bytes.
fn frames(translator: &mut dyn Translator, bytes: &[u8]) -> Vec<String> {
    let mut out = Vec::new();
    for piece in bytes.chunks(7) {
        translator.push(piece, &mut out).unwrap();
    }
    translator.end(&mut out);
    out.into_iter()
        .filter_map(|frame| match frame {
            wire::sse::Frame::Event(event) => Some(event.data),
            wire::sse::Frame::Comment(_) => None,
        })
        .collect()
}

fn content(data: &[String]) -> String {
    let chunks = data.iter().filter_map(|data| serde_json::from_str::<Value>(data).ok());
    chunks.filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str().map(str::to_owned)).collect()
}
