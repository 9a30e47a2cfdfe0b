//! A streamed answer, translated back event by event.

use serde_json::{Map, Value, json};

use super::foreign::{Body, Called, Choice, finish_reason};
use super::{call_id, error};
use crate::openai::{DONE, UpstreamError};
use crate::sse::{Decoder, Event, Frame, TooLong};
use crate::translate::{Back, Translator};

/// Translates one stream. Holds at most one event, and one call a choice.
#[derive(Debug)]
pub struct Stream {
    back: Back,
    decoder: Decoder,
    choices: Vec<State>,
    usage: Option<Value>,
    /// Time and model, as the first event has them.
    head: Option<(u64, String)>,
    /// The end or an error has been said: whatever comes after it is not looked at.
    over: bool,
}

/// What is known of a choice.
#[derive(Debug, Default)]
struct State {
    index: u32,
    begun: bool,
    finished: bool,
    state_id: Option<String>,
    /// A call whose state has not come yet: it may stand in the next event.
    waiting: Option<Called>,
    calls: u32,
}

/// An event makes no sense.
struct Unreadable;

impl Stream {
    /// A translation of one answer; events may be up to `bytes_max` long.
    pub fn new(back: Back, bytes_max: usize) -> Self {
        let decoder = Decoder::new(bytes_max);
        Self { back, decoder, choices: Vec::new(), usage: None, head: None, over: false }
    }

    fn take(&mut self, frame: Frame, out: &mut Vec<Frame>) {
        match frame {
            _ if self.over => {}
            Frame::Comment(_) => out.push(frame),
            Frame::Event(event) => match event.data.trim_ascii() {
                "" => {}
                DONE => self.conclude(out),
                data => self.event(data, out),
            },
        }
    }

    fn event(&mut self, data: &str, out: &mut Vec<Frame>) {
        match serde_json::from_str::<Body>(data) {
            Err(_) => self.fail(&error::unreadable(), out),
            Ok(body) if body.is_error() => self.fail(&error::error(200, data.as_bytes()), out),
            Ok(body) => {
                if self.chunk(&body, out).is_err() {
                    self.fail(&error::unreadable(), out);
                } else if body.is_failure() {
                    self.fail(&error::failed_model(), out);
                }
            }
        }
    }

    fn chunk(&mut self, body: &Body, out: &mut Vec<Frame>) -> Result<(), Unreadable> {
        if self.head.is_none() {
            self.head = Some((body.created(&self.back), body.model(&self.back).to_owned()));
        }
        self.usage = body.usage().or(self.usage.take());
        for (place, choice) in body.choices.iter().flatten().enumerate() {
            self.choice(choice, place, out)?;
        }
        Ok(())
    }

    fn choice(&mut self, choice: &Choice, place: usize, out: &mut Vec<Frame>) -> Result<(), Unreadable> {
        let at = self.state(choice.index(place).ok_or(Unreadable)?);
        if let Some(said) = &choice.message {
            let content = said.content().ok_or(Unreadable)?;
            self.text(at, content, said.reasoning(), out);
            if let Some(state) = said.functions_state_id.as_str().filter(|state| !state.is_empty()) {
                self.choices[at].state_id = Some(state.to_owned());
            }
            if let Some(call) = &said.function_call {
                let called = call.read(&self.back).ok_or(Unreadable)?;
                self.call(at, out);
                self.choices[at].waiting = Some(called);
            }
            if self.choices[at].state_id.is_some() {
                self.call(at, out);
            }
        }
        match choice.finish_reason.as_str() {
            // Said as an error, by the caller.
            None | Some("error") => {}
            Some(reason) => self.finish(at, reason, out),
        }
        Ok(())
    }

    /// Where the state of a choice stands; there are few of them.
    fn state(&mut self, index: u32) -> usize {
        if let Some(at) = self.choices.iter().position(|state| state.index == index) {
            return at;
        }
        self.choices.push(State { index, ..State::default() });
        self.choices.len() - 1
    }

