//! A `messages` body as OpenAI's chat body.

use super::turns::Turns;
use super::{Back, Incoming, Refusal};
use crate::translate::drops::{self, Drops};
use crate::tree::{Tree, map};

/// Read somewhere in this translation.
const TRANSLATED: [&str; 12] = [
    "model",
    "max_tokens",
    "messages",
    "system",
    "tools",
    "tool_choice",
    "stream",
    "metadata",
    "thinking",
    "output_config",
    "output_format",
    "service_tier",
];

/// Have the same name and meaning on both sides; `top_k` is not OpenAI's, but many servers know it.
const SAME: [&str; 3] = ["temperature", "top_p", "top_k"];

/// Members of a tool that say nothing OpenAI's form must carry.
const OF_TOOLS: [&str; 7] =
    ["type", "name", "description", "input_schema", "strict", "cache_control", "eager_input_streaming"];

/// Translates the body of `POST /v1/messages`. `droppable` names parameters that may be left out.
///
/// # Errors
/// If the body is not what the API takes, or holds what OpenAI's form cannot carry.
pub fn request(body: &[u8], droppable: &[String]) -> Result<Incoming, Refusal> {
    let body = read(body)?;
    match body.get("max_tokens").count() {
        Some(0) => return Err(unsupported("max_tokens", "filling a cache without an answer")),
        Some(_) => {}
        None => return Err(invalid("max_tokens", "a whole number is required")),
    }
    translate(&body, droppable)
}

/// Translates the body of `POST /v1/messages/count_tokens`, which needs no `max_tokens`.
///
/// # Errors
/// As [`request`].
pub fn count_request(body: &[u8], droppable: &[String]) -> Result<Incoming, Refusal> {
    translate(&read(body)?, droppable)
}

fn read(body: &[u8]) -> Result<Tree, Refusal> {
    Tree::object(body).ok_or_else(|| invalid("body", "it must be a JSON object"))
}

pub(super) fn invalid(field: &str, why: &str) -> Refusal {
    Refusal::Invalid { field: field.to_owned(), why: why.to_owned() }
}

pub(super) fn unsupported(field: &str, why: &str) -> Refusal {
    drops::unsupported(field, why).into()
}

fn translate(body: &Tree, droppable: &[String]) -> Result<Incoming, Refusal> {
    let mut drops = Drops::new(droppable);
    let Some(model) = body.get("model").text() else { return Err(invalid("model", "a text is required")) };
    let turns = Turns::read(body, &mut drops)?;
    let mut out = map! { "model": model, "messages": turns };
    if !body.get("max_tokens").is_null() {
        out.put("max_tokens", body.get("max_tokens"));
    }
    tools(body, &mut drops, &mut out)?;
    for (name, value) in body.members() {
        let name = name.as_str();
        match name {
            _ if value.is_null() || TRANSLATED.contains(&name) => {}
            "cache_control" => {}
            "stop_sequences" if value.list().is_empty() => {}
            "stop_sequences" => out.put("stop", value),
            _ if SAME.contains(&name) => out.put(name, value),
            _ => drops.leave_out(name, "OpenAI's form has no such parameter")?,
        }
    }
    let thinking = settings(body, &mut drops, &mut out)?;
    if body.get("stream").is_true() {
        out.put("stream", true);
        out.put("stream_options", map! { "include_usage": true });
    }
    let back = Back { model: model.to_owned(), thinking, ..Back::default() };
    Ok(Incoming { body: out.to_json().into_bytes(), dropped: drops.dropped, back })
}

/// What has another name or form there. Says whether the client wants to see thinking.
fn settings(body: &Tree, drops: &mut Drops<'_>, out: &mut Tree) -> Result<bool, Refusal> {
    if let Some(user) = body.get("metadata").get("user_id").text() {
        out.put("user", user);
    }
    match body.get("service_tier") {
        tier if tier.is_null() || tier.is("auto") => {}
        tier if tier.is("standard_only") => out.put("service_tier", "default"),
        _ => drops.leave_out("service_tier", "there is no such tier")?,
    }
    let config = body.get("output_config");
    let format = if config.get("format").is_null() { body.get("output_format") } else { config.get("format") };
    if format.get("type").is("json_schema") {
        let schema = map! { "name": "answer", "strict": true, "schema": format.get("schema") };
        out.put("response_format", map! { "type": "json_schema", "json_schema": schema });
    } else if !format.is_null() {
        drops.leave_out("output_config.format", "there is no such format")?;
    }
    let thinking = body.get("thinking");
    let budget = thinking.get("budget_tokens").count();
    let effort = match config.get("effort").text() {
        Some("max") => Some("xhigh"),
        Some(word) => Some(word),
        // How much to think is a number here and a word there.
        None => budget.map(|tokens| match tokens {
            0..4096 => "low",
            4096..16384 => "medium",
            _ => "high",
        }),
    };
    if let Some(effort) = effort {
        out.put("reasoning_effort", effort);
    }
    Ok(!thinking.is_null() && !thinking.get("type").is("disabled"))
}

fn tools(body: &Tree, drops: &mut Drops<'_>, out: &mut Tree) -> Result<(), Refusal> {
    let mut tools = Vec::new();
    for tool in body.get("tools").list() {
        if !matches!(tool.get("type").said(), "" | "custom") {
            drops.leave_out("tools", "the provider's own tools have no equivalent")?;
            continue;
        }
        tools.push(map! { "type": "function", "function": function(tool, drops)? });
    }
    if tools.is_empty() {
        return Ok(());
    }
    out.put("tools", tools);
    let choice = body.get("tool_choice");
    match choice.get("type").said() {
        "" if choice.is_null() => {}
        "auto" => out.put("tool_choice", "auto"),
        "any" => out.put("tool_choice", "required"),
        "none" => out.put("tool_choice", "none"),
        "tool" => {
            let named = map! { "name": choice.get("name") };
            out.put("tool_choice", map! { "type": "function", "function": named });
        }
        _ => return Err(invalid("tool_choice", "its type must be auto, any, tool or none")),
    }
    if choice.get("disable_parallel_tool_use").is_true() {
        out.put("parallel_tool_calls", false);
    }
    Ok(())
}

fn function(tool: &Tree, drops: &mut Drops<'_>) -> Result<Tree, Refusal> {
    let Some(name) = tool.get("name").text() else { return Err(invalid("tools.name", "a text is required")) };
    for (member, value) in tool.members() {
        if !OF_TOOLS.contains(&member.as_str()) && !value.is_null() && *value != Tree::Bool(false) {
            drops.leave_out(&format!("tools.{member}"), "OpenAI's functions have no such field")?;
        }
    }
    let mut function = map! { "name": name };
    if let Some(description) = tool.get("description").text() {
        function.put("description", description);
    }
    if !matches!(tool.get("input_schema"), Tree::Map(_)) {
        return Err(invalid("tools.input_schema", "a JSON schema is required"));
    }
    function.put("parameters", tool.get("input_schema"));
    if tool.get("strict").is_true() {
        function.put("strict", true);
    }
    Ok(function)
}
