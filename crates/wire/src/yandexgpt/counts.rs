//! Numbers as the provider writes them: 64-bit integers are strings, by rule; numbers are taken too.

use serde_json::{Value, json};

/// A count; absent is zero, as everywhere in this protocol.
pub(super) fn count(value: &Value) -> u64 {
    match value {
        Value::String(text) => text.trim_ascii().parse().unwrap_or(0),
        // Some writers know only floats.
        Value::Number(number) => {
            let whole = || number.as_f64().filter(|float| float.fract() == 0.0 && (0.0..=9e15).contains(float));
            number.as_u64().or_else(|| whole().map(|float| float as u64)).unwrap_or(0)
        }
        _ => 0,
    }
}

/// The native `usage` in OpenAI's form; none where there is none.
pub(super) fn native(usage: &Value) -> Option<Value> {
    usage.is_object().then(|| {
        let reasoning = &usage["completionTokensDetails"]["reasoningTokens"];
        let reasoning = (!reasoning.is_null()).then(|| count(reasoning));
        openai(count(&usage["inputTextTokens"]), count(&usage["completionTokens"]), &usage["totalTokens"], reasoning)
    })
}

/// `usage` of the compatible surface with every count a number.
pub(super) fn compatible(usage: &Value) -> Option<Value> {
    usage.is_object().then(|| {
        let mut written = usage.clone();
        let (prompt, completion) = (count(&usage["prompt_tokens"]), count(&usage["completion_tokens"]));
        let counts = openai(prompt, completion, &usage["total_tokens"], None);
        for name in ["prompt_tokens", "completion_tokens", "total_tokens"] {
            written[name] = counts[name].clone();
        }
        written
    })
}

fn openai(prompt: u64, completion: u64, total: &Value, reasoning: Option<u64>) -> Value {
    let total = match count(total) {
        0 => prompt.saturating_add(completion),
        stated => stated,
    };
    let mut usage = json!({ "prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": total });
    if let Some(reasoning) = reasoning {
        usage["completion_tokens_details"] = json!({ "reasoning_tokens": reasoning });
    }
    usage
}
