//! Named events as OpenAI's chunks.

use super::answer::{Usage, finish_reason, head, known_name};
use super::error;
use crate::openai::DONE;
use crate::sse::{Decoder, Event, Frame, TooLong};
use crate::translate::{Back, Translator};
use crate::tree::{Tree, map};

/// Translates one stream of the API.
#[derive(Debug)]
pub struct Stream {
    decoder: Decoder,
    back: Back,
    id: Option<String>,
    model: Option<String>,
    usage: Usage,
    /// How many calls have begun.
    calls: u64,
    /// The call that is being written.
    call: Option<Call>,
    started: bool,
    finished: bool,
    over: bool,
}

/// A call while its arguments come.
#[derive(Debug)]
struct Call {
    number: u64,
    /// What its first event brought; some servers send everything there.
    input: Tree,
    any: bool,
}

impl Stream {
    /// Begins one. Events longer than `bytes_max` end it.
    pub fn new(back: Back, bytes_max: usize) -> Self {
        Self {
            decoder: Decoder::new(bytes_max),
            back,
            id: None,
            model: None,
            usage: Usage::default(),
            calls: 0,
            call: None,
            started: false,
            finished: false,
            over: false,
        }
    }

    fn event(&mut self, event: &Event, out: &mut Vec<Frame>) {
        let Ok(data) = Tree::parse(&event.data) else {
            return self.fail(&map! { "message": "an event of the provider's stream is not JSON" }, out);
        };
        let name = event.name.as_deref().unwrap_or_default();
        match data.get("type").text().unwrap_or(name) {
            "message_start" => self.start(data.get("message"), out),
            "content_block_start" => self.block(data.get("content_block"), out),
            "content_block_delta" => self.delta(data.get("delta"), out),
            "content_block_stop" => self.close(out),
            "message_delta" => self.finish(&data, out),
            "message_stop" => self.stop(out),
            // A sign of life for whoever waits on our side.
            "ping" => out.push(Frame::Comment("ping".to_owned())),
            "error" => self.fail(data.get("error"), out),
            _ if !data.get("error").is_null() => self.fail(data.get("error"), out),
            _ => {}
        }
    }

    fn start(&mut self, message: &Tree, out: &mut Vec<Frame>) {
        self.id = message.get("id").text().map(str::to_owned);
        self.model = message.get("model").text().map(str::to_owned);
        self.usage.update(message.get("usage"));
        self.begin(out);
    }

    /// The first chunk names the role, once.
    fn begin(&mut self, out: &mut Vec<Frame>) {
        if !std::mem::replace(&mut self.started, true) {
            self.say(&map! { "role": "assistant", "content": "" }, None, out);
        }
    }

    fn block(&mut self, block: &Tree, out: &mut Vec<Frame>) {
        self.close(out);
        match block.get("type").said() {
            "text" => self.text("content", block.get("text").said(), out),
            "thinking" => self.text("reasoning_content", block.get("thinking").said(), out),
            "tool_use" => {
                let number = self.calls;
                self.calls += 1;
                self.call = Some(Call { number, input: block.get("input").clone(), any: false });
                let name = known_name(block.get("name").said(), &self.back).to_owned();
                let function = map! { "name": name, "arguments": "" };
                self.call_delta(number, Some(block.get("id")), function, out);
            }
            _ => {}
        }
    }

    fn delta(&mut self, delta: &Tree, out: &mut Vec<Frame>) {
        match delta.get("type").said() {
            "text_delta" => self.text("content", delta.get("text").said(), out),
            "thinking_delta" => self.text("reasoning_content", delta.get("thinking").said(), out),
            "input_json_delta" => self.arguments(delta.get("partial_json").said(), out),
            // Signatures and citations have no place in OpenAI's chunks.
            _ => {}
        }
    }

    fn text(&mut self, field: &str, text: &str, out: &mut Vec<Frame>) {
        if text.is_empty() {
            return;
        }
        self.begin(out);
        self.say(&Tree::Map(vec![(field.to_owned(), text.into())]), None, out);
    }

    fn arguments(&mut self, piece: &str, out: &mut Vec<Frame>) {
        if let Some(call) = self.call.as_mut().filter(|_| !piece.is_empty()) {
            call.any = true;
            let number = call.number;
            self.call_delta(number, None, map! { "arguments": piece }, out);
        }
    }

    /// A block ends. A call without pieces has what its first event brought.
    fn close(&mut self, out: &mut Vec<Frame>) {
        if let Some(call) = self.call.take().filter(|call| !call.any) {
            let whole = if call.input.is_null() { "{}".to_owned() } else { call.input.to_json() };
            self.call_delta(call.number, None, map! { "arguments": whole }, out);
        }
    }

    fn call_delta(&mut self, number: u64, id: Option<&Tree>, function: Tree, out: &mut Vec<Frame>) {
        self.begin(out);
        if self.back.legacy_functions {
            // There is one such call at a time, and no number to tell another by.
            if number == 0 {
                self.say(&map! { "function_call": function }, None, out);
            }
            return;
        }
        let mut call = map! { "index": number };
        if let Some(id) = id {
            call.put("id", id);
            call.put("type", "function");
        }
        call.put("function", function);
        self.say(&map! { "tool_calls": vec![call] }, None, out);
    }

    fn finish(&mut self, data: &Tree, out: &mut Vec<Frame>) {
        self.usage.update(data.get("usage"));
        let Some(reason) = data.get("delta").get("stop_reason").text().filter(|_| !self.finished) else { return };
        self.finished = true;
        let reason = finish_reason(reason, &self.back);
        self.close(out);
        self.begin(out);
        self.say(&Tree::Map(Vec::new()), Some(reason), out);
    }

    fn stop(&mut self, out: &mut Vec<Frame>) {
        self.over = true;
        // Without a reason to end it was cut, whatever stands behind it.
        if !self.finished {
            return;
        }
        if self.back.wants_usage {
            let mut chunk = self.head();
            chunk.put("choices", Vec::new());
            chunk.put("usage", self.usage.tree());
            out.push(data(chunk.to_json()));
        }
        out.push(data(DONE.to_owned()));
    }

    fn fail(&mut self, said: &Tree, out: &mut Vec<Frame>) {
        self.over = true;
        out.push(data(error::event(said)));
    }

    fn head(&self) -> Tree {
        head(&self.back, "chat.completion.chunk", self.id.as_deref(), self.model.as_deref())
    }

    fn say(&self, delta: &Tree, finish: Option<&str>, out: &mut Vec<Frame>) {
        let choice = map! { "index": 0, "delta": delta, "logprobs": Tree::Null, "finish_reason": finish };
        let mut chunk = self.head();
        chunk.put("choices", vec![choice]);
        out.push(data(chunk.to_json()));
    }
}

fn data(data: String) -> Frame {
    Frame::Event(Event { data, ..Event::default() })
}

impl Translator for Stream {
    fn push(&mut self, bytes: &[u8], out: &mut Vec<Frame>) -> Result<(), TooLong> {
        let mut frames = Vec::new();
        let read = self.decoder.push(bytes, &mut frames);
        for frame in &frames {
            match frame {
                Frame::Event(event) if !self.over => self.event(event, out),
                _ => {}
            }
        }
        read
    }

    fn end(&mut self, _: &mut Vec<Frame>) {
        self.over = true;
    }
}
