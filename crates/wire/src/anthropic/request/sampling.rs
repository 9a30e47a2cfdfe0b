//! The parameters beside conversation and tools.

use crate::anthropic::{Options, Version};
use crate::translate::Unsupported;
use crate::translate::drops::{Drops, unsupported};
use crate::tree::{Tree, map};

/// Read somewhere in this translation.
const TRANSLATED: [&str; 17] = [
    "model",
    "messages",
    "tools",
    "tool_choice",
    "parallel_tool_calls",
    "functions",
    "function_call",
    "max_tokens",
    "max_completion_tokens",
    "stream",
    "stop",
    "response_format",
    "reasoning_effort",
    "service_tier",
    "temperature",
    "top_p",
    "top_k",
];

/// Hints and labels: no answer depends on them.
const ABSORBED: [&str; 5] =
    ["stream_options", "user", "safety_identifier", "prompt_cache_key", "prompt_cache_retention"];

/// Refuses the parameters that have no equivalent.
pub(super) fn check_others(body: &Tree, drops: &mut Drops<'_>) -> Result<(), Unsupported> {
    for (name, value) in body.members() {
        let name = name.as_str();
        if TRANSLATED.contains(&name) || ABSORBED.contains(&name) || says_nothing(name, value) {
            continue;
        }
        drops.leave_out(name, "the Messages API has no such parameter")?;
    }
    Ok(())
}

/// Whether a parameter has the value that its absence would have.
fn says_nothing(name: &str, value: &Tree) -> bool {
    match (name, value) {
        (_, Tree::Null) | ("logprobs" | "store", Tree::Bool(false)) => true,
        ("n", Tree::Number(_)) => value.float() == Some(1.0),
        ("presence_penalty" | "frequency_penalty" | "top_logprobs", Tree::Number(_)) => value.float() == Some(0.0),
        ("logit_bias" | "metadata", Tree::Map(members)) => members.is_empty(),
        ("modalities", Tree::List(kinds)) => kinds.iter().all(|kind| kind.is("text")),
        ("verbosity", Tree::Text(word)) => word == "medium",
        _ => false,
    }
}

/// `max_tokens`, which the API demands.
pub(super) fn max_tokens(body: &Tree, options: &Options) -> Result<Tree, Unsupported> {
    for name in ["max_completion_tokens", "max_tokens"] {
        match body.get(name) {
            Tree::Null => {}
            value if value.count().is_some_and(|count| count > 0) => return Ok(value.clone()),
            _ => return Err(unsupported(name, "it must be a whole number above 0")),
        }
    }
    Ok(options.max_tokens_default.into())
}

/// Writes what is left.
pub(super) fn write(body: &Tree, options: &Options, drops: &mut Drops<'_>, out: &mut Tree) -> Result<(), Unsupported> {
    for name in ["temperature", "top_p", "top_k"] {
        if let Some(value) = sampling(name, body.get(name), options.version, drops)? {
            out.put(name, value);
        }
    }
    if let Some(stop) = stop(body.get("stop"), drops)? {
        out.put("stop_sequences", stop);
    }
    let mut config = Tree::Map(Vec::new());
    effort(body.get("reasoning_effort"), drops, &mut config, out)?;
    if let Some(format) = format(body.get("response_format"), drops)? {
        config.put("format", format);
    }
    if !config.members().is_empty() {
        out.put("output_config", config);
    }
    match body.get("service_tier") {
        Tree::Null => Ok(()),
        tier if tier.is("auto") => Ok(()),
        tier if tier.is("default") => {
            out.put("service_tier", "standard_only");
            Ok(())
        }
        _ => drops.leave_out("service_tier", "only `auto` and `default` exist there"),
    }
}

fn sampling(name: &str, value: &Tree, version: Version, drops: &mut Drops<'_>) -> Result<Option<Tree>, Unsupported> {
    let number = match value.float() {
        Some(number) => number,
        None if value.is_null() => return Ok(None),
        None => return Err(unsupported(name, "it must be a number")),
    };
    let why = match version {
        // OpenAI's default, so leaving it out says the same.
        Version::V2026 if name != "top_k" && number == 1.0 => return Ok(None),
        Version::V2026 => "version 2026-10-21 of the API takes no sampling parameters",
        Version::V2023 if name == "temperature" && number > 1.0 => "it goes from 0 to 1 there",
        Version::V2023 => return Ok(Some(value.clone())),
    };
    drops.leave_out(name, why).map(|()| None)
}

fn stop(value: &Tree, drops: &mut Drops<'_>) -> Result<Option<Tree>, Unsupported> {
    let words = match value {
        Tree::Null => return Ok(None),
        Tree::Text(_) => std::slice::from_ref(value),
        Tree::List(words) if words.iter().all(|word| word.text().is_some()) => words.as_slice(),
        _ => return Err(unsupported("stop", "it must be a text or a list of texts")),
    };
    if words.iter().any(|word| word.said().trim().is_empty()) {
        return drops.leave_out("stop", "a stop sequence there is more than white space").map(|()| None);
    }
    Ok((!words.is_empty()).then(|| words.to_vec().into()))
}

fn effort(value: &Tree, drops: &mut Drops<'_>, config: &mut Tree, out: &mut Tree) -> Result<(), Unsupported> {
    match value {
        Tree::Null => {}
        Tree::Text(word) => match word.as_str() {
            "none" => out.put("thinking", map! { "type": "disabled" }),
            "minimal" => config.put("effort", "low"),
            "low" | "medium" | "high" | "xhigh" => config.put("effort", word.as_str()),
            _ => return drops.leave_out("reasoning_effort", "there is no such effort"),
        },
        _ => return Err(unsupported("reasoning_effort", "it must be a word")),
    }
    Ok(())
}

fn format(value: &Tree, drops: &mut Drops<'_>) -> Result<Option<Tree>, Unsupported> {
    let schema = value.get("json_schema").get("schema");
    match value.get("type").said() {
        _ if value.is_null() => Ok(None),
        "text" => Ok(None),
        "json_schema" if matches!(schema, Tree::Map(_)) => Ok(Some(map! { "type": "json_schema", "schema": schema })),
        "json_object" => {
            drops.leave_out("response_format", "JSON needs a schema there: use `json_schema`").map(|()| None)
        }
        _ => drops.leave_out("response_format", "there is no such format").map(|()| None),
    }
}
