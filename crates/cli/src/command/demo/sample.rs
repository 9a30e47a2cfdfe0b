//! Some requests of a made-up morning, so that the first look at a demo's console shows what a console shows. They go the
//! way of every request; their records say that they are sample traffic.

use std::collections::BTreeMap;

use bytes::Bytes;
use gateway::Gateway;
use http::Request;
use serde_json::json;

use crate::serve::sent;

/// Who asks, by which route, what. The first is refused, the second goes out redacted, the others go where they may.
const REQUESTS: [(&str, &str, &str); 10] = [
    ("clinic", "abroad", "Shorten this letter to a patient."),
    ("tourism", "abroad", "Refund DE89 3704 0044 0532 0130 00, please."),
    ("tourism", "abroad", "Where is the old town?"),
    ("clinic", "best", "How many beds does a ward have?"),
    ("bank-desk", "best", "Draft a note about opening hours."),
    ("robot-line", "best", "Which bolt fits a hole of eight millimetres?"),
    ("rail-dispatch", "best", "Which platform is free at noon?"),
    ("citizen-letters", "best", "Answer a letter about a park bench."),
    ("lecture-notes", "best", "Explain entropy in one sentence."),
    ("cloud-helpdesk", "best", "How is a password reset?"),
];

/// Sends them, one after another, to whatever stands in for providers. What fails is a record too.
pub(super) async fn send(gateway: &Gateway, keys: &BTreeMap<String, String>) {
    gateway.simulate(true);
    for (app, route, text) in REQUESTS {
        let Some(key) = keys.get(app) else { continue };
        let body = json!({ "model": route, "messages": [{ "role": "user", "content": text }], "max_tokens": 60 });
        let request = Request::post("/v1/chat/completions")
            .header("authorization", format!("Bearer {key}"))
            .header("content-type", "application/json")
            .body(Bytes::from(body.to_string()));
        let Ok(request) = request else { continue };
        if let Err(why) = sent(gateway.clone(), request).await {
            tracing::warn!(app, why, "a sample request was not answered");
        }
    }
    gateway.simulate(false);
}