    /// A piece of text; the first of a choice says the role too.
    fn text(&mut self, at: usize, content: &str, reasoning: &str, out: &mut Vec<Frame>) {
        let mut delta = Map::new();
        if !std::mem::replace(&mut self.choices[at].begun, true) {
            delta.insert("role".to_owned(), json!("assistant"));
            delta.insert("content".to_owned(), json!(content));
        } else if !content.is_empty() {
            delta.insert("content".to_owned(), json!(content));
        }
        if !reasoning.is_empty() {
            delta.insert("reasoning_content".to_owned(), json!(reasoning));
        }
        if !delta.is_empty() {
            self.delta(at, Value::Object(delta), None, out);
        }
    }

    /// Hands out the call that waits, if one does.
    fn call(&mut self, at: usize, out: &mut Vec<Frame>) {
        let choice = &mut self.choices[at];
        let Some(Called { name, arguments }) = choice.waiting.take() else { return };
        let number = choice.calls;
        choice.calls += 1;
        let function = json!({ "name": name, "arguments": arguments });
        let delta = if self.back.legacy_functions {
            json!({ "function_call": function })
        } else {
            let id = call_id::of(choice.state_id.as_deref(), &self.back, choice.index, number);
            json!({ "tool_calls": [{ "index": number, "id": id, "type": "function", "function": function }] })
        };
        self.delta(at, delta, None, out);
    }

    fn finish(&mut self, at: usize, reason: &str, out: &mut Vec<Frame>) {
        self.call(at, out);
        let choice = &mut self.choices[at];
        if std::mem::replace(&mut choice.finished, true) {
            return;
        }
        let reason = finish_reason(reason, choice.calls > 0, &self.back);
        self.delta(at, json!({}), Some(reason), out);
    }

    fn delta(&self, at: usize, delta: Value, finish: Option<&str>, out: &mut Vec<Frame>) {
        let index = self.choices[at].index;
        let choice = json!({ "index": index, "delta": delta, "logprobs": null, "finish_reason": finish });
        self.emit(json!([choice]), None, out);
    }

    fn emit(&self, choices: Value, usage: Option<Value>, out: &mut Vec<Frame>) {
        let (created, model) = self.head.clone().unwrap_or((self.back.created, self.back.model.clone()));
        let mut chunk = json!({
            "id": self.back.id,
            "object": "chat.completion.chunk",
            "created": created,
            "model": model,
            "system_fingerprint": null,
            "choices": choices,
        });
        if let Some(usage) = usage {
            chunk["usage"] = usage;
        }
        out.push(data(chunk.to_string()));
    }

    /// The proper end: what is still open is closed, usage is told to who asked for it.
    fn conclude(&mut self, out: &mut Vec<Frame>) {
        for at in 0..self.choices.len() {
            self.finish(at, "stop", out);
        }
        if let (true, Some(usage)) = (self.back.wants_usage, self.usage.take()) {
            self.emit(json!([]), Some(usage), out);
        }
        out.push(data(DONE.to_owned()));
        self.over = true;
    }

    fn fail(&mut self, error: &UpstreamError, out: &mut Vec<Frame>) {
        out.push(data(error::event(error)));
        self.over = true;
    }
}

fn data(data: String) -> Frame {
    Frame::Event(Event { data, ..Event::default() })
}

impl Translator for Stream {
    fn push(&mut self, bytes: &[u8], out: &mut Vec<Frame>) -> Result<(), TooLong> {
        if self.over {
            return Ok(());
        }
        let mut frames = Vec::new();
        let read = self.decoder.push(bytes, &mut frames);
        for frame in frames {
            self.take(frame, out);
        }
        if self.over { Ok(()) } else { read }
    }

    fn end(&mut self, out: &mut Vec<Frame>) {
        if self.over {
            return;
        }
        // The last event may lack its empty line. What does not make sense was cut, and is no event.
        let mut frames = Vec::new();
        if self.decoder.push(b"\n\n", &mut frames).is_ok() {
            for frame in frames {
                if matches!(&frame, Frame::Event(event) if is_whole(&event.data)) {
                    self.take(frame, out);
                }
            }
        }
        let complete = !self.choices.is_empty() && self.choices.iter().all(|choice| choice.finished);
        if complete && !self.over {
            self.conclude(out);
        }
        self.over = true;
    }
}

fn is_whole(data: &str) -> bool {
    data.trim_ascii() == DONE || serde_json::from_str::<Body>(data).is_ok()
}
