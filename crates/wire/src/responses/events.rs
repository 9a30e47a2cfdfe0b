//! OpenAI's chunks as the events of a response, numbered.
//!
//! Every call is an item of its own, so calls that a provider writes side by side are passed on as they come. What was
//! written is kept until the end, for the last events repeat it.

use std::collections::HashMap;

use super::Back;
use super::answer::{Ending, Head, thoughts, words};
use super::items::{End, Item, Kind};
use crate::sse::{Event, Frame, TooLong};
use crate::translate::retell::{Retell, Said};
use crate::tree::{Tree, map};

/// What an item counts beside its text: the events around it are sent too.
const ITEM_BYTES: usize = 512;

/// Translates one stream, frame by frame.
#[derive(Debug)]
pub struct Events {
    back: Back,
    head: Option<Head>,
    /// The next event's number.
    number: u64,
    bytes: usize,
    bytes_max: usize,
    items: Vec<Item>,
    /// Of each item, whether it is finished.
    closed: Vec<bool>,
    /// The text that is being written, and its kind: one at a time.
    text: Option<usize>,
    /// The calls that are being written, by number.
    calls: HashMap<u64, usize>,
    end: End,
    usage: Tree,
    over: bool,
}

impl Retell for Events {
    type Back = Back;

    fn begin(back: Back, bytes_max: usize) -> Self {
        Self {
            back,
            head: None,
            number: 0,
            bytes: 0,
            bytes_max,
            items: Vec::new(),
            closed: Vec::new(),
            text: None,
            calls: HashMap::new(),
            end: End::Completed,
            usage: Tree::Null,
            over: false,
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
        if !self.over {
            self.fail(Tree::object(body).unwrap_or(Tree::Null).get("error"), out);
        }
    }
}

impl Events {
    fn fail(&mut self, said: &Tree, out: &mut Vec<Frame>) {
        self.start(&Tree::Null, out);
        self.over = true;
        let message = said.text().or(said.get("message").text()).unwrap_or("the request failed");
        let code = said.get("code").text().unwrap_or("server_error");
        let mut event = map! { "code": code, "message": message, "param": said.get("param") };
        if !said.get("freehold").is_null() {
            event.put("freehold", said.get("freehold"));
        }
        self.event("error", event, out);
        let error = map! { "code": code, "message": message };
        let output = self.output(End::Incomplete("error"));
        self.whole("response.failed", "failed", (output, None, Some(error)), out);
    }

    fn chunk(&mut self, chunk: &Tree, out: &mut Vec<Frame>) -> Result<(), TooLong> {
        self.start(chunk, out);
        if !chunk.get("usage").is_null() {
            self.usage = chunk.get("usage").clone();
        }
        let first = |choice: &&Tree| choice.get("index").count().unwrap_or(0) == 0;
        let Some(choice) = chunk.get("choices").list().iter().find(first) else { return Ok(()) };
        let delta = choice.get("delta");
        self.say(Kind::Reasoning, thoughts(delta), out)?;
        // What is no text in a stream has no words that could be passed on.
        self.say(Kind::Text, &words(delta.get("content")).unwrap_or_default(), out)?;
        self.say(Kind::Refusal, delta.get("refusal").said(), out)?;
        for (place, call) in (0..).zip(delta.get("tool_calls").list()) {
            let (id, function) = (call.get("id").said(), call.get("function"));
            self.call(call.get("index").count().unwrap_or(place), (id, function), out)?;
        }
        if !delta.get("function_call").is_null() {
            // The older form: one call, without an id.
            self.call(0, ("call_0", delta.get("function_call")), out)?;
        }
        if let Some(reason) = choice.get("finish_reason").text() {
            self.end = End::of(reason);
        }
        Ok(())
    }

    fn start(&mut self, chunk: &Tree, out: &mut Vec<Frame>) {
        if self.head.is_none() {
            self.head = Some(Head::of(chunk, &self.back));
            for name in ["response.created", "response.in_progress"] {
                self.whole(name, "in_progress", (Vec::new(), None, None), out);
            }
        }
    }

    /// Text of one kind: it goes on in the open item of that kind, else in a new one.
    fn say(&mut self, kind: Kind, text: &str, out: &mut Vec<Frame>) -> Result<(), TooLong> {
        if text.is_empty() {
            return Ok(());
        }
        let open = self.text.filter(|place| self.items[*place].kind == kind);
        let place = match open {
            Some(place) => place,
            None => {
                self.close_text(out);
                self.count(ITEM_BYTES)?;
                let place = self.open(kind, out);
                self.text = Some(place);
                place
            }
        };
        self.write(place, text, out)
    }

    fn call(&mut self, number: u64, (id, function): (&str, &Tree), out: &mut Vec<Frame>) -> Result<(), TooLong> {
        let place = match self.calls.get(&number) {
            Some(place) => *place,
            None => {
                self.close_text(out);
                let (call_id, name) = (id.to_owned(), function.get("name").said().to_owned());
                self.count(ITEM_BYTES + call_id.len() + name.len())?;
                let place = self.open(Kind::Call { number, call_id, name }, out);
                self.calls.insert(number, place);
                place
            }
        };
        self.write(place, function.get("arguments").said(), out)
    }

