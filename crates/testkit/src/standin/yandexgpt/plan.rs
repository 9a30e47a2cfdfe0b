//! What is answered, whatever the surface.

use serde_json::{Value, json};

use super::super::answer::{answer_to, tokens};
use super::fill::{arguments, fill};

/// What is asked, whatever the surface.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    /// The last user message.
    pub(super) said: String,
    /// What tools said after that.
    pub(super) results: Option<Vec<String>>,
    /// Each `{name, parameters…}`.
    pub(super) tools: Vec<Value>,
    pub(super) choice: Choice,
    /// Whether two calls at a time are fine.
    pub(super) parallel: bool,
    /// The shape of the answer; true is any JSON object.
    pub(super) schema: Option<Value>,
    pub(super) tokens_max: Option<u64>,
    /// Tokens of the whole conversation.
    pub(super) input_tokens: u64,
}

/// Whether tools are to be called.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Choice {
    #[default]
    Auto,
    None,
    Required,
    Named(String),
}

/// What is answered.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plan {
    pub(super) text: String,
    /// Names and arguments.
    pub(super) calls: Vec<(String, Value)>,
    pub(super) end: End,
    /// What the text looks like before it is rewritten.
    pub(super) before: Option<String>,
    pub(super) input_tokens: u64,
}

/// How an answer ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Final,
    Truncated,
    Filtered,
    ToolCalls,
}

const REFUSAL: &str = "К сожалению, я не могу ничего сказать об этом. Давайте сменим тему?";

impl Plan {
    pub(super) fn of(name: &str, asked: &Asked) -> Self {
        let said = match &asked.results {
            Some(results) => format!("the tools said: {}", results.join("; ")),
            None => asked.said.clone(),
        };
        let calls = calls(asked);
        let text = match &asked.schema {
            _ if !calls.is_empty() => String::new(),
            Some(Value::Bool(_)) => json!({ "answer": answer_to(name, &said) }).to_string(),
            Some(schema) => fill(schema, &said).to_string(),
            None => answer_to(name, &said),
        };
        let end = if calls.is_empty() { End::Final } else { End::ToolCalls };
        let plan = Self { text, calls, end, before: None, input_tokens: asked.input_tokens };
        plan.changed(&asked.said).cut(asked.tokens_max)
    }

    fn changed(mut self, said: &str) -> Self {
        if !self.calls.is_empty() {
            return self;
        }
        if said.contains("[filter]") {
            self.before = Some(std::mem::replace(&mut self.text, REFUSAL.to_owned()));
            self.end = End::Filtered;
        } else if said.contains("[rewrite]") {
            self.before = Some(self.text.replacen("not a real", "not a reel", 1));
        }
        self
    }

    fn cut(mut self, tokens_max: Option<u64>) -> Self {
        let Some(most) = tokens_max.filter(|most| *most < tokens(&self.text) && self.end == End::Final) else {
            return self;
        };
        let mut end = usize::try_from(most).unwrap_or(usize::MAX).saturating_mul(4).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        self.text.truncate(end);
        self.end = End::Truncated;
        self
    }

    pub(super) fn output_tokens(&self) -> u64 {
        let calls: u64 = self.calls.iter().map(|(name, arguments)| tokens(name) + tokens(&arguments.to_string())).sum();
        tokens(&self.text) + calls
    }
}

const WORDS: [&str; 5] = ["use the tool", "weather", "погод", "twice", "дважды"];

fn calls(asked: &Asked) -> Vec<(String, Value)> {
    let said = asked.said.to_lowercase();
    let wanted = match &asked.choice {
        Choice::None => return Vec::new(),
        Choice::Auto => WORDS.iter().any(|word| said.contains(word)),
        Choice::Required | Choice::Named(_) => true,
    };
    if asked.results.is_some() || !wanted {
        return Vec::new();
    }
    let named = |tool: &&Value| match &asked.choice {
        Choice::Named(name) => tool["name"] == name.as_str(),
        _ => true,
    };
    let Some(tool) = asked.tools.iter().find(named) else { return Vec::new() };
    let twice = asked.parallel && (said.contains("twice") || said.contains("дважды"));
    let call =
        |said: &str| (tool["name"].as_str().unwrap_or_default().to_owned(), arguments(&tool["parameters"], said));
    let mut calls = vec![call(&asked.said)];
    if twice {
        calls.push(call(&format!("{} (2)", asked.said)));
    }
    calls
}
