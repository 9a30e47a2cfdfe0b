//! OpenAI's chunks as named events.
//!
//! Anthropic's blocks follow each other, OpenAI's calls may be written side by side. So the first call is passed on as
//! it comes, and what comes beside it (later calls, text) waits for its end.

use super::Back;
use super::answer::{Stop, head, thoughts, usage};
use super::error;
use crate::sse::{Event, Frame, TooLong};
use crate::translate::retell::{Retell, Said};
use crate::tree::{Tree, map};

/// Translates one stream, frame by frame.
#[derive(Debug)]
pub struct Events {
    back: Back,
    bytes_max: usize,
    started: bool,
    over: bool,
    /// The next block's number.
    index: u64,
    open: Option<Open>,
    waiting: Vec<Call>,
    waiting_text: String,
    waiting_bytes: usize,
    called: bool,
    stop: Option<Stop>,
    usage: Tree,
}

/// The block that is being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    Text,
    Thinking,
    /// With the number that OpenAI's chunks give the call.
    Call(u64),
}

/// A call that waits.
#[derive(Debug)]
struct Call {
    number: u64,
    id: String,
    name: String,
    arguments: String,
}

impl Retell for Events {
    type Back = Back;

    fn begin(back: Back, bytes_max: usize) -> Self {
        Self {
            back,
            bytes_max,
            started: false,
            over: false,
            index: 0,
            open: None,
            waiting: Vec::new(),
            waiting_text: String::new(),
            waiting_bytes: 0,
            called: false,
            stop: None,
            usage: Tree::Null,
        }
    }

    fn push(&mut self, frame: &Frame, out: &mut Vec<Frame>) -> Result<(), TooLong> {
        match Said::by(frame) {
            _ if self.over => {}
            Said::Comment => out.push(frame.clone()),
            Said::Done => self.done(out),
            Said::Failed(error) => self.fail(&error, out),
            Said::Chunk(chunk) => return self.chunk(&chunk, out),
        }
        Ok(())
    }

    fn fail_with(&mut self, body: &[u8], out: &mut Vec<Frame>) {
        if !std::mem::replace(&mut self.over, true) {
            out.push(error::error_event(body));
        }
    }
}

impl Events {
    fn fail(&mut self, said: &Tree, out: &mut Vec<Frame>) {
        self.over = true;
        out.push(error::event(said));
    }

    fn chunk(&mut self, chunk: &Tree, out: &mut Vec<Frame>) -> Result<(), TooLong> {
        if !chunk.get("usage").is_null() {
            self.usage = chunk.get("usage").clone();
        }
        self.start(chunk, out);
        let first = |choice: &&Tree| choice.get("index").count().unwrap_or(0) == 0;
        let Some(choice) = chunk.get("choices").list().iter().find(first) else { return Ok(()) };
        let delta = choice.get("delta");
        if self.back.thinking {
            self.say(Open::Thinking, thoughts(delta), out)?;
        }
        self.say(Open::Text, delta.get("content").said(), out)?;
        self.say(Open::Text, delta.get("refusal").said(), out)?;
        for (place, call) in (0..).zip(delta.get("tool_calls").list()) {
            let number = call.get("index").count().unwrap_or(place);
            self.call(number, call.get("id").said(), call.get("function"), out)?;
        }
        if !delta.get("function_call").is_null() {
            self.call(0, "call_0", delta.get("function_call"), out)?;
        }
        if choice.get("finish_reason").text().is_some() {
            self.stop = Some(Stop::of(choice, self.called));
        }
        Ok(())
    }

    fn start(&mut self, chunk: &Tree, out: &mut Vec<Frame>) {
        if std::mem::replace(&mut self.started, true) {
            return;
        }
        let mut message = head(chunk, &self.back);
        message.put("content", Vec::new());
        message.put("stop_reason", Tree::Null);
        message.put("stop_sequence", Tree::Null);
        let mut usage = usage(&Tree::Null);
        if let Tree::Map(members) = &mut usage {
            members[0].1 = self.back.input_tokens.into();
        }
        message.put("usage", usage);
        event("message_start", map! { "message": message }, out);
        event("ping", Tree::Map(Vec::new()), out);
    }