    fn count(&mut self, bytes: usize) -> Result<(), TooLong> {
        self.bytes += bytes;
        if self.bytes > self.bytes_max { Err(TooLong { bytes_max: self.bytes_max }) } else { Ok(()) }
    }

    fn write(&mut self, place: usize, text: &str, out: &mut Vec<Frame>) -> Result<(), TooLong> {
        if text.is_empty() {
            return Ok(());
        }
        self.count(text.len())?;
        self.items[place].said.push_str(text);
        let mut data = self.address(place);
        data.put("delta", text);
        if self.items[place].kind == Kind::Text {
            data.put("logprobs", Vec::new());
        }
        self.event(&format!("{}.delta", stem(&self.items[place].kind)), data, out);
        Ok(())
    }

    fn open(&mut self, kind: Kind, out: &mut Vec<Frame>) -> usize {
        let place = self.items.len();
        let item = Item::new(kind, &self.back, place);
        let told = map! { "output_index": place as u64, "item": item.tree("in_progress", true) };
        self.event("response.output_item.added", told, out);
        let part = item.part();
        self.items.push(item);
        self.closed.push(false);
        if let Some(part) = part {
            let mut data = self.address(place);
            data.put("part", part);
            self.event("response.content_part.added", data, out);
        }
        place
    }

    /// Ends what is said: text that comes later is an item of its own.
    fn close_text(&mut self, out: &mut Vec<Frame>) {
        if let Some(place) = self.text.take() {
            self.close(place, "completed", out);
        }
    }

    fn close(&mut self, place: usize, status: &str, out: &mut Vec<Frame>) {
        self.closed[place] = true;
        let item = self.items[place].clone();
        let mut data = self.address(place);
        match &item.kind {
            Kind::Call { name, .. } => {
                data.put("name", name.as_str());
                data.put("arguments", item.said.as_str());
            }
            Kind::Refusal => data.put("refusal", item.said.as_str()),
            Kind::Text => {
                data.put("text", item.said.as_str());
                data.put("logprobs", Vec::new());
            }
            Kind::Reasoning => data.put("text", item.said.as_str()),
        }
        self.event(&format!("{}.done", stem(&item.kind)), data, out);
        if let Some(part) = item.part() {
            let mut data = self.address(place);
            data.put("part", part);
            self.event("response.content_part.done", data, out);
        }
        let data = map! { "output_index": place as u64, "item": item.tree(status, false) };
        self.event("response.output_item.done", data, out);
    }

    fn done(&mut self, out: &mut Vec<Frame>) {
        self.start(&Tree::Null, out);
        self.over = true;
        let last = self.items.len().saturating_sub(1);
        let open: Vec<usize> = (0..self.items.len()).filter(|place| !self.closed[*place]).collect();
        for place in open {
            let status = if place == last { self.end.status() } else { "completed" };
            self.close(place, status, out);
        }
        let end = self.end;
        let name = if end == End::Completed { "response.completed" } else { "response.incomplete" };
        self.whole(name, end.status(), (self.output(end), end.details(), None), out);
    }

    fn output(&self, end: End) -> Vec<Tree> {
        end.output(&self.items)
    }

    /// Where an event belongs.
    fn address(&self, place: usize) -> Tree {
        let item = &self.items[place];
        let mut data = map! { "item_id": item.id.as_str(), "output_index": place as u64 };
        if !matches!(item.kind, Kind::Call { .. }) {
            data.put("content_index", 0_u64);
        }
        data
    }

    /// An event that holds the whole response.
    fn whole(
        &mut self,
        name: &str,
        status: &str,
        (output, details, error): (Vec<Tree>, Option<Tree>, Option<Tree>),
        out: &mut Vec<Frame>,
    ) {
        let ending = Ending { output, details, error, usage: &self.usage };
        let head = self.head.clone().unwrap_or_default();
        let response = head.response(&self.back, status, &ending);
        self.event(name, map! { "response": response }, out);
    }

    /// An event whose data has its name as `type` and its number, before everything else.
    fn event(&mut self, name: &str, data: Tree, out: &mut Vec<Frame>) {
        let mut whole = map! { "type": name, "sequence_number": self.number };
        self.number += 1;
        data.members().iter().for_each(|(key, value)| whole.put(key, value));
        out.push(Frame::Event(Event { name: Some(name.to_owned()), data: whole.to_json(), id: None }));
    }
}

/// What the events of an item's text begin with.
fn stem(kind: &Kind) -> &'static str {
    match kind {
        Kind::Reasoning => "response.reasoning_text",
        Kind::Text => "response.output_text",
        Kind::Refusal => "response.refusal",
        Kind::Call { .. } => "response.function_call_arguments",
    }
}
