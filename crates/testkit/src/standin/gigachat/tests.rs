//! What the stand-in insists on, box by box of the checklist.

mod chat;
mod doors;

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http_body_util::BodyExt;
use realm::UnixMs;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::{GigaChatOptions, State, routes};
use crate::ManualClock;

/// A Tuesday.
const NOW_MS: u64 = 1_768_996_170_000;

struct Desk {
    state: Arc<State>,
    clock: Arc<ManualClock>,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }
}

fn desk(options: GigaChatOptions) -> Desk {
    let clock = Arc::new(ManualClock::at(UnixMs(NOW_MS)));
    let state = Arc::new(State::new("sber", options, Arc::<ManualClock>::clone(&clock)));
    Desk { state, clock }
}

impl Desk {
    async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let response = routes::router(Arc::clone(&self.state)).oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let text = match body.collect().await {
            Ok(all) => String::from_utf8(all.to_bytes().to_vec()).unwrap(),
            Err(_) => "cut".to_owned(),
        };
        Answer { status: parts.status, headers: parts.headers, text }
    }

    async fn ask_token(&self, changed: &[(&str, &str)], body: &str) -> Answer {
        let basic = format!("Basic {}", STANDARD.encode("id:secret"));
        let mut headers = vec![
            ("authorization", basic.as_str()),
            ("rquid", "6f0b1291-c7f3-43c6-bb2e-9f3efb2dc98e"),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        for (name, value) in changed {
            headers.retain(|(known, _)| known != name);
            headers.push((name, value));
        }
        self.send("POST", "/api/v2/oauth", &headers, body).await
    }

    async fn token(&self) -> String {
        let told = self.ask_token(&[], "scope=GIGACHAT_API_PERS").await;
        assert_eq!(told.status, StatusCode::OK, "{}", told.text);
        told.json()["access_token"].as_str().unwrap().to_owned()
    }

    async fn post(&self, path: &str, body: &Value) -> Answer {
        let bearer = format!("Bearer {}", self.token().await);
        let headers = [("authorization", bearer.as_str()), ("user-agent", "test")];
        self.send("POST", path, &headers, &body.to_string()).await
    }
}

fn hello(said: &str) -> Value {
    json!({ "model": "GigaChat-2", "messages": [{ "role": "user", "content": said }] })
}

/// The deltas of a stream put together: their texts, and the last choice.
fn put_together(events: &str) -> (String, Vec<Value>) {
    let chunks: Vec<Value> =
        events.lines().filter_map(|l| l.strip_prefix("data: ")).filter_map(|d| serde_json::from_str(d).ok()).collect();
    let text = chunks.iter().filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str()).collect();
    (text, chunks)
}
