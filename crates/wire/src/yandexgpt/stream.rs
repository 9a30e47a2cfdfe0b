//! A native stream, translated as it comes.

use serde_json::{Value, json};

use super::answer::{Alternative, Read, Status, parse};
use super::counts;
use super::error::{event as error_event, failure};
use super::form::{Call, calls_delta, delta, ending};
use super::values::Values;
use crate::sse::{Frame, TooLong};
use crate::translate::{Back, Translator};

/// What to do with an answer whose final text does not go on from what the client has already got. (While it is not
/// final, nothing more is said until it goes on again, for what changed may change back.)
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rewritten {
    /// The stream ends in an error: nobody takes a text for the answer that is not.
    #[default]
    Fail,
    /// The final text follows from where it differs; what the client has is then not what the provider says.
    Splice,
    /// Nothing is said before the text is final, so it never happens.
    Hold,
}

/// Translates a native stream.
#[derive(Debug)]
pub struct Stream {
    back: Back,
    values: Values,
    rewritten: Rewritten,
    choices: Vec<Choice>,
    usage: Option<Value>,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    Done,
    Failed,
}

/// One alternative so far.
#[derive(Debug, Default)]
struct Choice {
    opened: bool,
    finished: bool,
    /// What the client has.
    said: String,
    /// The last text, calls and status that came.
    text: String,
    calls: Vec<Call>,
    status: Status,
}

impl Stream {
    /// A translation that takes messages up to a size, and fails where text is rewritten.
    pub fn new(back: Back, bytes_max: usize) -> Self {
        Self::with(back, bytes_max, Rewritten::default())
    }

    /// One that does something else then.
    pub fn with(back: Back, bytes_max: usize, rewritten: Rewritten) -> Self {
        let values = Values::new(bytes_max);
        Self { back, values, rewritten, choices: Vec::new(), usage: None, state: State::Open }
    }

    fn message(&mut self, bytes: &[u8], out: &mut Vec<Frame>) {
        if self.state != State::Open {
            return;
        }
        let value = parse(bytes).unwrap_or_default();
        match Read::of(&value) {
            Read::Reply(reply) => {
                // Counts are of the whole answer so far: the last ones hold.
                self.usage = reply.usage.or(self.usage.take());
                for (index, alternative) in reply.alternatives.into_iter().enumerate() {
                    self.alternative(index, alternative, out);
                }
                self.finish(out);
            }
            Read::Error => self.fail(&value, out),
            // A message with counts only is no fault.
            Read::Malformed if counts_only(&value) => {
                self.usage = counts::native(&value["result"]["usage"]).or(self.usage.take());
            }
            Read::Malformed => self.fail(&json!({ "message": "the provider's stream makes no sense" }), out),
        }
    }

    fn alternative(&mut self, index: usize, new: Alternative, out: &mut Vec<Frame>) {
        while self.choices.len() <= index {
            self.choices.push(Choice::default());
        }
        let choice = &mut self.choices[index];
        if choice.finished || self.state != State::Open {
            return;
        }
        if !std::mem::replace(&mut choice.opened, true) {
            out.push(delta(&self.back, index, &json!({ "role": "assistant", "content": "" }), None));
        }
        let finish = new.finish(&self.back);
        (choice.text, choice.calls, choice.status) = (new.text, new.calls, new.status);
        if finish.is_some() || self.rewritten != Rewritten::Hold {
            choice.say(&self.back, index, out);
        }
        if let Some(finish) = finish {
            self.end_choice(index, finish, out);
        }
    }

    /// Says what is left to say of a choice, and how it ended.
    fn end_choice(&mut self, index: usize, finish: &str, out: &mut Vec<Frame>) {
        let choice = &mut self.choices[index];
        if !choice.text.starts_with(&choice.said) && finish != "content_filter" {
            match self.rewritten {
                Rewritten::Fail => return self.fail(&rewritten(), out),
                Rewritten::Splice | Rewritten::Hold => choice.splice(&self.back, index, out),
            }
        }
        if self.back.legacy_functions && choice.calls.len() > 1 {
            let why = json!({ "message": "the provider calls several functions where one was allowed" });
            return self.fail(&why, out);
        }
        let choice = &mut self.choices[index];
        if !choice.calls.is_empty() {
            out.push(delta(&self.back, index, &calls_delta(&self.back, index, &choice.calls), None));
        }
        choice.finished = true;
        out.push(delta(&self.back, index, &json!({}), Some(finish)));
    }

    /// Ends the stream when every choice has ended.
    fn finish(&mut self, out: &mut Vec<Frame>) {
        if self.state == State::Open && self.choices.iter().all(|choice| choice.finished) {
            self.state = State::Done;
            ending(&self.back, self.usage.take(), out);
        }
    }

    fn fail(&mut self, value: &Value, out: &mut Vec<Frame>) {
        self.state = State::Failed;
        out.push(error_event(&failure(None, value)));
    }
}

impl Choice {
    /// Says what the text has more than what was said, if it goes on from there.
    fn say(&mut self, back: &Back, index: usize, out: &mut Vec<Frame>) {
        let Some(more) = self.text.strip_prefix(&self.said).filter(|more| !more.is_empty()) else { return };
        out.push(delta(back, index, &json!({ "content": more }), None));
        self.said.clone_from(&self.text);
    }

    fn splice(&mut self, back: &Back, index: usize, out: &mut Vec<Frame>) {
        let pairs = self.text.chars().zip(self.said.chars());
        let common: usize = pairs.take_while(|(new, old)| new == old).map(|(new, _)| new.len_utf8()).sum();
        if common < self.text.len() {
            out.push(delta(back, index, &json!({ "content": &self.text[common..] }), None));
        }
    }
}

fn counts_only(value: &Value) -> bool {
    value["result"].is_object() && value["result"]["alternatives"].as_array().is_none_or(Vec::is_empty)
}

fn rewritten() -> Value {
    let message = "the provider changed text that was already sent; ask again without a stream";
    json!({ "error": { "message": message, "code": "stream_rewritten" } })
}

impl Translator for Stream {
    fn push(&mut self, bytes: &[u8], out: &mut Vec<Frame>) -> Result<(), TooLong> {
        let mut complete = Vec::new();
        let read = self.values.push(bytes, |value| complete.push(value.to_vec()));
        for value in complete {
            self.message(&value, out);
        }
        read
    }

    fn end(&mut self, out: &mut Vec<Frame>) {
        // A status that nobody knows may have been a final one: that the body ended well says so.
        let ended = |choice: &Choice| choice.finished || choice.status == Status::Unknown;
        if self.state != State::Open || self.choices.is_empty() || !self.choices.iter().all(ended) {
            return;
        }
        for index in 0..self.choices.len() {
            if !self.choices[index].finished && self.state == State::Open {
                self.choices[index].say(&self.back, index, out);
                self.end_choice(index, "stop", out);
            }
        }
        self.finish(out);
    }
}