    /// Text or thinking. Beside a call that is being written, text waits; thinking there is of no use to anybody.
    fn say(&mut self, kind: Open, text: &str, out: &mut Vec<Frame>) -> Result<(), TooLong> {
        if text.is_empty() {
            return Ok(());
        }
        if matches!(self.open, Some(Open::Call(_))) {
            if kind == Open::Text {
                self.wait(text.len())?;
                self.waiting_text.push_str(text);
            }
            return Ok(());
        }
        self.write(kind, text, out);
        Ok(())
    }

    fn write(&mut self, kind: Open, text: &str, out: &mut Vec<Frame>) {
        let (block, delta) = match kind {
            Open::Thinking => (
                map! { "type": "thinking", "thinking": "", "signature": "" },
                map! { "type": "thinking_delta", "thinking": text },
            ),
            _ => (map! { "type": "text", "text": "" }, map! { "type": "text_delta", "text": text }),
        };
        self.open(kind, block, out);
        self.delta(delta, out);
    }

    fn call(&mut self, number: u64, id: &str, function: &Tree, out: &mut Vec<Frame>) -> Result<(), TooLong> {
        let (name, arguments) = (function.get("name").said(), function.get("arguments").said());
        if !self.called {
            self.called = true;
            self.begin_call(number, id, name, out);
        }
        if self.open == Some(Open::Call(number)) {
            self.arguments(arguments, out);
            return Ok(());
        }
        self.wait(id.len() + name.len() + arguments.len() + size_of::<Call>())?;
        match self.waiting.iter_mut().find(|call| call.number == number) {
            Some(call) => call.arguments.push_str(arguments),
            None => self.waiting.push(Call {
                number,
                id: id.to_owned(),
                name: name.to_owned(),
                arguments: arguments.to_owned(),
            }),
        }
        Ok(())
    }

    fn wait(&mut self, bytes: usize) -> Result<(), TooLong> {
        self.waiting_bytes = self.waiting_bytes.saturating_add(bytes);
        if self.waiting_bytes > self.bytes_max {
            self.over = true;
            return Err(TooLong { bytes_max: self.bytes_max });
        }
        Ok(())
    }

    fn begin_call(&mut self, number: u64, id: &str, name: &str, out: &mut Vec<Frame>) {
        let block = map! { "type": "tool_use", "id": id, "name": name, "input": Tree::Map(Vec::new()) };
        self.open(Open::Call(number), block, out);
    }

    fn arguments(&mut self, piece: &str, out: &mut Vec<Frame>) {
        if !piece.is_empty() {
            self.delta(map! { "type": "input_json_delta", "partial_json": piece }, out);
        }
    }

    fn open(&mut self, kind: Open, block: Tree, out: &mut Vec<Frame>) {
        if self.open == Some(kind) {
            return;
        }
        self.close(out);
        self.open = Some(kind);
        event("content_block_start", map! { "index": self.index, "content_block": block }, out);
    }

    fn delta(&self, delta: Tree, out: &mut Vec<Frame>) {
        event("content_block_delta", map! { "index": self.index, "delta": delta }, out);
    }

    fn close(&mut self, out: &mut Vec<Frame>) {
        if self.open.take().is_some() {
            event("content_block_stop", map! { "index": self.index }, out);
            self.index += 1;
        }
    }

    fn done(&mut self, out: &mut Vec<Frame>) {
        self.start(&Tree::Null, out);
        self.close(out);
        for call in std::mem::take(&mut self.waiting) {
            self.begin_call(call.number, &call.id, &call.name, out);
            self.arguments(&call.arguments, out);
            self.close(out);
        }
        let text = std::mem::take(&mut self.waiting_text);
        if !text.is_empty() {
            self.write(Open::Text, &text, out);
            self.close(out);
        }
        self.over = true;
        let reason = if self.called { "tool_use" } else { "end_turn" };
        let stop = self.stop.take().unwrap_or(Stop { reason, sequence: None });
        let delta = map! { "stop_reason": stop.reason, "stop_sequence": stop.sequence };
        event("message_delta", map! { "delta": delta, "usage": usage(&self.usage) }, out);
        event("message_stop", Tree::Map(Vec::new()), out);
    }
}

/// An event whose data has its name as `type`, before everything else.
fn event(name: &str, data: Tree, out: &mut Vec<Frame>) {
    let mut whole = map! { "type": name };
    for (key, value) in data.members() {
        whole.put(key, value);
    }
    out.push(Frame::Event(Event { name: Some(name.to_owned()), data: whole.to_json(), id: None }));
}
