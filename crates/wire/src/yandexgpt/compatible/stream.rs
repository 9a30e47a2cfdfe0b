//! A stream, piece by piece.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::answer::{arguments_as_text, complete, finish, head};
use crate::openai::DONE;
use crate::sse::{Decoder, Frame, TooLong};
use crate::translate::{Back, Translator};
use crate::yandexgpt::counts;
use crate::yandexgpt::error::{event as error_event, failure};
use crate::yandexgpt::form::{call_id, delta, ending, event};

/// Brings a stream of the compatible surface to OpenAI's form.
#[derive(Debug)]
pub struct Stream {
    /// As the first piece completed it.
    back: Back,
    decoder: Decoder,
    bytes_max: usize,
    choices: BTreeMap<u64, Choice>,
    usage: Option<Value>,
    open: bool,
}

/// One choice so far.
#[derive(Debug, Default)]
struct Choice {
    opened: bool,
    finished: bool,
    /// Its text, up to a size.
    said: String,
    /// Its text went over that size, and can no longer be compared.
    overlong: bool,
    calls: BTreeSet<u64>,
}

impl Stream {
    /// A translation that takes events up to a size.
    pub fn new(back: Back, bytes_max: usize) -> Self {
        let decoder = Decoder::new(bytes_max);
        Self { back, decoder, bytes_max, choices: BTreeMap::new(), usage: None, open: true }
    }

    fn data(&mut self, data: &str, out: &mut Vec<Frame>) {
        if data.trim_ascii() == DONE {
            return self.done(out);
        }
        match serde_json::from_str::<Value>(data) {
            Ok(value @ Value::Object(_)) if !value["error"].is_null() => self.fail(&value, out),
            Ok(value @ Value::Object(_)) if value["choices"].is_array() || value["usage"].is_object() => {
                self.chunk(value, out);
            }
            Ok(value @ Value::Object(_)) if value["message"].is_string() => self.fail(&value, out),
            _ => self.fail(&json!({ "message": "the provider's stream makes no sense" }), out),
        }
    }

    fn chunk(&mut self, mut value: Value, out: &mut Vec<Frame>) {
        self.usage = counts::compatible(&value["usage"]).or(self.usage.take());
        let Value::Array(choices) = value["choices"].take() else { return };
        if choices.is_empty() {
            return;
        }
        head(&mut value, &self.back, "chat.completion.chunk");
        if self.choices.is_empty() {
            self.back.id = value["id"].as_str().unwrap_or_default().to_owned();
            self.back.created = counts::count(&value["created"]);
            self.back.model = value["model"].as_str().unwrap_or_default().to_owned();
        }
        let mut kept = Vec::new();
        for (at, given) in choices.into_iter().enumerate() {
            let index = given["index"].as_u64().unwrap_or(at as u64);
            let choice = self.choices.entry(index).or_default();
            kept.extend(choice.piece(&self.back, index, given, self.bytes_max));
        }
        if kept.is_empty() {
            return;
        }
        value["id"] = self.back.id.as_str().into();
        value["choices"] = kept.into();
        if let Some(members) = value.as_object_mut() {
            members.shift_remove("usage");
        }
        out.push(event(value.to_string()));
    }

    fn done(&mut self, out: &mut Vec<Frame>) {
        self.open = false;
        for (index, choice) in self.choices.iter().filter(|(_, choice)| !choice.finished) {
            let reason = if choice.calls.is_empty() { "stop" } else { "tool_calls" };
            let index = usize::try_from(*index).unwrap_or_default();
            out.push(delta(&self.back, index, &json!({}), Some(reason)));
        }
        ending(&self.back, self.usage.take(), out);
    }

    fn fail(&mut self, value: &Value, out: &mut Vec<Frame>) {
        self.open = false;
        out.push(error_event(&failure(None, value)));
    }
}

impl Choice {
    /// The piece in OpenAI's form; none if it says nothing.
    fn piece(&mut self, back: &Back, index: u64, mut given: Value, bytes_max: usize) -> Option<Value> {
        if self.finished {
            return None;
        }
        let finish = finish(&given["finish_reason"]);
        let mut says = match given.get_mut("delta").map(Value::take) {
            Some(Value::Object(says)) => says,
            _ => Map::new(),
        };
        says.shift_remove("role");
        says.retain(|_, value| !value.is_null());
        if finish.as_deref() == Some("content_filter") {
            self.replaced(&mut says);
        } else if let Some(content) = says.get("content").and_then(Value::as_str) {
            self.overlong |= self.said.len() + content.len() > bytes_max;
            if !self.overlong {
                self.said.push_str(content);
            }
        }
        if let Some(Value::Array(calls)) = says.get_mut("tool_calls") {
            self.calls(back, index, calls);
        }
        if !std::mem::replace(&mut self.opened, true) {
            says.shift_insert(0, "role".to_owned(), "assistant".into());
            says.entry("content").or_insert("".into());
        } else if says.is_empty() && finish.is_none() {
            return None;
        }
        self.finished = finish.is_some();
        let logprobs = given.get_mut("logprobs").map(Value::take).unwrap_or_default();
        Some(json!({ "index": index, "delta": says, "logprobs": logprobs, "finish_reason": finish }))
    }

    /// The text of a filtered answer is a whole one: what of it goes on from what was said can be said, the rest
    /// cannot be taken back.
    fn replaced(&self, says: &mut Map<String, Value>) {
        let Some(content) = says.get("content").and_then(Value::as_str) else { return };
        let more = content.strip_prefix(&self.said).filter(|_| !self.overlong).unwrap_or_default().to_owned();
        if more.is_empty() {
            says.shift_remove("content");
        } else {
            says.insert("content".to_owned(), more.into());
        }
    }

    fn calls(&mut self, back: &Back, index: u64, calls: &mut [Value]) {
        for (at, call) in calls.iter_mut().enumerate().filter(|(_, call)| call.is_object()) {
            let place = call["index"].as_u64().unwrap_or(at as u64);
            call["index"] = place.into();
            if self.calls.insert(place) {
                let number = |count: u64| usize::try_from(count).unwrap_or_default();
                // What is no call is passed on as it is.
                let _ = complete(call, || call_id(back, number(index), number(place)));
            } else {
                arguments_as_text(call);
            }
        }
    }
}

impl Translator for Stream {
    fn push(&mut self, bytes: &[u8], out: &mut Vec<Frame>) -> Result<(), TooLong> {
        let mut frames = Vec::new();
        let read = self.decoder.push(bytes, &mut frames);
        for frame in frames {
            if let (Frame::Event(given), true) = (frame, self.open) {
                self.data(&given.data, out);
            }
        }
        read
    }

    fn end(&mut self, _out: &mut Vec<Frame>) {}
}
