//! A `responses` body as OpenAI's chat body.

use super::{Back, Incoming, input, shape};
use crate::translate::drops::unsupported;
use crate::translate::{Refusal, Unsupported};
use crate::tree::{Tree, map};

/// Have the same name and meaning on both sides.
const SAME: [&str; 8] = [
    "temperature",
    "top_p",
    "user",
    "safety_identifier",
    "prompt_cache_key",
    "prompt_cache_retention",
    "service_tier",
    "parallel_tool_calls",
];

/// Read somewhere in this translation, or told back only.
const TRANSLATED: [&str; 13] = [
    "model",
    "input",
    "instructions",
    "max_output_tokens",
    "tools",
    "tool_choice",
    "text",
    "reasoning",
    "stream",
    "stream_options",
    "metadata",
    "parallel_tool_calls",
    "include",
];

/// Wants a memory that is not kept here.
const STATE: &str = "responses are not kept: send the whole conversation as `input`";

/// Translates the body of `POST /v1/responses`.
///
/// # Errors
/// If the body is not what the API takes, or asks for what is not done here.
pub fn request(body: &[u8]) -> Result<Incoming, Refusal> {
    let body = Tree::object(body).ok_or_else(|| invalid("body", "it must be a JSON object"))?;
    let Some(model) = body.get("model").text() else { return Err(invalid("model", "a text is required")) };
    shape::check(&body)?;
    refuse(&body)?;
    let mut out = map! { "model": model, "messages": input::messages(&body)? };
    if !body.get("max_output_tokens").is_null() {
        out.put("max_completion_tokens", body.get("max_output_tokens"));
    }
    let tools = tools(&body, &mut out)?;
    for name in SAME {
        // Without tools, to speak of their calls is an error to some servers.
        if !body.get(name).is_null() && (tools || name != "parallel_tool_calls") {
            out.put(name, body.get(name));
        }
    }
    form(body.get("text"), &mut out)?;
    if !body.get("reasoning").get("effort").is_null() {
        out.put("reasoning_effort", body.get("reasoning").get("effort"));
    }
    if body.get("stream").is_true() {
        out.put("stream", true);
        out.put("stream_options", map! { "include_usage": true });
    }
    let back = Back { id: String::new(), model: model.to_owned(), echo: echo(&body) };
    Ok(Incoming { body: out.to_json().into_bytes(), back })
}

pub(super) fn invalid(field: &str, why: &str) -> Refusal {
    Refusal::Invalid { field: field.to_owned(), why: why.to_owned() }
}

/// Refuses what is not done here, by its name.
fn refuse(body: &Tree) -> Result<(), Unsupported> {
    for (name, value) in body.members() {
        let why = match (name.as_str(), value) {
            (_, Tree::Null) => continue,
            ("store" | "background", Tree::Bool(false)) => continue,
            ("truncation", Tree::Text(word)) if word == "disabled" => continue,
            ("top_logprobs", value) if value.count() == Some(0) => continue,
            ("store", _) => "responses are not kept: leave it out or say false",
            ("background", _) => "a response is made while its client waits",
            ("previous_response_id" | "conversation" | "prompt", _) => STATE,
            ("truncation", _) => "nothing is cut off a conversation here",
            ("include", list) if list.list().iter().all(|one| one.is("reasoning.encrypted_content")) => continue,
            ("include", _) => "there is nothing of that kind in a response",
            (name, _) if TRANSLATED.contains(&name) || SAME.contains(&name) => continue,
            _ => "it has no equivalent in a chat",
        };
        return Err(unsupported(name, why));
    }
    Ok(())
}

/// Says whether there are any.
fn tools(body: &Tree, out: &mut Tree) -> Result<bool, Refusal> {
    let mut tools = Vec::new();
    for (place, tool) in body.get("tools").list().iter().enumerate() {
        if !tool.get("type").is("function") {
            let field = format!("tools[{place}].type");
            return Err(
                unsupported(&field, "only functions are called: tools of a provider's own run elsewhere").into()
            );
        }
        tools.push(map! { "type": "function", "function": function(tool, place)? });
    }
    let some = !tools.is_empty();
    if some {
        out.put("tools", tools);
        choice(body.get("tool_choice"), out)?;
    }
    Ok(some)
}

fn function(tool: &Tree, place: usize) -> Result<Tree, Refusal> {
    let Some(name) = tool.get("name").text() else {
        return Err(invalid(&format!("tools[{place}].name"), "a text is required"));
    };
    let mut function = map! { "name": name };
    for member in ["description", "parameters", "strict"] {
        if !tool.get(member).is_null() {
            function.put(member, tool.get(member));
        }
    }
    Ok(function)
}

fn choice(choice: &Tree, out: &mut Tree) -> Result<(), Refusal> {
    match choice {
        Tree::Null => {}
        Tree::Text(word) if matches!(word.as_str(), "auto" | "none" | "required") => out.put("tool_choice", choice),
        Tree::Map(_) if choice.get("type").is("function") => {
            let named = map! { "name": choice.get("name") };
            out.put("tool_choice", map! { "type": "function", "function": named });
        }
        Tree::Map(_) => return Err(unsupported("tool_choice", "only functions are called").into()),
        _ => return Err(invalid("tool_choice", "it must be auto, none, required or name a function")),
    }
    Ok(())
}

/// The form of the answer's text.
fn form(text: &Tree, out: &mut Tree) -> Result<(), Refusal> {
    let format = text.get("format");
    match format.get("type").said() {
        "" if format.is_null() => {}
        "text" => {}
        "json_object" => out.put("response_format", map! { "type": "json_object" }),
        "json_schema" => {
            let mut schema = map! { "name": format.get("name") };
            for member in ["description", "schema", "strict"] {
                if !format.get(member).is_null() {
                    schema.put(member, format.get(member));
                }
            }
            out.put("response_format", map! { "type": "json_schema", "json_schema": schema });
        }
        _ => return Err(unsupported("text.format", "it knows text, json_object and json_schema").into()),
    }
    if !text.get("verbosity").is_null() {
        out.put("verbosity", text.get("verbosity"));
    }
    Ok(())
}

/// What a response repeats, with the API's own word where the request says nothing.
fn echo(body: &Tree) -> Vec<(String, Tree)> {
    let text = map! { "format": map! { "type": "text" } };
    let reasoning = map! { "effort": Tree::Null, "summary": Tree::Null };
    let defaults: [(&str, Tree); 15] = [
        ("background", false.into()),
        ("instructions", Tree::Null),
        ("max_output_tokens", Tree::Null),
        ("metadata", Tree::Map(Vec::new())),
        ("parallel_tool_calls", true.into()),
        ("previous_response_id", Tree::Null),
        ("reasoning", reasoning),
        ("service_tier", "default".into()),
        ("store", false.into()),
        ("temperature", Tree::Null),
        ("text", text),
        ("tool_choice", "auto".into()),
        ("tools", Vec::new().into()),
        ("top_p", Tree::Null),
        ("truncation", "disabled".into()),
    ];
    let said = |(name, default): (&str, Tree)| {
        let value = body.get(name);
        (name.to_owned(), if value.is_null() { default } else { value.clone() })
    };
    defaults.map(said).into()
}
