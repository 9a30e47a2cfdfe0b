//! What is answered, before it is put into the form of either contract.

use serde_json::Value;

use super::sample::sample;
use super::{CENSORED, State};
use crate::standin::answer::{answer_to, last_user_message, tokens};

/// An answer.
pub(super) struct Reply {
    pub(super) said: Said,
    /// `stop`, `length`, `function_call` or `blacklist`.
    pub(super) finish: &'static str,
    pub(super) reasoning: Option<String>,
    /// The model with its version.
    pub(super) model: String,
    pub(super) created: u64,
    pub(super) prompt_tokens: u64,
    pub(super) cached_tokens: u64,
    pub(super) completion_tokens: u64,
}

/// What it says.
pub(super) enum Said {
    Text(String),
    Call { name: String, arguments: Value, state_id: String },
}

/// Words that ask for a function.
const ASKS: [&str; 3] = ["use the tool", "weather", "погод"];

/// The answer to a checked request.
pub(super) fn reply(state: &State, body: &Value) -> Reply {
    let said = last_user_message(body);
    let (answer, finish) = answer(&state.common.name, body, &said);
    let model = body["model"].as_str().unwrap_or_default();
    let completion = match &answer {
        Said::Text(text) => tokens(text),
        Said::Call { arguments, .. } => tokens(&arguments.to_string()),
    };
    let prompt_tokens = tokens(&body["messages"].to_string());
    Reply {
        said: answer,
        finish,
        reasoning: model.contains("Reasoning").then(|| "thinking as a stand-in does".to_owned()),
        model: format!("{model}:2.0.28.2"),
        created: state.now_s(),
        prompt_tokens,
        cached_tokens: prompt_tokens.min(2),
        completion_tokens: completion,
    }
}

fn answer(name: &str, body: &Value, said: &str) -> (Said, &'static str) {
    if said.contains(CENSORED) {
        return (Said::Text("Об этом я не говорю. Давайте сменим тему.".to_owned()), "blacklist");
    }
    if let Some(function) = wanted(body, said) {
        let name = function["name"].as_str().unwrap_or_default().to_owned();
        let arguments = sample(&function["parameters"], said);
        let state_id = state_id(&body["messages"].to_string());
        return (Said::Call { name, arguments, state_id }, "function_call");
    }
    let format = &body["response_format"];
    let mut text = if format.is_object() { sample(&format["schema"], said).to_string() } else { answer_to(name, said) };
    if let Some(result) = last(body).filter(|message| message["role"] == "function") {
        text = format!("{text}\nThe function said: {}", result["content"].as_str().unwrap_or_default());
    }
    let mut finish = "stop";
    if let Some(most) = body["max_tokens"].as_u64().filter(|most| tokens(&text) > *most) {
        let mut end = usize::try_from(most).unwrap_or(usize::MAX).saturating_mul(4).min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        finish = "length";
    }
    (Said::Text(text), finish)
}

fn last(body: &Value) -> Option<&Value> {
    body["messages"].as_array()?.last()
}

/// The function to call: the one that is forced, or the first where the user asks for one. A result ends the matter.
fn wanted<'b>(body: &'b Value, said: &str) -> Option<&'b Value> {
    let functions = body["functions"].as_array()?;
    if last(body)?["role"] == "function" {
        return None;
    }
    match &body["function_call"] {
        Value::Object(one) => functions.iter().find(|function| Some(&function["name"]) == one.get("name")),
        // Silence is `auto`: the provider's own clients leave it out where the model may choose.
        how if how.is_null() || how == "auto" => {
            let said = said.to_lowercase();
            functions.first().filter(|_| ASKS.iter().any(|word| said.contains(word)))
        }
        _ => None,
    }
}

/// A UUID of the conversation so far: the same every time.
fn state_id(conversation: &str) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in conversation.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    let hex = format!("{hash:016x}");
    format!("{}-{}-4{}-8{}-{:0>12}", &hex[..8], &hex[8..12], &hex[12..15], &hex[1..4], &hex[4..16])
}
