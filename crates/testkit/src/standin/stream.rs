//! Answers as server-sent events, cut small so that anything that must be put together again is.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::Frame;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::answer::{answer_to, last_user_message, tool_call, usage, wanted_tool};
use super::fault::Fault;

/// Characters in one event.
const PIECE: usize = 3;

/// The events of a chat answer, terminator included.
pub(crate) fn chat_events(name: &str, body: &Value) -> Vec<String> {
    let said = last_user_message(body);
    let text = answer_to(name, &said);
    let mut events = vec![delta(body, &json!({ "role": "assistant", "content": "" }), None)];
    let finish = if let Some(tool) = wanted_tool(body, &said) {
        events.extend(tool_events(body, tool, &said));
        "tool_calls"
    } else {
        events.extend(pieces(&text).map(|piece| delta(body, &json!({ "content": piece }), None)));
        "stop"
    };
    events.push(delta(body, &json!({}), Some(finish)));
    if body["stream_options"]["include_usage"] == true {
        let mut last = frame(body);
        last["choices"] = json!([]);
        last["usage"] = usage(&body["messages"].to_string(), &text);
        events.push(event(&last));
    }
    events.push("data: [DONE]\n\n".to_owned());
    events
}

/// The events of an answer of the older completions kind.
pub(crate) fn completion_events(name: &str, body: &Value) -> Vec<String> {
    let prompt = body["prompt"].as_str().unwrap_or_default();
    let text = answer_to(name, prompt);
    let chunk = |text: &str, finish: Option<&str>| {
        let choice = json!({ "index": 0, "text": text, "logprobs": null, "finish_reason": finish });
        json!({ "id": "cmpl-standin", "object": "text_completion", "created": 1_700_000_000, "model": body["model"], "choices": [choice] })
    };
    let mut events: Vec<String> = pieces(&text).map(|piece| event(&chunk(&piece, None))).collect();
    events.push(event(&chunk("", Some("stop"))));
    if body["stream_options"]["include_usage"] == true {
        let mut last = chunk("", None);
        last["choices"] = json!([]);
        last["usage"] = usage(prompt, &text);
        events.push(event(&last));
    }
    events.push("data: [DONE]\n\n".to_owned());
    events
}

fn tool_events(body: &Value, tool: &str, said: &str) -> Vec<String> {
    let call = tool_call(tool, said);
    let arguments = call["function"]["arguments"].as_str().unwrap_or_default().to_owned();
    let mut opening = call;
    opening["index"] = json!(0);
    opening["function"]["arguments"] = json!("");
    let mut events = vec![delta(body, &json!({ "tool_calls": [opening] }), None)];
    events.extend(pieces(&arguments).map(|piece| {
        delta(body, &json!({ "tool_calls": [{ "index": 0, "function": { "arguments": piece } }] }), None)
    }));
    events
}

fn pieces(text: &str) -> impl Iterator<Item = String> {
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(PIECE).map(|piece| piece.iter().collect()).collect::<Vec<String>>().into_iter()
}

fn frame(body: &Value) -> Value {
    json!({
        "id": "chatcmpl-standin",
        "object": "chat.completion.chunk",
        "created": 1_700_000_000,
        "model": body["model"],
        "system_fingerprint": "standin",
    })
}

fn delta(body: &Value, delta: &Value, finish: Option<&str>) -> String {
    let mut chunk = frame(body);
    chunk["choices"] = json!([{ "index": 0, "delta": delta, "logprobs": null, "finish_reason": finish }]);
    event(&chunk)
}

fn event(data: &Value) -> String {
    format!("data: {data}\n\n")
}

/// A body that sends events one by one and can be made to stop short.
pub(crate) struct Events {
    queue: mpsc::Receiver<Option<Bytes>>,
}

impl Events {
    /// Starts sending; a fault changes how.
    pub(crate) fn start(mut events: Vec<String>, fault: Option<Fault>) -> Self {
        let (send, queue) = mpsc::channel(16);
        let mut cut = false;
        let mut pause = None;
        match fault {
            Some(Fault::CutAfter { events: count }) => {
                events.truncate(count);
                cut = true;
            }
            Some(Fault::NoTerminator) => drop(events.pop()),
            Some(Fault::Drip { every_ms }) => pause = Some(Duration::from_millis(every_ms)),
            _ => {}
        }
        #[expect(clippy::disallowed_methods, reason = "ends with its events, or when the client leaves")]
        tokio::spawn(async move {
            for event in events {
                if send.send(Some(Bytes::from(event))).await.is_err() {
                    return;
                }
                if let Some(pause) = pause {
                    tokio::time::sleep(pause).await;
                }
            }
            if cut {
                // What was sent before must be on the wire when the connection breaks.
                tokio::time::sleep(Duration::from_millis(20)).await;
                let _ = send.send(None).await;
            }
        });
        Self { queue }
    }
}

/// The connection is to break here.
#[derive(Debug)]
pub(crate) struct Cut;

impl std::fmt::Display for Cut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("cut by request")
    }
}

impl std::error::Error for Cut {}

impl From<Infallible> for Cut {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

impl http_body::Body for Events {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        self.queue.poll_recv(cx).map(|event| match event {
            Some(Some(bytes)) => Some(Ok(Frame::data(bytes))),
            Some(None) => Some(Err(Cut)),
            None => None,
        })
    }
}
