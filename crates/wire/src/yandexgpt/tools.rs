//! Tools that are offered, and the choice among them.

use serde_json::{Map, Value, json};

use crate::translate::Unsupported;
use crate::translate::drops::{Drops, unsupported};

/// Adds tools and their choice. True where the client offers them in the older form, as functions.
pub(super) fn translate(
    asked: &Map<String, Value>,
    sent: &mut Map<String, Value>,
    drops: &mut Drops<'_>,
) -> Result<bool, Unsupported> {
    let list = |name: &str| asked.get(name).and_then(Value::as_array).filter(|list| !list.is_empty());
    let (tools, functions) = (list("tools"), list("functions"));
    let legacy = functions.is_some() && tools.is_none();
    let mut offered = Vec::new();
    for tool in tools.into_iter().flatten() {
        if tool["type"] != "function" {
            drops.leave_out("tools", "the provider knows only functions as tools")?;
            continue;
        }
        offered.push(function(&tool["function"])?);
    }
    if legacy {
        for one in functions.into_iter().flatten() {
            offered.push(function(one)?);
        }
    } else if functions.is_some() {
        return Err(unsupported("functions", "`tools` and `functions` cannot go together"));
    }
    let any = !offered.is_empty();
    if any {
        sent.insert("tools".to_owned(), offered.into());
    }
    let choice = asked.get(if legacy { "function_call" } else { "tool_choice" });
    if let Some(choice) = choice_of(choice, any, drops)? {
        sent.insert("toolChoice".to_owned(), choice);
    }
    // The older form has room for one call.
    let parallel = asked.get("parallel_tool_calls").and_then(Value::as_bool).filter(|_| any);
    if let Some(parallel) = if legacy { Some(false) } else { parallel } {
        sent.insert("parallelToolCalls".to_owned(), parallel.into());
    }
    Ok(legacy)
}

fn function(offered: &Value) -> Result<Value, Unsupported> {
    let Some(name) = offered["name"].as_str() else {
        return Err(unsupported("tools", "a function without a name"));
    };
    let mut function = json!({ "name": name });
    for member in ["description", "parameters", "strict"] {
        if !offered[member].is_null() {
            function[member] = offered[member].clone();
        }
    }
    Ok(json!({ "function": function }))
}

fn choice_of(asked: Option<&Value>, any: bool, drops: &mut Drops<'_>) -> Result<Option<Value>, Unsupported> {
    let Some(choice) = asked.filter(|choice| !choice.is_null()) else { return Ok(None) };
    let named = choice["function"]["name"].as_str().or(choice["name"].as_str());
    match (choice.as_str(), choice["type"].as_str(), named) {
        (Some("auto" | "none"), ..) if !any => Ok(None),
        (Some(mode @ ("none" | "auto" | "required")), ..) => Ok(Some(json!({ "mode": mode.to_uppercase() }))),
        (None, Some("function") | None, Some(name)) => Ok(Some(json!({ "functionName": name }))),
        _ => drops.leave_out("tool_choice", "the provider knows none, auto, required and one function").map(|()| None),
    }
}
